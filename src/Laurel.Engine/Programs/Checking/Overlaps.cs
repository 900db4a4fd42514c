namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds rules of one unit that can give for the same subject at once where no limit is between them.</summary>
internal static class Overlaps
{
    /// <summary>Looks at each two rules of an edition.</summary>
    public static void Check(Vocabulary vocabulary, Edition edition, Remarks remarks)
    {
        var reader = new WaysReader(edition);
        var ways = edition.Rules.Select(reader.Of).ToList();
        for (var i = 0; i < edition.Rules.Count; i++)
        {
            foreach (var first in edition.Rules.Take(i)) { Check(vocabulary, edition, first, edition.Rules[i], ways, remarks); }
        }
    }

    private static void Check(Vocabulary vocabulary, Edition edition, CreditRule first, CreditRule second, List<Ways?> ways, Remarks remarks)
    {
        if (first.Unit != second.Unit || first.Kind != second.Kind || !AtOnce(first, second)) { return; }
        if (edition.Limits.Any(l => l.Of.Contains(first.Index) && l.Of.Contains(second.Index) && !l.Per.Any(key => key is LimitKey.Rule))) { return; }
        if (ways[first.Index]?.And(ways[second.Index]) is null or { IsEmpty: true }) { return; }
        var kind = vocabulary.Kinds[first.Kind].Name;
        remarks.Warning(
            "rules-overlap", second.Doc.Place, [first.Doc, second.Doc],
            $"`{first.Name}` and `{second.Name}` can both give {vocabulary.Units[first.Unit].Name} for one {kind} at once, and no limit is between them",
            $"Let their conditions exclude each other, or write a limit: `{{ of: [{first.Name}, {second.Name}], per: {kind}, best: 1 }}`.");
    }

    // Two that hold while something does; or two of one fact.
    private static bool AtOnce(CreditRule first, CreditRule second) =>
        (first.When.Count == 0 && second.When.Count == 0) || first.When.Any(a => a.Fact >= 0 && second.When.Any(b => b.Fact == a.Fact));
}
