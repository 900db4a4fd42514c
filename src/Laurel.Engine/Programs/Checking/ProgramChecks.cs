using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Looks for what a program that can be used probably does not mean.</summary>
internal static class ProgramChecks
{
    /// <summary>Warns of it; says nothing where there are errors, since then much can't be seen.</summary>
    /// <param name="vocabulary">What program.yaml declares, by "unit points", "kind site", "field site.plan", "fact site.created".</param>
    /// <returns>How many warnings the program gives a reason for.</returns>
    public static int Check(PartnerProgram program, IReadOnlyDictionary<string, Documentation> vocabulary, ProblemList problems)
    {
        if (problems.ErrorCount > 0) { return 0; }
        var remarks = new Remarks(problems);
        var editions = program.Editions.Concat(program.Drafts).ToList();
        Usage.Check(program.Vocabulary, editions, vocabulary, remarks);
        foreach (var edition in editions)
        {
            Endings.Check(program.Vocabulary, edition, remarks);
            Possible.Check(program.Vocabulary, edition, remarks);
            Overlaps.Check(program.Vocabulary, edition, remarks);
            Caps.Check(program.Vocabulary, edition, remarks);
            Slopes.Check(edition, remarks);
            TableGaps.Check(edition, remarks);
            if (program.Editions.LastOrDefault(e => e.Effective < edition.Effective) is { } before) { Seams.Check(program, before, edition, remarks); }
            Seams.Check(edition, remarks);
        }
        remarks.WarnOfNeedless(vocabulary.Values.Concat(editions.SelectMany(DocsOf)).DistinctBy(doc => doc.Place));
        return remarks.MeantCount;
    }

    private static IEnumerable<Documentation> DocsOf(Edition edition) =>
    [
        edition.Doc,
        .. edition.Tables.Values.Select(t => t.Doc), .. edition.Runs.Select(r => r.Doc),
        .. edition.States.Concat(edition.Roles).Select(s => s.Doc), .. edition.Requests.Select(r => r.Doc),
        .. edition.Rules.Select(r => r.Doc), .. edition.Limits.Select(l => l.Doc), .. edition.Metrics.Select(m => m.Doc),
        .. edition.Obligations.Select(o => o.Doc), .. edition.Ladders.Select(l => l.Doc), .. edition.Benefits.Select(b => b.Doc), .. edition.Payouts.Select(p => p.Doc),
    ];
}
