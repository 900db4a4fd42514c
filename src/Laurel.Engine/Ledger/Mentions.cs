using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Ledger;

/// <summary>Which subjects must be looked at again after news about another: those whose facts name it, and those that name these.</summary>
internal sealed class Mentions(History history)
{
    private readonly Dictionary<int, HashSet<int>> _by = [];

    /// <summary>Remembers what a fact names.</summary>
    public void See(int fact, int about)
    {
        var shape = history.Shapes[history.Shape[fact]];
        var type = history.Vocabulary.FactTypes[shape.Type];
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (type.Carries[shape.Fields[i]].Type is not FieldType.Reference) { continue; }
            Add((int)history.Values[history.FirstValue[fact] + i], about);
        }
    }

    /// <summary>Remembers that facts of a subject name another.</summary>
    public void Add(int named, int about)
    {
        if (named == about) { return; }
        if (!_by.TryGetValue(named, out var subjects)) { _by[named] = subjects = []; }
        subjects.Add(about);
    }

    /// <summary>The subjects whose facts name one.</summary>
    public IReadOnlyCollection<int> Of(int named) => _by.GetValueOrDefault(named) ?? [];

    /// <summary>The subject, and all that name it directly or through others.</summary>
    /// <param name="subject">The subject that there is news about.</param>
    /// <param name="throughMembers">False to stop at members: only their joining and leaving concerns those that name them, where no condition reads what is told of a member.</param>
    public IReadOnlyCollection<int> Concerned(int subject, bool throughMembers)
    {
        if ((history.Kinds[subject] == Vocabulary.MemberKind && !throughMembers) || !_by.ContainsKey(subject)) { return [subject]; }
        var found = new HashSet<int> { subject };
        var open = new Stack<int>([subject]);
        while (open.TryPop(out var next))
        {
            if (!_by.TryGetValue(next, out var subjects)) { continue; }
            foreach (var naming in subjects)
            {
                if (found.Add(naming)) { open.Push(naming); }
            }
        }
        return found;
    }
}
