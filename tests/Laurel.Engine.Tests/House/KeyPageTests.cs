using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Tests.Programs;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Laurel.Engine.Tests.House;

/// <summary>The guide's reference of keys says what the schemas say, and the schemas say enough.</summary>
public sealed class KeyPageTests
{
    public static TheoryData<string> Schemas => [.. KeyPage.Files.Select(file => file.Schema)];

    [Fact]
    public void The_page_is_what_the_schemas_give() => House.Approves(KeyPage.File, KeyPage.Text());

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_key_has_a_meaning_an_example_and_a_default_unless_it_is_needed(string schema) => House.Keeps(
        "a key's description ends with `Default: …` where it is not needed, and it has examples",
        from key in KeysOf(schema)
        let needed = key.Parent!.Parent!.Parent!["required"]?.Any(name => (string?)name == key.Name) ?? false
        let description = (string?)key.Value["description"] ?? ""
        where description.Contains(KeyPage.Default, StringComparison.Ordinal) == needed || description.Length == 0 || key.Value["examples"] is not JArray { Count: > 0 }
        select key.Path);

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Every_example_is_valid_as_it_is_printed(string schema)
    {
        var read = await JsonSchema.FromJsonAsync(Repository.Read($"schemas/{schema}.schema.json"));
        var keys = read.Definitions.SelectMany(d => d.Value.Properties.Select(p => (Name: $"{d.Key}.{p.Key}", Schema: (JsonSchema)p.Value)))
            .Concat(read.Properties.Select(p => (Name: $".{p.Key}", Schema: (JsonSchema)p.Value))).ToDictionary(key => key.Name, key => key.Schema);
        var wrong = new List<string>();
        foreach (var key in KeysOf(schema))
        {
            var of = key.Parent!.Parent!.Parent!.Parent is JProperty definition ? definition.Name : "";
            foreach (var example in key.Value["examples"]!)
            {
                wrong.AddRange(keys[$"{of}.{key.Name}"].Validate(Read($"{key.Name}: {KeyPage.Yaml(example)}\n")[key.Name]!).Select(problem => $"{key.Path}: {example}: {problem.Kind}"));
            }
        }
        foreach (var (name, definition) in read.Definitions)
        {
            foreach (var example in KeyPage.SchemaOf(schema)["definitions"]![name]!["examples"] ?? new JArray())
            {
                wrong.AddRange(definition.Validate(Read($"it: {KeyPage.Yaml(example)}\n")["it"]!).Select(problem => $"{name}: {example}: {problem.Kind}"));
            }
        }
        House.Keeps("an example is what may stand there, and YAML reads it so", wrong);
    }

    private static IEnumerable<JProperty> KeysOf(string schema) =>
        KeyPage.SchemaOf(schema).Descendants().OfType<JProperty>().Where(p => p.Name == "properties").SelectMany(p => ((JObject)p.Value).Properties());

    private static JObject Read(string yaml)
    {
        var problems = new ProblemList();
        var node = YamlReader.Read("example.yaml", yaml, problems);
        Assert.True(node is not null && problems.All.Count == 0, $"{yaml}\n{string.Join('\n', problems.All)}");
        return (JObject)YamlJson.Of(node);
    }
}
