using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>One member's metrics and levels, each computed at its instant from all pieces; levels by going through all instants.</summary>
internal sealed class NaiveStandings
{
    private readonly NaiveCredits _credits;
    private readonly SubjectName _member;
    private readonly Zone _zone;
    private readonly Dictionary<(int, int, Instant), object?> _metrics = [];
    private readonly Dictionary<string, List<(Instant From, string? Rung)>> _levels = [];
    private readonly List<Instant> _changes;
    private string? _key;

    public NaiveStandings(NaiveCredits credits, SubjectName member)
    {
        (_credits, _member, _zone) = (credits, member, credits.World.Zone);
        _changes = [.. Changes().Where(i => i.IsReal).Distinct().Order()];
        Instants = [.. _changes.Concat(ComingIntoSight()).Concat(ReviewsBetween()).Where(i => i.IsReal).Distinct().Order()];
        foreach (var ladder in credits.Editions.SelectMany(e => e.Edition.Ladders).Select(l => l.Name).Distinct()) { _levels[ladder] = [.. Climb(ladder)]; }
    }

    /// <summary>The instants at which anything can change, reviews included.</summary>
    public IReadOnlyList<Instant> Instants { get; }

    /// <summary>All that is so at an instant, as a line.</summary>
    public string At(Instant at)
    {
        var edition = EditionAt(at);
        var metrics = _credits.Editions[edition].Edition.Metrics.Select(m => $"{m.Name} {Text(MetricAt(edition, m, at))}");
        var levels = _credits.Editions[edition].Edition.Ladders.Select(l => $"{l.Name} {LevelAt(l.Name, at)}");
        var benefits = _credits.Editions[edition].Edition.Benefits.Where(b => Walk.Value(b.While, b.While.Root, _zone, n => Read(n, edition, at)) is true).Select(b => b.Name);
        return string.Join(", ", [$"by {_credits.Editions[edition].Edition.Name}", IsEnrolled(at) ? "enrolled" : "not enrolled", .. StatesAt(edition, at), .. metrics, .. levels, .. benefits, .. Pending(at)]);
    }

    private IEnumerable<string> StatesAt(int edition, Instant at) => OwnStates(edition)
        .Where(s => _credits.Ways.HoldingsOf(edition).Holds(s, _member, null, _credits.World.CompleteAt(at))).Select(s => s.Name);

    private IEnumerable<StateRule> OwnStates(int edition) => _credits.Editions[edition].Edition.States.Where(s => s.Kind == Vocabulary.MemberKind);

    /// <summary>What a rule reads of the member.</summary>
    public object? Of(Edition edition, StandingBinding binding, Instant at) => binding switch
    {
        LevelBinding level => LevelAt(edition, level.Ladder, at),
        MetricBinding metric => MetricAt(edition.Metrics[metric.Metric].Name, at),
        MemberStateBinding state => _credits.Ways.HoldingsOf(EditionPlace(edition)).Holds(edition.States[state.State], _member, null, _credits.World.CompleteAt(at)),
        MemberFieldBinding field => Field(field.Slot, at),
        _ => throw new NotSupportedException(binding.ToString()),
    };

    /// <summary>Whether a member takes part in a rank.</summary>
    public bool IsRanked(Ranking ranking, Instant at) =>
        IsEnrolled(at) && (ranking.Among is null || Holds(ranking.Among, at));

    /// <summary>Whether a condition about the member holds, by the edition of the instant.</summary>
    public bool Holds(Expression condition, Instant at) => Walk.Value(condition, condition.Root, _zone, b => Read(b, EditionAt(at), at)) is true;

    /// <summary>A metric by its name, by the edition of the instant; null where it can't be told.</summary>
    public Number? NumberAt(string metric, Instant at) => MetricAt(metric, at) as Number?;

    private object? MetricAt(string name, Instant at)
    {
        var edition = EditionAt(at);
        return _credits.Editions[edition].Edition.Metrics.FirstOrDefault(m => m.Name == name) is { } metric ? MetricAt(edition, metric, at) : null;
    }

    private int EditionPlace(Edition edition) => _credits.Editions.ToList().FindIndex(e => e.Edition == edition);

