using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads program.yaml: what can be told.</summary>
internal sealed class VocabularyReader(ProblemList problems)
{
    /// <summary>As many fields as a fact may carry: intake keeps which of them it has seen as bits.</summary>
    private const int FieldsMax = 64;

    private static readonly IReadOnlyList<string> SimpleTypes = ["text", "number", "flag", "instant"];

    private readonly PlainValues _plain = new(problems);
    private readonly List<Unit> _units = [];
    private readonly List<SubjectKind> _kinds = [];
    private readonly List<FactType> _facts = [];

    /// <summary>Reads the vocabulary; the facts of the requests are added later, by <see cref="RequestFacts"/>.</summary>
    /// <returns>Null where there is too little to go on.</returns>
    public WrittenVocabulary? Read(YamlNode root)
    {
        if (Keyed.Of(root, root.Place, "a program", Keys.Program, problems) is not { } keys) { return null; }
        var declared = new Dictionary<string, Documentation>(StringComparer.Ordinal);
        var (name, title, words) = ReadHead(keys, declared);
        var zone = ReadZone(keys.Find("time-zone"));
        ReadUnits(keys.Find("units"), declared);
        ReadKinds(keys.Find("subjects"), declared);
        AddBuiltIn();
        ReadFacts(keys.Find("facts"), declared);
        return new(new(name, title, zone, _units, _kinds, _facts, words), declared);
    }

    /// <summary>What the program, and what it speaks of, are called.</summary>
    public (string Name, Phrase Title, IReadOnlyDictionary<string, Phrase> Words) ReadHead(Keyed keys, Dictionary<string, Documentation> declared)
    {
        var name = keys.Need("program") is { } named ? _plain.Scalar(named, "`program`") : null;
        if (name is not null && !IsName(name.Text)) { problems.Error("name", name.Place, $"`{name.Text}` can't be the name of a program", "Write lower-case letters, digits and hyphens, as in an address."); }
        _plain.Doc(keys);
        return (name?.Text ?? "", _plain.Phrase(keys.Find("title"), "`title`") ?? Phrase.Of(name?.Text ?? ""), ReadWords(keys.Find("words"), declared));
    }

    /// <summary>True for what can be a program's name.</summary>
    public static bool IsName(string text) => text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private Zone ReadZone(YamlNode? node)
    {
        if (node is null || _plain.Scalar(node, "`time-zone`") is not { } text) { return Zone.Utc; }
        if (Zone.Find(text.Text) is { } zone) { return zone; }
        problems.Error("time-zone", text.Place, $"there is no time zone `{text.Text}`", "Write its name in the IANA database, such as `Europe/Berlin`, or `UTC`.");
        return Zone.Utc;
    }

    private Dictionary<string, Phrase> ReadWords(YamlNode? node, Dictionary<string, Documentation> declared)
    {
        var words = new Dictionary<string, Phrase>(StringComparer.Ordinal);
        foreach (var entry in _plain.Named(node, "`words`"))
        {
            if (_plain.Phrase(entry.Value, $"the word for `{entry.Name}`") is { } phrase) { words[entry.Name] = phrase; }
            declared["word " + entry.Name] = ReadingContext.At(entry.Key.Place);
        }
        return words;
    }

    private void ReadUnits(YamlNode? node, Dictionary<string, Documentation> declared)
    {
        foreach (var entry in _plain.Named(node, "`units`"))
        {
            if (!Names.Check(entry.Key, "a unit", root: true, problems)) { continue; }
            if (Keyed.Of(entry.Value, entry.Key.Place, "a unit", Keys.Unit, problems) is not { } keys) { continue; }
            var unit = new Unit(entry.Name, _units.Count, _plain.Whole(keys.Find("decimals"), "`decimals`", 0, 9) ?? 0, _plain.Flag(keys.Find("money"), "`money`"), null) { One = _plain.Phrase(keys.Find("one"), "`one`") };
            if (keys.Find("second-person-above") is { } above && _plain.Scalar(above, "`second-person-above`") is { } text)
            {
                unit = unit with { SecondPersonAbove = _plain.Amount(text, text.Text, "`second-person-above`", unit) };
            }
            declared["unit " + entry.Name] = _plain.Doc(keys);
            _units.Add(unit);
        }
    }

    private void ReadKinds(YamlNode? node, Dictionary<string, Documentation> declared)
    {
        _kinds.Add(new("member", Vocabulary.MemberKind, []));
        _kinds.Add(new("person", Vocabulary.PersonKind, []));
        var entries = _plain.Named(node, "`subjects`");
        foreach (var entry in entries)
        {
            declared["kind " + entry.Name] = ReadingContext.At(entry.Key.Place);
            if (entry.Name is "member" or "person" || !Names.Check(entry.Key, "a kind of subject", root: true, problems)) { continue; }
            if (_units.Any(u => u.Name == entry.Name))
            {
                problems.Error("name-twice", entry.Key.Place, $"`{entry.Name}` is a unit and a kind of subject", "A name means one thing: rename one of the two.");
            }
            _kinds.Add(new(entry.Name, _kinds.Count, []));
        }
        foreach (var entry in entries)
        {
            var index = _kinds.FindIndex(k => k.Name == entry.Name);
            if (index >= 0) { _kinds[index] = _kinds[index] with { Fields = ReadFields(entry, declared) }; }
        }
        RefuseCircles(declared);
    }

