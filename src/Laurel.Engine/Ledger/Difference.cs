using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>The difference between what was posted and what is derived now, as spans of amounts.</summary>
internal static class Difference
{
    /// <summary>What a posted amount is of.</summary>
    internal readonly record struct Line(int Subject, int Member, int Rule, Instant Moment, CreditStatus Status) : IComparable<Line>
    {
        public int CompareTo(Line other)
        {
            var order = Subject.CompareTo(other.Subject);
            if (order == 0) { order = Member.CompareTo(other.Member); }
            return order != 0 ? order : CompareRest(other);
        }

        public int CompareRest(Line other)
        {
            var order = Rule.CompareTo(other.Rule);
            if (order == 0) { order = Moment.CompareTo(other.Moment); }
            return order != 0 ? order : Status.CompareTo(other.Status);
        }
    }

    /// <summary>By the names of subjects and members: their numbers depend on which was told first, or came to hand first.</summary>
    internal sealed class ByName(History history) : IComparer<Line>
    {
        public int Compare(Line x, Line y)
        {
            var order = Compare(x.Subject, y.Subject);
            if (order == 0) { order = Compare(x.Member, y.Member); }
            return order != 0 ? order : x.CompareRest(y);
        }

        private int Compare(int a, int b) => a == b ? 0 : history.Subjects[a].SequenceCompareTo(history.Subjects[b]);
    }

    /// <summary>An amount over a span; negative for what is to be taken back.</summary>
    internal readonly record struct Step(Line Line, Instant Starts, Instant Ends, Int128 Amount);

    /// <summary>Where a line's amount rises or falls.</summary>
    private readonly record struct Turn(Line Line, Instant At, long Counted, bool Rises);

    private sealed class InOrder(IComparer<Line> lines) : IComparer<Turn>
    {
        public int Compare(Turn x, Turn y)
        {
            var order = lines.Compare(x.Line, y.Line);
            return order != 0 ? order : x.At.CompareTo(y.At);
        }
    }

    /// <summary>What must be posted so that the first list becomes the second; in order, equal whatever the order of the lists.</summary>
    public static List<Step> Between(List<Credit> posted, List<Credit> derived, IComparer<Line> order)
    {
        var turns = new List<Turn>(2 * (posted.Count + derived.Count));
        Add(turns, posted, counts: false);
        Add(turns, derived, counts: true);
        turns.Sort(new InOrder(order));
        var steps = new List<Step>();
        var (amount, since) = ((Int128)0, Instant.Ever);
        for (var i = 0; i < turns.Count;)
        {
            var (line, at, change) = (turns[i].Line, turns[i].At, (Int128)0);
            for (; i < turns.Count && turns[i].At == at && turns[i].Line == line; i++) { change += turns[i].Rises ? turns[i].Counted : -(Int128)turns[i].Counted; }
            if (change == 0) { continue; }
            // At its end a line is at nothing again.
            if (amount != 0) { steps.Add(new(line, since, at, amount)); }
            (amount, since) = (amount + change, at);
        }
        return steps;
    }

    private static void Add(List<Turn> turns, List<Credit> credits, bool counts)
    {
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(credits))
        {
            if (credit.Counted == 0) { continue; }
            var line = new Line(credit.Subject, credit.Member, credit.Rule, credit.Moment, credit.Status);
            turns.Add(new(line, credit.Starts, credit.Counted, counts));
            turns.Add(new(line, credit.Ends, credit.Counted, !counts));
        }
    }
}
