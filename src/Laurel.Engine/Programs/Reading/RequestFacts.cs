using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// The facts that requests are: NAME.submitted, .reopened, .declined, .withdrawn, .approved, in this order, after all others. They
/// exist in every edition of the program where one edition has the request.
/// </summary>
internal sealed class RequestFacts(Vocabulary vocabulary, ProblemList problems)
{
    private static readonly IReadOnlyList<string> Answers = ["submitted", "reopened", "declined", "withdrawn", "approved"];

    private readonly List<Head> _heads = [];

    /// <summary>The vocabulary with the facts of all requests.</summary>
    public Vocabulary Add(IEnumerable<EditionText> editions)
    {
        foreach (var edition in editions)
        {
            foreach (var entry in edition.Section("requests") is YamlNode.Map map ? map.Entries : []) { Collect(entry); }
        }
        var facts = vocabulary.FactTypes.ToList();
        foreach (var head in _heads)
        {
            foreach (var answer in Answers) { AddFact(head, answer, facts); }
        }
        return vocabulary with { FactTypes = facts };
    }

    private void Collect(YamlNode.Entry entry)
    {
        // What is wrong with a request is told where its edition is read; here only what the facts need is looked at.
        if (!Names.IsName(entry.Name) || entry.Value is not YamlNode.Map map || map.Find("about") is not YamlNode.Scalar about) { return; }
        if (vocabulary.Kinds.FirstOrDefault(k => k.Name == about.Text) is not { } kind) { return; }
        var head = _heads.Find(h => h.Name == entry.Name);
        if (head is null)
        {
            head = new(entry.Name, kind, [], entry.Key.Place);
            _heads.Add(head);
        }
        else if (head.About != kind)
        {
            problems.Error(
                "request-about", about.Place, $"the request `{entry.Name}` is about `{head.About.Name}` in {head.Place.File} and about `{kind.Name}` here",
                "A request is about one kind in all editions, since its facts are: give one of the two another name.");
            return;
        }
        foreach (var item in map.Find("form") is { } form ? PlainValues.Items(form) : [])
        {
            if (item is YamlNode.Scalar { Text: not "member" } text && CarriedField.Of(text.Text, kind, vocabulary.Kinds, needed: false) is { } field && !head.Form.Contains(field)) { head.Form.Add(field); }
        }
    }

    private void AddFact(Head head, string answer, List<FactType> facts)
    {
        var name = $"{head.Name}.{answer}";
        if (facts.Exists(f => f.Name == name))
        {
            problems.Error("name-twice", head.Place, $"the request `{head.Name}` makes the fact `{name}`, which program.yaml has already", "Take the fact out of program.yaml, or rename the request.");
            return;
        }
        var carries = new List<FactField>();
        if (head.About.Index != Vocabulary.MemberKind) { carries.Add(new("member", new FieldType.Reference(Vocabulary.MemberKind), -1, Needed: true)); }
        if (answer == "submitted") { carries.AddRange(head.Form); }
        AddText("reason");
        AddText("by");
        facts.Add(new(name, facts.Count, head.About.Index, carries));

        void AddText(string field)
        {
            if (carries.All(c => c.Name != field) && head.About.Fields.All(f => f.Name != field)) { carries.Add(new(field, new FieldType.Text(), -1, Needed: false)); }
        }
    }

    private sealed record Head(string Name, SubjectKind About, List<FactField> Form, Place Place);
}
