namespace Laurel.Engine.Programs.Reading;

/// <summary>Refuses more states, roles or watched conditions of one kind than a fold has bits for.</summary>
internal static class BitsCheck
{
    /// <summary>Each is a bit while its subjects are folded.</summary>
    private const int BitsMax = 64;

    /// <summary>Looks at an edition whose conditions have been read.</summary>
    public static void Check(Edition edition, ReadingContext context)
    {
        foreach (var kind in context.Names.Vocabulary.Kinds) { Check(edition, kind, context); }
    }

    private static void Check(Edition edition, SubjectKind kind, ReadingContext context)
    {
        var own = edition.States.Concat(edition.Roles).Where(s => s.Kind == kind.Index).ToList();
        var rules = edition.Rules.Where(r => r.Kind == kind.Index).ToList();
        var watched = own.SelectMany(s => s.Starts.Concat(s.Ends)).Concat(rules.SelectMany(r => r.When.Concat(r.Unless))).Count(t => t.Fact < 0 && t.Each is null);
        var most = Math.Max(watched, Math.Max(edition.States.Count(s => s.Kind == kind.Index), edition.Roles.Count(r => r.Kind == kind.Index)));
        if (most <= BitsMax || own.Count == 0) { return; }
        context.Error("too-many-states", own[^1].Doc.Place, $"`{kind.Name}` has {most} states, roles or conditions that are watched", $"One kind may have {BitsMax} of each. Join some of them.");
    }
}
