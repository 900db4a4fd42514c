namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the states and roles of an edition.</summary>
internal sealed class StateReader(ReadingContext context)
{
    private readonly TriggerReader _triggers = new(context);

    /// <summary>Declares the names of a section.</summary>
    public void Declare(YamlNode? section, bool roles)
    {
        var index = 0;
        foreach (var entry in context.Plain.Named(section, roles ? "`roles`" : "`states`"))
        {
            if (Declared(entry.Key, roles) is not { } kind) { continue; }
            context.Names.States[entry.Name] = new(entry.Name, index++, kind.Index, roles, entry.Key.Place);
        }
    }

    /// <summary>Reads a section whose names are declared.</summary>
    public IReadOnlyList<StateRule> Read(YamlNode? section, bool roles)
    {
        var states = new List<StateRule>();
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (context.Names.States.TryGetValue(entry.Name, out var symbol) && symbol.IsRole == roles && symbol.Place == entry.Key.Place) { states.Add(ReadOne(entry, symbol)); }
        }
        return states;
    }

    private SubjectKind? Declared(YamlNode.Scalar name, bool role)
    {
        var what = role ? "a role" : "a state";
        if (!Names.CheckDotted(name, what, context.Problems)) { return null; }
        var point = name.Text.IndexOf('.', StringComparison.Ordinal);
        if (context.Names.Kind(name.Text[..point]) is not { } kind)
        {
            context.Error("unknown-kind", name.Place, $"`{name.Text}` is about `{name.Text[..point]}`, and there is no kind of that name", Spelling.Suggest(name.Text[..point], context.Names.Vocabulary.Kinds.Select(k => k.Name), "The kinds are"));
            return null;
        }
        var own = name.Text[(point + 1)..];
        var taken = context.Names.States.ContainsKey(name.Text) ? "a state" :
            kind.Fields.Any(f => f.Name == own) ? "a field" :
            context.Names.Fact(name.Text) is not null ? "a fact" :
            kind.Index == Vocabulary.MemberKind && own == SubjectPaths.Enrolled ? "a state that every program has" : null;
        if (taken is not null)
        {
            context.Error("name-twice", name.Place, $"`{name.Text}` is {what} here and {taken} already", "A name means one thing in an edition: rename one of the two.");
            return null;
        }
        if (role && kind.Index == Vocabulary.MemberKind)
        {
            context.Error("role-of-member", name.Place, $"`{name.Text}` would be a role of a member on a member", "Write it under `states`: what is true of a member is a state.");
            return null;
        }
        return kind;
    }

    private StateRule ReadOne(YamlNode.Entry entry, StateSymbol symbol)
    {
        var kind = context.Names.Vocabulary.Kinds[symbol.Kind];
        var state = new StateRule(entry.Name, symbol.Index, kind.Index, 0, null, [], [], null, -1, One: false, "member", ReadingContext.At(entry.Key.Place));
        if (!symbol.IsRole && entry.Value is YamlNode.Scalar { Text.Length: > 0 })
        {
            return state with { Condition = context.Condition(entry.Value, $"`{entry.Name}`", entry.Name, context.SubjectScope(kind)) };
        }
        if (Keyed.Of(entry.Value, entry.Key.Place, symbol.IsRole ? "a role" : "a state", symbol.IsRole ? Keys.Role : Keys.State, context.Problems) is not { } keys) { return state; }
        var starts = _triggers.Read(keys.Need("starts"), new($"`starts` of `{entry.Name}`", entry.Name, kind, Conditional: true));
        var ends = _triggers.Read(keys.Find("ends"), new($"`ends` of `{entry.Name}`", entry.Name, kind, Conditional: true));
        state = state with
        {
            Starts = starts,
            Ends = ends,
            For = context.Plain.Length(keys.Find("for"), "`for`"),
            Until = ReadUntil(keys.Find("until"), kind),
            One = context.Plain.Flag(keys.Find("one"), "`one`"),
            Who = context.Plain.Text(keys.Find("who"), "`who`") ?? "member",
            Doc = context.Plain.Doc(keys),
        };
        if (symbol.IsRole) { CheckNamed(state); }
        return state;
    }

    private int ReadUntil(YamlNode? node, SubjectKind kind) =>
        node is null || context.Plain.Scalar(node, "`until`") is not { } text ? -1 : context.InstantOf(text, "`until`", kind)?.Slot ?? -1;

    // Who has a role is what its facts name.
    private void CheckNamed(StateRule role)
    {
        foreach (var start in role.Starts)
        {
            if (start.Fact < 0)
            {
                context.Error("role-without-member", start.Doc.Place, $"this starts the role `{role.Name}` and names no member", "A role is started by facts, and each names the member. What needs no member is a state.");
                continue;
            }
            var fact = context.Names.Vocabulary.FactTypes[start.Fact];
            if (fact.Carries.FirstOrDefault(f => f.Name == role.Who)?.Type is FieldType.Reference { Kind: Vocabulary.MemberKind }) { continue; }
            context.Error(
                "role-without-member", start.Doc.Place, $"`{fact.Name}` starts the role `{role.Name}` and does not carry a member as `{role.Who}`",
                $"Let the fact carry it (`needs: [{role.Who}]` in program.yaml), or say by `who` which of its fields names the member.");
        }
    }
}
