using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Ranks: the place among all members, by what, with whom it is shared, and why there is none.</content>
public sealed partial class Explainer
{
    private Explanation Rank(Metric metric)
    {
        var name = ("metric", (Argument)new Argument.Name(metric.Name));
        var next = _scoring.Ranks.NextAfter(metric.Name, _at);
        List<Explanation> again = next < Instant.Never ? [Explanation.Of(Message.Of("rank.next", ("at", next)))] : [];
        if (_scoring.Ranks.At(metric.Name, _at) is not { } taken) { return new(Message.Of("rank.not-yet", name), Mark.No, again); }
        var (at, of) = (("at", (Argument)taken.At), ("of", (Argument)new Number(taken.Members.Count)));
        if (taken.Members.FirstOrDefault(m => m.Member == _member) is not { } ranked)
        {
            return new(Message.Of(taken.Members.Count == 0 ? "rank.nobody" : "rank.not-ranked", name, at, of), Mark.No, [.. NotRanked(metric, taken.At), .. again]);
        }
        var lines = taken.Metric.Ranking!.By.Select((by, i) => Explanation.Of(Message.Of("rank.by", ("metric", new Argument.Name(by)), ("value", ranked.By[i])))).ToList();
        lines.AddRange(Peers(taken, ranked));
        return Explanation.Of(Message.Of("rank.place", name, ("place", new Number(ranked.Place)), of, at), [.. lines, .. again]);
    }

    /// <summary>Why a number about the member is not there: no rank was taken yet, the member was not ranked, nothing counts, or something it is made of was not told.</summary>
    /// <param name="metric">The number.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="at">When.</param>
    internal Message NotThere(Metric metric, Argument name, Instant at)
    {
        var named = ("name", name);
        if (metric.Kind == MetricKind.Median) { return Message.Of("value.none-counts", named); }
        if (metric.Ranking is null) { return Message.Of("condition.not-judged", ("words", name)); }
        if (_scoring.Ranks.At(metric.Name, at) is { } taken) { return Message.Of("rank.no-place", named, ("at", taken.At)); }
        return _scoring.Ranks.NextAfter(metric.Name, at) is { IsReal: true } first ? Message.Of("rank.not-before", named, ("at", first)) : Message.Of("rank.never", named);
    }

    /// <summary>Who has the same place, and whom it would take to pass.</summary>
    private IEnumerable<Explanation> Peers(RankTaken taken, Ranked ranked)
    {
        if (taken.Members.Count == 1) { yield return Explanation.Of(Message.Of("rank.alone")); }
        var same = taken.Members.Where(m => m.Place == ranked.Place && m.Member != _member).Select(m => (Argument)_history.NameOf(m.Member)).ToList();
        if (same.Count > 0) { yield return Explanation.Of(Message.Of("rank.shared", ("members", new Argument.Several(same, "list")))); }
        if (taken.Members.LastOrDefault(m => m.Place < ranked.Place) is { } better)
        {
            yield return Explanation.Of(Message.Of("rank.better", ("place", new Number(better.Place)), ("value", better.By[0]), ("metric", new Argument.Name(taken.Metric.Ranking!.By[0]))));
        }
    }

    /// <summary>Why the member was not ranked on a date, by what is known now of the day before.</summary>
    private IEnumerable<Explanation> NotRanked(Metric metric, Instant date)
    {
        var before = On(date.JustBefore);
        if (!before._standing.Enrolled) { return [Explanation.Of(Message.Of("rank.not-enrolled"))]; }
        if (before._edition.Metrics.FirstOrDefault(m => m.Name == metric.Name)?.Ranking?.Among is not { } among) { return []; }
        var evaluation = before.EvaluateMember((plan, frame, trace) => plan.Compile(among).Test(frame, ref trace), metric.Index, before._standing);
        return [new(Message.Of("rank.among", ("condition", before._words.Of(among))), Holds(among, evaluation) ? Mark.Yes : Mark.No, before._conditions.Lines(among, evaluation))];
    }
}
