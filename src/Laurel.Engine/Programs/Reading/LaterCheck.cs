using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Refuses what the language says and this release can't derive yet: rules and states that read what follows for a member.</summary>
internal static class LaterCheck
{
    /// <summary>As many states, roles and watched conditions as one kind may have: each is a bit while its subjects are folded.</summary>
    private const int BitsMax = 64;

    /// <summary>Looks at an edition whose conditions have been read.</summary>
    public static void Check(Edition edition, ReadingContext context)
    {
        var states = edition.States.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var condition in context.Conditions.All)
        {
            if (!condition.Owner.StartsWith("rule ", StringComparison.Ordinal) && !states.Contains(condition.Owner)) { continue; }
            if (condition.Expression.Bindings.Values.FirstOrDefault(ReadsStanding) is null) { continue; }
            context.Error(
                "later", condition.Text.Place, $"`{condition.Owner}` reads the member's metrics, levels, fields or states",
                "Rules and states that do come with a later release. Until then let metrics, rungs, benefits and requests read them.");
        }
        foreach (var kind in context.Names.Vocabulary.Kinds) { CheckBits(edition, kind, context); }
    }

    private static bool ReadsStanding(Binding binding) =>
        binding is MetricBinding or LevelBinding or MemberFieldBinding or MemberStateBinding { State: >= 0 };

    private static void CheckBits(Edition edition, SubjectKind kind, ReadingContext context)
    {
        var own = edition.States.Concat(edition.Roles).Where(s => s.Kind == kind.Index).ToList();
        var rules = edition.Rules.Where(r => r.Kind == kind.Index).ToList();
        var watched = own.SelectMany(s => s.Starts.Concat(s.Ends)).Concat(rules.SelectMany(r => r.When.Concat(r.Unless))).Count(t => t.Fact < 0);
        var most = Math.Max(watched, Math.Max(edition.States.Count(s => s.Kind == kind.Index), edition.Roles.Count(r => r.Kind == kind.Index)));
        if (most <= BitsMax || own.Count == 0) { return; }
        context.Error("too-many-states", own[^1].Doc.Place, $"`{kind.Name}` has {most} states, roles or conditions that are watched", $"One kind may have {BitsMax} of each. Join some of them.");
    }
}
