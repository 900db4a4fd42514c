using Dapper;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What became of a revision of a program's texts.</summary>
/// <param name="Program">The program as it is then; null where the revision is refused, and nothing changed.</param>
/// <param name="Problems">What is wrong: errors where it is refused, warnings otherwise.</param>
/// <param name="Revision">The number of the revision; null where none was made.</param>
public sealed record Revised(PartnerProgram? Program, IReadOnlyList<Problem> Problems, long? Revision);

/// <summary>The texts of a program, as they are in use.</summary>
internal static class ProgramTexts
{
    /// <summary>The texts in use by their path, and the number of the last revision.</summary>
    public static async Task<(Dictionary<string, string> Files, long Revision)> Of(Database database, int program, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var rows = (await connection.QueryAsync<(string Path, string Body, long Revision)>(
            "SELECT path, body, revision FROM files f WHERE program = @program AND revision = (SELECT max(revision) FROM files l WHERE l.program = f.program AND l.path = f.path)", new { program }).ConfigureAwait(false)).ToList();
        return (rows.Where(r => r.Body.Length > 0).ToDictionary(r => r.Path, r => r.Body, StringComparer.Ordinal), rows.Select(r => r.Revision).DefaultIfEmpty().Max());
    }

    /// <summary>Texts with changes over them: texts by their path; null for one that is taken away.</summary>
    public static Dictionary<string, string> With(Dictionary<string, string> files, IReadOnlyDictionary<string, string?> changes)
    {
        foreach (var (path, text) in changes)
        {
            if (text is null) { files.Remove(path); }
            else { files[path] = text; }
        }
        return files;
    }

    /// <summary>The number of the last revision alone.</summary>
    public static async Task<long> RevisionOf(Database database, int program, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(revision), 0) FROM files WHERE program = @program", new { program }).ConfigureAwait(false);
    }

    /// <summary>What a revision may not do: change or take away an edition that is published, or a word of the log.</summary>
    /// <param name="before">The program as it is.</param>
    /// <param name="after">As it would be.</param>
    /// <param name="published">The editions whose publication is in the log.</param>
    /// <param name="isUsed">True for a word that the log may have used.</param>
    public static IEnumerable<Problem> Broken(PartnerProgram before, PartnerProgram after, IReadOnlySet<string> published, Func<string, bool> isUsed)
    {
        foreach (var edition in before.Editions.Where(e => published.Contains(e.Name)))
        {
            var then = after.Editions.FirstOrDefault(e => e.Name == edition.Name);
            if (then?.Hash == edition.Hash && then.Published == edition.Published) { continue; }
            var place = (then ?? edition).Doc.Place with { Line = 0, Column = 0 };
            yield return Error("edition-published", $"the edition {edition.Name} is published, and would {(then is null ? "be gone" : "say something else")}", "A published edition stays as it is: write another one, effective from a later date.") with { Place = place };
        }
        var (old, now) = (before.Vocabulary, after.Vocabulary);
        if (old.Program != now.Program) { yield return Error("vocabulary", $"the program {old.Program} would be called {now.Program}", "A program keeps its name; pages say `title`."); }
        if (old.Zone.Name != now.Zone.Name) { yield return Error("vocabulary", $"the time zone would be {now.Zone.Name}, and was {old.Zone.Name}", "Dates that were told mean the days of the zone of then: it stays."); }
        foreach (var unit in old.Units.Where(u => isUsed(u.Name) && !now.Units.Any(n => (n.Name, n.Decimals, n.Money) == (u.Name, u.Decimals, u.Money)))) { yield return Gone($"the unit {unit.Name}"); }
        foreach (var kind in old.Kinds.Where(k => isUsed(k.Name)))
        {
            if (now.Kinds.FirstOrDefault(k => k.Name == kind.Name) is not { } then) { yield return Gone($"the kind {kind.Name}"); }
            else
            {
                foreach (var field in kind.Fields.Where(f => !then.Fields.Any(n => (n.Name, n.Personal) == (f.Name, f.Personal) && IsSame(f.Type, n.Type, old, now)))) { yield return Gone($"the field {kind.Name}.{field.Name}"); }
            }
        }
        foreach (var type in old.FactTypes.Where(t => isUsed(t.Name)))
        {
            if (now.FactTypes.FirstOrDefault(t => t.Name == type.Name) is not { } then || now.Kinds[then.About].Name != old.Kinds[type.About].Name) { yield return Gone($"the fact {type.Name}"); }
            else
            {
                foreach (var field in type.Carries.Where(f => !then.Carries.Any(n => n.Name == f.Name && IsSame(f.Type, n.Type, old, now)))) { yield return Gone($"`{field.Name}` of the fact {type.Name}"); }
            }
        }
    }

    private static bool IsSame(FieldType old, FieldType now, Vocabulary before, Vocabulary after) => (old, now) switch
    {
        (FieldType.Choice a, FieldType.Choice b) => a.Values.All(b.Values.Contains),
        (FieldType.Reference a, FieldType.Reference b) => before.Kinds[a.Kind].Name == after.Kinds[b.Kind].Name,
        (FieldType.Money a, FieldType.Money b) => before.Units[a.Unit].Name == after.Units[b.Unit].Name,
        _ => old.GetType() == now.GetType(),
    };

    /// <summary>A text was revised since it was read.</summary>
    public static Problem NotAsRead(string path) => Error("not-as-read", $"{path} was revised since it was read", "Read it again, and change what it says by now.");

    private static Problem Gone(string what) => Error("vocabulary", $"{what} would be gone, or be something else", "Facts in the log may speak of it: what can be told only grows.");

    private static Problem Error(string code, string message, string remedy) => new(Severity.Error, code, new(ProgramReader.VocabularyFile, 0, 0), message, remedy, "", 0);
}
