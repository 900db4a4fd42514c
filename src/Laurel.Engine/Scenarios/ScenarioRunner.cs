using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Runs scenarios: asks what each expects, and compares.</summary>
public static class ScenarioRunner
{
    /// <summary>The code of a failure.</summary>
    public const string Failed = "not-as-expected";

    /// <summary>Runs a scenario.</summary>
    /// <param name="program">The program that it was read for.</param>
    /// <param name="scenario">The scenario.</param>
    public static ScenarioResult Run(PartnerProgram program, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(scenario);
        var results = new List<ExpectationResult>();
        foreach (var (answers, expectations) in Questions(program, scenario))
        {
            foreach (var expectation in expectations) { results.Add(new Comparison(scenario, expectation, answers).Compare()); }
        }
        return new(scenario, [.. results.OrderBy(r => r.Expectation.Place.Line).ThenBy(r => r.Expectation.Place.Column)]);
    }

    /// <summary>The expectations by what they ask: those of one set of rules, as known at one instant, share an answer.</summary>
    internal static IEnumerable<(Answers Answers, IEnumerable<Expectation> Expectations)> Questions(PartnerProgram program, Scenario scenario) =>
        from expectation in scenario.Expectations
        group expectation by (expectation.Known, Under: expectation.Under?.Name, expectation.From) into asked
        let first = asked.First()
        let known = first.Known ?? Instant.Last
        select (new Answers(program, scenario.History, Answers.BookOf(program, first.Under, first.From, known), known), (IEnumerable<Expectation>)asked);
}

/// <summary>Compares one expectation with the answers.</summary>
internal sealed class Comparison(Scenario scenario, Expectation expectation, Answers answers)
{
    private const int CreditsShown = 20;

    private readonly int _member = expectation.Member is { } name ? scenario.History.SubjectOf(Vocabulary.MemberKind, name) ?? -1 : -1;
    private readonly int? _subject = expectation.Subject is { } subject ? scenario.History.SubjectOf(KindOf(scenario, subject.Kind), subject.Name) : null;

    public ExpectationResult Compare()
    {
        var failures = new List<Problem>();
        foreach (var expected in expectation.Answers)
        {
            if (answers.Book.Editions.Count == 0) { failures.Add(Failure(expected, "has no answer: no edition was known then")); }
            else if (DifferenceOf(expected) is { } difference) { failures.Add(Failure(expected, difference)); }
        }
        return new(expectation, failures);
    }

    private string? DifferenceOf(Expected expected)
    {
        try
        {
            return Difference(expected);
        }
        catch (AmountOverflowException overflow)
        {
            return $"has no answer: {overflow.Message}";
        }
    }

