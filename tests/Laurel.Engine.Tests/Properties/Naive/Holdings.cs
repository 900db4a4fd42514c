using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>
/// What happens at an instant, in the order in which it counts: facts by their place, then conditions that become true, those
/// that end something before those that start it.
/// </summary>
internal readonly record struct Event(Instant At, int Phase, int Fact, int Part) : IComparable<Event>
{
    public static Event End(Instant at, int fact) => new(at, 0, fact, 0);

    public static Event Start(Instant at, int fact) => new(at, 0, fact, 1);

    public static Event ConditionEnds(Instant at) => new(at, 1, 0, 0);

    public static Event ConditionStarts(Instant at) => new(at, 2, 0, 0);

    public static Event RoleGained(Instant at) => new(at, 3, 0, 0);

    public int CompareTo(Event other) => (At, Phase, Fact, Part).CompareTo((other.At, other.Phase, other.Fact, other.Part));
}

/// <summary>
/// Whether a state or a role holds at a point: it was started, and nothing has ended it since. Asked point by point; nothing is
/// carried along from one to the next.
/// </summary>
internal sealed class Holdings
{
    private readonly World _world;
    private readonly Edition _edition;
    private readonly Dictionary<(Only, SubjectName, SubjectName?, Point), bool> _holds = [];
    private readonly Dictionary<(Only, SubjectName?, int), bool> _conditions = [];
    private readonly Dictionary<(Only, SubjectName, SubjectName?, Instant), bool> _fires = [];

    public Holdings(World world, Edition edition)
    {
        _world = world;
        _edition = edition;
        Evaluator = new(world, edition, this);
        Instants = new(world, edition);
    }

    public Evaluator Evaluator { get; }

    /// <summary>When things can change.</summary>
    public Instants Instants { get; }

    /// <summary>Whether it holds.</summary>
    /// <param name="member">For a role: whose; null for a state.</param>
    public bool Holds(StateRule rule, SubjectName subject, SubjectName? member, Point point)
    {
        var key = (new Only(rule), subject, member, point);
        if (!_holds.TryGetValue(key, out var holds))
        {
            holds = rule.Condition is not null ? Evaluator.Holds(rule.Condition, new(subject, null, point)) : IsOn(rule, subject, member, point);
            _holds[key] = holds;
        }
        return holds;
    }

    /// <summary>Whether a fact meets the condition of a trigger just before it.</summary>
    public bool Meets(Trigger trigger, SubjectName? member, int fact)
    {
        if (trigger.Condition is null) { return true; }
        var key = (new Only(trigger), member, fact);
        if (!_conditions.TryGetValue(key, out var meets))
        {
            _conditions[key] = meets = Evaluator.Holds(trigger.Condition, new(_world.Facts[fact].Subject!.Value, member, _world.Before(fact), fact));
        }
        return meets;
    }

    /// <summary>Whether a condition becomes true at an instant, or has then stayed true for as long as it must.</summary>
    public bool Fires(Trigger trigger, SubjectName subject, SubjectName? member, Instant at)
    {
        var key = (new Only(trigger), subject, member, at);
        if (!_fires.TryGetValue(key, out var fires)) { _fires[key] = fires = HoldsFor(trigger, subject, member, at); }
        return fires;
    }

    private bool HoldsFor(Trigger trigger, SubjectName subject, SubjectName? member, Instant at)
    {
        if (!HoldsAt(at)) { return false; }
        if (trigger.For is not { } length) { return BecomesTrue(at); }
        var instants = Instants.OfCondition(trigger.Condition!, subject).Where(i => i <= at).ToList();
        return instants.Exists(since => Calendar.Add(_edition, since, length) == at && BecomesTrue(since) && instants.TrueForAll(i => i < since || HoldsAt(i)));

        bool HoldsAt(Instant instant) => Evaluator.Holds(trigger.Condition, new(subject, member, _world.CompleteAt(instant)));

        bool BecomesTrue(Instant instant) => instant.IsReal && HoldsAt(instant) && !HoldsAt(new(instant.Micros - 1));
    }

    private bool IsOn(StateRule rule, SubjectName subject, SubjectName? member, Point point)
    {
        Event? started = null;
        foreach (var start in Starts(rule, subject, member, point))
        {
            if (started is null || start.CompareTo(started.Value) > 0) { started = start; }
        }
        return started is { } last
            && !Ends(rule, subject, member, point).Any(end => end.CompareTo(last) > 0)
            && !EndedByTime(rule, subject, last.At, point);
    }

    private IEnumerable<Event> Starts(StateRule rule, SubjectName subject, SubjectName? member, Point point)
    {
        foreach (var fact in _world.Of(subject).Where(f => f < point.Facts))
        {
            var named = Named(rule, fact);
            if (member is not null && named != member) { continue; }
            if (Triggered(rule.Starts, fact, named)) { yield return Event.Start(_world.Facts[fact].Time, fact); }
        }
        foreach (var at in Fired(rule.Starts, subject, member, point)) { yield return Event.ConditionStarts(at); }
    }

    private IEnumerable<Event> Ends(StateRule rule, SubjectName subject, SubjectName? member, Point point)
    {
        foreach (var fact in _world.Of(subject).Where(f => f < point.Facts))
        {
            var named = Named(rule, fact);
            var ends = (member is null || named is null || named == member) && Triggered(rule.Ends, fact, named);
            var gives = rule.One && named is not null && named != member && Triggered(rule.Starts, fact, named);
            if (ends || gives) { yield return Event.End(_world.Facts[fact].Time, fact); }
        }
        foreach (var at in Fired(rule.Ends, subject, member, point)) { yield return Event.ConditionEnds(at); }
    }

    private bool Triggered(IEnumerable<Trigger> triggers, int fact, SubjectName? named) =>
        triggers.Any(t => t.Fact == _world.Facts[fact].Type.Order && Meets(t, named, fact));

    private IEnumerable<Instant> Fired(IEnumerable<Trigger> triggers, SubjectName subject, SubjectName? member, Point point) =>
        from trigger in triggers
        where trigger.Fact < 0
        from at in Instants.OfTrigger(trigger, subject)
        where (at < point.At || (at == point.At && point.Complete)) && Fires(trigger, subject, member, at)
        select at;

    private SubjectName? Named(StateRule rule, int fact) =>
        _edition.Roles.Contains(rule) && _world.Facts[fact][rule.Who] is FactValue.Reference named ? new SubjectName("member", named.Name) : null;

    /// <summary>An end by time comes after the facts of its instant; an <c>until</c> that is not later than the start is of an earlier stretch.</summary>
    private bool EndedByTime(StateRule rule, SubjectName subject, Instant started, Point point)
    {
        bool Past(Instant end) => end < point.At || (end == point.At && point.Complete);
        if (rule.For is { } length && Past(Calendar.Add(_edition, started, length))) { return true; }
        if (rule.Until < 0) { return false; }
        var field = _world.Vocabulary.Kinds[rule.Kind].Fields[rule.Until].Name;
        var told = _world.Of(subject).Where(f => f < point.Facts && _world.Facts[f][field] is not null).GroupBy(f => _world.Facts[f].Time)
            .Select(g => (From: g.Key, Until: ((FactValue.Instant)_world.Facts[g.Last()][field]!).Value)).OrderBy(v => v.From).ToList();
        for (var i = 0; i < told.Count; i++)
        {
            var replaced = i + 1 < told.Count ? told[i + 1].From : Instant.Never;
            var end = Instant.Max(told[i].From, told[i].Until);
            if (told[i].Until > started && end < replaced && Past(end)) { return true; }
        }
        return false;
    }
}
