using System.Diagnostics;
using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Benchmarks;

/// <summary>Measures posting, fact by fact, as a server does it with all that a fact needs at hand: of a sample history, and how the cost of one fact grows with what was told of its subject or its member.</summary>
internal sealed class Posts
{
    private const string Vocabulary = """
        program: curves
        units: { points: {} }
        subjects: { site: { plan: text } }
        facts:
          site.created: { about: site, needs: [member] }
          plan.bought: { about: site, may: [plan] }
          plan.ended: { about: site }
          site.sold: { about: site }
        """;

    private const string Edition = """
        edition: e1
        effective: 2020-01-01
        states: { site.premium: { starts: plan.bought, ends: plan.ended } }
        roles: { site.owner: { starts: site.created } }
        rules:
          held: { give: 10 points, to: site.owner, while: site.premium }
          sale: { give: 1 points, to: site.owner, when: site.sold }
        limits:
          CAP
        ladders: { level: { rungs: [bronze, silver: points >= 100, gold: points >= 1000] } }
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000, 100_000];

    private readonly Posting _posting;
    private readonly FactsAtHand _hand;
    private int _position;

    private Posts(PartnerProgram program)
    {
        _hand = new(program.Vocabulary);
        _posting = new(program, _hand, PostingStart.Nothing);
        foreach (var one in program.Editions) { _posting.Post(new(_position++, -1, one, one.Published)); }
    }

    /// <summary>Runs everything, prints the tables and keeps them.</summary>
    public static int Run(WholeOptions options)
    {
        var text = new StringBuilder();
        Sample(options, text);
        text.Append("| What is long | 10 | 100 | 1 k | 10 k | 100 k |\n|---|--:|--:|--:|--:|--:|\n");
        var figures = new Dictionary<string, double?[]>();
        foreach (var (what, cap, line) in Curves)
        {
            // What is measured first is not compiled yet.
            Cost(cap, line, 2_000);
            var costs = Sizes.Select(size => Cost(cap, line, size)).ToArray();
            figures[what] = costs;
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {string.Join(" | ", costs.Select(c => c?.ToString("F1", CultureInfo.InvariantCulture) ?? "–"))} |\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n–: so many facts took longer than {Longest.TotalSeconds:F0} s. Microseconds of CPU for one more fact after so many: its line read, its entries posted, the standing of whom it concerns, and what changes next.\n");
        Report.Keep("posting", "Posting fact by fact", Report.CommandOf($"posting --facts {options.Lines} --members {options.Members}"), text.ToString(), new { machine = Report.Machine(), commit = Report.Commit(), sizes = Sizes, microseconds = figures });
        return 0;
    }

    private static readonly (string What, string Cap, Func<int, string> Line)[] Curves =
    [
        ("one site: plans bought and ended", "", i => i == 0 ? Fact(i, "site.created", "site/s", "\"member\":\"ada\"") : Fact(i, i % 2 == 1 ? "plan.bought" : "plan.ended", "site/s", "")),
        ("one site: sales", "", i => i == 0 ? Fact(i, "site.created", "site/s", "\"member\":\"ada\"") : Fact(i, "site.sold", "site/s", "")),
        ("one member: its sites", "", i => Fact(i, i % 2 == 0 ? "site.created" : "plan.bought", $"site/s{i / 2}", i % 2 == 0 ? "\"member\":\"ada\"" : "")),
        ("one member: adjustments", "", i => Fact(i, "member.adjusted", "member/ada", "\"unit\":\"points\",\"amount\":1,\"reason\":\"r\",\"by\":\"b\"")),
        ("one member: sales under a yearly cap", "cap: { of: sale, per: year, at-most: 500 points }", i => i % 2 == 0 ? Fact(i, "site.created", $"site/s{i / 2}", "\"member\":\"ada\"") : Fact(i, "site.sold", $"site/s{i / 2}", "")),
    ];

    /// <summary>The cost of one more fact, in microseconds of CPU; null where so many facts take too long.</summary>
    private static double? Cost(string cap, Func<int, string> line, int size)
    {
        var edition = cap.Length > 0 ? Edition.Replace("CAP", cap, StringComparison.Ordinal) : Edition.Replace("limits:\n  CAP\n", "", StringComparison.Ordinal);
        var read = ProgramReader.Read(new Dictionary<string, string> { [ProgramReader.VocabularyFile] = Vocabulary, ["editions/e1.yaml"] = edition });
        var program = read.Program ?? throw new InvalidOperationException(string.Join("\n", read.Problems));
        // A tenth of what is there at most, so that what is measured stays of that length; and as often as makes the clock's steps small.
        var (more, count, cpu, watch) = (Math.Max(5, size / 10), 0, TimeSpan.Zero, Stopwatch.StartNew());
        while (count < 5_000)
        {
            var posts = new Posts(program);
            posts.Add(Fact(-1, "member.joined", "member/ada", ""));
            for (var i = 0; i < size; i++)
            {
                posts.Add(line(i));
                if (watch.Elapsed > Longest) { return count == 0 ? null : Found(); }
            }
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < more; i++) { posts.Add(line(size + i)); }
            cpu += Environment.CpuUsage.TotalTime - before;
            count += more;
        }
        return Found();

        double Found()
        {
            Console.Error.WriteLine($"{size}: {cpu.TotalMicroseconds / count:F1} us");
            return cpu.TotalMicroseconds / count;
        }
    }

    private static string Fact(int number, string type, string subject, string data) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"specversion":"1.0","id":"f{{number}}","source":"shop","type":"{{type}}","subject":"{{subject}}","time":"{{Time(number)}}","data":{{"{" + data + "}"}}}""");

    private static string Time(int number) => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(number).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void Add(string line) => Add(Encoding.UTF8.GetBytes(line));

    private void Add(ReadOnlySpan<byte> line)
    {
        if (_hand.AddLine(line, _position) is not Verdict.Recorded) { return; }
        var (fact, at) = (_hand.Last, _hand.History.RecordedOf(_hand.Last));
        _posting.Post(new(_position++, fact, null, at));
        foreach (var member in _posting.Concerned) { _posting.TimelineOf(member, at, at); }
    }

    /// <summary>A sample history of the library's program, in the order in which it was learnt.</summary>
    private static void Sample(WholeOptions options, StringBuilder text)
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var facts = options.Facts(samples);
        var history = samples.Load(facts.Path);
        var (entries, before, watch) = (0L, Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        foreach (var (_, posted) in Posting.Run(samples.Program, history, under: null, Instant.Last)) { entries += posted.Count; }
        var cpu = Environment.CpuUsage.TotalTime - before;
        text.Append(CultureInfo.InvariantCulture, $"{history.FactCount:N0} facts of a sample of wix-partner, {entries:N0} entries: {history.FactCount / watch.Elapsed.TotalSeconds:N0} facts a second, {cpu.TotalMicroseconds / history.FactCount:F1} µs of CPU a fact.\n\n");
    }
}
