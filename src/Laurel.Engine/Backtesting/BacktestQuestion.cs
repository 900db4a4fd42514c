using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What a backtest is asked.</summary>
/// <param name="Draft">The draft or edition to look at, by name.</param>
/// <param name="Against">An edition by name, or <see cref="InForce"/>; null for the one in force at the instant.</param>
/// <param name="From">When the draft comes into force; null for as if always.</param>
/// <param name="Groups">What members are grouped by: tenure, size, a field of members; none for the first two.</param>
public sealed record BacktestQuestion(string Draft, string? Against, Instant? From, IReadOnlyList<string> Groups)
{
    /// <summary>The word for the editions in force, by their dates.</summary>
    public const string InForce = "in-force";

    private const string Tenure = "tenure";
    private const string Size = "size";

    /// <summary>Finds what is compared.</summary>
    /// <param name="program">The program.</param>
    /// <param name="at">The instant of the question.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="missing">What there is not, or what can't be compared; null where there is all.</param>
    /// <returns>Both sides; null where something is missing.</returns>
    public BacktestSides? Read(PartnerProgram program, Instant at, Instant known, out NotThere? missing)
    {
        ArgumentNullException.ThrowIfNull(program);
        var groups = new List<BacktestGroup>();
        foreach (var name in Groups.Count == 0 ? [Tenure, Size] : Groups.Distinct())
        {
            if (GroupOf(name, program.Vocabulary, out missing) is not { } group) { return null; }
            groups.Add(group);
        }
        var against = Against is null or InForce ? null : program.Find(Against);
        missing = program.Find(Draft) is null ? NotThere.Edition(program, Draft)
            : against is null && Against is not (null or InForce) ? NotThere.Edition(program, Against)
            : null;
        if (missing is not null) { return null; }
        var draft = program.Find(Draft)!;
        return From is { } from ? Since(program, draft, against, at, known, from, groups, out missing) : Alone(program, draft, against, at, known, groups, out missing);
    }

    /// <summary>Each as if it alone had always been in force; or against what was in force.</summary>
    private BacktestSides? Alone(PartnerProgram program, Edition draft, Edition? other, Instant at, Instant known, IReadOnlyList<BacktestGroup> groups, out NotThere? missing)
    {
        var inForce = RuleBook.InForce(program, known);
        var now = inForce.At(at);
        missing = now is null ? new NotThere($"{program.Name} had published no edition by {program.Vocabulary.Zone.WrittenAsked(known)}", "Ask for a later `known`.") : null;
        if (now is null) { return null; }
        var book = RuleBook.Under(program, draft);
        if (Against == InForce) { return new(inForce, book, "in force", draft.Name, $"{Called(draft)} as if it had always been in force, against the editions in force", groups); }
        var against = other ?? now;
        return new(RuleBook.Under(program, against), book, against.Name, draft.Name, $"{Called(draft)} against {Called(against)}, each as if it alone had always been in force", groups) { IsSame = draft == against };
    }

    /// <summary>With the transition on a date.</summary>
    private static BacktestSides? Since(
        PartnerProgram program, Edition draft, Edition? other, Instant at, Instant known, Instant from, IReadOnlyList<BacktestGroup> groups, out NotThere? missing)
    {
        var zone = program.Vocabulary.Zone;
        var date = zone.Written(from);
        missing = at < from ? new NotThere($"{draft.Name} would begin on {date}, after {zone.WrittenAsked(at)}: nothing can differ yet", "Ask for a later `at`, or an earlier `from`.")
            : WrongTransition(program, draft, known, from)
            ?? (other is { Draft: false } ? new NotThere($"with `from`, {draft.Name} takes over from the editions in force, and {other.Name} is one of them", $"Compare it with {InForce} or with another draft, or leave out `from`.") : null)
            ?? (other is null ? null : WrongTransition(program, other, known, from));
        if (missing is not null) { return null; }
        var book = RuleBook.With(program, draft, from, known);
        return other is null
            ? new(RuleBook.InForce(program, known), book, "in force", draft.Name, $"{Called(draft)} from {date} on, against the editions in force", groups)
            : new(RuleBook.With(program, other, from, known), book, other.Name, draft.Name, $"{Called(draft)} against {Called(other)}, each from {date} on", groups) { IsSame = draft == other };
    }

    /// <summary>A transition is written for the edition before: on another day it would speak of rules that are not there.</summary>
    private static NotThere? WrongTransition(PartnerProgram program, Edition draft, Instant known, Instant from)
    {
        var zone = program.Vocabulary.Zone;
        var editions = RuleBook.InForce(program, known).Editions.Where(e => e.Edition != draft).ToList();
        var last = editions.LastOrDefault(e => e.InForce.Starts < from)?.Edition;
        var written = program.Editions.LastOrDefault(e => e.Effective < draft.Effective);
        if (last == written) { return null; }
        var then = last is null ? "no edition is in force yet" : $"{last.Name} is in force until then";
        var its = written is null ? $"{draft.Name} is written to be the first" : $"the transition of {draft.Name} is written for the rules of {written.Name}";
        var next = editions.SkipWhile(e => e.Edition != written).Skip(1).FirstOrDefault();
        var remedy = editions.Find(e => e.Edition == written) is not { } span
            ? "Ask for a later `known`, or leave out `from`."
            : $"Name a date after {zone.Written(span.InForce.Starts)}{(next is null ? "" : $", and not after {zone.Written(next.InForce.Starts)}")}.";
        return new($"on {zone.Written(from)} {draft.Name} can't come into force: {then}, and {its}", remedy);
    }

    private static string Called(Edition edition) => $"{(edition.Draft ? "draft" : "edition")} {edition.Name}";

    private static BacktestGroup? GroupOf(string name, Vocabulary vocabulary, out NotThere? missing)
    {
        missing = null;
        if (name == Tenure) { return new BacktestGroup.Tenure(); }
        if (name == Size) { return new BacktestGroup.Size(); }
        var fields = vocabulary.Kinds[Vocabulary.MemberKind].Fields.Where(f => !f.Personal).ToList();
        var known = fields.Where(f => BacktestGroup.Groups(f.Type)).Select(f => f.Name).Prepend(Size).Prepend(Tenure);
        var field = fields.FirstOrDefault(f => f.Name == name);
        if (field is not null && BacktestGroup.Groups(field.Type)) { return new BacktestGroup.OfField(field); }
        missing = new(field is null ? $"members have no field `{name}` to group them by" : $"`{name}` has too many values to group members by", Choice.Among(name, known));
        return null;
    }
}

/// <summary>What a backtest compares.</summary>
/// <param name="Against">The rules compared with.</param>
/// <param name="Draft">The draft's.</param>
/// <param name="AgainstName">What stands above its column.</param>
/// <param name="DraftName">What stands above the draft's.</param>
/// <param name="Says">What is compared, in words.</param>
/// <param name="Groups">What members are grouped by.</param>
public sealed record BacktestSides(RuleBook Against, RuleBook Draft, string AgainstName, string DraftName, string Says, IReadOnlyList<BacktestGroup> Groups)
{
    /// <summary>True where both are the same rules on the same dates.</summary>
    public bool IsSame { get; init; }

    /// <summary>The comparison.</summary>
    public Backtest Compare(PartnerProgram program, History history, Instant at, Instant known) =>
        new(new(program, history, Against, known), new(program, history, Draft, known), at, Groups);
}
