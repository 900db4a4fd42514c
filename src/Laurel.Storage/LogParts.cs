using System.Runtime.InteropServices;

namespace Laurel.Storage;

/// <summary>A part of a log: all that concerns some members.</summary>
/// <param name="Members">The members; each is of one part.</param>
/// <param name="Subjects">The subjects whose facts concern them; one may be of several parts.</param>
internal sealed record LogPart(IReadOnlyList<long> Members, IReadOnlyList<long> Subjects);

/// <summary>
/// Divides a log by members into parts that can be posted one by one: to each member belongs what speaks of it, directly or through others, and
/// all that this speaks of. For one thread.
/// </summary>
internal sealed class LogParts
{
    private readonly List<int> _facts = [];
    private readonly List<(int Subject, int Other)> _ties = [];

    /// <summary>Takes in a fact.</summary>
    /// <param name="about">What it is about.</param>
    /// <param name="named">What else it names.</param>
    public void Add(int about, IEnumerable<int> named)
    {
        CollectionsMarshal.SetCount(_facts, Math.Max(_facts.Count, about + 1));
        _facts[about]++;
        foreach (var subject in named)
        {
            CollectionsMarshal.SetCount(_facts, Math.Max(_facts.Count, subject + 1));
            if (subject != about) { _ties.Add((subject, about)); }
        }
    }

    /// <summary>The number after the largest of a subject that a fact speaks of.</summary>
    public int SubjectsEnd => _facts.Count;

    /// <summary>The subjects that facts name, each with what those are about; in order, each once.</summary>
    public IReadOnlyList<(int Subject, int Other)> Ties()
    {
        _ties.Sort();
        var kept = 0;
        for (var i = 0; i < _ties.Count; i++)
        {
            if (i == 0 || _ties[i] != _ties[i - 1]) { _ties[kept++] = _ties[i]; }
        }
        _ties.RemoveRange(kept, _ties.Count - kept);
        return _ties;
    }

    /// <summary>The parts, in the order of the members' numbers; what concerns no member comes last.</summary>
    /// <param name="isMember">True for the number of a member.</param>
    /// <param name="most">How many facts a part has, as far as one member does not have more.</param>
    public IEnumerable<LogPart> Of(Func<int, bool> isMember, int most)
    {
        var ties = Ties();
        var (naming, named) = (Links(ties), Links(ties.Select(t => (t.Other, t.Subject)).Order()));
        // By subject: the last part in which what it names, and what names it, was gathered.
        var (through, about) = (new int[SubjectsEnd], new int[SubjectsEnd]);
        var (part, facts, members, subjects, open) = (1, 0, new List<long>(), new List<long>(), new Stack<int>());
        foreach (var seed in Enumerable.Range(0, SubjectsEnd).Where(isMember).Concat(Enumerable.Range(0, SubjectsEnd).Where(s => !isMember(s))))
        {
            if (isMember(seed)) { members.Add(seed); }
            else if (through[seed] > 0) { continue; }
            open.Push(seed);
            while (open.TryPop(out var subject))
            {
                if (about[subject] == part) { continue; }
                about[subject] = part;
                Through(subject);
                foreach (var other in naming(subject).Span) { open.Push(other); }
            }
            if (facts < most) { continue; }
            yield return new(members, subjects);
            (part, facts, members, subjects) = (part + 1, 0, [], []);
        }
        if (subjects.Count > 0) { yield return new(members, subjects); }

        void Through(int first)
        {
            var ahead = new Stack<int>([first]);
            while (ahead.TryPop(out var subject))
            {
                if (through[subject] == part) { continue; }
                through[subject] = part;
                subjects.Add(subject);
                facts += _facts[subject];
                foreach (var other in named(subject).Span) { ahead.Push(other); }
            }
        }
    }

    /// <summary>What follows each subject in pairs that are in order.</summary>
    private Func<int, ReadOnlyMemory<int>> Links(IEnumerable<(int From, int To)> pairs)
    {
        var (first, to) = (new int[SubjectsEnd + 1], new List<int>());
        foreach (var (from, next) in pairs)
        {
            first[from + 1]++;
            to.Add(next);
        }
        for (var i = 1; i < first.Length; i++) { first[i] += first[i - 1]; }
        var all = to.ToArray();
        return subject => all.AsMemory(first[subject]..first[subject + 1]);
    }
}
