using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Sees to it that a name means one thing in an edition.</summary>
internal sealed class Clashes(ReadingContext context)
{
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>Tells of names that mean two things.</summary>
    public void Check(EditionText edition)
    {
        foreach (var kind in context.Names.Vocabulary.Kinds) { _taken[kind.Name] = "a kind of subject"; }
        foreach (var unit in context.Names.Vocabulary.Units) { _taken.TryAdd(unit.Name, "a unit"); }
        foreach (var metric in context.Names.Metrics.Values.Where(m => m.Place.Line > 0))
        {
            // A unit is a metric: an edition may say which.
            if (context.Names.Unit(metric.Name) is null) { Take(metric.Name, "a metric", metric.Place); }
        }
        foreach (var entry in Entries(edition, "calendar", "years")) { Take(entry.Name, "a year", entry.Key.Place); }
        foreach (var ladder in context.Names.Ladders.Values) { Take(ladder.Name, "a ladder", ladder.Place); }
        foreach (var entry in Entries(edition, "requests")) { Take(entry.Name, "a request", entry.Key.Place); }
        foreach (var entry in Entries(edition, "benefits")) { Apart(entry.Name, "a benefit", entry.Key.Place); }
        foreach (var run in context.Names.Runs.Values) { Apart(run.Name, "a run", run.Doc.Place); }
        foreach (var rule in context.Names.Rules.Values)
        {
            // What a rule gives may be called as the rule is, and so may the kind that it is about.
            if (rule.Unit < 0 || context.Names.Vocabulary.Units[rule.Unit].Name != rule.Name) { Apart(rule.Name, "a rule", rule.Place); }
        }
    }

    private static IEnumerable<YamlNode.Entry> Entries(EditionText edition, string section) => edition.Section(section) is YamlNode.Map map ? map.Entries : [];

    private static IEnumerable<YamlNode.Entry> Entries(EditionText edition, string section, string key) =>
        edition.Section(section) is YamlNode.Map map && map.Find(key) is YamlNode.Map inner ? inner.Entries : [];

    // Names that conditions and questions read without saying of what sort they are.
    private void Take(string name, string what, Place place)
    {
        if (_taken.TryGetValue(name, out var other)) { Tell(name, what, other, place); }
        else { _taken[name] = what; }
    }

    // Names that are only read where their sort is plain: they may be called as a kind or a request is.
    private void Apart(string name, string what, Place place)
    {
        if (_taken.TryGetValue(name, out var other) && other is not ("a kind of subject" or "a request")) { Tell(name, what, other, place); }
        else { _taken[name] = what; }
    }

    private void Tell(string name, string what, string other, Place place) =>
        context.Error("name-twice", place, $"`{name}` is {what} here and {other} already", "A name means one thing in an edition: rename one of the two.");
}
