using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>Where a member stood among its peers.</summary>
/// <param name="Member">The member's subject number.</param>
/// <param name="Place">From 1; those who are equal in all share the better one.</param>
/// <param name="By">The numbers that it was ranked by, as they were just before the date.</param>
internal sealed record Ranked(int Member, int Place, IReadOnlyList<Number> By);

/// <summary>A rank as it was taken on a date.</summary>
/// <param name="At">The date: what was known just before it counts.</param>
/// <param name="Metric">The rank.</param>
/// <param name="Members">All that were ranked, by place, then by name.</param>
internal sealed record RankTaken(Instant At, Metric Metric, IReadOnlyList<Ranked> Members);

/// <summary>
/// The ranks that were taken so far. Each is a stage over all members at its date, by what was known just before it; from then on it
/// stays, whatever is learnt.
/// </summary>
internal sealed class Ranks
{
    private static readonly Value Place = Value.Of("place");
    private static readonly Value HowMany = Value.Of("of");

    private readonly Dictionary<string, List<(RankTaken Taken, Dictionary<int, Value> Values, Value OfOthers)>> _taken = new(StringComparer.Ordinal);

    /// <summary>The ranks of a scoring, on all dates from its first fact until its horizon; later ones as far as can be told by what is known.</summary>
    public static Ranks Of(Scoring scoring)
    {
        var ranks = new Ranks();
        var history = scoring.Plan.History;
        var dates = Reviews.OfRanks(scoring.Plan.Book.Editions.Select(e => e.Edition));
        if (scoring.UpTo == 0 || dates.Count == 0) { return ranks; }
        (Scoring Scoring, Assessing Assessing)? last = null;
        var zone = scoring.Plan.Book.Vocabulary.Zone;
        for (var date = Reviews.NextAfter(dates, history.RecordedAt(0), zone); date <= scoring.Horizon && date < Instant.Never; date = Reviews.NextAfter(dates, date, zone))
        {
            var upTo = Math.Min(scoring.UpTo, history.KnownUpTo(date.JustBefore));
            var book = scoring.Plan.Book.KnownAt(date.JustBefore);
            if (last is not { } before || before.Scoring.UpTo != upTo || before.Scoring.Plan.Book.Editions.Count != book.Editions.Count)
            {
                var then = new Scoring(scoring, book, upTo, ranks);
                last = (then, then.Derive().ForThread());
            }
            var (known, assessing) = last!.Value;
            ranks.Take(known.Plan, date, known.Members, member => assessing.StandingOf(member, date.JustBefore).Standing);
        }
        return ranks;
    }

    /// <summary>Takes all ranks of a date, by the edition in force just before it.</summary>
    /// <param name="plan">The rules, compiled.</param>
    /// <param name="date">The date.</param>
    /// <param name="members">All that were ever enrolled.</param>
    /// <param name="standingOf">What was true of a member just before the date, as known then.</param>
    /// <returns>True where any was taken.</returns>
    public bool Take(DerivingPlan plan, Instant date, IEnumerable<int> members, Func<int, MemberAt> standingOf)
    {
        var due = Due(plan, date);
        if (due.Count == 0) { return false; }
        var standings = members.Select(m => (Member: m, Standing: standingOf(m))).Where(m => m.Standing.Frame.Enrolled).ToList();
        var edition = plan.Book.At(date.JustBefore)!;
        // All are found before any is added: ranks of one date do not see one another.
        var taken = due.ConvertAll(metric => new RankTaken(date, metric, Rank(plan.History, edition, metric.Ranking!, standings)));
        foreach (var one in taken) { Add(one); }
        return true;
    }

    /// <summary>Whether any rank is taken on a date.</summary>
    public static bool AreDue(DerivingPlan plan, Instant date) => Due(plan, date).Count > 0;

    private static List<Metric> Due(DerivingPlan plan, Instant date) =>
        plan.Book.At(date.JustBefore) is { } edition ? [.. edition.Metrics.Where(m => m.Ranking is { } ranking && Reviews.IsDue(ranking.At, date, plan.Book.Vocabulary.Zone))] : [];

