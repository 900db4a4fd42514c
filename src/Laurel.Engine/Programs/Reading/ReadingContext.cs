using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>What the readers of an edition's sections share.</summary>
internal sealed record ReadingContext(Symbols Names, PlainValues Plain, Conditions Conditions, ProblemList Problems)
{
    private const string ForSubjects = "What is true of a subject is found before the member's metrics and levels are.";

    /// <summary>What a condition about a subject alone may read; of the member also metrics and levels.</summary>
    public ConditionScope SubjectScope(SubjectKind kind, params IReadOnlyList<FactType> facts) =>
        new(Names, kind, facts, Before: false, Standing: kind.Index == Vocabulary.MemberKind, $"A condition about `{kind.Name}` reads that and what it refers to. {ForSubjects}");

    /// <summary>What a condition over all that a member is may read.</summary>
    public ConditionScope StandingScope() =>
        new(Names, null, [], Before: false, Standing: true, "The member's metrics, levels, fields and states can; a subject can't, since there are many.");

    /// <summary>An error.</summary>
    public void Error(string code, Place place, string message, string remedy) => Problems.Error(code, place, message, remedy);

    /// <summary>Tells of a name that is not there.</summary>
    public void Unknown(string what, YamlNode.Scalar name, IEnumerable<string> known, string list) =>
        Problems.Error($"unknown-{what}", name.Place, $"there is no {what} `{name.Text}`", Spelling.Suggest(name.Text, known, list));

    /// <summary>A kind of subject by the name that is written.</summary>
    public SubjectKind? Kind(YamlNode? node, string what)
    {
        if (node is null || Plain.Scalar(node, what) is not { } text) { return null; }
        if (Names.Kind(text.Text) is { } kind) { return kind; }
        Unknown("kind", text, Names.Vocabulary.Kinds.Select(k => k.Name), "The kinds are");
        return null;
    }

    /// <summary>A unit by the name that is written.</summary>
    public Unit? Unit(YamlNode? node, string what)
    {
        if (node is null || Plain.Scalar(node, what) is not { } text) { return null; }
        if (Names.Unit(text.Text) is { } unit) { return unit; }
        Unknown("unit", text, Names.Vocabulary.Units.Select(u => u.Name), "The units are");
        return null;
    }

    /// <summary>A field of a subject that tells an instant, by the path that is written.</summary>
    public Field? InstantOf(YamlNode.Scalar text, string what, SubjectKind kind)
    {
        var field = kind.Fields.FirstOrDefault(f => $"{kind.Name}.{f.Name}" == text.Text);
        var instants = kind.Fields.Where(f => f.Type is FieldType.Instant).Select(f => $"{kind.Name}.{f.Name}");
        if (field is null)
        {
            Error("unknown-field", text.Place, $"{what} is a field of `{kind.Name}`, and `{text.Text}` is none", Spelling.Suggest(text.Text, instants, "It can be"));
            return null;
        }
        if (field.Personal)
        {
            var why = SubjectPaths.Personal(text.Text).Split(". ", 2);
            Error("personal", text.Place, why[0], why[1]);
            return null;
        }
        if (field.Type is FieldType.Instant) { return field; }
        Error("until-not-instant", text.Place, $"{what} is an instant, and `{text.Text}` is of another type", $"Make the field's type `instant` in program.yaml. {Spelling.Suggest(text.Text, instants, "Instants are")}");
        return null;
    }

    /// <summary>Documentation of something that has nothing but a place.</summary>
    public static Documentation At(Place place) => new(null, null, place);

    /// <summary>A condition that must be true or false.</summary>
    public Expression? Condition(YamlNode? node, string what, string owner, ConditionScope scope) =>
        node is null ? null : Conditions.Read(node, what, owner, scope, CelType.Bool);
}
