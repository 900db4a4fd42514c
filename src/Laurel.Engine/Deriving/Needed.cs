using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>The states and roles of an edition that its rules read, directly or through one another. What gives needs no others.</summary>
internal sealed class Needed
{
    private readonly Edition _edition;
    private readonly HashSet<StateRule> _found = [];

    private Needed(Edition edition) => _edition = edition;

    /// <summary>Finds them.</summary>
    public static IReadOnlySet<StateRule> By(Edition edition)
    {
        var needed = new Needed(edition);
        foreach (var rule in edition.Rules)
        {
            needed.Read([.. rule.When.Concat(rule.Unless).Select(t => t.Condition), rule.To, rule.Where, rule.While, rule.Give]);
        }
        return needed._found;
    }

    private void Read(IEnumerable<Expression?> expressions)
    {
        foreach (var binding in expressions.OfType<Expression>().SelectMany(e => e.Bindings.Values))
        {
            var holding = binding switch
            {
                SubjectBinding.OfState { State: >= 0 } state => _edition.States[state.State],
                SubjectBinding.Since since => _edition.States[since.State],
                SubjectBinding.OfRole role => _edition.Roles[role.Role],
                _ => null,
            };
            if (holding is not null && _found.Add(holding)) { Read([.. holding.Starts.Concat(holding.Ends).Select(t => t.Condition), holding.Condition]); }
        }
    }
}
