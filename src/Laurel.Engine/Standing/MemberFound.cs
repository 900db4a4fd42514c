using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What was found of one member, for rules and states to read: by name, since the standing of an instant is that of the edition in force then.</summary>
internal sealed class MemberFound
{
    private readonly Lazy<MemberTimeline> _timeline;
    private readonly Func<int, IReadOnlyList<(Instant From, SubjectFrame Frame)>> _own;
    private readonly Dictionary<int, IReadOnlyList<(Instant From, SubjectFrame Frame)>> _frames = [];
    private readonly Assessor _assessor;

    /// <param name="assessor">What found it.</param>
    /// <param name="timeline">The member's standing.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public MemberFound(Assessor assessor, MemberTimeline timeline, int upTo)
        : this(assessor, new Lazy<MemberTimeline>(timeline), upTo)
    {
    }

    /// <param name="assessor">What found it.</param>
    /// <param name="timeline">The member's standing, where it is read.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public MemberFound(Assessor assessor, Lazy<MemberTimeline> timeline, int upTo)
    {
        (_assessor, _timeline) = (assessor, timeline);
        _own = edition => assessor.States.Of(edition, timeline.Value.Member, upTo, timeline.Value.Found);
    }

    /// <summary>For a stage; at the first nothing turns with what was found.</summary>
    public Found At(int stage, Instant horizon) => new(stage, Read, stage == 0 ? [] : [.. _timeline.Value.Standings.Select(s => s.From)], horizon);

    private Value Read(Edition edition, StandingBinding binding, int member, Instant at)
    {
        if (member != _timeline.Value.Member) { return Value.NotTold("another member"); }
        var standing = _timeline.Value.At(at);
        return binding switch
        {
            MetricBinding b => standing.MetricOf(edition.Metrics[b.Metric].Name) ?? Value.NotTold(edition.Metrics[b.Metric].Name),
            AgoBinding b => Lookback.Read(_timeline.Value, edition.Metrics[b.Metric].Name, b.Length, at, edition.Calendar),
            ObligationBinding b => standing.ObligationOf(edition.Obligations[b.Obligation].Name)?.InARow(b.Missed) ?? Value.NotTold(edition.Obligations[b.Obligation].Name),
            LevelBinding b => edition.LevelsOf(b.Ladder, ladder => LevelOn(ladder, standing)),
            MemberStateBinding { State: < 0 } => Value.Of(standing.Enrolled),
            _ => _assessor.OwnValue(edition, binding, OwnAt(edition, at)),
        };
    }

    private static Value LevelOn(Ladder ladder, MemberStanding standing)
    {
        var same = standing.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name);
        var level = same is null ? null : standing.LevelOn(same);
        return level is not null && ladder.Rungs.Any(r => r.Name == level) ? Value.Of(level) : Value.NotTold(ladder.Name);
    }

    private SubjectFrame? OwnAt(Edition edition, Instant at)
    {
        var place = _assessor.PlaceOf(edition);
        if (!_frames.TryGetValue(place, out var frames)) { _frames[place] = frames = _own(place); }
        return frames.LastOrDefault(f => f.From <= at).Frame;
    }
}
