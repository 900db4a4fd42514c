using System.Collections.Concurrent;
using System.Globalization;
using Laurel.Cli.Calling;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Working;

namespace Laurel.Cli.Reading;

/// <summary>A history scored on all cores. What comes out does not depend on how many there are.</summary>
internal sealed class Scored
{
    private const int BatchMembers = 8192;

    private readonly Asked _asked;
    private readonly MemberCredits _credits;
    private readonly ConcurrentBag<Assessing> _assessing = [];
    private readonly Cores _cores;

    private Scored(Asked asked, Scoring scoring, Edition edition, MemberCredits credits, Cores cores) =>
        (_asked, Scoring, Edition, _credits, _cores) = (asked, scoring, edition, credits, cores);

    /// <summary>The question as the engine has it.</summary>
    public Scoring Scoring { get; }

    /// <summary>The edition that says so at the instant of the question.</summary>
    public Edition Edition { get; }

    /// <summary>Derives all credits.</summary>
    /// <exception cref="Halt">No edition was published by then.</exception>
    public static Scored Of(Asked asked, Terminal terminal, Progress progress)
    {
        var scoring = new Scoring(asked.Program, asked.History, asked.Under, asked.Known);
        var edition = asked.CheckEdition();
        var cores = Cores(terminal, progress);
        var credits = Within(() => cores.Derive(scoring));
        SayWhereHolidaysEnd(asked, scoring, terminal);
        return new(asked, scoring, edition, credits, cores);
    }

    /// <summary>Work on all cores, until somebody interrupts.</summary>
    public static Cores Cores(Terminal terminal, Progress progress) => new(progress.Report, terminal.Stop);

    /// <summary>What does not fit is no fault of Laurel's.</summary>
    /// <exception cref="Halt">An amount does not fit 64 bits.</exception>
    public static T Within<T>(Func<T> work)
    {
        try { return work(); }
        catch (OverflowException e) { throw Halt.Wrong(e.Message, "Look for amounts in the facts that can't be meant."); }
    }

    /// <summary>Assesses members, and gives what is made of each in their order, some thousands at a time.</summary>
    /// <param name="members">The members' subject numbers.</param>
    /// <param name="make">Makes the result of one member; runs on several threads. Who can't be assessed is left out, and kept in <see cref="LeftOut"/>.</param>
    public IEnumerable<T> Each<T>(IReadOnlyList<int> members, Func<MemberTimeline, T> make) where T : class
    {
        var done = 0;
        foreach (var batch in members.Chunk(BatchMembers))
        {
            var (made, failures) = (new T[batch.Length], new AmountOverflowException?[batch.Length]);
            _cores.Each("assessing", batch.Length, i =>
            {
                try { made[i] = Assess(batch[i], make); }
                catch (AmountOverflowException overflow) { failures[i] = overflow; }
            });
            _cores.Report("assessing", done += batch.Length, members.Count);
            foreach (var one in LeftOut.Without(made, failures)) { yield return one; }
        }
    }

    /// <summary>Members that could not be assessed.</summary>
    public LeftOut LeftOut { get; } = new();

    /// <summary>Explains a member at the instant of the question.</summary>
    /// <exception cref="Halt">Its amounts can't be added.</exception>
    public Explainer ExplainerOf(int member)
    {
        try { return new(Scoring, _asked.History, _credits.ForThread(), member, _asked.At); }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
    }

    /// <summary>A member with all that holds at the instant of the question.</summary>
    /// <exception cref="Halt">Its amounts can't be added.</exception>
    public MemberInFull InFull(int member)
    {
        try { return MemberInFull.Of(Scoring, _asked.History, _credits.ForThread(), member, _asked.At); }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
    }

    private T Assess<T>(int member, Func<MemberTimeline, T> make)
    {
        if (!_assessing.TryTake(out var assessing)) { assessing = _credits.ForThread(); }
        try { return make(assessing.TimelineOf(member)); }
        finally { _assessing.Add(assessing); }
    }

    /// <summary>Says once that business days were counted beyond the end of a list of holidays.</summary>
    /// <param name="asked">What is asked.</param>
    /// <param name="scoring">By which rules.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="ahead">Until when it is looked ahead; null where it is not.</param>
    public static void SayWhereHolidaysEnd(Asked asked, Scoring scoring, Terminal terminal, Instant? ahead = null)
    {
        var counting = scoring.Plan.Book.Editions.Where(e => e.Edition.CountsBusinessDays).ToList();
        if (counting.Count == 0) { return; }
        var last = Enumerable.Range(0, asked.History.FactCount).Where(fact => asked.History.PositionOf(fact) < scoring.UpTo).Select(asked.History.TimeOf).DefaultIfEmpty(Instant.Ever).Max();
        var before = ahead > last ? "the end of what is looked at" : "the last facts";
        last = Instant.Max(last, ahead ?? Instant.Ever);
        foreach (var (edition, inForce) in counting)
        {
            var until = last < inForce.Ends ? last : new(inForce.Ends.Micros - 1);
            if (until <= inForce.Starts || edition.Calendar.HolidaysEndBefore(until) is not { } end) { continue; }
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"the holidays of edition {edition.Name} end on {end:yyyy-MM-dd}, before {before}: after that all days but weekends count as business days"));
            return;
        }
    }
}
