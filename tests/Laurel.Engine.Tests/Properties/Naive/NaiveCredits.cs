using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>A place among all members.</summary>
internal sealed record NaiveRank(int? Place, int Of);

/// <summary>
/// All credits, computed from the words of the language alone: whether something holds is asked point by point, what a rule gives
/// is joined from spans, limits are settled at every instant. Slow and literal; it shares no code with the room of deriving.
/// </summary>
internal sealed class NaiveCredits
{
    private readonly Dictionary<SubjectName, IReadOnlyList<Piece>> _of = [];

    private readonly IReadOnlyList<Fact> _log;
    private IReadOnlyList<Instant>? _rankDates;
    private readonly Dictionary<(string, Instant), IReadOnlyDictionary<SubjectName, NaiveRank>> _ranks;

    /// <param name="vocabulary">What can be told.</param>
    /// <param name="editions">The editions, with when.</param>
    /// <param name="log">The facts that are known.</param>
    /// <param name="horizon">No period that closes later is looked at; null for a year after the last of these facts was learnt.</param>
    public NaiveCredits(Vocabulary vocabulary, IReadOnlyList<(Edition Edition, Span InForce)> editions, IEnumerable<Fact> log, Instant? horizon = null)
        : this(vocabulary, editions, [.. log], StagesOf(editions), horizon, [])
    {
    }

    private NaiveCredits(Vocabulary vocabulary, IReadOnlyList<(Edition Edition, Span InForce)> editions, IReadOnlyList<Fact> log, int stage, Instant? horizon, Dictionary<(string, Instant), IReadOnlyDictionary<SubjectName, NaiveRank>> ranks)
    {
        (Editions, _log, _ranks) = (editions, log, ranks);
        World = new(vocabulary, log) { Horizon = horizon ?? vocabulary.Zone.Move(log.Select(f => f.Recorded ?? f.Time).DefaultIfEmpty(Instant.Ever).Max(), new(12, 0, 0)) };
        if (stage > 0)
        {
            // A rule that reads what follows for the member reads what all rules below give.
            var below = new NaiveCredits(vocabulary, editions, log, stage - 1, World.Horizon, ranks);
            var standings = new Dictionary<SubjectName, NaiveStandings>();
            World.Standing = (edition, binding, member, at) => Of(member).Of(edition, binding, at);
            World.StandingInstants = member => Of(member).Instants;

            NaiveStandings Of(SubjectName member)
            {
                if (!standings.TryGetValue(member, out var standing)) { standings[member] = standing = new(below, member); }
                return standing;
            }
        }
        Ways = new(World, editions);
        var limits = new Limits(editions, vocabulary);
        var pieces = vocabulary.Kinds.SelectMany(k => World.SubjectsOf(k.Name)).SelectMany(Ways.For).ToLookup(p => p.Of.Member);
        var spent = limits.Spend(World.SubjectsOf("member").SelectMany(member => limits.Settle(pieces[member]))).ToLookup(p => p.Of.Member);
        foreach (var member in World.SubjectsOf("member")) { _of[member] = [.. spent[member]]; }
    }

    /// <summary>The dates on which the editions take ranks, after the first fact was learnt.</summary>
    public IReadOnlyList<Instant> RankDates => _rankDates ??= [.. DatesOfRanks()];

    private IEnumerable<Instant> DatesOfRanks()
    {
        var reviews = Editions.SelectMany(e => e.Edition.Metrics).SelectMany(m => m.Ranking?.At ?? []).Distinct().ToList();
        if (reviews.Count == 0 || _log.Count == 0) { yield break; }
        var first = _log.Min(f => f.Recorded ?? f.Time);
        foreach (var at in Calendar.Reviews(reviews, first, World.Horizon, World.Zone).Where(at => at > first)) { yield return at; }
    }

    /// <summary>A rank as it was taken last before or at an instant; null before there was one.</summary>
    public NaiveRank? RankOf(string metric, SubjectName member, Instant at)
    {
        foreach (var date in RankDates.Where(d => d <= at).Reverse())
        {
            var editions = KnownAt(new(date.Micros - 1));
            if (editions.Count == 0) { continue; }
            var edition = editions[Math.Max(0, editions.ToList().FindLastIndex(e => e.InForce.Starts < date))].Edition;
            if (edition.Metrics.FirstOrDefault(m => m.Name == metric)?.Ranking is not { } ranking || !ranking.At.Any(r => Calendar.IsReview(r, date, World.Zone))) { continue; }
            if (!_ranks.TryGetValue((metric, date), out var taken)) { _ranks[(metric, date)] = taken = Take(ranking, editions, date); }
            return taken.GetValueOrDefault(member) ?? new(null, taken.Count);
        }
        return null;
    }

    /// <summary>The editions that were published by an instant; one that is asked for alone always was.</summary>
    private IReadOnlyList<(Edition Edition, Span InForce)> KnownAt(Instant known)
    {
        if (Editions is [{ InForce: var always }] && always == Span.Always) { return Editions; }
        var published = Editions.Where(e => e.Edition.Published <= known).ToList();
        if (published.Count > 0) { published[^1] = (published[^1].Edition, published[^1].InForce with { Ends = Instant.Never }); }
        return published;
    }

    private static int StagesOf(IReadOnlyList<(Edition Edition, Span InForce)> editions) => editions.Select(e => e.Edition.Stages).DefaultIfEmpty(0).Max();

    private Dictionary<SubjectName, NaiveRank> Take(Ranking ranking, IReadOnlyList<(Edition Edition, Span InForce)> editions, Instant date)
    {
        var before = new Instant(date.Micros - 1);
        var then = new NaiveCredits(World.Vocabulary, editions, [.. _log.Where(f => (f.Recorded ?? f.Time) < date)], StagesOf(editions), before, _ranks);
        var standings = then.Members.ToDictionary(m => m, m => new NaiveStandings(then, m));
        var by = standings.Where(s => s.Value.IsRanked(ranking, before)).ToDictionary(s => s.Key, s => ranking.By.Select(m => s.Value.NumberAt(m, before)).ToList());
        by = by.Where(b => b.Value.TrueForAll(v => v is not null)).ToDictionary();
        return by.ToDictionary(b => b.Key, b => new NaiveRank(1 + by.Values.Count(other => IsMore(other, b.Value)), by.Count));
    }

    private static bool IsMore(List<Number?> one, List<Number?> other)
    {
        var first = Enumerable.Range(0, one.Count).FirstOrDefault(i => one[i] != other[i], -1);
        return first >= 0 && one[first] > other[first];
    }

    public World World { get; }

    public Ways Ways { get; }

    public IReadOnlyList<(Edition Edition, Span InForce)> Editions { get; }

    public IReadOnlyCollection<SubjectName> Members => _of.Keys;

    public IReadOnlyList<Piece> Of(SubjectName member) => _of.GetValueOrDefault(member) ?? [];

    /// <summary>The editions in force, as known at an instant.</summary>
    public static IReadOnlyList<(Edition Edition, Span InForce)> InForce(PartnerProgram program, Instant known)
    {
        var published = program.Editions.Where(e => e.Published <= known).OrderBy(e => e.Effective.Micros).ToList();
        return [.. published.Select((e, i) => (e, new Span(i == 0 ? e.CountsFrom : e.Effective, i + 1 < published.Count ? published[i + 1].Effective : Instant.Never)))];
    }

    /// <summary>One edition as if it alone had always been in force.</summary>
    public static IReadOnlyList<(Edition Edition, Span InForce)> Under(Edition edition) => [(edition, Span.Always)];
}
