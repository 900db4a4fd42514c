using System.Collections.Concurrent;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Standing;

namespace Laurel.Server.Working;

/// <summary>A backtest run on all cores. What comes out does not depend on how many there are.</summary>
internal sealed class Compared
{
    private const int BatchMembers = 1024;

    private readonly MemberCredits _against;
    private readonly MemberCredits _draft;
    private readonly ConcurrentBag<Differing> _differing = [];
    private readonly Cores _cores;

    /// <summary>Derives both sides.</summary>
    /// <exception cref="OverflowException">An amount does not fit 64 bits.</exception>
    public Compared(Backtest backtest, Cores cores)
    {
        (Backtest, _cores) = (backtest, cores);
        _against = cores.Derive(backtest.Against);
        _draft = cores.Derive(backtest.Draft);
    }

    /// <summary>The comparison.</summary>
    public Backtest Backtest { get; }

    /// <summary>The facts.</summary>
    public History History => Backtest.History;

    /// <summary>By member that was ever enrolled, in the order in which they were first told: what differs, or why it can't be compared.</summary>
    public (IReadOnlyList<MemberDifference> Found, IReadOnlyList<AmountOverflowException?> Failures) All()
    {
        int[] members = [.. Backtest.Draft.Members];
        var (found, failures) = (new MemberDifference[members.Length], new AmountOverflowException?[members.Length]);
        var done = 0;
        _cores.Each("comparing", members.Length, i =>
        {
            try { found[i] = Of(members[i]); }
            catch (AmountOverflowException overflow) { failures[i] = overflow; }
            if (Interlocked.Increment(ref done) % BatchMembers == 0) { _cores.Report("comparing", done, members.Length); }
        });
        return (found, failures);
    }

    /// <summary>What differs for one member.</summary>
    /// <exception cref="AmountOverflowException">Its amounts can't be added.</exception>
    public MemberDifference Of(int member) => With(differing => differing.Of(member));

    /// <summary>Adds up.</summary>
    /// <exception cref="OverflowException">The sums are too large.</exception>
    public BacktestReport Report(IReadOnlyList<MemberDifference> differences)
    {
        var parts = _cores.InParts("judging", History.SubjectCount, (first, end, _) => Backtest.UnjudgedOn(first, end));
        return BacktestReport.Of(Backtest, differences, [.. parts.SelectMany(part => part)]);
    }

    /// <summary>Explains one member.</summary>
    public Explanation Explain(MemberDifference difference) => With(differing => differing.Explain(difference));

    /// <summary>Explains members, and gives what is made of each in their order, some hundreds at a time.</summary>
    /// <param name="differences">What differs for each.</param>
    /// <param name="make">Makes the result of one; runs on several threads.</param>
    public IEnumerable<(MemberDifference Difference, T Made)> Explain<T>(IReadOnlyList<MemberDifference> differences, Func<Explanation, T> make)
    {
        var done = 0;
        foreach (var batch in differences.Chunk(BatchMembers))
        {
            var made = new T[batch.Length];
            _cores.Each("explaining", batch.Length, i => made[i] = make(Explain(batch[i])));
            _cores.Report("explaining", done += batch.Length, differences.Count);
            for (var i = 0; i < batch.Length; i++) { yield return (batch[i], made[i]); }
        }
    }

    private T With<T>(Func<Differing, T> make)
    {
        if (!_differing.TryTake(out var differing)) { differing = Backtest.ForThread(_against, _draft); }
        try { return make(differing); }
        finally { _differing.Add(differing); }
    }
}
