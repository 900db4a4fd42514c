using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>What of an edition is to be compiled, and what that reads of subjects: the same for every history.</summary>
internal sealed class EditionReads
{
    private readonly Edition _edition;

    /// <param name="edition">The edition.</param>
    /// <param name="vocabulary">What can be told.</param>
    /// <param name="forGiving">True leaves out what no rule reads.</param>
    public EditionReads(Edition edition, Vocabulary vocabulary, bool forGiving)
    {
        _edition = edition;
        var needed = forGiving ? Needed.By(edition) : null;
        States = [.. edition.States.Where(s => needed?.Contains(s) != false)];
        Roles = [.. edition.Roles.Where(r => needed?.Contains(r) != false)];
        Requests = forGiving ? [] : edition.Requests;
        StateBits = Bits(States, edition.States.Count);
        RoleBits = Bits(Roles, edition.Roles.Count);
        Subjects = [.. vocabulary.Kinds.Select(kind => Expressions(kind.Index).SelectMany(e => e.Bindings.Values).OfType<SubjectBinding>().ToArray())];
        Passed = Subjects.SelectMany(bindings => bindings).SelectMany(b => b.Path).Distinct().ToLookup(step => step.Kind, step => step.Slot);
    }

    /// <summary>The states.</summary>
    public IReadOnlyList<StateRule> States { get; }

    /// <summary>The roles.</summary>
    public IReadOnlyList<StateRule> Roles { get; }

    /// <summary>The requests.</summary>
    public IReadOnlyList<Request> Requests { get; }

    /// <summary>By index in the edition: a state's bit among those of its kind.</summary>
    public int[] StateBits { get; }

    /// <summary>The same of roles.</summary>
    public int[] RoleBits { get; }

    /// <summary>By kind: what is read of a subject.</summary>
    public SubjectBinding[][] Subjects { get; }

    /// <summary>By kind: the slots that are followed to other subjects, wherever that begins.</summary>
    public ILookup<int, int> Passed { get; }

    private IEnumerable<Expression> Expressions(int kind) =>
        States.Concat(Roles).Where(s => s.Kind == kind)
            .SelectMany(s => s.Starts.Concat(s.Ends).Select(t => t.Condition).Append(s.Condition))
            .Concat(_edition.Rules.Where(r => r.Kind == kind).SelectMany(r => r.When.Concat(r.Unless).Select(t => t.Condition).Concat([r.To, r.Where, r.While, r.Give])))
            .Concat(_edition.Limits.SelectMany(l => l.Per).OfType<LimitKey.Path>().Select(p => p.Paths.GetValueOrDefault(kind)))
            .Concat(Requests.Where(r => r.About == kind).Select(r => r.Where))
            .OfType<Expression>();

    private static int[] Bits(IEnumerable<StateRule> rules, int count)
    {
        var next = new Dictionary<int, int>();
        var bits = new int[count];
        foreach (var rule in rules) { bits[rule.Index] = next[rule.Kind] = next.GetValueOrDefault(rule.Kind, -1) + 1; }
        return bits;
    }
}
