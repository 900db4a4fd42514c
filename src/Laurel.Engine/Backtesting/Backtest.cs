using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>
/// A draft against what it is compared with: two scorings of one history at one instant. Compares member by member, so that a
/// caller may divide members among its cores.
/// </summary>
public sealed class Backtest
{
    private readonly int[] _againstRules;
    private readonly int[] _draftRules;

    /// <summary>Prepares the comparison.</summary>
    /// <param name="against">What the draft is compared with.</param>
    /// <param name="draft">The draft, of the same history, as known at the same instant.</param>
    /// <param name="at">The instant.</param>
    /// <param name="groups">What members are grouped by.</param>
    public Backtest(Scoring against, Scoring draft, Instant at, IReadOnlyList<BacktestGroup> groups)
    {
        if (against.Plan.History != draft.Plan.History || against.UpTo != draft.UpTo) { throw new ArgumentException("Both sides read the same facts.", nameof(draft)); }
        (Against, Draft, At, Groups) = (against, draft, at, groups);
        AgainstEdition = EditionOf(against, at);
        DraftEdition = EditionOf(draft, at);
        var rules = new List<BacktestRule>();
        _againstRules = Numbered(against.Plan.Book, rules);
        _draftRules = Numbered(draft.Plan.Book, rules);
        Rules = rules;
        Ladders = [.. DraftEdition.Ladders.Concat(AgainstEdition.Ladders).Select(l => l.Name).Distinct().Select(Ladder)];
        Benefits = [.. DraftEdition.Benefits.Concat(AgainstEdition.Benefits).Select(b => b.Name).Distinct()];
        AgainstBenefits = [.. Benefits.Select(name => IndexOf(AgainstEdition, name))];
        DraftBenefits = [.. Benefits.Select(name => IndexOf(DraftEdition, name))];
        Gates = new(this);
    }

    /// <summary>What the draft is compared with.</summary>
    public Scoring Against { get; }

    /// <summary>The draft.</summary>
    public Scoring Draft { get; }

    /// <summary>The instant.</summary>
    public Instant At { get; }

    /// <summary>What members are grouped by.</summary>
    public IReadOnlyList<BacktestGroup> Groups { get; }

    /// <summary>The edition that the draft is compared with, at the instant.</summary>
    public Edition AgainstEdition { get; }

    /// <summary>The edition of the draft's side, at the instant.</summary>
    public Edition DraftEdition { get; }

    /// <summary>The rules of both sides: those of one name and unit are one.</summary>
    public IReadOnlyList<BacktestRule> Rules { get; }

    /// <summary>The ladders of both sides: those of one name are one.</summary>
    public IReadOnlyList<BacktestLadder> Ladders { get; }

    /// <summary>The names of both sides' benefits.</summary>
    public IReadOnlyList<string> Benefits { get; }

    /// <summary>The facts.</summary>
    public History History => Draft.Plan.History;

    /// <summary>By benefit: its index in the edition compared with; -1 where that has none of the name.</summary>
    internal IReadOnlyList<int> AgainstBenefits { get; }

    /// <summary>By benefit: its index in the draft.</summary>
    internal IReadOnlyList<int> DraftBenefits { get; }

    /// <summary>What rungs of the draft need, gate by gate.</summary>
    internal Gates Gates { get; }

    /// <summary>Compares members, for one thread.</summary>
    /// <param name="against">All credits of what the draft is compared with.</param>
    /// <param name="draft">All credits of the draft.</param>
    public Differing ForThread(MemberCredits against, MemberCredits draft) => new(this, against.ForThread(), draft.ForThread());

    /// <summary>What conditions of the draft's rules could not be judged at the instant, on a range of subjects, for want of a field that nobody told.</summary>
    /// <param name="first">The first subject's number.</param>
    /// <param name="end">The number after the last one's.</param>
    public IReadOnlyList<UnjudgedSubject> UnjudgedOn(int first, int end) => new Judging(this).On(first, end);

    /// <summary>The place of a rule of one side among <see cref="Rules"/>.</summary>
    internal int RuleOf(bool draft, int number) => (draft ? _draftRules : _againstRules)[number];

    private static Edition EditionOf(Scoring scoring, Instant at) =>
        scoring.Plan.Book.At(at) ?? throw new ArgumentException("There is no edition to compare.", nameof(scoring));

    private static int IndexOf(Edition edition, string benefit) => edition.Benefits.FirstOrDefault(b => b.Name == benefit)?.Index ?? -1;

    private static int[] Numbered(RuleBook book, List<BacktestRule> rules)
    {
        var places = new int[book.Count];
        for (var number = 0; number < book.Count; number++)
        {
            var rule = new BacktestRule(book.NameOf(number), book.UnitOf(number));
            places[number] = rules.IndexOf(rule);
            if (places[number] >= 0) { continue; }
            places[number] = rules.Count;
            rules.Add(rule);
        }
        return places;
    }

    private BacktestLadder Ladder(string name) =>
        new(name, AgainstEdition.Ladders.FirstOrDefault(l => l.Name == name), DraftEdition.Ladders.FirstOrDefault(l => l.Name == name));
}

/// <summary>A rule of either side of a backtest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">The index of the unit that it gives.</param>
public sealed record BacktestRule(string Name, int Unit);

/// <summary>A ladder of a backtest's two sides.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Against">As it is in what the draft is compared with; null where that has none.</param>
/// <param name="Draft">As it is in the draft; null where that has none.</param>
public sealed record BacktestLadder(string Name, Ladder? Against, Ladder? Draft)
{
    /// <summary>
    /// Which way a level goes. Rungs are compared by name, in the order of the ladder that has both names; where neither has,
    /// nobody can say.
    /// </summary>
    public LevelWay WayOf(LevelPair pair)
    {
        var (from, to) = (RungOf(Against, pair.Against), RungOf(Draft, pair.Draft));
        if (from == to) { return LevelWay.Same; }
        if (from is null || to is null) { return LevelWay.Other; }
        var (old, now) = (PlaceOf(Draft!, from), pair.Draft);
        if (old < 0) { (old, now) = (pair.Against, PlaceOf(Against!, to)); }
        return old < 0 || now < 0 ? LevelWay.Other : now > old ? LevelWay.Up : LevelWay.Down;
    }

    /// <summary>The name of a rung; null for none.</summary>
    public static string? RungOf(Ladder? ladder, int rung) => ladder is null || rung < 0 ? null : ladder.Rungs[rung].Name;

    private static int PlaceOf(Ladder ladder, string rung) => ladder.Rungs.ToList().FindIndex(r => r.Name == rung);
}

/// <summary>Which way a level goes from what a draft is compared with to the draft.</summary>
public enum LevelWay
{
    /// <summary>The same rung, by name.</summary>
    Same,

    /// <summary>A higher one.</summary>
    Up,

    /// <summary>A lower one.</summary>
    Down,

    /// <summary>To or from a rung that the other ladder does not have, where nothing says which is higher.</summary>
    Other,
}
