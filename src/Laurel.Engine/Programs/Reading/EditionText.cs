using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>An edition's file, its head read and its sections not yet.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Name">The edition's name.</param>
/// <param name="Draft">True for a draft.</param>
/// <param name="Keys">Its top-level keys.</param>
/// <param name="Effective">In force from here.</param>
/// <param name="Place">Where it is named.</param>
internal sealed record EditionText(string File, string Name, bool Draft, Keyed Keys, Instant Effective, Place Place)
{
    /// <summary>By section: what is written, here or in the edition that this one is based on.</summary>
    public IReadOnlyDictionary<string, YamlNode> Sections { get; init; } = new Dictionary<string, YamlNode>();

    /// <summary>False where the edition that this one is based on can't be found or read: then nobody knows what this one says.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>What is written under a section; null for nothing.</summary>
    public YamlNode? Section(string key) => Sections.GetValueOrDefault(key);
}

/// <summary>Reads the heads of the editions and fills in what each takes from another.</summary>
internal sealed class EditionTexts(Zone zone, ProblemList problems)
{
    private readonly PlainValues _plain = new(problems);
    private readonly List<EditionText> _texts = [];

    /// <summary>All editions by their effective date, then all drafts.</summary>
    public IReadOnlyList<EditionText> All => _texts;

    /// <summary>True where each edition could be read so far that others can be compared with it.</summary>
    public bool AreWhole { get; private set; } = true;

    /// <summary>Reads one file's head.</summary>
    /// <param name="root">What is written; null where the file can't be read.</param>
    public void Add(string file, YamlNode? root, bool draft)
    {
        var read = root is null ? null : Keyed.Of(root, root.Place, draft ? "a draft" : "an edition", Keys.Edition, problems);
        if (read is not { } keys)
        {
            AreWhole = false;
            return;
        }
        var name = keys.Need("edition") is { } named ? _plain.Scalar(named, "`edition`") : null;
        if (name is not null && !name.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            problems.Error("name", name.Place, $"`{name.Text}` can't be the name of an edition", "Write letters, digits, hyphens, underscores and points: it is what `--under` takes.");
        }
        var effective = keys.Need("effective") is { } date ? _plain.At(date, "`effective`", zone) : null;
        _texts.Add(new(file, name?.Text ?? file, draft, keys, effective ?? Instant.Last, name?.Place ?? new(file, 0, 0)));
    }

    /// <summary>Once all are there: sorts them, refuses names and dates that are there twice, and fills in <c>based-on</c>.</summary>
    public void Settle()
    {
        var sorted = _texts.OrderBy(t => t.Draft).ThenBy(t => t.Effective.Micros).ThenBy(t => t.File, StringComparer.Ordinal).ToList();
        _texts.Clear();
        _texts.AddRange(sorted);
        for (var i = 0; i < _texts.Count; i++) { RefuseTwins(i); }
        var graph = new Layers();
        foreach (var text in _texts) { graph.Add(text.File, Base(text, silent: true) is { } b ? [b.File] : []); }
        if (graph.Circle() is { } circle)
        {
            var first = _texts.First(t => t.File == circle[0]);
            problems.Error(
                "circle", first.Keys.PlaceOf("based-on"), $"editions are based on one another in a circle: {Layers.Print(circle, "is based on")}",
                "Write the sections out in one of them.");
            _texts.RemoveAll(t => circle.Contains(t.File));
            AreWhole = false;
        }
        for (var i = 0; i < _texts.Count; i++) { _texts[i] = Fill(_texts[i]); }
        AreWhole &= _texts.TrueForAll(t => t.IsWhole);
    }

    /// <summary>The edition that another is based on; null for none.</summary>
    public EditionText? Base(EditionText text, bool silent)
    {
        if (text.Keys.Find("based-on") is not YamlNode.Scalar { Refused: false } name) { return null; }
        if (_texts.Find(t => t.Name == name.Text && (text.Draft || !t.Draft)) is { } found) { return found; }
        if (silent || !AreWhole) { return null; }
        if (_texts.Exists(t => t.Name == name.Text))
        {
            problems.Error("based-on-draft", name.Place, $"an edition can't be based on the draft `{name.Text}`: a draft may still change", "Publish the draft first, or write the sections out.");
        }
        else
        {
            problems.Error("unknown-edition", name.Place, $"there is no edition `{name.Text}`", Spelling.Suggest(name.Text, _texts.Where(t => t.File != text.File).Select(t => t.Name), "There is"));
        }
        return null;
    }

    private void RefuseTwins(int index)
    {
        var text = _texts[index];
        foreach (var other in _texts.Take(index))
        {
            if (other.Name == text.Name && _texts.Take(index).First(t => t.Name == text.Name) == other)
            {
                var what = other.Draft == text.Draft ? text.Draft ? "two drafts are" : "two editions are" : "a draft and an edition are";
                problems.Error("edition-twice", text.Place, $"{what} named `{text.Name}`: the other one is in {other.File}", "Give each a name of its own.");
            }
            if (!text.Draft && !other.Draft && other.Effective == text.Effective && text.Effective != Instant.Last)
            {
                problems.Error(
                    "edition-overlap", text.Keys.PlaceOf("effective"), $"edition `{text.Name}` is in force from the same date as edition `{other.Name}`",
                    "An edition is in force until the next one's date: give one of the two another date.");
            }
        }
    }

    private EditionText Fill(EditionText text)
    {
        if (text.Keys.Find("based-on") is YamlNode.List or YamlNode.Map) { _plain.Text(text.Keys.Find("based-on"), "`based-on`"); }
        var sections = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var whole = true;
        for (var at = text; at is not null; at = Base(at, silent: at != text))
        {
            whole = at.Keys.Find("based-on") is null || Base(at, silent: true) is not null;
            foreach (var key in Keys.Inherited)
            {
                if (at.Keys.Find(key) is { } node) { sections.TryAdd(key, node); }
            }
        }
        return text with { Sections = sections, IsWhole = whole };
    }
}
