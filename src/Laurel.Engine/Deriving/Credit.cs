using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>Where a credit stands over a span.</summary>
public enum CreditStatus : byte
{
    /// <summary>Known, and not yet given: it waits for its release.</summary>
    Pending,

    /// <summary>It counts.</summary>
    Active,
}

/// <summary>
/// What one rule gives one member for one subject over one span. A credit whose amount follows the data, or that is first
/// pending and then active, is several of these with one <see cref="Moment"/>.
/// </summary>
/// <param name="Rule">The rule, as its number in <see cref="RuleBook"/>.</param>
/// <param name="Member">The member's subject number.</param>
/// <param name="Subject">The subject's number.</param>
/// <param name="Moment">The instant that windows and limits count by: of the fact, or the start of the stretch.</param>
/// <param name="Starts">The first instant of this span.</param>
/// <param name="Ends">The first instant after it; <see cref="Instant.Never"/> for an open end.</param>
/// <param name="Amount">What the rule gives, in smallest parts of its unit; may be negative.</param>
/// <param name="Counted">What is left of it after the limits; 0 where it is set aside.</param>
/// <param name="Status">Pending or active.</param>
/// <param name="Fact">The fact at whose instant it began; -1 where time alone began it.</param>
/// <param name="Limit">The limit that set it aside or cut it, by its place in the edition; -1 for none.</param>
/// <param name="Key">Where the values that limits group by are kept; -1 for none.</param>
public readonly record struct Credit(
    int Rule, int Member, int Subject, Instant Moment, Instant Starts, Instant Ends, long Amount, long Counted, CreditStatus Status, int Fact, short Limit, int Key)
{
    /// <summary>True where the span has the instant.</summary>
    public bool Holds(Instant at) => Starts <= at && at < Ends;

    /// <summary>The span.</summary>
    public Span Span => new(Starts, Ends);
}
