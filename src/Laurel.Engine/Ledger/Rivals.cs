using Laurel.Engine.Deriving;

namespace Laurel.Engine.Ledger;

/// <summary>A credit that competes with others of its member.</summary>
/// <param name="credit">The credit, as derived; where its key points does not matter.</param>
/// <param name="keys">The values that limits group it by.</param>
/// <param name="groups">The groups that it is in.</param>
internal sealed class Rival(Credit credit, long[] keys, List<Settlement.CrossGroup> groups)
{
    /// <summary>The credit.</summary>
    public Credit Credit { get; } = credit;

    /// <summary>The values that limits group it by.</summary>
    public IReadOnlyList<long> Keys { get; } = keys;

    /// <summary>The groups that it is in.</summary>
    public IReadOnlyList<Settlement.CrossGroup> Groups { get; } = groups;

    /// <summary>True where both say the same.</summary>
    public bool Is(Rival other) => Credit == other.Credit with { Key = Credit.Key } && Keys.SequenceEqual(other.Keys);
}

/// <summary>The credits that compete across subjects, by the groups in which they do: so that only those are settled again that a change can concern.</summary>
internal sealed class Rivals
{
    private readonly Dictionary<Settlement.CrossGroup, List<Rival>> _groups = [];

    /// <summary>All of them.</summary>
    public HashSet<Rival> All => [.. _groups.Values.SelectMany(rivals => rivals)];

    /// <summary>Forgets all.</summary>
    public void Clear() => _groups.Clear();

    /// <summary>Some leave, others come.</summary>
    /// <returns>All whom that can concern, through whichever limits: as they were before, and as they are now.</returns>
    public (IReadOnlyCollection<Rival> Before, IReadOnlyCollection<Rival> Now) Change(IReadOnlyList<Rival> left, IReadOnlyList<Rival> came)
    {
        if (left.Count + came.Count == 0) { return ([], []); }
        foreach (var rival in left) { Leave(rival); }
        foreach (var rival in came)
        {
            foreach (var group in rival.Groups)
            {
                if (!_groups.TryGetValue(group, out var rivals)) { _groups[group] = rivals = []; }
                rivals.Add(rival);
            }
        }
        var concerned = Concerned(left.Concat(came).SelectMany(rival => rival.Groups));
        return ([.. concerned.Except(came), .. left], concerned);
    }

    private void Leave(Rival rival)
    {
        foreach (var group in rival.Groups)
        {
            var rivals = _groups[group];
            // Those that change came last, mostly.
            rivals.RemoveAt(rivals.FindLastIndex(rival.Is));
            if (rivals.Count == 0) { _groups.Remove(group); }
        }
    }

    /// <summary>All in some groups, in the groups that these are in besides, and so on.</summary>
    private HashSet<Rival> Concerned(IEnumerable<Settlement.CrossGroup> groups)
    {
        var found = new HashSet<Rival>();
        var seen = new HashSet<Settlement.CrossGroup>(groups);
        var open = new Stack<Settlement.CrossGroup>(seen);
        while (open.TryPop(out var group))
        {
            foreach (var rival in _groups.GetValueOrDefault(group) ?? [])
            {
                if (!found.Add(rival)) { continue; }
                foreach (var other in rival.Groups)
                {
                    if (seen.Add(other)) { open.Push(other); }
                }
            }
        }
        return found;
    }
}
