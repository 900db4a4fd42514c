namespace Laurel.Engine.Standing;

/// <summary>A member's amounts are too large to add in 64 bits: the facts are wrong, not the program.</summary>
public sealed class AmountOverflowException : Exception
{
    /// <summary>Names the member.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="inner">What was thrown.</param>
    public AmountOverflowException(string member, Exception inner)
        : base($"the amounts of member `{member}` are too large to add in 64 bits: look for facts with amounts that nobody can mean, and retract them", inner) =>
        Member = member;

    /// <summary>The member.</summary>
    public string Member { get; }
}