    /// <summary>What a rank is for a member from its last date before or at an instant on: not told before there was one, and without a place for who was not ranked.</summary>
    public Value ValueOf(string metric, int member, Instant at) =>
        EntryAt(metric, at) is { } entry ? entry.Values.GetValueOrDefault(member, entry.OfOthers) : Value.NotTold(metric);

    /// <summary>The place alone; not told where there is none.</summary>
    public static Value PlaceIn(in Value rank) => rank.Kind == ValueKind.Map ? rank.AsMap[Place] : rank;

    /// <summary>The rank taken last before or at an instant; null for none.</summary>
    public RankTaken? At(string metric, Instant at) => EntryAt(metric, at)?.Taken;

    /// <summary>The first date after an instant on which a rank was taken; <see cref="Instant.Never"/> for none.</summary>
    public Instant NextAfter(string metric, Instant at)
    {
        foreach (var entry in _taken.GetValueOrDefault(metric) ?? [])
        {
            if (entry.Taken.At > at) { return entry.Taken.At; }
        }
        return Instant.Never;
    }

    private (RankTaken Taken, Dictionary<int, Value> Values, Value OfOthers)? EntryAt(string metric, Instant at)
    {
        if (!_taken.TryGetValue(metric, out var entries)) { return null; }
        var last = entries.FindLastIndex(e => e.Taken.At <= at);
        return last < 0 ? null : entries[last];
    }

    /// <summary>All that were taken.</summary>
    public IEnumerable<RankTaken> All => _taken.Values.SelectMany(entries => entries).Select(entry => entry.Taken);

    /// <summary>Adds a rank that was taken after those before.</summary>
    public void Add(RankTaken taken)
    {
        if (!_taken.TryGetValue(taken.Metric.Name, out var entries)) { _taken[taken.Metric.Name] = entries = []; }
        entries.Add((taken, taken.Members.ToDictionary(m => m.Member, m => Map(taken, m.Place)), Map(taken, null)));
    }

    /// <summary>Members by place. Who lacks a number, or is not among them, is not ranked.</summary>
    private static List<Ranked> Rank(History history, Edition edition, Ranking ranking, IReadOnlyList<(int Member, MemberAt Standing)> standings)
    {
        var by = ranking.By.Select(name => edition.Metrics.First(m => m.Name == name).Index).ToList();
        var among = ranking.Among is null ? null : new MemberPlan<NoTrace>(edition, history).Compile(ranking.Among);
        var trace = default(NoTrace);
        var ranked = new List<(int Member, IReadOnlyList<Number> By)>();
        foreach (var (member, standing) in standings)
        {
            var values = by.ConvertAll(metric => standing.Frame.Metrics[metric]);
            if (!values.TrueForAll(v => v.Kind == ValueKind.Number)) { continue; }
            if (among is null || among.Test(standing.Frame, ref trace) == Truth.True) { ranked.Add((member, values.ConvertAll(v => v.AsNumber))); }
        }
        ranked.Sort((a, b) => Compare(a.By, b.By) is not 0 and var order ? order : string.CompareOrdinal(history.NameOf(a.Member), history.NameOf(b.Member)));
        var places = new List<Ranked>();
        for (var i = 0; i < ranked.Count; i++)
        {
            var shares = i > 0 && Compare(ranked[i - 1].By, ranked[i].By) == 0;
            places.Add(new(ranked[i].Member, shares ? places[i - 1].Place : i + 1, ranked[i].By));
        }
        return places;
    }

    /// <summary>More comes first.</summary>
    private static int Compare(IReadOnlyList<Number> a, IReadOnlyList<Number> b)
    {
        for (var i = 0; i < a.Count; i++)
        {
            if (b[i].CompareTo(a[i]) is not 0 and var order) { return order; }
        }
        return 0;
    }

    private static Value Map(RankTaken taken, int? place)
    {
        var entries = new List<KeyValuePair<Value, Value>>();
        if (place is { } at) { entries.Add(new(Place, Value.Of(new Number(at)))); }
        entries.Add(new(HowMany, Value.Of(new Number(taken.Members.Count))));
        return Value.Map(ValueMap.Of(entries, Value.NotTold($"{taken.Metric.Name}.place")));
    }
}
