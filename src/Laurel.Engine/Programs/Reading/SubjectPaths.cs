using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Finds what a path from a subject means: a field, a state, a role, along references.</summary>
internal sealed class SubjectPaths(Symbols symbols)
{
    /// <summary>The state that every member has while enrolled.</summary>
    public const string Enrolled = "enrolled";

    /// <summary>Follows a path.</summary>
    /// <param name="path">The names.</param>
    /// <param name="first">Where in them the name of the root's kind stands.</param>
    /// <param name="root">The kind that the path starts from.</param>
    /// <param name="before">True for <c>before.…</c>.</param>
    public Binding? Resolve(IReadOnlyList<string> path, int first, SubjectKind root, bool before, out int used, out string problem)
    {
        var steps = new List<Step>();
        var kind = root;
        problem = "";
        for (used = first + 1; used < path.Count; used++)
        {
            var name = path[used];
            if (StateOf(kind, name, root, steps, before) is { } state)
            {
                used++;
                return state;
            }
            if (kind.Fields.FirstOrDefault(f => f.Name == name) is not { } field)
            {
                problem = Unknown(kind, name);
                return null;
            }
            if (field.Personal)
            {
                problem = Personal($"{kind.Name}.{name}");
                return null;
            }
            if (field.Type is not FieldType.Reference reference || used == path.Count - 1)
            {
                used++;
                return new SubjectBinding.OfField(symbols.TypeOf(field.Type, kind.Name, field.Name), root.Index, steps, before, field.Slot);
            }
            steps.Add(new(kind.Index, field.Slot));
            kind = symbols.Vocabulary.Kinds[reference.Kind];
        }
        return new SubjectBinding.Itself(new CelType.Reference(kind.Name), root.Index, steps, before);
    }

    /// <summary>Why a personal field can't be read.</summary>
    public static string Personal(string path) => $"`{path}` is personal, and nothing can read it. What is computed must not depend on what may be erased: tell what is needed here in a field that is not personal.";

    /// <summary>The one way from a kind to another along references, as a path; null where there is none, or more than one.</summary>
    /// <param name="ways">How many there are; 2 for more than one.</param>
    public string? WayTo(SubjectKind from, SubjectKind to, out int ways)
    {
        var found = new Dictionary<int, (int Ways, string Path)> { [to.Index] = (1, "") };
        (ways, var path) = Search(from);
        return ways == 1 ? from.Name + path : null;

        // Each kind is looked at once; one that is being looked at is no way to itself.
        (int Ways, string Path) Search(SubjectKind at)
        {
            if (found.TryGetValue(at.Index, out var known)) { return known; }
            found[at.Index] = (0, "");
            var (count, only) = (0, "");
            foreach (var field in at.Fields)
            {
                if (field.Type is not FieldType.Reference reference) { continue; }
                var (further, rest) = Search(symbols.Vocabulary.Kinds[reference.Kind]);
                if (further > 0) { (count, only) = (Math.Min(2, count + further), $".{field.Name}{rest}"); }
            }
            return found[at.Index] = (count, only);
        }
    }

    private Binding? StateOf(SubjectKind kind, string name, SubjectKind root, List<Step> steps, bool before)
    {
        if (kind.Index == Vocabulary.MemberKind && name == Enrolled) { return new SubjectBinding.OfState(root.Index, [.. steps], before, -1); }
        if (!symbols.States.TryGetValue($"{kind.Name}.{name}", out var state)) { return null; }
        return state.IsRole
            ? new SubjectBinding.OfRole(root.Index, [.. steps], before, state.Index)
            : new SubjectBinding.OfState(root.Index, [.. steps], before, state.Index);
    }

    private string Unknown(SubjectKind kind, string name)
    {
        var prefix = kind.Name + ".";
        var known = kind.Fields.Select(f => f.Name)
            .Concat(symbols.States.Keys.Where(s => s.StartsWith(prefix, StringComparison.Ordinal)).Select(s => s[prefix.Length..]));
        if (kind.Index == Vocabulary.MemberKind) { known = known.Append(Enrolled); }
        if (symbols.Before is { } last && last.States.Contains(prefix + name))
        {
            return $"`{kind.Name}` has no field, state or role `{name}`. Edition `{last.Edition}` before this one has: `based-on: {last.Edition}` takes over each section that is not written here.";
        }
        return $"`{kind.Name}` has no field, state or role `{name}`. {Spelling.Suggest(name, known, "It has")}";
    }
}
