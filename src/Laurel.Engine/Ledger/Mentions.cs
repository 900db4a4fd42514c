using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Ledger;

/// <summary>Which subjects must be looked at again after news about another: those whose facts name it, and those that name these.</summary>
internal sealed class Mentions(History history)
{
    private readonly Dictionary<int, HashSet<int>> _by = [];
    private readonly Dictionary<int, HashSet<int>> _names = [];

    /// <summary>Remembers what a fact names.</summary>
    public void See(int fact, int about)
    {
        var shape = history.Shapes[history.Shape[fact]];
        var type = history.Vocabulary.FactTypes[shape.Type];
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (type.Carries[shape.Fields[i]].Type is not FieldType.Reference) { continue; }
            var named = (int)history.Values[history.FirstValue[fact] + i];
            Add(named, about);
            if (!_names.TryGetValue(about, out var names)) { _names[about] = names = []; }
            names.Add(named);
        }
    }

    /// <summary>Remembers that facts of a subject name another.</summary>
    public void Add(int named, int about)
    {
        if (!_by.TryGetValue(named, out var subjects)) { _by[named] = subjects = []; }
        subjects.Add(about);
    }

    /// <summary>The subjects, and all that they name directly or through others.</summary>
    public IReadOnlyCollection<int> Reached(IEnumerable<int> subjects) => Reach(subjects, _names);

    /// <summary>The subject, and all that name it directly or through others.</summary>
    /// <param name="subject">The subject that there is news about.</param>
    /// <param name="throughMembers">False to stop at members: only their joining and leaving concerns those that name them, where no condition reads what is told of a member.</param>
    public IReadOnlyCollection<int> Concerned(int subject, bool throughMembers)
    {
        if ((history.Kinds[subject] == Vocabulary.MemberKind && !throughMembers) || !_by.ContainsKey(subject)) { return [subject]; }
        return Reach([subject], _by);
    }

    private static HashSet<int> Reach(IEnumerable<int> from, Dictionary<int, HashSet<int>> to)
    {
        var found = from.ToHashSet();
        var open = new Stack<int>(found);
        while (open.TryPop(out var next))
        {
            if (!to.TryGetValue(next, out var others)) { continue; }
            foreach (var other in others)
            {
                if (found.Add(other)) { open.Push(other); }
            }
        }
        return found;
    }
}
