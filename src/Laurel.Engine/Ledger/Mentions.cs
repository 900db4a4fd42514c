using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Ledger;

/// <summary>Which subjects must be looked at again after news about another: those whose facts name it, and those that name these.</summary>
internal sealed class Mentions(History history)
{
    private readonly Links _by = new();
    private readonly Links _names = new();

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
            _names.Add(about, named);
        }
    }

    /// <summary>Remembers that facts of a subject name another.</summary>
    public void Add(int named, int about) => _by.Add(named, about);

    /// <summary>The subjects, and all that they name directly or through others.</summary>
    public IReadOnlyCollection<int> Reached(IEnumerable<int> subjects) => Reach(subjects, _names);

    /// <summary>The subject, and all that name it directly or through others.</summary>
    /// <param name="subject">The subject that there is news about.</param>
    /// <param name="throughMembers">False to stop at members: only their joining and leaving concerns those that name them, where no condition reads what is told of a member.</param>
    public IReadOnlyCollection<int> Concerned(int subject, bool throughMembers)
    {
        if ((history.Kinds[subject] == Vocabulary.MemberKind && !throughMembers) || _by.First(subject) < 0) { return [subject]; }
        return Reach([subject], _by);
    }

    private static HashSet<int> Reach(IEnumerable<int> from, Links to)
    {
        var found = from.ToHashSet();
        var open = new Stack<int>(found);
        while (open.TryPop(out var next))
        {
            for (var link = to.First(next); link >= 0; link = to.Next(link))
            {
                if (found.Add(to.Other(link))) { open.Push(to.Other(link)); }
            }
        }
        return found;
    }

    /// <summary>Pairs of subjects, each once, found by the first of them: most have few, and there are many.</summary>
    private sealed class Links
    {
        private readonly HashSet<(int From, int To)> _pairs = [];
        private readonly List<int> _first = [];
        private readonly List<(int Other, int Next)> _links = [];

        public void Add(int from, int to)
        {
            if (!_pairs.Add((from, to))) { return; }
            while (_first.Count <= from) { _first.Add(-1); }
            _links.Add((to, _first[from]));
            _first[from] = _links.Count - 1;
        }

        /// <summary>The first link of a subject; -1 for none.</summary>
        public int First(int from) => from < _first.Count ? _first[from] : -1;

        /// <summary>The next link; -1 for none.</summary>
        public int Next(int link) => _links[link].Next;

        /// <summary>What a link leads to.</summary>
        public int Other(int link) => _links[link].Other;
    }
}
