using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Benchmarks;

/// <summary>The parts of which a run consists, each by itself.</summary>
[MemoryDiagnoser]
public class Micro
{
    private readonly byte[] _line = Encoding.UTF8.GetBytes(
        """{"specversion":"1.0","id":"f000037","source":"sample","type":"plan.activated","subject":"site/s1","time":"2024-09-19T12:39:21Z","data":{"plan":"business","plan_ends":"2025-09-19","trial_ends":"2024-10-03"}}""");

    private readonly MerkleLog _log = new();
    private readonly CreditList _credits = new();
    private readonly TraceTape _tape = new();
    private readonly string[] _site = ["classic"];
    private FactReader _reader = null!;
    private Deriver _deriver = null!;
    private SubjectDeriver<Traced> _traced = null!;
    private Node<string[], NoTrace> _condition = null!;
    private NoTrace _trace;
    private int _subject;
    private int _upTo;

    /// <summary>Runs what the arguments ask for, as BenchmarkDotNet reads them, prints a table and keeps it.</summary>
    internal static void Run(string[] arguments)
    {
        var runs = BenchmarkSwitcher.FromTypes([typeof(Micro)]).Run(arguments is [] ? ["--filter", "*"] : arguments)
            .SelectMany(summary => summary.Reports).Where(run => run.Success).Select(MicroRun.Of).ToList();
        if (runs.Count == 0) { return; }
        var table = new StringBuilder("| What | median ns | least – most ns | bytes allocated |\n|---|--:|--:|--:|\n");
        foreach (var run in runs) { table.Append(CultureInfo.InvariantCulture, $"| {run.What} | {run.Median:N1} | {run.Least:N1} – {run.Most:N1} | {run.BytesAllocated:N0} |\n"); }
        var command = Report.CommandOf(string.Join(' ', arguments.Prepend("micro")));
        Report.Keep("micro", "The parts", command, table.ToString(), new { machine = Report.Machine(), commit = Report.Commit(), command, nanoseconds = runs });
    }

    [GlobalSetup]
    public void SetUp()
    {
        // BenchmarkDotNet runs a copy of this program in a folder below the repository.
        var program = SampleProgram.Find(AppContext.BaseDirectory).Program;
        _reader = new(new FactForms(program.Vocabulary));
        CelReader.Read("editor == 'classic' && !(editor in ['studio', 'editor_x'])", new EditorScope(), Dialect.Program, CelType.Bool, out var expression);
        _condition = CelCompiler<string[], NoTrace>.Compile(expression!, program.Vocabulary.Zone, (_, _) => new EditorNode());
        var builder = new HistoryBuilder(program.Vocabulary);
        foreach (var fact in TypicalSite) { builder.AddLine(Encoding.UTF8.GetBytes(fact), 0); }
        var history = builder.Build();
        var scoring = new Scoring(program, history, program.Find("W5"), Instant.Last);
        _deriver = new(scoring.Plan, scoring.Enrolment);
        _traced = new(scoring.Plan.Book, [new EditionPlan<Traced>(scoring.Plan.Book, 0, history)], history, scoring.Enrolment, _ => new Traced(_tape));
        _upTo = scoring.UpTo;
        _subject = history.SubjectsOf(program.Vocabulary.Kinds.Single(kind => kind.Name == "site").Index).Single();
    }

    /// <summary>Evaluates a condition over one field.</summary>
    [Benchmark]
    public bool Test_a_condition() => _condition.Test(_site, ref _trace) == Truth.True;

    /// <summary>Derives the credits of a site with seven facts.</summary>
    [Benchmark]
    public int Derive_a_site()
    {
        _credits.Clear();
        _deriver.Derive(_subject, _upTo, _credits);
        return _credits.Count;
    }

    /// <summary>Derives them with the whole trace.</summary>
    [Benchmark]
    public int Derive_a_site_traced()
    {
        _credits.Clear();
        _tape.Clear();
        _traced.Derive(_subject, _upTo, _credits);
        return _tape.Length;
    }

    /// <summary>Reads and checks one fact.</summary>
    [Benchmark]
    public bool Parse_a_fact() => _reader.TryRead(_line);

    /// <summary>Appends a fact's bytes to a Merkle log.</summary>
    [Benchmark]
    public void Append_to_a_Merkle_log() => _log.Append(_line);

    private static IEnumerable<string> TypicalSite =>
    [
        Fact(1, "member.joined", "member/a", "2023-01-01", ""),
        Fact(2, "site.created", "site/s", "2023-02-01", "\"member\":\"a\",\"editor\":\"studio\""),
        Fact(3, "plan.activated", "site/s", "2023-02-10", "\"plan\":\"business\",\"plan_ends\":\"2024-02-11\",\"trial_ends\":\"2023-02-24\""),
        Fact(4, "collaborator.added", "site/s", "2023-03-01", "\"member\":\"b\""),
        Fact(5, "plan.renewed", "site/s", "2024-02-10", "\"plan\":\"business\",\"plan_ends\":\"2025-02-11\""),
        Fact(6, "collaborator.removed", "site/s", "2024-06-01", "\"member\":\"b\""),
        Fact(7, "plan.renewed", "site/s", "2025-02-10", "\"plan\":\"business\",\"plan_ends\":\"2026-02-11\""),
        Fact(8, "plan.expired", "site/s", "2026-02-11", ""),
    ];

    private static string Fact(int id, string type, string subject, string day, string data) =>
        $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"sample","type":"{{{type}}}","subject":"{{{subject}}}","time":"{{{day}}}T00:00:00Z","data":{ {{{data}}} }}""";

    /// <summary>One name: editor.</summary>
    private sealed class EditorScope : IScope
    {
        public Binding? Resolve(IReadOnlyList<string> path, out int used, out string problem)
        {
            (used, problem) = (1, "");
            return new EditorBinding();
        }
    }

    private sealed record EditorBinding() : Binding(CelType.Text);

    private sealed class EditorNode : Node<string[], NoTrace>
    {
        public override Value Evaluate(string[] frame, ref NoTrace trace) => Value.Of(frame[0]);
    }
}

/// <summary>What one part took.</summary>
/// <param name="What">The part.</param>
/// <param name="Median">Of all measurements, in nanoseconds.</param>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest.</param>
/// <param name="BytesAllocated">What it allocates each time.</param>
internal sealed record MicroRun(string What, double Median, double Least, double Most, long BytesAllocated)
{
    /// <summary>What BenchmarkDotNet measured.</summary>
    public static MicroRun Of(BenchmarkReport run)
    {
        var times = run.ResultStatistics!;
        return new(run.BenchmarkCase.Descriptor.WorkloadMethod.Name.Replace('_', ' '), times.Median, times.Min, times.Max, run.GcStats.GetBytesAllocatedPerOperation(run.BenchmarkCase) ?? 0);
    }
}
