namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds facts that start a state and facts that end it: where two of them are of one instant, the one that program.yaml lists later wins.</summary>
internal static class Ties
{
    /// <summary>A line for each state and role that has such facts, by file and line; what several editions say alike stands once.</summary>
    public static IReadOnlyList<Tie> Find(PartnerProgram program)
    {
        var types = program.Vocabulary.FactTypes;
        return
        [
            .. from edition in program.Editions.Concat(program.Drafts)
               from state in edition.States.Concat(edition.Roles)
               let said = Say(state, types)
               where said.Length > 0
               group new Tie(said, state.Doc.Place) by said into same
               select same.First(),
        ];
    }

    private static string Say(StateRule state, IReadOnlyList<FactType> types)
    {
        var (starts, ends) = (FactsOf(state.Starts), FactsOf(state.Ends));
        var lines = Winning(starts, ends, "holds by", types).Concat(Winning(ends, starts, "is over by", types)).ToList();
        return lines.Count == 0 ? "" : $"{state.Name} {string.Join("; ", lines)}";
    }

    /// <summary>Which of some facts win over which of others: those that win over the same together.</summary>
    private static IEnumerable<string> Winning(IReadOnlyList<int> these, IReadOnlyList<int> others, string verb, IReadOnlyList<FactType> types) =>
        from fact in these
        let beaten = Names(others.Where(other => other < fact), types)
        where beaten.Length > 0
        group fact by beaten into same
        select $"{verb} {Names(same, types)} after {same.Key}";

    private static string Names(IEnumerable<int> facts, IReadOnlyList<FactType> types) => string.Join(", ", facts.Select(fact => types[fact].Name));

    private static List<int> FactsOf(IReadOnlyList<Trigger> triggers) => [.. triggers.Select(t => t.Fact).Where(fact => fact >= 0).Distinct().Order()];
}
