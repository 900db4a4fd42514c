using Laurel.Engine.Backtesting;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Benchmarks;

/// <summary>Measures a backtest of a draft over a whole history: totals and level moves, and an explanation for every changed member.</summary>
internal sealed class Backtests
{
    private const string Against = "W5";
    private const string Draft = "W6";

    private readonly int _cores = Environment.ProcessorCount;
    private readonly History _history;
    private readonly Backtest _backtest;

    private Backtests(PartnerProgram program, History history)
    {
        _history = history;
        var (against, draft) = (new Scoring(program, history, program.Find(Against), Instant.Last), new Scoring(program, history, program.Find(Draft), Instant.Last));
        _backtest = new(against, draft, Agreement.At, [new BacktestGroup.Tenure(), new BacktestGroup.Size()]);
    }

    /// <summary>Runs everything, prints the table and keeps it.</summary>
    public static int Run(WholeOptions options)
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var facts = options.Facts(samples);
        var report = new Report("backtest", $"A backtest of {Draft} against {Against}");
        History? history = null;
        report.Time("read JSON lines, 1 core", () => history = samples.Load(facts.Path));
        report.FactsAre(history!.FactCount);
        new Backtests(samples.Program, history).Measure(report, options.Repeat);
        report.Keep(options);
        return 0;
    }

    private void Measure(Report report, int repeat)
    {
        MemberCredits? against = null, draft = null;
        MemberDifference[] differences = [];
        List<UnjudgedSubject> unjudged = [];
        BacktestReport? found = null;
        var total = $"totals and level moves, {_cores} cores: derive both, compare, judge, add up";
        for (var i = 0; i < repeat; i++)
        {
            // First, and with nothing of the round before in memory: as when it is asked for once.
            (against, draft, differences, unjudged, found) = (null, null, [], [], null);
            report.Time(total, () => BacktestReport.Of(_backtest, Compare(Derive(_backtest.Against), Derive(_backtest.Draft)), Judge()));
            report.Time($"derive {Against}, {_cores} cores", () => against = Derive(_backtest.Against));
            report.Time($"derive {Draft}, {_cores} cores", () => draft = Derive(_backtest.Draft));
            report.Time($"compare every member, {_cores} cores", () => differences = Compare(against!, draft!));
            report.Time($"what could not be judged, {_cores} cores", () => unjudged = Judge());
            report.Time("add up, 1 core", () => found = BacktestReport.Of(_backtest, differences, unjudged));
            report.Time($"an explanation for every changed member, {_cores} cores", () => Explain(against!, draft!, differences));
        }
        var all = found!.All;
        report.Note($"{all.Members:N0} members, {all.Changed:N0} changed; {all.Units[0].Gaining:N0} gain points, {all.Units[0].Losing:N0} lose some; {all.Ladders[0].Up:N0} rise, {all.Ladders[0].Down:N0} fall");
        report.Note($"Once loaded: at most 3 s for totals and level moves, 30 s with an explanation for every changed member; it took {report.MedianOf(total):F1} s and {report.MedianOf(total) + report.MedianOf($"an explanation for every changed member, {_cores} cores"):F1} s");
    }

    private MemberCredits Derive(Scoring scoring)
    {
        var parts = new CreditList[Parts.Of(_cores)];
        Parts.Run(_history.SubjectCount, _cores, (part, first, end) => parts[part] = scoring.Derive(first, end));
        return scoring.Gather(parts);
    }

    private MemberDifference[] Compare(MemberCredits against, MemberCredits draft)
    {
        var members = _backtest.Draft.Members.ToArray();
        var differences = new MemberDifference[members.Length];
        Parts.Run(members.Length, _cores, (_, first, end) =>
        {
            var differing = _backtest.ForThread(against, draft);
            for (var i = first; i < end; i++) { differences[i] = differing.Of(members[i]); }
        });
        return differences;
    }

    private List<UnjudgedSubject> Judge()
    {
        var found = new IReadOnlyList<UnjudgedSubject>[Parts.Of(_cores)];
        Parts.Run(_history.SubjectCount, _cores, (part, first, end) => found[part] = _backtest.UnjudgedOn(first, end));
        return [.. found.SelectMany(f => f)];
    }

    private void Explain(MemberCredits against, MemberCredits draft, MemberDifference[] differences)
    {
        MemberDifference[] changed = [.. differences.Where(d => d.Changed)];
        Parts.Run(changed.Length, _cores, (_, first, end) =>
        {
            var differing = _backtest.ForThread(against, draft);
            for (var i = first; i < end; i++) { differing.Explain(changed[i]); }
        });
    }
}
