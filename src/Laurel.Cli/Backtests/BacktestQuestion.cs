using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Backtests;

/// <summary>What a backtest is asked, as it was written.</summary>
/// <param name="Draft">The draft or edition to look at.</param>
/// <param name="Against">An edition, or "in-force"; null for the one in force at the instant.</param>
/// <param name="From">When the draft comes into force; null for as if always.</param>
/// <param name="Groups">What members are grouped by.</param>
internal sealed record BacktestQuestion(string Draft, string? Against, string? From, IReadOnlyList<string> Groups)
{
    /// <summary>The word for the editions in force, by their dates.</summary>
    public const string InForce = "in-force";

    private const string Tenure = "tenure";
    private const string Size = "size";

    /// <summary>Finds what is compared.</summary>
    /// <exception cref="Halt">It names what there is not, or what can't be compared.</exception>
    public Sides Read(Asked asked)
    {
        var draft = Asked.FindEdition(asked.Program, Draft);
        var groups = Groups.Count == 0 ? [new BacktestGroup.Tenure(), new BacktestGroup.Size()] : Groups.Distinct().Select(g => GroupOf(g, asked.Program.Vocabulary)).ToList();
        return From is null ? Alone(asked, draft, groups) : Since(asked, draft, Moment.ReadStart("--from", From, asked.Zone), groups);
    }

    /// <summary>Each as if it alone had always been in force; or against what was in force.</summary>
    private Sides Alone(Asked asked, Edition draft, IReadOnlyList<BacktestGroup> groups)
    {
        var inForce = RuleBook.InForce(asked.Program, asked.Known);
        var now = inForce.At(asked.At) ?? throw asked.NoEdition();
        var book = RuleBook.Under(asked.Program, draft);
        if (Against == InForce) { return new(asked, inForce, book, "in force", draft.Name, $"{Called(draft)} as if it had always been in force, against the editions in force", groups); }
        var against = Against is null ? now : Asked.FindEdition(asked.Program, Against);
        return new(
            asked, RuleBook.Under(asked.Program, against), book, against.Name, draft.Name, $"{Called(draft)} against {Called(against)}, each as if it alone had always been in force", groups)
        { IsSame = draft == against };
    }

    /// <summary>With the transition on a date.</summary>
    private Sides Since(Asked asked, Edition draft, Instant from, IReadOnlyList<BacktestGroup> groups)
    {
        if (asked.At < from)
        {
            throw Halt.Misuse($"{draft.Name} would begin on {Shown.Start(from, asked.Zone)}, after {Shown.Asked(asked.At, asked.Zone)}: nothing can differ yet", "Ask for a later --at, or an earlier --from.");
        }
        CheckTransition(asked, draft, from);
        var date = Shown.Start(from, asked.Zone);
        var book = RuleBook.With(asked.Program, draft, from, asked.Known);
        if (Against is null or InForce) { return new(asked, RuleBook.InForce(asked.Program, asked.Known), book, "in force", draft.Name, $"{Called(draft)} from {date} on, against the editions in force", groups); }
        var other = Asked.FindEdition(asked.Program, Against);
        if (!other.Draft) { throw Halt.Misuse($"with --from, {draft.Name} takes over from the editions in force, and {other.Name} is one of them", "Compare it with in-force or with another draft, or leave out --from."); }
        CheckTransition(asked, other, from);
        return new(asked, RuleBook.With(asked.Program, other, from, asked.Known), book, other.Name, draft.Name, $"{Called(draft)} against {Called(other)}, each from {date} on", groups) { IsSame = draft == other };
    }

    /// <summary>A transition is written for the edition before: on another day it would speak of rules that are not there.</summary>
    private static void CheckTransition(Asked asked, Edition draft, Instant from)
    {
        var editions = RuleBook.InForce(asked.Program, asked.Known).Editions.Where(e => e.Edition != draft).ToList();
        var last = editions.LastOrDefault(e => e.InForce.Starts < from)?.Edition;
        var written = asked.Program.Editions.LastOrDefault(e => e.Effective < draft.Effective);
        if (last == written) { return; }
        var then = last is null ? "no edition is in force yet" : $"{last.Name} is in force until then";
        var its = written is null ? $"{draft.Name} is written to be the first" : $"the transition of {draft.Name} is written for the rules of {written.Name}";
        var next = editions.SkipWhile(e => e.Edition != written).Skip(1).FirstOrDefault();
        var remedy = editions.Find(e => e.Edition == written) is not { } span
            ? "Ask for a later --known, or leave out --from."
            : $"Name a date after {Shown.Start(span.InForce.Starts, asked.Zone)}{(next is null ? "" : $", and not after {Shown.Start(next.InForce.Starts, asked.Zone)}")}.";
        throw Halt.Misuse($"on {Shown.Start(from, asked.Zone)} {draft.Name} can't come into force: {then}, and {its}", remedy);
    }

    private static string Called(Edition edition) => $"{(edition.Draft ? "draft" : "edition")} {edition.Name}";

    private static BacktestGroup GroupOf(string name, Vocabulary vocabulary)
    {
        if (name == Tenure) { return new BacktestGroup.Tenure(); }
        if (name == Size) { return new BacktestGroup.Size(); }
        var fields = vocabulary.Kinds[Vocabulary.MemberKind].Fields;
        var known = fields.Where(f => BacktestGroup.Groups(f.Type)).Select(f => f.Name).Prepend(Size).Prepend(Tenure);
        var field = fields.FirstOrDefault(f => f.Name == name) ?? throw Halt.Misuse($"members have no field `{name}` to group them by", Choice.Among(name, known));
        return BacktestGroup.Groups(field.Type) ? new BacktestGroup.OfField(field) : throw Halt.Misuse($"`{name}` has too many values to group members by", Choice.Among(name, known));
    }
}

/// <summary>What a backtest compares.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Against">The rules compared with.</param>
/// <param name="Draft">The draft's.</param>
/// <param name="AgainstName">What stands above its column.</param>
/// <param name="DraftName">What stands above the draft's.</param>
/// <param name="Says">What is compared, in words.</param>
/// <param name="Groups">What members are grouped by.</param>
internal sealed record Sides(Asked Asked, RuleBook Against, RuleBook Draft, string AgainstName, string DraftName, string Says, IReadOnlyList<BacktestGroup> Groups)
{
    /// <summary>True where both are the same rules on the same dates.</summary>
    public bool IsSame { get; init; }

    /// <summary>The comparison.</summary>
    public Backtest Compare() => new(
        new(Asked.Program, Asked.History, Against, Asked.Known), new(Asked.Program, Asked.History, Draft, Asked.Known), Asked.At, Groups);
}
