using Laurel.Engine.Programs;

namespace Laurel.Engine.Scenarios;

/// <summary>The names that any edition or draft of a program has: those that an expectation may use.</summary>
internal sealed class ProgramNames
{
    private readonly IReadOnlyList<Edition> _editions;

    public ProgramNames(PartnerProgram program)
    {
        Program = program;
        _editions = [.. program.Editions, .. program.Drafts];
        Metrics = _editions.SelectMany(e => e.Metrics).ToLookup(m => m.Name);
        Rungs = _editions.SelectMany(e => e.Ladders).SelectMany(l => l.Rungs.Select(r => (Ladder: l.WrittenAs, Rung: r.Name))).Distinct().ToLookup(r => r.Ladder, r => r.Rung);
        Requests = _editions.SelectMany(e => e.Requests).DistinctBy(r => r.Name).ToDictionary(r => r.Name);
        States = _editions.SelectMany(e => e.States).DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => s.Kind);
        States.Add(Enrolled, Vocabulary.MemberKind);
        Roles = _editions.SelectMany(e => e.Roles).DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => s.Kind);
    }

    /// <summary>The state that every program has.</summary>
    public const string Enrolled = "member.enrolled";

    /// <summary>The program.</summary>
    public PartnerProgram Program { get; }

    /// <summary>What can be told.</summary>
    public Vocabulary Vocabulary => Program.Vocabulary;

    /// <summary>The editions and drafts.</summary>
    public IEnumerable<string> Editions => _editions.Select(e => e.Name);

    /// <summary>The metrics of all editions by name.</summary>
    public ILookup<string, Metric> Metrics { get; }

    /// <summary>The values that there is a level for, by ladder with <c>per</c>.</summary>
    public ILookup<string, string> LadderKeys => _editions.SelectMany(e => e.Ladders).Where(l => l.Per is not null).Select(l => (l.WrittenAs, Key: l.Per!.Value.AsText)).Distinct().ToLookup(l => l.WrittenAs, l => l.Key);

    /// <summary>The rungs by ladder.</summary>
    public ILookup<string, string> Rungs { get; }

    /// <summary>The obligations.</summary>
    public IEnumerable<string> Obligations => _editions.SelectMany(e => e.Obligations).Select(o => o.Name).Distinct();

    /// <summary>The requests; what they are about is the same in all editions.</summary>
    public Dictionary<string, Request> Requests { get; }

    /// <summary>The kinds that states are about.</summary>
    public Dictionary<string, int> States { get; }

    /// <summary>The kinds that roles are about.</summary>
    public Dictionary<string, int> Roles { get; }

    /// <summary>The benefits.</summary>
    public IEnumerable<string> Benefits => _editions.SelectMany(e => e.Benefits).Select(b => b.Name).Distinct();

    /// <summary>The rules, with those for what a person gave or took and what was brought from before.</summary>
    public IEnumerable<string> Rules => _editions.SelectMany(e => e.Rules).Select(r => r.Name).Distinct().Append("adjusted").Append("migrated");

    /// <summary>A unit by name.</summary>
    public Unit? Unit(string name) => Vocabulary.Units.FirstOrDefault(u => u.Name == name);

    /// <summary>A kind of subject by name.</summary>
    public SubjectKind? Kind(string name) => Vocabulary.Kinds.FirstOrDefault(k => k.Name == name);

    /// <summary>The keys that an expectation may have.</summary>
    public IEnumerable<string> Keys =>
        ScenarioKeys.Expectation.Concat(Vocabulary.Kinds.Select(k => k.Name)).Concat(Metrics.Select(m => m.Key)).Concat(Obligations).Concat(Rungs.Select(l => l.Key)).Concat(Requests.Keys).Distinct();
}