    private List<Field> ReadFields(YamlNode.Entry kind, Dictionary<string, Documentation> declared)
    {
        var fields = new List<Field>();
        foreach (var entry in _plain.Named(kind.Value, $"the fields of `{kind.Name}`"))
        {
            if (!Names.Check(entry.Key, "a field", root: false, problems)) { continue; }
            if (entry.Name == "enrolled" && kind.Name == "member")
            {
                problems.Error("name-twice", entry.Key.Place, "`member.enrolled` is a state that every program has", "Choose another name for the field.");
                continue;
            }
            declared[$"field {kind.Name}.{entry.Name}"] = ReadingContext.At(entry.Key.Place);
            fields.Add(ReadField(entry, fields.Count));
        }
        return fields;
    }

    private Field ReadField(YamlNode.Entry entry, int slot)
    {
        if (entry.Value is not YamlNode.Map) { return new(entry.Name, slot, ReadType(entry.Value)); }
        var keys = Keyed.Of(entry.Value, entry.Key.Place, "a field", Keys.Field, problems)!;
        var field = new Field(entry.Name, slot, keys.Need("type") is { } type ? ReadType(type) : new FieldType.Text()) { Personal = _plain.Flag(keys.Find("personal"), "`personal`") };
        if (field is { Personal: true, Type: FieldType.Reference })
        {
            problems.Error("personal-reference", entry.Key.Place, $"`{entry.Name}` names another subject, and can't be personal", "What refers to what stays. Let an id be the other subject's name, and tell what is personal of it in a field of its own.");
        }
        return field;
    }

    private FieldType ReadType(YamlNode node)
    {
        if (node is YamlNode.List list)
        {
            var values = _plain.Texts(list, "a value").Select(v => v.Text).ToList();
            if (values.Count == 0 || values.Distinct(StringComparer.Ordinal).Count() < values.Count)
            {
                problems.Error("choice", node.Place, values.Count == 0 ? "a list of values without a value" : "a value is there twice", "List each value that the field may have, once.");
            }
            return new FieldType.Choice(values);
        }
        if (_plain.Scalar(node, "a field's type") is not { } text) { return new FieldType.Text(); }
        switch (text.Text)
        {
            case "text": return new FieldType.Text();
            case "number": return new FieldType.Number();
            case "flag": return new FieldType.Flag();
            case "instant": return new FieldType.Instant();
        }
        if (_kinds.Find(k => k.Name == text.Text) is { } kind) { return new FieldType.Reference(kind.Index); }
        var unit = _units.Find(u => u.Name == text.Text);
        if (unit is { Money: true }) { return new FieldType.Money(unit.Index); }
        if (unit is not null)
        {
            problems.Error("unknown-type", text.Place, $"`{text.Text}` is no type: it is a unit, and not of money", "Write `number`, or `money: true` at the unit.");
            return new FieldType.Number();
        }
        var known = SimpleTypes.Concat(_units.Where(u => u.Money).Select(u => u.Name)).Concat(_kinds.Select(k => k.Name));
        problems.Error("unknown-type", text.Place, $"there is no type `{text.Text}`", Spelling.Suggest(text.Text, known, "A type is a list of values in brackets, or one of"));
        return new FieldType.Text();
    }

    // Subjects are derived after those that they refer to; so kinds refer without a circle.
    private void RefuseCircles(Dictionary<string, Documentation> declared)
    {
        var graph = new Layers();
        foreach (var kind in _kinds)
        {
            graph.Add(kind.Name, kind.Fields.Select(f => f.Type).OfType<FieldType.Reference>().Select(r => _kinds[r.Kind].Name));
        }
        if (graph.Circle() is { } circle)
        {
            problems.Error(
                "circle", declared.GetValueOrDefault("kind " + circle[0])?.Place ?? new(ProgramReader.VocabularyFile, 0, 0), $"kinds refer to one another in a circle: {Layers.Print(circle, "refers to")}",
                "A subject is looked at after those that it refers to. Take one of these fields out.");
        }
    }

