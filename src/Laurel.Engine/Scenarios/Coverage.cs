using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Scenarios;

/// <summary>What one scenario reaches of a program; made and read by <see cref="Coverage"/>.</summary>
public sealed class Reach
{
    internal Reach(IReadOnlySet<int> targets) => Targets = targets;

    internal IReadOnlySet<int> Targets { get; }
}

/// <summary>
/// Measures what scenarios reach of a program: from the trace of the same evaluation that makes the numbers. Several threads may
/// each measure scenarios of their own.
/// </summary>
public sealed class Coverage
{
    private readonly PartnerProgram _program;
    private readonly Targets _targets;

    /// <summary>Finds all that there is to reach.</summary>
    public Coverage(PartnerProgram program)
    {
        _program = program;
        _targets = new(program);
    }

    /// <summary>Runs a scenario, and sees what it reaches.</summary>
    public Reach Measure(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var reached = new HashSet<int>();
        foreach (var (answers, _) in ScenarioRunner.Questions(_program, scenario))
        {
            try
            {
                new Sighting(_targets, answers, scenario.History, reached).Look();
            }
            catch (AmountOverflowException)
            {
                // Running the scenario says so; it reaches what was seen until then.
            }
        }
        return new(reached);
    }

    /// <summary>What all scenarios together reach.</summary>
    public CoverageReport Report(IEnumerable<Reach> reaches)
    {
        ArgumentNullException.ThrowIfNull(reaches);
        var reached = new HashSet<int>();
        foreach (var reach in reaches) { reached.UnionWith(reach.Targets); }
        var gaps = _targets.All.Where((_, number) => !reached.Contains(number))
            .Select(t => new Gap(t.What, t.Missing, t.Doc.Place, t.Doc.Unreached))
            .OrderBy(g => g.Place.File, StringComparer.Ordinal).ThenBy(g => g.Place.Line).ThenBy(g => g.Place.Column).ToList();
        return new(Count(TargetGroup.Rule), Count(TargetGroup.Condition), Count(TargetGroup.Rung), Count(TargetGroup.Limit), Count(TargetGroup.Obligation), gaps, Needless(reached));

        Tally Count(TargetGroup group)
        {
            var (there, all) = (0, 0);
            for (var number = 0; number < _targets.All.Count; number++)
            {
                var target = _targets.All[number];
                if (target.Group != group) { continue; }
                if (reached.Contains(number)) { there++; }
                if (reached.Contains(number) || target.Doc.Unreached is null) { all++; }
            }
            return new(there, all);
        }
    }

    /// <summary>Definitions whose reason for not being reached is not true: scenarios reach all of them.</summary>
    private List<Gap> Needless(HashSet<int> reached) =>
        [.. _targets.All.Select((target, number) => (Target: target, Number: number))
            .Where(t => t.Target.Doc.Unreached is not null)
            .GroupBy(t => (t.Target.What, t.Target.Doc.Unreached))
            .Where(of => of.All(t => reached.Contains(t.Number)))
            .Select(of => new Gap(of.Key.What, "scenarios reach all of it; take `unreached` out", of.First().Target.Doc.Place, of.Key.Unreached))];
}
