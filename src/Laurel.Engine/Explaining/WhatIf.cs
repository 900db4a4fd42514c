using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// What would be different for a member if some facts had been told: credits, standing, entries, with the reasons. The facts are supposed
/// to be learnt after all that is known; recording them then gives the same.
/// </summary>
public sealed partial class WhatIf
{
    private readonly PartnerProgram _program;
    private readonly Edition? _under;
    private readonly Instant _known;
    private readonly Excerpt _excerpt;
    private readonly IReadOnlyList<Fact> _facts;
    private readonly Instant _horizon;
    private readonly MemberScore _before;
    private readonly MemberScore _after;
    private readonly ChangeWords _words;

    /// <summary>Supposes facts.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts that were told.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="member">The member's name; no fact need have spoken of it.</param>
    /// <param name="facts">The facts supposed; when they were learnt does not matter.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public WhatIf(PartnerProgram program, History history, Edition? under, Instant known, string member, IReadOnlyList<Fact> facts)
    {
        (_program, _under, _known, _facts) = (program, under, known, facts);
        _excerpt = new(history, known, member, facts, program.ComparesMembers(under));
        _horizon = program.Vocabulary.Zone.Move(_excerpt.Known, new(12, 0, 0));
        _before = Score(_excerpt.History);
        (var supposed, Verdicts) = _excerpt.Suppose(facts);
        _after = Score(supposed);
        _words = new(program.Vocabulary);
        Credits = CreditDifference.Between(_before.Credits, _after.Credits);
    }

    /// <summary>What became of each fact: a refused one is not supposed, one that was told already changes nothing.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; }

    /// <summary>The member's standing without the facts.</summary>
    public MemberTimeline Before => _before.Timeline;

    /// <summary>The member's standing with them.</summary>
    public MemberTimeline After => _after.Timeline;

    /// <summary>By how much the member's credits would be more, or less, over which spans.</summary>
    public IReadOnlyList<CreditDifference> Credits { get; }

    /// <summary>The rules, by whose numbers <see cref="Credits"/> name them.</summary>
    public RuleBook Book => _after.Scoring.Plan.Book;

    /// <summary>The facts that were told, and those supposed, as far as they matter to the member: numbers of subjects are of this history.</summary>
    public History History => _after.History;

    /// <summary>True where anything about the member is different at any time.</summary>
    public bool ChangesAnything => Differs(_before, _after);

    /// <summary>The entries of the member that recording the facts would post. Their own positions and those of their causes are not the ledger's.</summary>
    public IReadOnlyList<Entry> Entries() =>
        [.. Posting.Run(_program, History, _under, _known).Where(posted => posted.Item.Fact >= 0 && History.IsSupposed(posted.Item.Fact)).SelectMany(posted => posted.Entries).Where(e => e.Member == _after.Member)];

    /// <summary>What is different at an instant.</summary>
    public IReadOnlyList<Change> ChangesAt(Instant at) => Change.Between(Before.At(at), After.At(at), _program.Vocabulary);

    /// <summary>What is different later: at each instant until a horizon from which on something else is different than before it.</summary>
    public IReadOnlyList<(Instant At, IReadOnlyList<Change> Changes)> ChangesAfter(Instant at, Instant until)
    {
        var found = new List<(Instant, IReadOnlyList<Change>)>();
        var now = ChangesAt(at);
        foreach (var next in Before.Standings.Concat(After.Standings).Select(s => s.From).Where(i => i > at && i <= until).Distinct().Order())
        {
            var then = ChangesAt(next);
            if (then.SequenceEqual(now)) { continue; }
            found.Add((next, then));
            now = then;
        }
        return found;
    }

    private static bool Differs(MemberScore one, MemberScore other) =>
        CreditDifference.Between(one.Credits, other.Credits).Count > 0 || !Same(one.Timeline.Standings, other.Timeline.Standings);

    private static bool Same(IReadOnlyList<MemberStanding> one, IReadOnlyList<MemberStanding> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.From == pair.Second.From && pair.First.IsLike(pair.Second));

    private MemberScore Score(History history) => MemberScore.Of(_program, history, _under, _known, _excerpt.Member, _horizon);
}
