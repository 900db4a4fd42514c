using System.Text;
using BenchmarkDotNet.Attributes;
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
    private readonly string[] _site = ["classic"];
    private FactReader _reader = null!;
    private Deriver _deriver = null!;
    private Node<string[], NoTrace> _condition = null!;
    private NoTrace _trace;
    private int _subject;
    private int _upTo;

    /// <summary>Runs what the arguments ask for, as BenchmarkDotNet reads them.</summary>
    internal static void Run(string[] arguments) => BenchmarkSwitcher.FromTypes([typeof(Micro)]).Run(arguments is [] ? ["--filter", "*"] : arguments);

    [GlobalSetup]
    public void SetUp()
    {
        // BenchmarkDotNet runs a copy of this program in a folder below the repository.
        var program = SampleProgram.Find(AppContext.BaseDirectory).Program;
        _reader = new(program.Vocabulary);
        CelReader.Read("editor == 'classic' && !(editor in ['studio', 'editor_x'])", new EditorScope(), Dialect.Program, CelType.Bool, out var expression);
        _condition = CelCompiler<string[], NoTrace>.Compile(expression!, program.Vocabulary.Zone, (_, _) => new EditorNode());
        var builder = new HistoryBuilder(program.Vocabulary);
        foreach (var fact in TypicalSite) { builder.AddLine(Encoding.UTF8.GetBytes(fact), 0); }
        var history = builder.Build();
        var scoring = new Scoring(program, history, program.Find("W5"), Instant.Last);
        _deriver = new(scoring.Plan, scoring.Enrolment);
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
