using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// The part of a history that one member's standing depends on, as known at an instant: what speaks of the member, directly or through
/// others, and all that this speaks of. A history of its own, from which the member's credits and standing come out the same.
/// </summary>
/// <remarks>Other members are in it as far as the same facts name them: what comes out for those is not their standing.</remarks>
public sealed class Excerpt
{
    /// <summary>Takes the part out.</summary>
    /// <param name="history">The whole history.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="member">The member's name; no fact need speak of it yet.</param>
    /// <param name="supposed">Facts that will be supposed: what these speak of is in the part too.</param>
    /// <param name="withPeers">True where a member's standing depends on that of all others: then all that is known is in it.</param>
    public Excerpt(History history, Instant known, string member, IReadOnlyList<Fact> supposed, bool withPeers)
    {
        var upTo = history.KnownUpTo(known);
        // Whoever asks without an instant knows all that is told, and no more.
        Known = known < Instant.Last ? known : upTo > 0 ? history.RecordedAt(upTo - 1) : Instant.First;
        var builder = HistoryBuilder.GoOn(history, upTo, withPeers ? null : SubjectsOf(history, member, supposed));
        builder.NumberOf(Vocabulary.MemberKind, member);
        History = builder.Build();
        Member = History.SubjectOf(Vocabulary.MemberKind, member)!.Value;
    }

    /// <summary>The part, as a history.</summary>
    public History History { get; }

    /// <summary>The member's subject number in it, and in what is supposed on it.</summary>
    public int Member { get; }

    /// <summary>When what is supposed is learnt.</summary>
    public Instant Known { get; }

    /// <summary>The part with facts that nobody told, as if they were learnt after all others. Subjects keep their numbers.</summary>
    /// <param name="facts">The facts; when they were learnt does not matter.</param>
    /// <returns>The history, and what became of each fact: a refused one is not in it.</returns>
    public (History History, IReadOnlyList<Verdict> Verdicts) Suppose(IEnumerable<Fact> facts)
    {
        var builder = HistoryBuilder.GoOn(History, History.FactCount, about: null);
        var verdicts = facts.Select(fact => builder.Suppose(fact, Known)).ToList();
        return (builder.Build(), verdicts);
    }

    private static HashSet<int> SubjectsOf(History history, string member, IReadOnlyList<Fact> supposed)
    {
        var found = new HashSet<int>();
        Add(found, history.SubjectOf(Vocabulary.MemberKind, member));
        foreach (var fact in supposed)
        {
            if (fact.Subject is { } subject) { Add(found, history.SubjectOf(history.Vocabulary.Kinds[fact.Type.About].Index, subject.Name)); }
            Add(found, AboutOf(history, fact.Source, fact.Id));
            if (fact.Type.BuiltIn == BuiltIn.Retracted) { Add(found, AboutOf(history, fact["source"]?.ToString() ?? "", fact["id"]?.ToString() ?? "")); }
        }
        var named = history.Shapes.Select(shape => NamedBy(history.Vocabulary, shape)).ToArray();
        AddNaming(history, named, found);
        foreach (var (fact, field) in supposed.SelectMany(f => f.Type.Carries.Select(c => (f, c))))
        {
            if (field.Type is FieldType.Reference reference && fact[field.Name] is { } value) { Add(found, history.SubjectOf(reference.Kind, value.ToString())); }
        }
        AddNamed(history, named, found);
        return found;
    }

    private static void Add(HashSet<int> found, int? subject)
    {
        if (subject is >= 0 and var number) { found.Add(number); }
    }

    private static int? AboutOf(History history, string source, string id) => history.Find(source, id) is { } fact ? history.AboutOf(fact) : null;

    /// <summary>Where among the values of a shape the subjects stand that it names.</summary>
    private static int[] NamedBy(Vocabulary vocabulary, FactShape shape) =>
        [.. Enumerable.Range(0, shape.Fields.Length).Where(i => vocabulary.FactTypes[shape.Type].Carries[shape.Fields[i]].Type is FieldType.Reference)];

    /// <summary>Adds what speaks of those found, and of what is added. Kinds refer to one another without a circle, so few rounds are needed.</summary>
    private static void AddNaming(History history, int[][] named, HashSet<int> found)
    {
        for (var more = true; more;)
        {
            more = false;
            for (var subject = 0; subject < history.SubjectCount; subject++)
            {
                if (!found.Contains(subject) && Named(history, named, subject).Any(found.Contains)) { more |= found.Add(subject); }
            }
        }
    }

    /// <summary>Adds what those found speak of, and so on.</summary>
    private static void AddNamed(History history, int[][] named, HashSet<int> found)
    {
        var open = new Stack<int>(found);
        while (open.TryPop(out var subject))
        {
            foreach (var other in Named(history, named, subject))
            {
                if (found.Add(other)) { open.Push(other); }
            }
        }
    }

    private static IEnumerable<int> Named(History history, int[][] named, int subject)
    {
        foreach (var fact in history.FactsOf(subject))
        {
            foreach (var value in named[history.Shape[fact]]) { yield return (int)history.Values[history.FirstValue[fact] + value]; }
        }
    }
}
