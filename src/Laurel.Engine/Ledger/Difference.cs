using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>The difference between what was posted and what is derived now, as spans of amounts.</summary>
internal static class Difference
{
    /// <summary>What a posted amount is of.</summary>
    /// <param name="Each">What one credit counts, where credits are counted; 0 where amounts are added.</param>
    internal readonly record struct Line(int Subject, int Member, int Rule, Instant Moment, CreditStatus Status, long Each = 0) : IComparable<Line>
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
            if (order == 0) { order = (int)Status - (int)other.Status; }
            return order != 0 ? order : Each.CompareTo(other.Each);
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
    internal readonly record struct Step(Line Line, Instant Starts, Instant Ends, Int128 Amount)
    {
        /// <summary>One of the credits that are counted, over the span: what counts, without what it was derived from.</summary>
        public Credit Credit => new(Line.Rule, Line.Member, Line.Subject, Line.Moment, Starts, Ends, Line.Each, Line.Each, Line.Status, Fact: -1, Limit: -1, Key: -1);
    }

    /// <summary>Where a line's amount rises or falls.</summary>
    private readonly record struct Turn(Line Line, Instant At, long Change, bool Rises) : IComparable<Turn>
    {
        public int CompareTo(Turn other)
        {
            var order = Line.CompareTo(other.Line);
            return order != 0 ? order : At.CompareTo(other.At);
        }
    }

    /// <summary>What must be posted so that the first list becomes the second; in order, equal whatever the order of the lists.</summary>
    public static List<Step> Between(List<Credit> posted, List<Credit> derived, IComparer<Line> order)
    {
        var turns = new List<Turn>();
        var was = CollectionsMarshal.AsSpan(posted);
        var now = CollectionsMarshal.AsSpan(derived);
        for (int i = 0, j = 0; i < was.Length || j < now.Length;)
        {
            if (i < was.Length && j < now.Length && CountsAlike(was[i], now[j]))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }
            // Both go by subjects, as far as that is worth anything: whatever stands elsewhere comes to nothing all the same.
            var ahead = i == was.Length ? 1 : j == now.Length ? -1 : was[i].Subject.CompareTo(now[j].Subject);
            if (ahead <= 0) { Add(turns, was[i], each: 0, was[i++].Counted, counts: false); }
            if (ahead >= 0) { Add(turns, now[j], each: 0, now[j++].Counted, counts: true); }
        }
        var steps = Steps(turns);
        // Few steps are left to be put in order by what may be costly to compare.
        if (steps.Count > 1)
        {
            steps.Sort((x, y) =>
            {
                var first = order.Compare(x.Line, y.Line);
                return first != 0 ? first : x.Starts.CompareTo(y.Starts);
            });
        }
        return steps;
    }

    /// <summary>What counts by one list and not by the other: how many credits more there are now of each amount.</summary>
    public static List<Step> Counting(List<Credit> was, List<Credit> now)
    {
        var turns = new List<Turn>(2 * (was.Count + now.Count));
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(was)) { Add(turns, credit, credit.Counted, change: 1, counts: false); }
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(now)) { Add(turns, credit, credit.Counted, change: 1, counts: true); }
        return Steps(turns);
    }

    private static List<Step> Steps(List<Turn> turns)
    {
        turns.Sort();
        var steps = new List<Step>();
        var (amount, since) = ((Int128)0, Instant.Ever);
        for (var i = 0; i < turns.Count;)
        {
            var (line, at, change) = (turns[i].Line, turns[i].At, (Int128)0);
            for (; i < turns.Count && turns[i].At == at && turns[i].Line == line; i++) { change += turns[i].Rises ? turns[i].Change : -(Int128)turns[i].Change; }
            if (change == 0) { continue; }
            // At its end a line is at nothing again.
            if (amount != 0) { steps.Add(new(line, since, at, amount)); }
            (amount, since) = (amount + change, at);
        }
        return steps;
    }

    private static bool CountsAlike(in Credit a, in Credit b) =>
        a.Subject == b.Subject && a.Member == b.Member && a.Rule == b.Rule && a.Moment == b.Moment && a.Status == b.Status && a.Counted == b.Counted && a.Starts == b.Starts && a.Ends == b.Ends;

    private static void Add(List<Turn> turns, in Credit credit, long each, long change, bool counts)
    {
        if (credit.Counted == 0) { return; }
        var line = new Line(credit.Subject, credit.Member, credit.Rule, credit.Moment, credit.Status, each);
        turns.Add(new(line, credit.Starts, change, counts));
        turns.Add(new(line, credit.Ends, change, !counts));
    }
}
