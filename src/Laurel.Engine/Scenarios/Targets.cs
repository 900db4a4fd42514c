using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Scenarios;

/// <summary>
/// All that the scenarios of a program should reach. A definition that stands in several editions with the same text is one: what one
/// edition takes over from another needs no scenario of its own.
/// </summary>
internal sealed class Targets
{
    private readonly List<Target> _all = [];
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<Expression, Atom[]> _atoms = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CreditRule, int> _rules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Limit, int> _limits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Obligation, int> _obligations = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Rung, int> _rungs = new(ReferenceEqualityComparer.Instance);

    public Targets(PartnerProgram program)
    {
        foreach (var edition in program.Editions.Concat(program.Drafts)) { Add(program.Vocabulary, edition); }
    }

    /// <summary>All targets; a target's number is its place here.</summary>
    public IReadOnlyList<Target> All => _all;

    /// <summary>The parts of a condition; none for an expression that is no condition.</summary>
    public IReadOnlyList<Atom> AtomsOf(Expression condition) => _atoms.GetValueOrDefault(condition, []);

    /// <summary>That a rule gives something.</summary>
    public int Of(CreditRule rule) => _rules[rule];

    /// <summary>That a limit sets something aside; that it does not comes next.</summary>
    public int Of(Limit limit) => _limits[limit];

    /// <summary>That an obligation was met; that it was missed comes next, where it asks for anything.</summary>
    public int Of(Obligation obligation) => _obligations[obligation];

    /// <summary>That somebody has a level.</summary>
    public int Of(Rung rung) => _rungs[rung];

    private void Add(Vocabulary vocabulary, Edition edition)
    {
        var definitions = new Definitions(vocabulary, edition);
        foreach (var (states, what) in new[] { (edition.States, "state"), (edition.Roles, "role") })
        {
            foreach (var state in states)
            {
                var of = new Owner($"{what} {state.Name}", edition.Name, NumberOf(definitions.State(state)), state.Doc);
                Add(of, "", state.Condition);
                foreach (var trigger in state.Starts) { Add(of, Part("starts", trigger, vocabulary), trigger.Condition); }
                foreach (var trigger in state.Ends) { Add(of, Part("ends", trigger, vocabulary), trigger.Condition); }
            }
        }
        foreach (var request in edition.Requests) { Add(new($"request {request.Name}", edition.Name, NumberOf(definitions.Request(request)), request.Doc), "where", request.Where); }
        foreach (var rule in edition.Rules) { Add(vocabulary, edition, rule); }
        foreach (var limit in edition.Limits)
        {
            var of = new Owner($"limit {limit.Name}", edition.Name, NumberOf(definitions.Limit(limit)), limit.Doc);
            _limits[limit] = Aim(of, "aside", new(TargetGroup.Limit, of.What, "it never set anything aside", of.Doc));
            Aim(of, "not aside", new(TargetGroup.Limit, of.What, "it never left anything as it was", of.Doc));
        }
        foreach (var obligation in edition.Obligations)
        {
            var of = new Owner($"obligation {obligation.Name}", edition.Name, NumberOf(definitions.Obligation(obligation)), obligation.Doc);
            _obligations[obligation] = Aim(of, "met", new(TargetGroup.Obligation, of.What, "it was never met", of.Doc));
            if (obligation.AtLeast > 0) { Aim(of, "missed", new(TargetGroup.Obligation, of.What, "it was never missed", of.Doc)); }
            Add(of, "term", obligation.Term);
            Add(of, "during", obligation.During);
        }
        foreach (var ladder in edition.Ladders)
        {
            var of = new Owner($"ladder {ladder.Name}", edition.Name, NumberOf(definitions.Ladder(ladder)), ladder.Doc);
            foreach (var rung in ladder.Rungs)
            {
                var doc = rung.Doc with { Unreached = rung.Doc.Unreached ?? ladder.Doc.Unreached };
                _rungs[rung] = Aim(of, $"rung {rung.Name}", new(TargetGroup.Rung, of.What, $"nobody ever had the level `{rung.Name}`", doc));
                Add(of with { Doc = doc }, rung.Name, rung.Condition);
            }
            Add(of, "needs", ladder.Down.Needs);
        }
        foreach (var payout in edition.Payouts) { Add(new($"payout {vocabulary.Units[payout.Unit].Name}", edition.Name, NumberOf(definitions.Payout(payout)), payout.Doc), "where", payout.Where); }
        foreach (var benefit in edition.Benefits) { Add(new($"benefit {benefit.Name}", edition.Name, NumberOf(definitions.Benefit(benefit)), benefit.Doc), "", benefit.While); }
    }

    // A rule is the same where all that it reads is.
    private void Add(Vocabulary vocabulary, Edition edition, CreditRule rule)
    {
        var of = new Owner($"rule {rule.Name}", edition.Name, NumberOf(rule.Hash), rule.Doc);
        _rules[rule] = Aim(of, "gives", new(TargetGroup.Rule, of.What, "it never gave anything", of.Doc));
        if (rule.To is { Type: not CelType.Reference }) { Add(of, "to", rule.To); }
        Add(of, "where", rule.Where);
        Add(of, "while", rule.While);
        foreach (var trigger in rule.When) { Add(of, Part("when", trigger, vocabulary), trigger.Condition); }
        foreach (var trigger in rule.Unless) { Add(of, Part("unless", trigger, vocabulary), trigger.Condition); }
    }

    private static string Part(string key, Trigger trigger, Vocabulary vocabulary) => trigger.Fact < 0 ? key : $"{key} {vocabulary.FactTypes[trigger.Fact].Name}";

    private void Add(Owner of, string part, Expression? condition)
    {
        if (condition is null) { return; }
        var text = NumberOf(Canon.Expression(condition.Root));
        _atoms[condition] = [.. Atom.Of(condition.Root).Select(atom =>
        {
            var written = $"{(part.Length == 0 ? "" : $"{part}: ")}`{condition.Source[atom.Start..atom.End]}`";
            var key = string.Create(CultureInfo.InvariantCulture, $"{part}/{text}/{atom.Id}");
            var target = Aim(of, $"{key}/true", new(TargetGroup.Condition, of.What, $"{written} was never true", of.Doc));
            Aim(of, $"{key}/false", new(TargetGroup.Condition, of.What, $"{written} was never false", of.Doc));
            return new Atom(atom.Id, target);
        })];
    }

    // A condition may be long and have many parts: what each has in common with the others is written once.
    private int NumberOf(string text)
    {
        if (!_texts.TryGetValue(text, out var number)) { _texts[text] = number = _texts.Count; }
        return number;
    }

    private int Aim(Owner of, string key, Target target)
    {
        var full = string.Create(CultureInfo.InvariantCulture, $"{of.Name}/{of.Text}/{key}");
        if (_byKey.TryGetValue(full, out var number))
        {
            // The reason may stand in any of the editions that say the same.
            if (_all[number].Doc.Unreached is null && target.Doc.Unreached is not null) { _all[number] = target; }
            return number;
        }
        _all.Add(target);
        return _byKey[full] = _all.Count - 1;
    }

    /// <summary>A definition.</summary>
    /// <param name="Name">Its kind and name.</param>
    /// <param name="Edition">The first edition that has it.</param>
    /// <param name="Text">The number of what makes it the same.</param>
    private sealed record Owner(string Name, string Edition, int Text, Documentation Doc)
    {
        public string What => $"{Name} of edition {Edition}";
    }
}