    private Number? Field(int slot, Instant at)
    {
        var field = _credits.World.Vocabulary.Kinds[Vocabulary.MemberKind].Fields[slot];
        return _credits.World.FieldOf(_member, field.Name, _credits.World.CompleteAt(at)) is FactValue.Number number ? number.Value : null;
    }

    /// <summary>The level; of a ladder with a key, all of them.</summary>
    private object? LevelAt(Edition edition, int first, Instant at)
    {
        var ladder = edition.Ladders[first];
        return ladder.Per is null ? LevelAt(ladder.Name, at) : edition.Ladders.Where(l => l.WrittenAs == ladder.WrittenAs).ToDictionary(l => l.Per!.Value.AsText, l => LevelAt(l.Name, at));
    }

    private IEnumerable<string> Pending(Instant at) =>
        _credits.World.Vocabulary.Units.Select(u => string.Create(CultureInfo.InvariantCulture, $"pending {_credits.Of(_member).Where(p => p.Pending && p.Of.Unit == u && p.Span.Contains(at)).Sum(p => p.Counted)} {u.Name}"));

    /// <summary>A number as it is; a map by its keys, what is nought left out.</summary>
    public static string Text(object? value) => value is NaiveRank rank
        ? rank.Place is { } place ? $"{{\"of\": {rank.Of}, \"place\": {place}}}" : rank.Of == 0 ? "{}" : $"{{\"of\": {rank.Of}}}"
        : value is Dictionary<string, Number> map
        ? $"{{{string.Join(", ", map.Where(e => e.Value != 0).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"\"{e.Key}\": {e.Value}"))}}}"
        : value?.ToString() ?? "not told";

    private bool IsEnrolled(Instant at) => _credits.World.Enrolled[_member].Any(s => s.Contains(at));

    private int EditionAt(Instant at) => Math.Max(0, _credits.Editions.ToList().FindLastIndex(e => e.InForce.Starts <= at));

    private object? MetricAt(int edition, Metric metric, Instant at)
    {
        if (!_metrics.TryGetValue((edition, metric.Index, at), out var value)) { _metrics[(edition, metric.Index, at)] = value = Measure(edition, metric, at); }
        return value;
    }

    private object? Measure(int edition, Metric metric, Instant at)
    {
        if (metric.Ranking is not null) { return _credits.RankOf(metric.Name, _member, at); }
        if (metric.Formula is { } formula && metric.Per is not null) { return Each(edition, formula, at); }
        if (metric.Formula is not null) { return Walk.Value(metric.Formula, metric.Formula.Root, _zone, b => Read(b, edition, at)); }
        var counted = _credits.Of(_member).Where(p => !p.Pending && p.Counted != 0 && p.Of.Unit.Index == metric.Unit && p.Span.Contains(at) && at < Leaves(metric, p.Of.Moment, edition)).ToList();
        if (metric.Kind == MetricKind.Runs) { return (Number)Runs(edition, metric, at); }
        if (metric.Kind == MetricKind.Median) { return Middle(metric, counted); }
        if (metric.Per is null) { return Sum(counted); }
        return counted.GroupBy(p => metric.Per is LimitKey.Period period ? Period(period, p.Of.Moment) : p.Of.Rule).ToDictionary(g => g.Key, Sum);

        Number Sum(IEnumerable<Piece> pieces) => metric.Kind == MetricKind.Count
            ? pieces.Count()
            : Number.Of(pieces.Sum(p => p.Counted), (Int128)Math.Pow(10, _credits.World.Vocabulary.Units[metric.Unit].Decimals));
    }

    private Instant Leaves(Metric metric, Instant moment, int edition)
    {
        if (metric.In is not { Kind: WindowKind.Since } since) { return Calendar.Leaves(metric.In, moment, _credits.Editions[edition].Edition); }
        return _credits.World.Of(_member).Select(f => _credits.World.Facts[f]).Where(f => f.Type.Order == since.Fact && f.Time > moment).Select(f => f.Time).DefaultIfEmpty(Instant.Never).Min();
    }

    /// <summary>The middle one; of an even number, what lies between the middle two.</summary>
    private Number? Middle(Metric metric, IEnumerable<Piece> pieces)
    {
        var amounts = pieces.Select(p => Number.Of(p.Counted, (Int128)Math.Pow(10, _credits.World.Vocabulary.Units[metric.Unit].Decimals))).Order().ToList();
        return amounts.Count == 0 ? null : amounts.Count % 2 == 1 ? amounts[amounts.Count / 2] : (amounts[(amounts.Count / 2) - 1] + amounts[amounts.Count / 2]) / 2;
    }

    /// <summary>How often so many came one after the other, with nothing of the other unit between or at the instant of the last.</summary>
    private int Runs(int edition, Metric metric, Instant at)
    {
        var all = _credits.Of(_member).Where(p => !p.Pending && p.Counted != 0 && p.Span.Contains(at) && at < Leaves(metric, p.Of.Moment, edition)).ToList();
        var (runs, row) = (0, 0);
        foreach (var moment in all.Where(p => p.Of.Unit.Index == metric.Unit || p.Of.Unit.Index == metric.BrokenBy).GroupBy(p => p.Of.Moment).OrderBy(g => g.Key))
        {
            row += moment.Count(p => p.Of.Unit.Index == metric.Unit);
            runs += row / metric.Length;
            row = moment.Any(p => p.Of.Unit.Index == metric.BrokenBy) ? 0 : row % metric.Length;
        }
        return runs;
    }

    /// <summary>A formula for each key that what it reads has.</summary>
    private Dictionary<string, Number> Each(int edition, Expression formula, Instant at)
    {
        var values = new Dictionary<string, Number>();
        foreach (var key in formula.Bindings.Values.Select(b => Read(b, edition, at)).OfType<Dictionary<string, Number>>().SelectMany(map => map.Where(e => e.Value != 0)).Select(e => e.Key).Distinct())
        {
            _key = key;
            if (Walk.Value(formula, formula.Root, _zone, b => Read(b, edition, at)) is Number number) { values[key] = number; }
        }
        return values;
    }

    private string Period(LimitKey.Period period, Instant at) =>
        Calendar.FirstDay(period.Kind, period.Year, at, _zone).ToString(period.Kind == WindowKind.ThisYear ? "yyyy" : "yyyy-MM", CultureInfo.InvariantCulture);

    private object? Read(Binding binding, int edition, Instant at)
    {
        var written = _credits.Editions[edition].Edition;
        return binding switch
        {
            MetricBinding metric => MetricAt(edition, written.Metrics[metric.Metric], at),
            LevelBinding level => LevelAt(written, level.Ladder, at),
            KeyBinding => _key,
            AgoBinding ago => Ago(written, ago, at),
            MemberFieldBinding field => Field(field.Slot, at),
            MemberStateBinding { State: -1 } => IsEnrolled(at),
            MemberStateBinding state => _credits.Ways.HoldingsOf(edition).Holds(written.States[state.State], _member, null, _credits.World.CompleteAt(at)),
            _ => throw new NotSupportedException(binding.ToString()),
        };
    }

    /// <summary>What a number was so long ago: its value at the last instant from which so long is over.</summary>
    private object? Ago(Edition edition, AgoBinding ago, Instant at)
    {
        var name = edition.Metrics[ago.Metric].Name;
        var then = _changes.FindLast(i => Calendar.Add(edition, i, ago.Length) <= at);
        if (then == default) { then = Instant.First; }
        return _credits.Editions[EditionAt(then)].Edition.Metrics.Any(m => m.Name == name) ? MetricAt(name, then) : (Number)0;
    }

    private string? LevelAt(string ladder, Instant at) => _levels[ladder].LastOrDefault(l => l.From <= at).Rung;

    /// <summary>The highest rung whose condition holds, as its name.</summary>
    private string Met(string name, Instant at)
    {
        var edition = EditionAt(at);
        var ladder = Ladder(edition, name);
        _key = ladder.Per?.Value.AsText;
        return ladder.Rungs.Last(r => r.Condition is null || Walk.Value(r.Condition, r.Condition.Root, _zone, b => Read(b, edition, at)) is true).Name;
    }

    private Ladder Ladder(int edition, string name) => _credits.Editions[edition].Edition.Ladders.Single(l => l.Name == name);

    /// <summary>The level from instant to instant.</summary>
    private IEnumerable<(Instant, string?)> Climb(string name)
    {
        string? level = null;
        foreach (var at in Instants)
        {
            if (!IsEnrolled(at) || _credits.Editions[EditionAt(at)].Edition.Ladders.All(l => l.Name != name)) { level = null; }
            else { level = Move(Ladder(EditionAt(at), name), level, at, joined: !IsEnrolled(Before(at))); }
            yield return (at, level);
        }
    }

    private string Move(Ladder ladder, string? level, Instant at, bool joined)
    {
        var now = Met(ladder.Name, at);
        var from = Place(level);
        if (joined || from < 0) { return now; }
        var to = from;
        if (!ladder.Up.Never && IsDue(ladder.Up, at)) { to = Math.Max(to, Math.Max(0, Place(ladder.Up.At.Count == 0 ? now : Met(ladder.Name, Before(at))))); }
        if (!ladder.Down.Never && IsDue(ladder.Down, at))
        {
            var down = ladder.Down.Best is { } window ? Best(window) : ladder.Down.At.Count == 0 ? Place(now) : Math.Max(0, Place(Met(ladder.Name, Before(at))));
            // Who rises at once does not fall below what it meets now.
            if (ladder.Up is { Never: false, At.Count: 0 }) { down = Math.Max(down, Place(now)); }
            to = Math.Min(to, down);
        }
        return ladder.Rungs[to].Name;

        int Place(string? rung) => ladder.Rungs.ToList().FindIndex(r => r.Name == rung);

        // The best met at any instant of the window that closes; since the member joined.
        int Best(Window window)
        {
            var joinedAt = _credits.World.Enrolled[_member].Single(s => s.Contains(at)).Starts;
            var opens = Instants.Where(i => i < at && i >= joinedAt && i >= Calendar.Opens(window, at, _credits.Editions[EditionAt(at)].Edition)).Append(Calendar.Opens(window, at, _credits.Editions[EditionAt(at)].Edition)).Append(Before(at)).Where(i => i >= joinedAt);
            return opens.Max(i => Math.Max(0, Place(Met(ladder.Name, i))));
        }
    }

    private static Instant Before(Instant at) => new(at.Micros - 1);

    private bool IsDue(Movement movement, Instant at) => movement.At.Count == 0 || movement.At.Any(r => Calendar.IsReview(r, at, _zone));

    private IEnumerable<Instant> Changes()
    {
        var place = 0;
        foreach (var (edition, inForce) in _credits.Editions)
        {
            yield return inForce.Starts;
            foreach (var metric in edition.Metrics)
            {
                foreach (var piece in _credits.Of(_member)) { yield return Leaves(metric, piece.Of.Moment, place); }
            }
            place++;
        }
        foreach (var span in _credits.Of(_member).Select(p => p.Span).Concat(_credits.World.Enrolled[_member]))
        {
            yield return span.Starts;
            yield return span.Ends;
        }
        foreach (var date in _credits.RankDates) { yield return date; }
        for (var e = 0; e < _credits.Editions.Count; e++)
        {
            var instants = _credits.Ways.HoldingsOf(e).Instants;
            foreach (var state in OwnStates(e))
            {
                foreach (var at in instants.OfHolding(state, _member)) { yield return at; }
            }
        }
    }

    /// <summary>When what a number was comes into sight.</summary>
    private IEnumerable<Instant> ComingIntoSight() =>
        from written in _credits.Editions
        from ago in written.Edition.Metrics.Select(m => m.Formula).OfType<Expression>().SelectMany(f => f.Bindings.Values).OfType<AgoBinding>()
        from at in _changes
        select Calendar.Add(written.Edition, at, ago.Length);

    private IEnumerable<Instant> ReviewsBetween()
    {
        if (_changes.Count == 0) { yield break; }
        var reviews = _credits.Editions.SelectMany(e => e.Edition.Ladders).SelectMany(l => l.Up.At.Concat(l.Down.At)).Distinct().ToList();
        foreach (var at in Calendar.Reviews(reviews, _changes[0], _zone.Move(_changes[^1], new(24, 0, 0)), _zone)) { yield return at; }
    }
}
