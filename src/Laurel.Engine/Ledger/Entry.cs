using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>
/// One append-only line of the ledger: an amount over a span, posted when it became known, its known future included. The
/// amount is positive and goes from one account to the other; a balance is the sum of what came less what went.
/// </summary>
/// <param name="Position">Its place in the ledger, from 0.</param>
/// <param name="Cause">The position in the log of the fact that made it known.</param>
/// <param name="Member">The member's subject number.</param>
/// <param name="Subject">The subject's number.</param>
/// <param name="Unit">The unit's index.</param>
/// <param name="Rule">The rule's number in the <see cref="Deriving.RuleBook"/> of the time.</param>
/// <param name="From">What it comes from.</param>
/// <param name="To">What it goes to.</param>
/// <param name="Amount">In smallest parts of the unit; at least 1.</param>
/// <param name="Dated">The instant that windows and limits count it by.</param>
/// <param name="Starts">The first instant at which it counts.</param>
/// <param name="Ends">The first instant after; <see cref="Instant.Never"/> for an open end.</param>
public sealed record Entry(
    int Position, int Cause, int Member, int Subject, int Unit, int Rule, Account From, Account To, long Amount, Instant Dated, Instant Starts, Instant Ends);

/// <summary>A side of an entry.</summary>
public enum Account
{
    /// <summary>The rule's: what it has given.</summary>
    Rule,

    /// <summary>The member's: what counts.</summary>
    Member,

    /// <summary>The member's: what waits for its release.</summary>
    Pending,

    /// <summary>The member's: what was paid.</summary>
    Paid,
}
