using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Samples;

/// <summary>One writing of a history: all that goes on, by when it is told next.</summary>
internal sealed class SampleRun
{
    // Of all members, one in so many has this many times the stories of the smallest: sizes fall as 1, 1/2, 1/3, …
    private const long SizeMax = 4000;

    private readonly SamplePlan _plan;
    private readonly SampleLines _lines;
    private readonly int _members;
    private readonly long _factsMax;
    private readonly int _weight;
    private readonly int[] _named;
    private readonly PriorityQueue<SampleNews, (long, long)> _news = new();

    private SampleChance _chance;
    private long _order;

    public SampleRun(Stream stream, SamplePlan plan, long seed, int members, long stories, long factsMax)
    {
        (_plan, _members, _factsMax, _chance) = (plan, members, factsMax, new(seed));
        _lines = new(stream, plan);
        _weight = plan.Stories.Sum(story => story.Weight);
        _named = new int[plan.Names.Count];
        Enrol(stories);
    }

    /// <summary>Writes all of it.</summary>
    public long Write()
    {
        while (_lines.Count < _factsMax && _news.TryDequeue(out var news, out var when) && when.Item1 <= _plan.To.Micros)
        {
            switch (news.What)
            {
                case SampleWhat.Arrival:
                    Arrive(news, when.Item1);
                    break;
                case SampleWhat.Fact:
                    Tell(news, when.Item1);
                    break;
                default:
                    _lines.WriteMore(news, when.Item1);
                    break;
            }
        }
        _lines.Flush();
        return _lines.Count;
    }

    /// <summary>Gives each member a start and its part of the stories, in proportion to a size.</summary>
    private void Enrol(long stories)
    {
        var sizes = new int[_members];
        for (var i = 0; i < sizes.Length; i++) { sizes[i] = (int)(SizeMax / (_chance.Below(SizeMax) + 1)); }
        var total = sizes.Sum(size => (long)size);
        var (sum, given) = (0L, 0L);
        for (var member = 0; member < _members; member++)
        {
            sum += sizes[member];
            var quota = (long)((Int128)stories * sum / total) - given;
            given += quota;

            // Members come in the first three quarters of the time.
            var start = _plan.From.Micros + (_chance.Below((_plan.To.Micros - _plan.From.Micros) / 4_000_000 * 3) * 1_000_000);
            for (var story = 0; story < _plan.Stories.Count; story++)
            {
                if (_plan.Stories[story].Kind == Vocabulary.MemberKind) { Later(new(SampleWhat.Fact, start, story, _plan.Stories[story].Starts, member, member, Someone(), Someone(), 0), start); }
            }
            if (quota > 0 && _weight > 0) { Queue(new(SampleWhat.Arrival, 0, 0, 0, 0, member, 0, 0, quota), Next(start, quota)); }
        }
    }

    private void Arrive(SampleNews news, long at)
    {
        var pick = _chance.Below(_weight);
        var story = 0;
        while (pick >= _plan.Stories[story].Weight) { pick -= _plan.Stories[story++].Weight; }
        Begin(story, _plan.Stories[story].Starts, at, news.Owner, parent: 0, recordedMin: at);
        if (news.More > 1) { Queue(news with { More = news.More - 1 }, Next(at, news.More - 1)); }
    }

    private void Begin(int story, int step, long at, int owner, int parent, long recordedMin)
    {
        var kind = _plan.Stories[story].Kind;
        var subject = kind == Vocabulary.MemberKind ? owner : _named[kind]++;
        Later(new(SampleWhat.Fact, at, story, step, subject, owner, Someone(), Someone(), parent), recordedMin);
    }

    private void Tell(SampleNews news, long recorded)
    {
        var step = _plan.Stories[news.Story].Steps[news.Step];
        _lines.Write(news, step, recorded, ref _chance);
        if (_chance.Happens(_plan.Twice.Share)) { Queue(_lines.KeepForAgain(), recorded + _chance.Micros(_plan.Twice.By)); }
        if (_chance.Happens(_plan.Retracted.Share)) { Queue(new(SampleWhat.Retraction, 0, 0, 0, 0, 0, 0, 0, _lines.LastId), recorded + _chance.Micros(_plan.Retracted.By)); }
        var pick = _chance.Below(10_000);
        foreach (var way in step.Then)
        {
            if (pick >= 0 && pick < way.Chance) { Go(way, news, recorded); }
            pick -= way.Chance;
        }
        foreach (var way in step.Also)
        {
            if (_chance.Happens(way.Chance)) { Go(way, news, recorded); }
        }
    }

    private void Go(SampleWay way, SampleNews news, long recorded)
    {
        var at = news.At + _chance.Micros(way.After);
        if (way.Story != news.Story) { Begin(way.Story, way.Step, at, news.Owner, news.Subject, recorded); }
        else { Later(news with { At = at, Step = way.Step }, recorded); }
    }

    /// <summary>A fact that happens then is told then, or later; never before what is told already.</summary>
    private void Later(SampleNews fact, long recordedMin)
    {
        var late = _chance.Happens(_plan.Late.Share) ? _chance.Micros(_plan.Late.By) : 0;
        Queue(fact, Math.Max(fact.At + late, recordedMin));
    }

    private void Queue(SampleNews news, long when)
    {
        if (when <= _plan.To.Micros) { _news.Enqueue(news, (when, _order++)); }
    }

    /// <summary>When a member's next story begins: evenly over the time that is left.</summary>
    private long Next(long at, long stories)
    {
        var secondsLeft = Math.Max(0, _plan.To.Micros - at) / Instant.MicrosPerSecond;
        return at + (_chance.Below((2 * secondsLeft / (stories + 1)) + 1) * Instant.MicrosPerSecond);
    }

    private int Someone() => (int)_chance.Below(_members);
}
