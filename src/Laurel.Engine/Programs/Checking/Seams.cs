namespace Laurel.Engine.Programs.Checking;

/// <summary>Looks at where one edition ends and the next begins: what falls out between them, and what counts twice.</summary>
internal static class Seams
{
    /// <summary>Looks at an edition's own dates.</summary>
    public static void Check(Edition edition, Remarks remarks)
    {
        if (edition.Published <= edition.Effective) { return; }
        remarks.Warning(
            "known-late", edition.Doc, $"edition `{edition.Name}` is in force before it is known: its `published` is after its `effective`",
            "Until then questions are answered by the edition before. Write an earlier `published`, or a later `effective`.");
    }

    /// <summary>Looks at an edition and the published one before it.</summary>
    public static void Check(PartnerProgram program, Edition before, Edition edition, Remarks remarks)
    {
        Gone(before, edition, "ladders", before.Ladders.Count, edition.Ladders.Count, "every member is without a level from then on", remarks);
        Gone(before, edition, "obligations", before.Obligations.Count, edition.Obligations.Count, "nothing is asked of anybody from then on", remarks);
        Gone(before, edition, "benefits", before.Benefits.Count, edition.Benefits.Count, "whatever was open closes", remarks);
        var stay = before.Limits.Count > 0 && before.Limits.SelectMany(l => l.Of).Any(i => edition.Rules.Any(r => r.Name == before.Rules[i].Name));
        if (stay) { Gone(before, edition, "limits", before.Limits.Count, edition.Limits.Count, "their rules stay, and compete no more", remarks); }
        foreach (var payout in before.Payouts.Where(p => edition.Payouts.All(o => o.Unit != p.Unit)))
        {
            var unit = program.Vocabulary.Units[payout.Unit].Name;
            remarks.Warning("gap", edition.Doc, $"edition `{edition.Name}` pays no {unit} out, and `{before.Name}` before it does: what members are owed is paid no more", $"Write `payouts: {{ {unit}: … }}`, or `based-on: {before.Name}`.");
        }
        KeptBeside(program, edition, remarks);
    }

    private static void Gone(Edition before, Edition edition, string section, int had, int has, string follows, Remarks remarks)
    {
        if (had == 0 || has > 0) { return; }
        remarks.Warning("gap", edition.Doc, $"edition `{edition.Name}` has no `{section}`, and `{before.Name}` before it has: {follows}", $"Write the section, or `based-on: {before.Name}` to take it over.");
    }

    // A kept credit goes on by its old edition; a rule that holds for the same subject gives another one beside it.
    private static void KeptBeside(PartnerProgram program, Edition edition, Remarks remarks)
    {
        foreach (var transition in edition.Transitions.Where(t => t.Kind == TransitionKind.Keep))
        {
            var old = program.Editions.LastOrDefault(e => e.Effective < edition.Effective && e.Rules.Any(r => r.Name == transition.Rule));
            if (old?.Rules.First(r => r.Name == transition.Rule) is not { When.Count: 0 } kept) { continue; }
            foreach (var rule in edition.Rules.Where(r => r.When.Count == 0 && r.Name != kept.Name && r.Unit == kept.Unit && r.Kind == kept.Kind))
            {
                if (edition.Limits.Any(l => l.OfKept.Contains(kept.Name) && l.Of.Contains(rule.Index))) { continue; }
                if (new WaysReader(old).Of(kept)?.And(new WaysReader(edition).Of(rule)) is null or { IsEmpty: true }) { continue; }
                var kind = program.Vocabulary.Kinds[rule.Kind].Name;
                remarks.Warning(
                    "kept-overlaps", transition.Doc.Place, [edition.Doc, rule.Doc],
                    $"what is kept of `{kept.Name}` and what `{rule.Name}` gives can count for one {kind} at once, and no limit is between them",
                    $"Write a limit: `{{ of: [{kept.Name}, {rule.Name}], per: {kind}, best: 1 }}`, or `{kept.Name}: {rule.Name}` here.");
            }
        }
    }
}
