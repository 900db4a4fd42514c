namespace Laurel.Engine.Programs.Reading;

/// <summary>Gives an edition and its rules their hashes.</summary>
internal sealed class Identity(Vocabulary vocabulary, Edition edition)
{
    /// <summary>The edition with its own hash and those of its rules.</summary>
    public Edition Sign() => edition with
    {
        Hash = HashOfEdition(),
        Rules = [.. edition.Rules.Select(rule => rule with { Hash = HashOfRule(rule) })],
    };

    // Nothing but what the rule reads: equal in two editions where the credit just goes on.
    private string HashOfRule(CreditRule rule)
    {
        var definitions = new Definitions(vocabulary, edition);
        var text = definitions.Rule(rule);
        return Canon.Hash(Canon.Object(("rule", text), ("reads", definitions.Read())));
    }

    private string HashOfEdition()
    {
        var definitions = new Definitions(vocabulary, edition);
        // The order of limits means something: they are settled one after the other.
        var sections = Canon.Object(
            ("effective", Canon.Text(edition.Effective.ToString())),
            ("counts-from", Canon.Text(edition.CountsFrom.ToString())),
            ("time-zone", Canon.Text(vocabulary.Zone.Name)),
            ("tables", Section(edition.Tables.Values, t => t.Name, Definitions.Table)),
            ("states", Section(edition.States, s => s.Name, definitions.State)),
            ("roles", Section(edition.Roles, r => r.Name, definitions.State)),
            ("requests", Section(edition.Requests, r => r.Name, definitions.Request)),
            ("rules", Section(edition.Rules, r => r.Name, definitions.Rule)),
            ("limits", Canon.List(edition.Limits.Select(definitions.Limit))),
            ("metrics", Section(edition.Metrics.Where(IsSaid), m => m.Name, definitions.Metric)),
            ("ladders", Section(edition.Ladders, l => l.Name, definitions.Ladder)),
            ("benefits", Section(edition.Benefits, b => b.Name, definitions.Benefit)),
            ("payouts", edition.Payouts.Count == 0 ? null : Section(edition.Payouts, p => vocabulary.Units[p.Unit].Name, definitions.Payout)),
            ("transition", Section(edition.Transitions, t => t.Rule, definitions.Transition)));
        return Canon.Hash(Canon.Object(("edition", sections), ("reads", definitions.Read())));
    }

    // A unit's own metric is there without a word: saying it changes nothing.
    private bool IsSaid(Metric metric) =>
        metric is not { Kind: MetricKind.Sum, In: null, Per: null } || vocabulary.Units[metric.Unit].Name != metric.Name;

    private static string Section<T>(IEnumerable<T> items, Func<T, string> name, Func<T, string> write) =>
        Canon.Object(items.Select(i => (name(i), (string?)write(i))));
}
