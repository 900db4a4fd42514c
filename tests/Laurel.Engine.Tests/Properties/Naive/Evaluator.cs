using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>What an expression is asked about.</summary>
/// <param name="Subject">The subject in question.</param>
/// <param name="Member">The member in question; null for nobody in particular.</param>
/// <param name="Point">When.</param>
/// <param name="Fact">The fact at hand, by its place; -1 for none.</param>
internal readonly record struct Question(SubjectName Subject, SubjectName? Member, Point Point, int Fact = -1);

/// <summary>Evaluates expressions over subjects: a value, or nothing where nobody told it.</summary>
internal sealed class Evaluator(World world, Edition edition, Holdings holdings)
{
    /// <summary>True where a condition is met; what is not told is not met.</summary>
    public bool Holds(Expression? condition, Question question) => condition is null || Value(condition, question) is true;

    /// <summary>The value: a bool, a number, a text, an instant, a subject; null where it can't be told.</summary>
    public object? Value(Expression expression, Question question) => Walk.Value(expression, expression.Root, world.Zone, binding => Read(binding, question));

    /// <summary>The subject that a path leads to; null where a reference is not told.</summary>
    public SubjectName? Follow(SubjectName from, IEnumerable<Step> path, Point point)
    {
        SubjectName? at = from;
        foreach (var step in path)
        {
            var field = world.Vocabulary.Kinds[step.Kind].Fields[step.Slot];
            at = world.FieldOf(at.Value, field.Name, point) is FactValue.Reference named ? new(world.Vocabulary.Kinds[((FieldType.Reference)field.Type).Kind].Name, named.Name) : null;
            if (at is null) { return null; }
        }
        return at;
    }

    private object? Read(Binding binding, Question question)
    {
        switch (binding)
        {
            case SubjectBinding subject:
                var point = subject.Before && question.Fact >= 0 ? world.Before(question.Fact) : question.Point;
                return Follow(question.Subject, subject.Path, point) is { } found ? Read(subject, found, question with { Point = point }) : null;
            case FactBinding { Field: "time" }: return question.Fact < 0 ? null : world.Facts[question.Fact].Time;
            case FactBinding fact: return question.Fact < 0 ? null : Plain(world.Facts[question.Fact][fact.Field], FactField(question.Fact, fact.Field));
            case MemberStateBinding { State: -1 }: return question.Member is { } member && world.IsEnrolled(member, question.Point);
            // Just before an instant, or a fact of it, nothing of it counts.
            case StandingBinding standing:
                var at = standing.Before || !question.Point.Complete ? new Instant(question.Point.At.Micros - 1) : question.Point.At;
                return world.Standing?.Invoke(edition, standing, question.Member ?? question.Subject, at);
            case TableBinding table: return table.Table;
            default: throw new NotSupportedException(binding.ToString());
        }
    }

    private object? Read(SubjectBinding binding, SubjectName found, Question question) => binding switch
    {
        SubjectBinding.OfState { State: -1 } => world.IsEnrolled(found, question.Point),
        SubjectBinding.OfState state => holdings.Holds(edition.States[state.State], found, null, question.Point),
        SubjectBinding.OfRole role when question.Member is { } member => holdings.Holds(edition.Roles[role.Role], found, member, question.Point),
        SubjectBinding.OfRole role => world.SubjectsOf("member").Any(m => holdings.Holds(edition.Roles[role.Role], found, m, question.Point)),
        SubjectBinding.OfField field => Field(found, field.Slot, question.Point),
        _ => found,
    };

    private object? Field(SubjectName subject, int slot, Point point)
    {
        var field = world.Vocabulary.Kinds.Single(k => k.Name == subject.Kind).Fields[slot];
        return Plain(world.FieldOf(subject, field.Name, point), field.Type);
    }

    private FieldType? FactField(int fact, string name) => world.Facts[fact].Type.Carries.FirstOrDefault(c => c.Name == name)?.Type;

    private object? Plain(FactValue? value, FieldType? type) => value switch
    {
        null => null,
        FactValue.Text text => text.Value,
        FactValue.Choice choice => choice.Value,
        FactValue.Flag flag => flag.Value,
        FactValue.Number number => number.Value,
        FactValue.Instant instant => instant.Value,
        FactValue.Money money => Number.Of(money.Parts, (Int128)Math.Pow(10, world.Vocabulary.Units[money.Unit].Decimals)),
        FactValue.Reference reference => new SubjectName(world.Vocabulary.Kinds[((FieldType.Reference)type!).Kind].Name, reference.Name),
        _ => throw new NotSupportedException(value.ToString()),
    };
}
