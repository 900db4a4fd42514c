using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>
/// All credits, computed from the words of the language alone: whether something holds is asked point by point, what a rule gives
/// is joined from spans, limits are settled at every instant. Slow and literal; it shares no code with the room of deriving.
/// </summary>
internal sealed class NaiveCredits
{
    private readonly Dictionary<SubjectName, IReadOnlyList<Piece>> _of = [];

    public NaiveCredits(Vocabulary vocabulary, IReadOnlyList<(Edition Edition, Span InForce)> editions, IEnumerable<Fact> log)
        : this(vocabulary, editions, [.. log], editions.Select(e => e.Edition.Stages).DefaultIfEmpty(0).Max())
    {
    }

    private NaiveCredits(Vocabulary vocabulary, IReadOnlyList<(Edition Edition, Span InForce)> editions, IReadOnlyList<Fact> log, int stage)
    {
        Editions = editions;
        World = new(vocabulary, log);
        if (stage > 0)
        {
            // A rule that reads a level reads what all rules below give.
            var below = new NaiveCredits(vocabulary, editions, log, stage - 1);
            var standings = new Dictionary<SubjectName, NaiveStandings>();
            World.Standing = (edition, binding, member, at) =>
            {
                if (!standings.TryGetValue(member, out var standing)) { standings[member] = standing = new(below, member); }
                return standing.Of(edition, binding, at);
            };
        }
        Ways = new(World, editions);
        var limits = new Limits(editions, vocabulary);
        var pieces = vocabulary.Kinds.SelectMany(k => World.SubjectsOf(k.Name)).SelectMany(Ways.For).ToLookup(p => p.Of.Member);
        foreach (var member in World.SubjectsOf("member")) { _of[member] = limits.Settle(pieces[member]); }
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
