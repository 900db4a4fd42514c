using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>Reads standings at the instant of a question.</summary>
internal sealed class StandingReader
{
    private readonly Asked _asked;
    private readonly Scored _scored;

    /// <summary>Reads the standings of a scored history.</summary>
    public StandingReader(Asked asked, Scored scored)
    {
        (_asked, _scored) = (asked, scored);
        Plain = [.. Edition.Metrics.Where(m => !m.IsMap).OrderBy(m => m.Unit >= 0 && Units[m.Unit].Name == m.Name ? m.Unit : int.MaxValue)];
    }

    /// <summary>The edition that says so.</summary>
    public Edition Edition => _scored.Edition;

    /// <summary>Its metrics that are one number: those of units first, in the order of the program.</summary>
    public IReadOnlyList<Metric> Plain { get; }

    /// <summary>The units of the program.</summary>
    public IReadOnlyList<Unit> Units => _asked.Program.Vocabulary.Units;

    /// <summary>Every member that was ever enrolled, in the order in which they were first told.</summary>
    public IEnumerable<StandingRow> All() => _scored.Each([.. _scored.Scoring.Members], RowOf);

    /// <summary>One member with its credits.</summary>
    public MemberInFull InFull(int member) => _scored.InFull(member);

    /// <summary>By the first plain metric, the highest first; then by name.</summary>
    public int ByRank(StandingRow a, StandingRow b)
    {
        var order = Plain.Count == 0 ? 0 : NumberOf(b.Metrics[Plain[0].Index]).CompareTo(NumberOf(a.Metrics[Plain[0].Index]));
        return order != 0 ? order : string.CompareOrdinal(a.Member, b.Member);
    }

    private static Number NumberOf(Value value) => value.Kind == ValueKind.Number ? value.AsNumber : 0;

    private StandingRow RowOf(MemberTimeline timeline) =>
        new(_asked.History.NameOf(timeline.Member), timeline.At(_asked.At), NextChange.After(_asked.At, timeline, _asked.Program.Vocabulary));
}
