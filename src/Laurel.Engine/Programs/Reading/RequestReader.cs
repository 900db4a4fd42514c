namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the requests of an edition; the facts that they are exist already.</summary>
internal sealed class RequestReader(ReadingContext context)
{
    private static readonly IReadOnlyList<string> Answerers = ["client", "operator", "member"];

    /// <summary>Reads a section.</summary>
    public IReadOnlyList<Request> Read(YamlNode? section)
    {
        var requests = new List<Request>();
        foreach (var entry in context.Plain.Named(section, "`requests`"))
        {
            if (Names.Check(entry.Key, "a request", root: true, context.Problems) && ReadOne(entry, requests.Count) is { } request) { requests.Add(request); }
        }
        return requests;
    }

    private Request? ReadOne(YamlNode.Entry entry, int index)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a request", Keys.Request, context.Problems) is not { } keys) { return null; }
        var kind = context.Kind(keys.Need("about"), "`about`");
        var asks = context.Plain.OneOf(keys.Need("asks"), "`asks`", Answerers);
        var form = ReadForm(keys.Find("form"), kind);
        var remind = context.Plain.Length(keys.Find("remind"), "`remind`");
        var escalate = context.Plain.Length(keys.Find("escalate"), "`escalate`");
        var expires = context.Plain.Length(keys.Find("expires"), "`expires`");
        var doc = context.Plain.Doc(keys);
        if (kind is null) { return null; }
        var where = context.Condition(keys.Find("where"), "`where`", $"request {entry.Name}", RequestScope(kind));
        int Fact(string answer) => context.Names.Fact($"{entry.Name}.{answer}") is { } fact && fact.About == kind.Index ? fact.Order : -1;
        var submitted = Fact("submitted");
        return submitted < 0 || asks is null ? null : new(
            entry.Name, index, kind.Index, asks, where, form, remind, escalate, expires,
            submitted, Fact("approved"), Fact("declined"), Fact("reopened"), Fact("withdrawn"), doc);
    }

    private ConditionScope RequestScope(SubjectKind kind) =>
        new(context.Names, kind, [], Before: false, Standing: true, "");

    private List<FactField> ReadForm(YamlNode? node, SubjectKind? kind)
    {
        var form = new List<FactField>();
        foreach (var text in context.Plain.Texts(node, "a field of the form"))
        {
            if (kind is null) { continue; }
            if (CarriedField.Of(text.Text, kind, context.Names.Vocabulary.Kinds, needed: false) is { } field && field.Name != "member") { form.Add(field); }
            else
            {
                context.Error("unknown-field", text.Place, $"`{kind.Name}` has no field `{text.Text}`", Spelling.Suggest(text.Text, kind.Fields.Select(f => f.Name), "It has"));
            }
        }
        return form;
    }
}
