using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A member's amounts are too large to add in 64 bits: the facts are wrong, not the program.</summary>
public sealed class AmountOverflowException : Exception
{
    private AmountOverflowException(string member, string rule, string subject, Instant moment, int fact, Exception inner)
        : base(string.Create(CultureInfo.InvariantCulture, $"the amounts of member `{member}` add up to more than 64 bits hold, the largest by rule `{rule}` from {subject}, {moment}"), inner) =>
        (Member, Rule, Subject, Moment, Fact) = (member, rule, subject, moment, fact);

    /// <summary>The member's name.</summary>
    public string Member { get; }

    /// <summary>The rule that gives the largest of the amounts.</summary>
    public string Rule { get; }

    /// <summary>The subject that it comes from: "site/s1".</summary>
    public string Subject { get; }

    /// <summary>Its moment.</summary>
    public Instant Moment { get; }

    /// <summary>The fact that was posted when it came out, by its index in the history; -1 where none was.</summary>
    public int Fact { get; }

    /// <summary>Names the largest of a member's amounts.</summary>
    /// <param name="credits">Credits that did not fit together, one of the member's at least.</param>
    internal static AmountOverflowException Of(RuleBook book, History history, int member, IEnumerable<Credit> credits, OverflowException inner)
    {
        var largest = credits.Where(c => c.Member == member).MaxBy(c => Math.Abs(c.Amount));
        return Of(book, history, member, largest.Rule, largest.Subject, largest.Moment, inner);
    }

    /// <summary>Names an amount by its numbers.</summary>
    internal static AmountOverflowException Of(RuleBook book, History history, int member, int rule, int subject, Instant moment, OverflowException inner) =>
        new(history.NameOf(member), book.NameOf(rule), $"{book.Vocabulary.Kinds[history.KindOf(subject)].Name}/{history.NameOf(subject)}", moment, -1, inner);

    /// <summary>The same, with the fact that was posted.</summary>
    internal AmountOverflowException At(int fact) => new(Member, Rule, Subject, Moment, fact, InnerException!);
}
