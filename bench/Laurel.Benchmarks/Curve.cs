using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Laurel.Benchmarks;

/// <summary>
/// Measures how the cost of one fact grows with what is stored: of a thousand members with a site each, of whom as much was told at each size, on a
/// server over PostgreSQL, in bulk and singly; and a start and reads at each size. Large sizes are copies in the database: see <see cref="Copies"/>.
/// </summary>
internal sealed class Curve
{
    /// <summary>What the names of the members and sites that are measured begin with.</summary>
    public const string Active = "active-";

    private const int Members = 1_000;
    private const int SampleFacts = 100_000;
    private const int SampleMembers = 10_000;
    private const int BulkRounds = 4;
    private const int SinglesCount = 2_000;
    private const int Repeats = 5;

    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000, 10_000_000];

    private readonly Served _served;
    private readonly Lock _turn = new();
    private readonly StringBuilder _costs = new("| Facts stored | bulk: server | bulk: PostgreSQL | bulk: both | bulk: wall | single: server | single: PostgreSQL | single: both | single: wall |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    private readonly StringBuilder _reads = new("| Facts stored | database MB | start to ready s | first fact ms | standing p50 / p99 ms | explanation p50 / p99 ms | standing beside 500 facts/s | explanation beside 500 facts/s | server's memory MB |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    private readonly List<object> _figures = [];
    private long _last;
    private int _told;

    private Curve(Served served) => _served = served;

    /// <summary>Runs everything, prints the tables and keeps them.</summary>
    public static int Run(WholeOptions options)
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var served = Served.Make(samples.Library);
        if (served is null) { return 1; }
        using var facts = (options with { Lines = SampleFacts, Members = SampleMembers }).Facts(samples);
        var curve = new Curve(served);
        curve.Measure([.. Sizes.Where(s => s <= options.Lines)], facts.Path).GetAwaiter().GetResult();
        var command = Report.CommandOf($"curve --facts {options.Lines} --seed {options.Seed}");
        var text = $"""
            Microseconds a fact, the median of {Repeats}: processor time of the server and of PostgreSQL, and the time on the wall. In bulk: requests of {2 * Members:N0} facts. Singly: {Served.Clients} clients.

            {curve._costs}
            {curve._reads}
            - The active set: {Members:N0} members with a site each, whose plans are bought and expire in turn. Each size has a set of its own, of which as much was told as of the others'.
            - The processor time is what counts: where other work goes on, the time on the wall and the latencies are larger than they would be.
            - Above {SampleFacts:N0} facts the history is copied in the database, with other numbers and names, and roots of the Merkle logs that are made up: a database to measure costs on, not to verify. A copy is one commit.
            - First fact: from ready to the answer to the first fact, for which the server takes the lane and reads what it needs of the log.

            """;
        Report.Keep("curve", "The cost of one fact by what is stored", command, text, new { machine = Report.Machine(), commit = Report.Commit(), command, figures = curve._figures });
        return 0;
    }

    private async Task Measure(IReadOnlyList<int> sizes, string facts)
    {
        await _served.Start().ConfigureAwait(false);
        await _served.Post("programs", """{"library": "wix-partner"}""", "application/json").ConfigureAwait(false);
        foreach (var size in sizes)
        {
            await _served.Tell(Enumerable.Range(0, Members).SelectMany(i => new[]
            {
                Fact("member.joined", $"member/{Active}{size}-{i}", ""),
                Fact("site.created", $"site/{Active}{size}-{i}", $"\"member\":\"{Active}{size}-{i}\",\"editor\":\"studio\""),
            })).ConfigureAwait(false);
        }
        await _served.Settle().ConfigureAwait(false);

        using var lines = File.ReadLines(facts).GetEnumerator();
        var copies = new Copies(_served.Postgres.Connection);
        foreach (var size in sizes)
        {
            // Told now, however late: what was learnt stands in the log in the order in which it is copied too.
            for (var missing = Math.Min(size, SampleFacts) - await copies.Facts().ConfigureAwait(false); missing > 0;)
            {
                var part = new List<string>();
                while (part.Count < Math.Min(5_000, missing) && lines.MoveNext()) { part.Add(lines.Current); }
                if (part.Count == 0) { break; }
                await _served.Tell(part).ConfigureAwait(false);
                missing -= part.Count;
            }
            _served.Stop();
            if (size > SampleFacts) { await copies.Make(size).ConfigureAwait(false); }
            await copies.Settle().ConfigureAwait(false);
            await Measure(size, copies).ConfigureAwait(false);
        }
    }

    private async Task Measure(int size, Copies copies)
    {
        var (stored, megabytes) = (await copies.Facts().ConfigureAwait(false), await copies.Megabytes().ConfigureAwait(false));
        var ready = await _served.Start().ConfigureAwait(false);
        var began = Stopwatch.GetTimestamp();
        var round = 0;
        await _served.Post(Served.Facts, Fact(size, 0, round), "application/json").ConfigureAwait(false);
        var first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        // Until the server's code is compiled as it stays; nothing of that is kept, but for one round.
        const string Dry = "?dry-run=true";
        for (var i = 0; i < 15; i++) { await _served.Tell(Rounds(size, 0, 2), Dry).ConfigureAwait(false); }
        await Singles(size, 0, Dry).ConfigureAwait(false);
        await _served.Tell(Rounds(size, round, 2).Skip(1)).ConfigureAwait(false);
        round += 2;

        var (bulk, single) = (new List<Cost>(), new List<Cost>());
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            bulk.Add(await CostOf(Members * BulkRounds, async () =>
            {
                for (var end = round + BulkRounds; round < end; round += 2) { await _served.Tell(Rounds(size, round, 2)).ConfigureAwait(false); }
            }).ConfigureAwait(false));
        }
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            single.Add(await CostOf(SinglesCount, () => Singles(size, round, "")).ConfigureAwait(false));
            round += SinglesCount / Members;
        }
        var (b, s) = (Cost.Median(bulk), Cost.Median(single));
        _costs.Append(CultureInfo.InvariantCulture, $"| {stored:N0} | {b} | {s} |\n");

        var members = (await _served.Members().ConfigureAwait(false)).Where(m => !m.StartsWith(Active, StringComparison.Ordinal)).ToList();
        var next = round * Members;
        IEnumerable<string> Next(int count) => Enumerable.Range(0, count).Select(_ => Fact(size, next % Members, next++ / Members));
        var reads = new List<(double P50, double P99)>();
        foreach (var path in new[] { "standing", "explanation?metric=points" }) { reads.Add(Served.Percentiles(await _served.Read(path, members).ConfigureAwait(false))); }
        foreach (var path in new[] { "standing", "explanation?metric=points" }) { reads.Add(Served.Percentiles((await _served.ReadBeside(path, members, Next).ConfigureAwait(false)).Times)); }
        var shown = string.Join(" | ", reads.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.P50:F1} / {r.P99:F1}")));
        _reads.Append(CultureInfo.InvariantCulture, $"| {stored:N0} | {megabytes:N0} | {ready.TotalSeconds:F2} | {first:F0} | {shown} | {_served.PeakMegabytes:N0} |\n");
        Console.Error.WriteLine($"{stored}: bulk {b}, single {s}; ready {ready.TotalSeconds:F2} s, first {first:F0} ms, {shown}");
        _figures.Add(new { stored, megabytes, bulk, single, readySeconds = ready.TotalSeconds, firstMilliseconds = first, reads = reads.Select(r => new { p50 = r.P50, p99 = r.P99 }), memoryMegabytes = _served.PeakMegabytes });
    }

    /// <summary>What a fact costs, in microseconds.</summary>
    private sealed record Cost(double Server, double Database, double Wall)
    {
        public static Cost Median(List<Cost> all)
        {
            double Of(Func<Cost, double> part) => all.Select(part).Order().ElementAt(all.Count / 2);
            return new(Of(c => c.Server), Of(c => c.Database), Of(c => c.Wall));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Server:F0} | {Database:F0} | {Server + Database:F0} | {Wall:F0}");
    }

    private async Task<Cost> CostOf(int facts, Func<Task> tell)
    {
        var (server, database, watch) = (_served.CpuTime, _served.Postgres.CpuTime, Stopwatch.StartNew());
        await tell().ConfigureAwait(false);
        return new((_served.CpuTime - server).TotalMicroseconds / facts, (_served.Postgres.CpuTime - database).TotalMicroseconds / facts, watch.Elapsed.TotalMicroseconds / facts);
    }

    private Task<List<double>> Singles(int size, int round, string options)
    {
        var count = 0;
        return _served.Singles(() => Interlocked.Increment(ref count) - 1 is < SinglesCount and var i ? Fact(size, i % Members, round + (i / Members)) : null, options);
    }

    /// <summary>Something of every site, as often as there are rounds.</summary>
    private IEnumerable<string> Rounds(int size, int round, int rounds) => Enumerable.Range(0, Members * rounds).Select(i => Fact(size, i % Members, round + (i / Members)));

    /// <summary>What is told of a site: that a plan was bought, and that it expired, in turn.</summary>
    private string Fact(int size, int site, int round) => round % 2 == 0
        ? Fact("plan.activated", $"site/{Active}{size}-{site}", "\"plan\":\"business\"")
        : Fact("plan.expired", $"site/{Active}{size}-{site}", "");

    private string Fact(string type, string subject, string data)
    {
        lock (_turn)
        {
            // Just happened, one after the other.
            _last = Math.Max(_last + TimeSpan.TicksPerMicrosecond, DateTime.UtcNow.AddSeconds(-1).Ticks);
            return string.Create(CultureInfo.InvariantCulture, $$"""{"specversion":"1.0","id":"a{{_told++}}","source":"curve","type":"{{type}}","subject":"{{subject}}","time":"{{new DateTime(_last):yyyy-MM-ddTHH:mm:ss.ffffff}}Z","data":{{"{" + data + "}"}}}""");
        }
    }
}
