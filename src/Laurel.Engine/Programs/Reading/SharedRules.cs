using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>A program that has the rules of another one, under names of its own (<c>same-as</c>).</summary>
/// <param name="Folder">Where the other program's files are among the texts, "../NAME/"; null, and problems, where they can't be used.</param>
/// <param name="Declared">Where its words are written.</param>
internal sealed record SharedRules(string Program, Phrase Title, IReadOnlyDictionary<string, Phrase> Words, string? Folder, IReadOnlyDictionary<string, Documentation> Declared)
{
    /// <summary>The key that names the other program.</summary>
    public const string Key = "same-as";

    /// <summary>What program.yaml says of it; null where it has rules of its own.</summary>
    public static SharedRules? Find(YamlNode root, IReadOnlyDictionary<string, string> files, ProblemList problems)
    {
        if (root is not YamlNode.Map map || map.Find(Key) is not { } node) { return null; }
        var declared = new Dictionary<string, Documentation>(StringComparer.Ordinal);
        var (name, title, words) = new VocabularyReader(problems).ReadHead(Keyed.Of(root, root.Place, "a program", Keys.Program, problems)!, declared);
        var other = new PlainValues(problems).Scalar(node, "`same-as`");
        foreach (var key in map.Entries.Where(e => Keys.Program.Contains(e.Name) && !Keys.SameAs.Contains(e.Name)))
        {
            problems.Error("same-as", key.Key.Place, $"`{key.Name}` stands beside `same-as`, and is that of the other program", "Take it out: a program with rules of its own has no `same-as`.");
        }
        foreach (var file in files.Keys.Where(f => f.StartsWith("editions/", StringComparison.Ordinal) || f.StartsWith("drafts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            problems.Error("same-as", new(file, 0, 0), "an edition stands beside `same-as`: this program has those of the other one", "Take it out, or take `same-as` out and write all of the program here.");
        }
        return new(name, title, words, other is not null && IsUsable(other, name, files, problems) ? FolderOf(other.Text) : null, declared);
    }

    /// <summary>What the other program says, by this one's names; words that it does not have are the other's.</summary>
    public WrittenVocabulary Rename(WrittenVocabulary other) => new(
        other.Vocabulary with { Program = Program, Title = Title, Words = Over(other.Vocabulary.Words, Words) }, Over(other.Declared, Declared));

    private static Dictionary<string, T> Over<T>(IReadOnlyDictionary<string, T> others, IReadOnlyDictionary<string, T> own)
    {
        var all = new Dictionary<string, T>(others, StringComparer.Ordinal);
        foreach (var (name, value) in own) { all[name] = value; }
        return all;
    }

    // One step only, so there is no way round in a circle.
    private static bool IsUsable(YamlNode.Scalar name, string own, IReadOnlyDictionary<string, string> files, ProblemList problems)
    {
        if (name.Text == own)
        {
            problems.Error("same-as", name.Place, $"the program `{own}` is the same as itself, and so nobody writes its rules", "Name the program that has them, or take `same-as` out and write them here.");
            return false;
        }
        if (!files.TryGetValue(FolderOf(name.Text) + ProgramReader.VocabularyFile, out var other))
        {
            var beside = files.Keys.Where(f => f.StartsWith("../", StringComparison.Ordinal) && f.EndsWith("/" + ProgramReader.VocabularyFile, StringComparison.Ordinal)).Select(f => f.Split('/')[1]).Where(f => f != own);
            problems.Error("unknown-program", name.Place, $"there is no program `{name.Text}` beside this one", Spelling.Suggest(name.Text, beside, "A program is a folder with a program.yaml; beside this one are"));
            return false;
        }
        if (ProgramReader.SameAs(new Dictionary<string, string> { [ProgramReader.VocabularyFile] = other }) is not { } further) { return true; }
        problems.Error(
            "same-as", name.Place, $"the program `{name.Text}` is itself the same as `{further}`{(further == own ? ": neither of the two has rules" : "")}",
            further == own ? "Write the rules in one of them." : $"Write `same-as: {further}`.");
        return false;
    }

    private static string FolderOf(string name) => $"../{name}/";
}