    /// <summary>What is otherwise than expected; null for nothing.</summary>
    private string? Difference(Expected expected)
    {
        switch (expected)
        {
            case Expected.Metric metric:
                return Standing.MetricOf(metric.Name) is { } value ? Number(value, metric.Value) : $"edition {Standing.Edition.Name} has no metric `{metric.Name}`";
            case Expected.Metrics metrics:
                return Standing.MetricOf(metrics.Name) is { } map ? Numbers(map, metrics) : $"edition {Standing.Edition.Name} has no metric `{metrics.Name}`";
            case Expected.Given given:
                return Number(Value.Of(answers.Given(expectation.Rule!, given.Unit, _member, _subject, expectation.At, CreditStatus.Active)), given.Value);
            case Expected.Pending pending:
                var waits = expectation.Rule is { } rule
                    ? answers.Given(rule, 0, _member, _subject, expectation.At, CreditStatus.Pending)
                    : answers.Whole(0, Standing.Pending[0]);
                return Number(Value.Of(waits), pending.Value);
            case Expected.Paid paid:
                return Number(Value.Of(answers.Paid(_member, paid.Unit, expectation.At)), paid.Value);
            case Expected.Level level:
                return Standing.Edition.Ladders.FirstOrDefault(l => l.Name == level.Name) is not { } ladder ? $"edition {Standing.Edition.Name} has no ladder `{level.Name}`" :
                    Standing.LevelOn(ladder) is not { } rung ? $"is none, since the member is not enrolled, not {level.Rung}" : Word(rung, level.Rung);
            case Expected.Benefit benefit:
                return Standing.Edition.Benefits.FirstOrDefault(b => b.Name == benefit.Name) is { } open
                    ? Word(Flag(Standing.Benefits[open.Index]), Flag(benefit.Value)) : $"edition {Standing.Edition.Name} has no benefit `{benefit.Name}`";
            case Expected.State state:
                var about = ExpectationReader.IsOfMember(state.Name) ? _member : _subject ?? -1;
                return Holds(state.Name, isRole: false, about, state.Value);
            case Expected.Role role:
                return Holds(role.Name, isRole: true, _subject ?? -1, role.Value);
            case Expected.Request request:
                return Word(StatusText.Of(answers.StatusOf(request.Name, _member, _subject ?? _member, expectation.At)), StatusText.Of(request.Status));
            case Expected.Next next:
                var actual = answers.NextAfter(_member, expectation.At);
                return (actual is null && next.From is null) || (actual >= next.From && actual <= next.Until) ? null : $"is {actual?.ToString() ?? "never"}, not {next.Written}";
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private MemberStanding Standing => answers.TimelineOf(_member).At(expectation.At);

    private string? Holds(string name, bool isRole, int subject, bool expected) =>
        answers.Holds(name, isRole, subject, _member, expectation.At) is { } holds
            ? Word(Flag(holds), Flag(expected)) : $"edition {answers.Book.At(expectation.At)?.Name} has no {(isRole ? "role" : "state")} `{name}`";

    private static string? Numbers(Value map, Expected.Metrics expected)
    {
        if (map.Kind != ValueKind.Map) { return $"is {map}, and not a number for each value of something"; }
        var wrong = new List<string>();
        foreach (var (name, number) in expected.Values)
        {
            var key = map.AsMap.Keys.Where(k => (k.Kind == ValueKind.Text ? k.AsText : k.ToString()) == name).Select(k => (Value?)k).FirstOrDefault();
            if (Number(key is { } there ? map.AsMap[there] : Value.Of(new Number(0)), number) is { } difference) { wrong.Add($"`{name}` {difference}"); }
        }
        return wrong.Count == 0 ? null : string.Join("; ", wrong);
    }

    private static string? Number(Value actual, Number expected) =>
        actual.Kind == ValueKind.Number && actual.AsNumber == expected ? null : $"is {actual}, not {expected}";

    private static string? Word(string actual, string expected) => actual == expected ? null : $"is {actual}, not {expected}";

    private static string Flag(bool value) => value ? "true" : "false";

    private Problem Failure(Expected expected, string difference)
    {
        var about = new List<string> { $"on {expectation.Asked}" };
        if (expectation.Known is not null) { about.Add($"as known on {expectation.Known}"); }
        if (expectation.Under is { } under) { about.Add($"under {under.Name}{(expectation.From is { } from ? $" from {from}" : "")}"); }
        if (expectation.Member is { } member) { about.Add(member); }
        if (expectation.Subject is { } subject) { about.Add(subject.ToString()); }
        if (expectation.Rule is { } rule) { about.Add($"rule {rule}"); }
        return new(Severity.Error, ScenarioRunner.Failed, expected.Place, $"{scenario.Name}: {string.Join(", ", about)}: `{expected.Name}` {difference}", Credits(), expected.Line);
    }

    /// <summary>Which credits there are at that instant: the way to the mistake.</summary>
    private string Credits()
    {
        if (_member < 0) { return "Correct the scenario, or the program."; }
        var credits = answers.CreditsOf(_member).Where(c => c.Holds(expectation.At)).OrderBy(c => c.Subject).ThenBy(c => c.Rule).ToList();
        if (credits.Count == 0) { return "The member has no credit then."; }
        var lines = credits.Take(CreditsShown).Select(Line).ToList();
        if (credits.Count > CreditsShown) { lines.Add($"  and {credits.Count - CreditsShown} more"); }
        return $"The member's credits then:\n{string.Join('\n', lines)}";
    }

    private string Line(Credit credit)
    {
        var history = scenario.History;
        var unit = answers.Book.UnitOf(credit.Rule);
        var status = credit.Counted != credit.Amount ? $", of which {answers.Whole(unit, credit.Counted)} count" : credit.Status == CreditStatus.Pending ? ", pending" : "";
        var edition = answers.Book.EditionOf(credit.Rule) is >= 0 and var e ? $" ({answers.Book.Editions[e].Edition.Name})" : "";
        return $"  {answers.Book.NameOf(credit.Rule)}{edition} for {history.Vocabulary.Kinds[history.KindOf(credit.Subject)].Name}/{history.NameOf(credit.Subject)}: "
            + $"{answers.Whole(unit, credit.Amount)} {history.Vocabulary.Units[unit].Name}{status}, from {credit.Starts} until {credit.Ends}";
    }

    private static int KindOf(Scenario scenario, string kind) => scenario.History.Vocabulary.Kinds.First(k => k.Name == kind).Index;
}
