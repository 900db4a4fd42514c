using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What would renew a subject again and again, from the end of what holds now until a horizon.</summary>
/// <param name="Subject">The subject's number.</param>
/// <param name="States">The states that would go on, by their names.</param>
/// <param name="Ends">When they end if nothing renews them.</param>
/// <param name="Until">When they end with the last of the renewals.</param>
/// <param name="Facts">The renewals, as facts that may be supposed; at least one.</param>
public sealed record Renewal(int Subject, IReadOnlyList<string> States, Instant Ends, Instant Until, IReadOnlyList<Fact> Facts);

/// <summary>
/// Finds what could be renewed. A renewal is a fact that starts a state at the very end of its present stretch, so that it leaves no
/// gap, and moves the end on by as long as the last term was. What starts another state that is still running is none.
/// </summary>
internal sealed class Renewals(MemberScore score, Instant at, Instant until)
{
    /// <summary>A subject that is renewed more often than this until the horizon is renewed this often.</summary>
    private const int TimesMax = 400;

    private const string Source = "forecast";

    private readonly History _history = score.History;
    private readonly StateEnds _ends = score.Ends();
    private readonly Zone _zone = score.History.Vocabulary.Zone;
    private int _ids;

    /// <summary>All of them, by when they would happen.</summary>
    public IReadOnlyList<Renewal> Find() => [.. Subjects().SelectMany(Of).OrderBy(r => r.Ends).ThenBy(r => r.Subject)];

    /// <summary>The subjects that the member's present credits are for, what those refer to, and the member itself.</summary>
    private SortedSet<int> Subjects()
    {
        var found = new SortedSet<int>(score.Credits.Where(c => c.Starts <= until && c.Ends > at).Select(c => c.Subject)) { score.Member };
        var open = new Stack<int>(found);
        while (open.TryPop(out var subject))
        {
            foreach (var fact in KnownOf(subject))
            {
                foreach (var (field, value) in _history.FactOf(fact).Data)
                {
                    if (value is not FactValue.Reference reference || _history.TypeOf(fact).Carries.First(c => c.Name == field).Type is not FieldType.Reference { Kind: not Vocabulary.MemberKind } type) { continue; }
                    if (_history.SubjectOf(type.Kind, reference.Name) is { } other && found.Add(other)) { open.Push(other); }
                }
            }
        }
        return found;
    }

    private IEnumerable<int> KnownOf(int subject)
    {
        return _history.FactsOf(subject).Where(fact => _history.IsKnown(fact, score.Scoring.UpTo));
    }

    /// <summary>States of one subject that one type of fact renews at one instant are renewed together.</summary>
    private IEnumerable<Renewal> Of(int subject) =>
        from ends in _ends.Of(subject, at, until)
        where ends.Since <= at
        let type = TypeFor(ends)
        where type is not null && !StartsWhatRuns(type, ends)
        group ends by (ends.Ends, type.Order) into together
        select Renew([.. together], _history.Vocabulary.FactTypes[together.Key.Order]);

    /// <summary>The type by which it was renewed before, else the last of those that start it which can be said of the subject as it is.</summary>
    private FactType? TypeFor(StateEnd ends)
    {
        var types = ends.State.Starts.Where(t => t.Fact >= 0).Select(t => _history.Vocabulary.FactTypes[t.Fact])
            .Where(t => (ends.Told < 0 || EndField(t, ends) is not null) && t.Carries.All(f => !f.Needed || f == EndField(t, ends) || LastOf(ends, f.Name) is not null)).ToList();
        return types.Find(t => ends.RenewedBy >= 0 && _history.TypeNumber(ends.RenewedBy) == t.Order) ?? types.LastOrDefault();
    }

    private static FactField? EndField(FactType type, StateEnd ends) => ends.Told < 0 ? null : type.Carries.FirstOrDefault(f => f.Slot == ends.State.Until);

    /// <summary>A plan that is bought again does not renew its trial while it runs.</summary>
    private bool StartsWhatRuns(FactType type, StateEnd ends) => _ends.HoldingAt(ends.Place, ends.Subject, ends.Ends)
        .Any(running => running.Ends > ends.Ends && running.State != ends.State && running.State.Starts.Any(t => t.Fact == type.Order));

    private Renewal Renew(IReadOnlyList<StateEnd> together, FactType type)
    {
        var facts = new List<Fact>();
        var next = together[0].Ends;
        while (next <= until && facts.Count < TimesMax)
        {
            var when = next;
            var ends = together.Select(e => (EndField(type, e)?.Name, Ends: score.Scoring.Plan.Book.Editions[e.Place].Edition.Calendar.Add(when, TermOf(e)))).ToList();
            facts.Add(FactOf(together[0], type, when, [.. ends.Where(e => e.Name is not null).Select(e => new KeyValuePair<string, FactValue>(e.Name!, new FactValue.Instant(Instant.Min(e.Ends, Instant.Last))))]));
            next = ends.Min(e => e.Ends);
        }
        return new(together[0].Subject, [.. together.Select(e => e.State.Name)], together[0].Ends, next, facts);
    }

    private Duration TermOf(StateEnd ends) => ends.Told < 0 && ends.State.For is { } length ? length : _zone.Between(ends.LastStart, ends.Ends);

    /// <summary>A fact that says what its type needs as it was last told, and what else the last start said.</summary>
    private Fact FactOf(StateEnd ends, FactType type, Instant when, IReadOnlyList<KeyValuePair<string, FactValue>> moved)
    {
        var data = new List<KeyValuePair<string, FactValue>>();
        foreach (var field in type.Carries)
        {
            var value = moved.Where(m => m.Key == field.Name).Select(m => m.Value).FirstOrDefault()
                ?? (field.Needed ? LastOf(ends, field.Name) : ends.StartedBy < 0 ? null : _history.FactOf(ends.StartedBy)[field.Name]);
            if (value is not null) { data.Add(new(field.Name, value)); }
        }
        string id;
        do { id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"renewal-{++_ids}"); }
        while (_history.Find(Source, id) is not null);
        return new(Source, id, type, new(_history.Vocabulary.Kinds[type.About].Name, _history.NameOf(ends.Subject)), when, null, data);
    }

    /// <summary>What a field was last told to be before the end; null where nobody told it.</summary>
    private FactValue? LastOf(StateEnd ends, string field) =>
        KnownOf(ends.Subject).Where(f => _history.TimeOf(f) < ends.Ends).Select(f => _history.FactOf(f)[field]).LastOrDefault(v => v is not null);
}
