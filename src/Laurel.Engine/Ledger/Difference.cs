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

    /// <summary>What must be posted so that the first list becomes the second; in order, equal whatever the order of the lists.</summary>
    public static List<Step> Between(IEnumerable<Credit> posted, IEnumerable<Credit> derived, IComparer<Line> order)
    {
        var changes = new SortedDictionary<Line, SortedDictionary<Instant, Int128>>(order);
        foreach (var credit in posted) { Add(changes, credit, -1); }
        foreach (var credit in derived) { Add(changes, credit, 1); }
        var steps = new List<Step>();
        foreach (var (line, instants) in changes) { Read(line, instants, steps); }
        return steps;
    }

    private static void Add(SortedDictionary<Line, SortedDictionary<Instant, Int128>> changes, in Credit credit, int sign)
    {
        if (credit.Counted == 0) { return; }
        var line = new Line(credit.Subject, credit.Member, credit.Rule, credit.Moment, credit.Status);
        if (!changes.TryGetValue(line, out var instants)) { changes[line] = instants = []; }
        instants[credit.Starts] = instants.GetValueOrDefault(credit.Starts) + ((Int128)sign * credit.Counted);
        instants[credit.Ends] = instants.GetValueOrDefault(credit.Ends) - ((Int128)sign * credit.Counted);
    }

    private static void Read(Line line, SortedDictionary<Instant, Int128> instants, List<Step> steps)
    {
        Int128 amount = 0;
        var since = Instant.Ever;
        foreach (var (at, change) in instants)
        {
            if (change == 0) { continue; }
            if (amount != 0) { steps.Add(new(line, since, at, amount)); }
            amount += change;
            since = at;
        }
    }
}
