using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Scenarios;

/// <summary>Reads a program's scenarios/*.yaml. Never throws; yields all problems.</summary>
public static class ScenarioReader
{
    private const string Folder = "scenarios/";

    /// <summary>Reads the scenarios of a program's folder, and of the program whose rules it has (<c>same-as</c>). With their dates it also finds lists of holidays that have run out.</summary>
    /// <param name="program">The program.</param>
    /// <param name="files">The texts by their path in the folder, parts separated by "/"; files of other names are left alone.</param>
    public static ScenariosRead Read(PartnerProgram program, IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(files);
        var problems = new ProblemList();
        var reader = new ScenarioFileReader(new(program), problems);
        var scenarios = new List<Scenario>();
        foreach (var (file, text) in files.Where(f => InFolder(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (file.EndsWith(".yaml", StringComparison.Ordinal)) { scenarios.AddRange(reader.Read(file, text)); }
            else if (file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            {
                problems.Error("file-name", new(file, 0, 0), $"the file {file} is not read", $"Call it {file[..^4]}.yaml.");
            }
        }
        HolidayCheck.Check(program, scenarios, files, problems);
        return new(scenarios, [.. problems.All.OrderBy(p => p.Place.File, StringComparer.Ordinal).ThenBy(p => p.Place.Line).ThenBy(p => p.Place.Column)]);
    }

    private static bool InFolder(string file) =>
        (file.StartsWith("../", StringComparison.Ordinal) ? file[(file.IndexOf('/', 3) + 1)..] : file).StartsWith(Folder, StringComparison.Ordinal);
}

/// <summary>Reads files of scenarios.</summary>
internal sealed class ScenarioFileReader(ProgramNames names, ProblemList problems)
{
    private readonly PlainValues _plain = new(problems);
    private readonly HashSet<(string File, string Name)> _named = [];

    /// <summary>Reads one file: a scenario, or several under the key <c>scenarios</c>.</summary>
    public IReadOnlyList<Scenario> Read(string file, string text)
    {
        if (YamlReader.Read(file, text, problems) is not { } root) { return []; }
        if (root is YamlNode.Map map && map.Find("scenarios") is null) { return ReadOne(root) is { } alone ? [alone] : []; }
        if (Keyed.Of(root, root.Place, "a file of scenarios", ScenarioKeys.File, problems) is not { } keys || keys.Need("scenarios") is not { } list) { return []; }
        return [.. PlainValues.Items(list).Select(ReadOne).OfType<Scenario>()];
    }

    private Scenario? ReadOne(YamlNode node)
    {
        var before = problems.ErrorCount;
        if (Keyed.Of(node, node.Place, "a scenario", ScenarioKeys.Scenario, problems) is not { } keys) { return null; }
        var name = keys.Need("scenario") is { } said ? _plain.Scalar(said, "`scenario`") : null;
        var cases = _plain.Texts(keys.Find("case"), "`case`").Select(c => c.Text).ToList();
        var doc = _plain.Doc(keys);
        if (name is not null && !_named.Add((name.Place.File, name.Text)))
        {
            problems.Error("scenario-twice", name.Place, $"there is a scenario `{name.Text}` already in this file", "Say what this one shows that the other does not.");
        }
        var facts = keys.Find("facts") is { } written and not YamlNode.Scalar { Plain: true, Text: "" } ? written : new YamlNode.List(keys.Place, []);
        var told = problems.ErrorCount;
        var history = new FactItemReader(names.Vocabulary, problems).Read(facts);
        var expectations = keys.Need("expect") is { } expect ? ReadExpected(expect, new(names, history, whole: problems.ErrorCount == told, problems)) : [];
        return problems.ErrorCount > before || name is null ? null : new(name.Text, cases, doc.Source, doc.Says, history, expectations, name.Place);
    }

    private IReadOnlyList<Expectation> ReadExpected(YamlNode node, ExpectationReader reader)
    {
        if (node is YamlNode.List { Items.Count: 0 } or YamlNode.Scalar { Plain: true, Text: "" })
        {
            problems.Error("nothing-expected", node.Place, "the scenario expects nothing", "Write what must come out: `- { at: 2024-06-01, member: ada, points: 300 }`.");
            return [];
        }
        return reader.Read(node);
    }
}
