using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// Finds how often members have to be assessed before a definition can be known. What facts and time say is of stage 0, and so are the
/// metrics and levels that follow from it; a rule or a state of members that reads one of those is of stage 1; and so on.
/// </summary>
/// <param name="nameOf">The name of what a binding reads, as owners of conditions are named; null for what is no definition.</param>
internal sealed class Stages(ReadingContext context, Edition edition, Func<Binding, string?> nameOf)
{
    private readonly Dictionary<string, int> _stages = new(StringComparer.Ordinal);

    /// <summary>By definition; null where one would have to be known before itself.</summary>
    public IReadOnlyDictionary<string, int>? Find()
    {
        var most = edition.States.Count + edition.Rules.Count + 1;
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var condition in context.Conditions.All)
            {
                foreach (var binding in condition.Expression.Bindings.Values) { grown |= Raise(condition.Owner, Needs(condition.Owner, binding)); }
            }
            foreach (var rule in edition.Rules) { grown |= Raise($"unit {rule.Unit}", Of($"rule {rule.Name}")); }
            foreach (var metric in edition.Metrics)
            {
                foreach (var unit in metric.UnitsRead) { grown |= Raise($"metric {metric.Name}", Of($"unit {unit}")); }
            }
            if (_stages.Values.Any(stage => stage > most)) { return null; }
        }
        return _stages;
    }

    private int Of(string name) => _stages.GetValueOrDefault(name);

    private bool Raise(string name, int stage)
    {
        if (Of(name) >= stage) { return false; }
        _stages[name] = stage;
        return true;
    }

    private int Needs(string owner, Binding binding)
    {
        var read = nameOf(binding) is { } name ? Of(name) : 0;
        // What follows for a member has been found by an assessment; a state of its own is found together with what reads it.
        var assessed = binding is MetricBinding or AgoBinding or LevelBinding or MemberFieldBinding or MemberStateBinding { State: >= 0 };
        return assessed && (owner.StartsWith("rule ", StringComparison.Ordinal) || context.Names.States.ContainsKey(owner)) ? read + 1 : read;
    }
}
