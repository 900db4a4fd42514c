using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>What a trace refers to instead of repeating it is what evaluating it once more would have left.</summary>
public sealed class TraceProperties
{
    [Fact]
    public void An_evaluation_reads_as_if_nothing_had_ever_been_evaluated_before() => Property.Holds(60, made =>
    {
        var history = made.History();
        var chance = new Chance(made.Seed);
        var edition = chance.One(made.Program.Editions);
        var scoring = new Scoring(made.Program, history, edition, Instant.Never);
        var plan = new EditionPlan<Traced>(scoring.Plan.Book, 0, history);
        var members = history.SubjectsOf(Vocabulary.MemberKind).ToList();
        var asked = chance.Percent(50) && members.Count > 0 ? chance.One(members) : -1;
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            var (tape, alone) = (new TraceTape(), new TraceTape());
            var fold = new SubjectFold<Traced>(plan, history, scoring.Enrolment, new(tape)) { Asked = asked };
            var single = new SubjectFold<Traced>(plan, history, scoring.Enrolment, new(alone));
            fold.Fold(subject, scoring.UpTo);
            foreach (var one in tape.Read().Where(e => e.Member >= 0 && e.Fact < 0))
            {
                if (ConditionOf(plan.KindAt(history.Kinds[subject]).Rules.FirstOrDefault(r => r.Rule.Index == one.Definition), one.Part) is not { } condition) { continue; }
                alone.Clear();
                single.Asked = one.Member;
                single.Evaluate(subject, scoring.UpTo, one.At, one.Part, one.Definition, condition);
                var about = string.Create(CultureInfo.InvariantCulture, $"{one.Part} of {edition.Rules[one.Definition].Name} on {history.NameOf(subject)} at {one.At} for {history.NameOf(one.Member)}");
                Same.Lines(Lines(alone.Read()[^1]), Lines(one), about);
            }
        }
    });

    private static Node<FoldFrame, Traced>? ConditionOf(RulePlan<Traced>? rule, TracePart part) => part switch
    {
        TracePart.To => rule?.To,
        TracePart.While => rule?.While,
        TracePart.Where => rule?.Where,
        _ => null,
    };

    /// <summary>Everything that an explanation can read of an evaluation; whatever the order in which it was left.</summary>
    private static List<string> Lines(Evaluation evaluation) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{evaluation.Part} {evaluation.Definition} {evaluation.Member} {evaluation.Fact} {evaluation.At}"),
        .. evaluation.Results.OrderBy(r => r.Key).Select(r => string.Create(CultureInfo.InvariantCulture, $"  {r.Key} = {r.Value}")),
        .. evaluation.Reasons.OrderBy(r => r.Key).Select(r => string.Create(CultureInfo.InvariantCulture, $"  {r.Key} because of {r.Value.Fact} since {r.Value.Since}")),
        .. evaluation.Inner.OrderBy(i => i.Definition).SelectMany(inner => Lines(inner)).Distinct(StringComparer.Ordinal),
    ];
}
