namespace Laurel.Engine.Programs.Reading;

/// <summary>All that has a name, as words can be written for it.</summary>
internal static class NamesOf
{
    /// <summary>The names of what can be told.</summary>
    public static IEnumerable<string> Names(this Vocabulary vocabulary) =>
    [
        .. vocabulary.Units.Select(u => u.Name), .. vocabulary.Kinds.Select(k => k.Name), .. vocabulary.FactTypes.Select(f => f.Name), $"member.{SubjectPaths.Enrolled}",
        .. vocabulary.FactTypes.SelectMany(f => f.Carries).Select(c => c.Name),
        .. vocabulary.Kinds.SelectMany(k => k.Fields.Select(f => $"{k.Name}.{f.Name}")),
        .. vocabulary.Kinds.SelectMany(k => k.Fields).Concat<object>(vocabulary.FactTypes.SelectMany(f => f.Carries))
            .Select(f => f is Field field ? field.Type : ((FactField)f).Type).OfType<FieldType.Choice>().SelectMany(c => c.Values),
    ];

    /// <summary>The names of an edition and all that it defines.</summary>
    public static IEnumerable<string> Names(this Edition edition) =>
    [
        edition.Name, .. edition.States.Concat(edition.Roles).Select(s => s.Name), .. edition.Requests.Select(r => r.Name), .. edition.Rules.Select(r => r.Name), .. edition.Limits.Select(l => l.Name),
        .. edition.Metrics.Select(m => m.Name), .. edition.Obligations.Select(o => o.Name), .. edition.Ladders.Select(l => l.Name), .. edition.Ladders.SelectMany(l => l.Rungs).Select(r => r.Name),
        .. edition.Benefits.Select(b => b.Name), .. edition.Benefits.Select(b => b.Kind), .. edition.Runs.Select(r => r.Name), .. edition.Tables.Keys,
    ];
}
