using System.Collections.Concurrent;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Backtests;

/// <summary>A backtest run on all cores. What comes out does not depend on how many there are.</summary>
internal sealed class Compared
{
    private const int BatchMembers = 1024;

    private readonly MemberCredits _against;
    private readonly MemberCredits _draft;
    private readonly ConcurrentBag<Differing> _differing = [];
    private readonly ParallelOptions _parallel;
    private readonly Progress _progress;

    private Compared(Sides sides, Terminal terminal, Progress progress)
    {
        (Sides, Backtest) = (sides, sides.Compare());
        (_parallel, _progress) = (Scored.Cores(terminal), progress);
        _against = Scored.Derive(Backtest.Against, terminal, progress);
        _draft = Scored.Derive(Backtest.Draft, terminal, progress);
        Scored.SayWhereHolidaysEnd(sides.Asked, Backtest.Draft, terminal);
    }

    /// <summary>What is compared.</summary>
    public Sides Sides { get; }

    /// <summary>The comparison.</summary>
    public Backtest Backtest { get; }

    /// <summary>The facts.</summary>
    public History History => Backtest.History;

    /// <summary>Derives both sides.</summary>
    public static Compared Of(Sides sides, Terminal terminal, Progress progress) => new(sides, terminal, progress);

    /// <summary>Every member that was ever enrolled, in the order in which they were first told.</summary>
    public IReadOnlyList<MemberDifference> All()
    {
        int[] members = [.. Backtest.Draft.Members];
        var (found, failures) = (new MemberDifference[members.Length], new AmountOverflowException?[members.Length]);
        var done = 0;
        Scored.InParallel("comparing", () => Parallel.For(0, members.Length, _parallel, i =>
        {
            try { found[i] = With(members[i], differing => differing.Of(members[i])); }
            catch (AmountOverflowException overflow) { failures[i] = overflow; }
            if (Interlocked.Increment(ref done) % BatchMembers == 0) { _progress.Report("comparing", done, members.Length); }
        }));
        return [.. LeftOut.Without(found, failures)];
    }

    /// <summary>Members that could not be compared.</summary>
    public LeftOut LeftOut { get; } = new();

    /// <summary>What differs for one member.</summary>
    /// <exception cref="Halt">Its amounts can't be added.</exception>
    public MemberDifference Of(int member)
    {
        try { return With(member, differing => differing.Of(member)); }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
    }

    /// <summary>Adds up.</summary>
    /// <exception cref="Halt">The sums are too large.</exception>
    public BacktestReport Report(IReadOnlyList<MemberDifference> differences)
    {
        var subjects = History.SubjectCount;
        var parts = new IReadOnlyList<UnjudgedSubject>[Scored.PartsOf(subjects)];
        Scored.InParallel("judging", () => Parallel.For(0, parts.Length, _parallel, part =>
            parts[part] = Backtest.UnjudgedOn(Scored.Bound(subjects, part, parts.Length), Scored.Bound(subjects, part + 1, parts.Length))));
        try { return BacktestReport.Of(Backtest, differences, [.. parts.SelectMany(part => part)]); }
        catch (OverflowException) { throw Halt.Wrong("the amounts of all members add up to more than 64 bits hold", "Look for amounts in the facts that can't be meant."); }
    }

    /// <summary>Explains one member.</summary>
    public Explanation Explain(MemberDifference difference) => With(difference.Member, differing => differing.Explain(difference));

    /// <summary>Explains members, and gives what is made of each in their order, some hundreds at a time.</summary>
    /// <param name="differences">What differs for each.</param>
    /// <param name="make">Makes the result of one; runs on several threads.</param>
    public IEnumerable<(MemberDifference Difference, T Made)> Explain<T>(IReadOnlyList<MemberDifference> differences, Func<Explanation, T> make)
    {
        var done = 0;
        foreach (var batch in differences.Chunk(BatchMembers))
        {
            var made = new T[batch.Length];
            Scored.InParallel("explaining", () => Parallel.For(0, batch.Length, _parallel, i => made[i] = make(Explain(batch[i]))));
            _progress.Report("explaining", done += batch.Length, differences.Count);
            for (var i = 0; i < batch.Length; i++) { yield return (batch[i], made[i]); }
        }
    }

    private T With<T>(int member, Func<Differing, T> make)
    {
        if (!_differing.TryTake(out var differing)) { differing = Backtest.ForThread(_against, _draft); }
        try { return make(differing); }
        finally { _differing.Add(differing); }
    }
}
