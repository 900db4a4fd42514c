using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>How far the facts are looked at: just before one of them, or at an instant when it is complete.</summary>
/// <param name="At">The instant.</param>
/// <param name="Facts">How many facts, in order, count.</param>
/// <param name="Complete">False for just before a fact: then nothing else of the instant counts.</param>
internal readonly record struct Point(Instant At, int Facts, bool Complete);

/// <summary>What is told, as a reader knows it: the facts that are not retracted, in the order in which they count.</summary>
internal sealed class World
{
    private readonly Dictionary<SubjectName, List<int>> _of = [];
    private readonly Dictionary<string, HashSet<SubjectName>> _subjects = [];

    /// <summary>What follows for a member, for rules that read it; null before that is known.</summary>
    public Func<Edition, StandingBinding, SubjectName, Instant, object?>? Standing { get; set; }

    /// <summary>When what follows for a member can change; null before that is known.</summary>
    public Func<SubjectName, IReadOnlyList<Instant>>? StandingInstants { get; set; }

    public World(Vocabulary vocabulary, IEnumerable<Fact> log)
    {
        Vocabulary = vocabulary;
        Facts = [.. Live([.. log]).OrderBy(f => f.Time.Micros).ThenBy(f => f.Type.Order)];
        for (var i = 0; i < Facts.Count; i++)
        {
            var fact = Facts[i];
            Remember(fact.Subject!.Value);
            if (!_of.TryGetValue(fact.Subject.Value, out var own)) { _of[fact.Subject.Value] = own = []; }
            own.Add(i);
            foreach (var field in fact.Type.Carries)
            {
                if (field.Type is FieldType.Reference reference && fact[field.Name] is FactValue.Reference named) { Remember(new(vocabulary.Kinds[reference.Kind].Name, named.Name)); }
            }
        }
        foreach (var member in SubjectsOf("member")) { Enrolled[member] = EnrolmentOf(member); }
    }

    /// <summary>No period that closes later is looked at, and no rank is taken.</summary>
    public required Instant Horizon { get; init; }

    public Vocabulary Vocabulary { get; }

    public Zone Zone => Vocabulary.Zone;

    /// <summary>The facts that count, in order.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>When each member is enrolled.</summary>
    public Dictionary<SubjectName, IReadOnlyList<Span>> Enrolled { get; } = [];

    /// <summary>The facts about a subject, by their place in <see cref="Facts"/>.</summary>
    public IReadOnlyList<int> Of(SubjectName subject) => _of.GetValueOrDefault(subject) ?? [];

    /// <summary>All subjects of a kind that a fact is about or names.</summary>
    public IReadOnlyCollection<SubjectName> SubjectsOf(string kind) => _subjects.GetValueOrDefault(kind) ?? [];

    public Point CompleteAt(Instant at) => new(at, Facts.Count(f => f.Time <= at), Complete: true);

    public Point Before(int fact) => new(Facts[fact].Time, fact, Complete: false);

    /// <summary>The last value told of a field; null where nobody told it.</summary>
    public FactValue? FieldOf(SubjectName subject, string field, Point point) =>
        Of(subject).Where(i => i < point.Facts).Select(i => Facts[i]).Where(f => f.Type.Carries.Any(c => c.Name == field && c.Slot >= 0))
            .Select(f => f[field]).LastOrDefault(value => value is not null);

    /// <summary>Whether the last joining or leaving until a point is a joining.</summary>
    public bool IsEnrolled(SubjectName member, Point point) =>
        Of(member).Where(f => f < point.Facts).Select(f => Facts[f].Type.BuiltIn).LastOrDefault(b => b is BuiltIn.Joined or BuiltIn.Left) == BuiltIn.Joined;

    /// <summary>Those of a log that no retraction takes back; a retraction that is itself taken back takes back nothing.</summary>
    private static IEnumerable<Fact> Live(IReadOnlyList<Fact> log)
    {
        var keys = log.ToDictionary(f => (f.Source, f.Id));
        var retractions = log.Where(f => f.Type.BuiltIn == BuiltIn.Retracted).ToList();
        var plain = retractions.Where(r => keys.GetValueOrDefault(Target(r))?.Type.BuiltIn != BuiltIn.Retracted).ToList();
        var undone = retractions.Where(r => !plain.Contains(r)).Select(Target).ToHashSet();
        var gone = plain.Where(r => !undone.Contains((r.Source, r.Id))).Select(Target).ToHashSet();
        return log.Where(f => f.Type.BuiltIn != BuiltIn.Retracted && !gone.Contains((f.Source, f.Id)));
    }

    private static (string Source, string Id) Target(Fact retraction) => (((FactValue.Text)retraction["source"]!).Value, ((FactValue.Text)retraction["id"]!).Value);

    private void Remember(SubjectName subject)
    {
        if (!_subjects.TryGetValue(subject.Kind, out var all)) { _subjects[subject.Kind] = all = []; }
        all.Add(subject);
    }

    // Enrolled at an instant: of the joinings and leavings until then, the last one is a joining.
    private List<Span> EnrolmentOf(SubjectName member)
    {
        var told = Of(member).Select(i => Facts[i]).Where(f => f.Type.BuiltIn is BuiltIn.Joined or BuiltIn.Left).ToList();
        var spans = new List<Span>();
        foreach (var (from, until) in Stretches.Of(told.Select(f => f.Time), at => told.Last(f => f.Time <= at).Type.BuiltIn == BuiltIn.Joined)) { spans.Add(new(from, until)); }
        return spans;
    }
}

/// <summary>Finds the stretches in which something holds that can change at some instants only.</summary>
internal static class Stretches
{
    public static IEnumerable<(Instant From, Instant Until)> Of(IEnumerable<Instant> instants, Func<Instant, bool> holds)
    {
        Instant? since = null;
        foreach (var at in instants.Distinct().Order())
        {
            var now = holds(at);
            if (now && since is null) { since = at; }
            else if (!now && since is { } from)
            {
                yield return (from, at);
                since = null;
            }
        }
        if (since is { } open) { yield return (open, Instant.Never); }
    }
}
