using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>Where a member stands with an obligation.</summary>
/// <param name="Missed">How many closed, counted periods in a row were missed, the last one included.</param>
/// <param name="Kept">How many were met.</param>
/// <param name="Amount">What counts in the present period so far, in smallest parts.</param>
/// <param name="Period">The present period; null where nothing is asked of the member now.</param>
/// <param name="Failed">The first end of a day of the present period that does not count: then the period will not; <see cref="Instant.Never"/> for none so far.</param>
public readonly record struct ObligationStanding(int Missed, int Kept, long Amount, Span? Period, Instant Failed)
{
    /// <summary>Outside the term: nothing is asked, and the periods in a row are forgotten.</summary>
    public static readonly ObligationStanding NotAsked = new(0, 0, 0, null, Instant.Never);

    /// <summary>True where the present period counts so far.</summary>
    public bool Counts => Period is not null && Failed == Instant.Never;

    /// <summary>How many periods in a row, as conditions read it.</summary>
    internal Value InARow(bool missed) => Value.Of(new Number(missed ? Missed : Kept));
}

/// <summary>A period of an obligation that has closed.</summary>
/// <param name="Edition">The edition in force at its end.</param>
/// <param name="Obligation">What it asked for.</param>
/// <param name="Period">From when to when.</param>
/// <param name="Amount">What counted just before it closed, in smallest parts.</param>
/// <param name="Failed">The first end of a day at which it did not count, or that the edition does not ask about; <see cref="Instant.Never"/> for a period that counts.</param>
/// <param name="IsMet">True where it counts, and was enough.</param>
/// <param name="IsLate">True where it was enough only by what was learnt after its close: as known before, it was missed.</param>
/// <param name="InARow">How many counted periods in a row went the same way, this one included; 0 for one that does not count.</param>
public sealed record ClosedPeriod(Edition Edition, Obligation Obligation, Span Period, long Amount, Instant Failed, bool IsMet, bool IsLate, int InARow)
{
    /// <summary>True where it counts: it lies wholly in the term and in what the obligation is for.</summary>
    public bool IsCounted => Failed == Instant.Never;

    /// <summary>True where it counts, and was not enough.</summary>
    public bool IsMissed => IsCounted && !IsMet;
}