    private void AddBuiltIn()
    {
        var text = new FieldType.Text();
        IReadOnlyList<FactField> amount =
            [new("unit", text, -1, Needed: true), new("amount", new FieldType.Number(), -1, Needed: true), new("reason", text, -1, Needed: true), new("by", text, -1, Needed: true)];
        Add("member.joined", [], BuiltIn.Joined);
        Add("member.left", [], BuiltIn.Left);
        Add("member.adjusted", amount, BuiltIn.Adjusted);
        Add("member.migrated", amount, BuiltIn.Migrated);
        Add("fact.retracted", [new("source", text, -1, Needed: true), new("id", text, -1, Needed: true), new("reason", text, -1, Needed: false)], BuiltIn.Retracted);
        Add("edition.published", [new("edition", text, -1, Needed: true), new("hash", text, -1, Needed: true)], BuiltIn.Published);

        void Add(string name, IReadOnlyList<FactField> carries, BuiltIn builtIn) =>
            _facts.Add(new(name, _facts.Count, Vocabulary.MemberKind, carries, builtIn));
    }

    private void ReadFacts(YamlNode? node, Dictionary<string, Documentation> declared)
    {
        foreach (var entry in _plain.Named(node, "`facts`"))
        {
            if (!Names.CheckDotted(entry.Key, "a type of fact", problems)) { continue; }
            if (_facts.Any(f => f.Name == entry.Name))
            {
                problems.Error("name-twice", entry.Key.Place, $"every program has the fact `{entry.Name}`", "Take it out, or choose another name.");
                continue;
            }
            if (Keyed.Of(entry.Value, entry.Key.Place, "a type of fact", Keys.Fact, problems) is not { } keys)
            {
                problems.Broken($"fact {entry.Name}");
                continue;
            }
            var doc = _plain.Doc(keys);
            if (keys.Need("about") is not { } about || Kind(about) is not { } kind)
            {
                problems.Broken($"fact {entry.Name}");
                continue;
            }
            var carries = new List<FactField>();
            ReadCarried(keys.Find("needs"), needed: true, kind, carries);
            ReadCarried(keys.Find("may"), needed: false, kind, carries);
            if (carries.Count > FieldsMax) { problems.Error("too-many-fields", entry.Key.Place, $"`{entry.Name}` carries {carries.Count} fields", $"One type of fact may carry {FieldsMax}. Make two of it."); }
            declared["fact " + entry.Name] = doc;
            _facts.Add(new(entry.Name, _facts.Count, kind.Index, carries));
        }
    }

    private SubjectKind? Kind(YamlNode node)
    {
        if (_plain.Scalar(node, "`about`") is not { } text) { return null; }
        if (_kinds.Find(k => k.Name == text.Text) is { } kind) { return kind; }
        problems.Error("unknown-kind", text.Place, $"there is no kind of subject `{text.Text}`", Spelling.Suggest(text.Text, _kinds.Select(k => k.Name), "The kinds are"));
        return null;
    }

    private void ReadCarried(YamlNode? node, bool needed, SubjectKind about, List<FactField> carries)
    {
        foreach (var text in _plain.Texts(node, "a field"))
        {
            if (carries.Any(c => c.Name == text.Text))
            {
                problems.Error("name-twice", text.Place, $"the field `{text.Text}` is there twice", "Name it once, under `needs` or under `may`.");
            }
            else if (text.Text == "time")
            {
                problems.Error("name", text.Place, "a fact can't carry a field `time`: every fact has its own time", "Choose another name for the field.");
            }
            else if (CarriedField.Of(text.Text, about, _kinds, needed) is { } field)
            {
                if (field is { Personal: true, Needed: true }) { problems.Error("personal-needed", text.Place, $"a fact can't need `{text.Text}`, which is personal", "What may be erased, nothing can need. Put it under `may`."); }
                carries.Add(field);
            }
            else
            {
                var known = about.Fields.Select(f => f.Name).Concat(_kinds.Where(k => k != about).Select(k => k.Name));
                problems.Error("unknown-field", text.Place, $"`{about.Name}` has no field `{text.Text}`, and there is no kind of that name", Spelling.Suggest(text.Text, known, "There is"));
            }
        }
    }
}

/// <summary>What program.yaml says, and where.</summary>
/// <param name="Declared">"unit points", "kind site", "field site.plan", "fact site.created", with what is said of it, and where.</param>
internal sealed record WrittenVocabulary(Vocabulary Vocabulary, IReadOnlyDictionary<string, Documentation> Declared);

/// <summary>Finds what a fact's field means: the subject's own, or the name of a kind.</summary>
internal static class CarriedField
{
    /// <summary>The field that a fact about a kind carries under a name; null where there is none.</summary>
    public static FactField? Of(string name, SubjectKind about, IReadOnlyList<SubjectKind> kinds, bool needed)
    {
        if (about.Fields.FirstOrDefault(f => f.Name == name) is { } field) { return new(name, field.Type, field.Slot, needed) { Personal = field.Personal }; }
        var kind = kinds.FirstOrDefault(k => k.Name == name && k != about);
        return kind is null ? null : new(name, new FieldType.Reference(kind.Index), -1, needed);
    }
}
