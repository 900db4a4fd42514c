using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Tests.House;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Laurel.Engine.Tests.Programs;

/// <summary>The published JSON Schemas say of the files what the reader does.</summary>
public sealed class SchemaTests
{
    private const string Good = "tests/Laurel.Engine.Tests/Programs/Good/";

    public static TheoryData<string> Files =>
        [.. Repository.Files.Where(file => file.EndsWith(".yaml", StringComparison.Ordinal) && (file.StartsWith("programs/", StringComparison.Ordinal) || file.StartsWith(Good, StringComparison.Ordinal)) && SchemaOf(file) is not null)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_program_s_file_is_valid(string file)
    {
        var schema = await Read(SchemaOf(file)!);
        var problems = schema.Validate(Json(file, Repository.Read(file)));
        House.House.Keeps($"{file} by {SchemaOf(file)}", problems.Select(problem => $"line of {problem.Path}: {problem.Kind}"));
    }

    [Theory]
    [InlineData("program", "program: a\nunits: { first-points: {} }\n")]
    [InlineData("program", "program: a\nunit: {}\n")]
    [InlineData("program", "title: a\n")]
    [InlineData("edition", "edition: 1\neffective: tomorrow\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\nlimits: { a: { of: x, best: 1, first: 1 } }\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\nrules: { a: { give: 100 points, wen: a.b } }\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\nladders: { a: { rungs: [low], up: some times } }\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\nstates: { a: b }\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\ncalendar: { weekend: [sometimes] }\n")]
    [InlineData("edition", "edition: 1\neffective: 2024-01-01\ncalendar: { runs: { pay: { each: month } } }\n")]
    [InlineData("sample", "source: a\nfrom: 2024-01-01\nto: 2025-01-01\n")]
    [InlineData("sample", "source: a\nfrom: 2024-01-01\nto: 2025-01-01\nstories: { a: { about: site, starts: b, steps: { b: { fact: c.d, then: [{ step: b, chance: often, after: 1 day }] } } } }\n")]
    [InlineData("sample", "source: a\nfrom: 2024-01-01\nto: 2025-01-01\nstories: { a: { about: site, starts: b, steps: { b: { fact: c.d, than: [] } } } }\n")]
    [InlineData("scenario", "scenario: a\nexpect: []\n")]
    [InlineData("scenario", "scenario: a\nfacts: [{ at: 2024-01-01 }]\nexpect: [{ at: 2024-01-01, member: a }]\n")]
    public async Task A_bad_file_is_not_valid(string schema, string text) =>
        Assert.NotEmpty((await Read($"schemas/{schema}.schema.json")).Validate(Json("a.yaml", text)));

    public static TheoryData<string, string, IReadOnlyList<string>> KeyLists => new()
    {
        { "program", "", Keys.Program },
        { "program", "unit", Keys.Unit },
        { "program", "fact", Keys.Fact },
        { "edition", "", Keys.Edition },
        { "edition", "calendar", Keys.Calendar },
        { "edition", "year", Keys.Year },
        { "edition", "run", Keys.ScheduledRun },
        { "edition", "states", Keys.State },
        { "edition", "role", Keys.Role },
        { "edition", "request", Keys.Request },
        { "edition", "rule", Keys.Rule },
        { "edition", "limit", Keys.Limit },
        { "edition", "metrics", Keys.Metric },
        { "edition", "obligation", Keys.Obligation },
        { "edition", "ladder", Keys.Ladder },
        { "edition", "movements", Keys.Movement },
        { "edition", "benefits", Keys.Benefit },
        { "edition", "payout", Keys.Payout },
        { "scenario", "file", ScenarioKeys.File },
        { "scenario", "scenario", ScenarioKeys.Scenario },
    };

    [Theory]
    [MemberData(nameof(KeyLists))]
    public void The_schema_has_the_reader_s_keys(string schema, string definition, IReadOnlyList<string> keys)
    {
        var root = JObject.Parse(Repository.Read($"schemas/{schema}.schema.json"));
        var at = definition.Length == 0 ? root : (JObject)root["definitions"]![definition]!;
        Assert.Equal(keys.Order(), ((JObject)at["properties"]!).Properties().Select(property => property.Name).Order());
        Assert.False((bool)at["additionalProperties"]!);
    }

    public static TheoryData<string, IReadOnlyList<string>> OpenKeyLists => new() { { "fact", ScenarioKeys.Fact }, { "expectation", ScenarioKeys.Expectation } };

    [Theory]
    [MemberData(nameof(OpenKeyLists))]
    public void The_schema_of_scenarios_has_the_reader_s_keys_beside_a_program_s_names(string definition, IReadOnlyList<string> keys)
    {
        var at = (JObject)JObject.Parse(Repository.Read("schemas/scenario.schema.json"))["definitions"]![definition]!;
        Assert.Equal(keys.Order(), ((JObject)at["properties"]!).Properties().Select(property => property.Name).Order());
    }

    [Theory]
    [InlineData("program")]
    [InlineData("edition")]
    [InlineData("scenario")]
    [InlineData("sample")]
    public void Every_key_is_described(string schema)
    {
        var root = JObject.Parse(Repository.Read($"schemas/{schema}.schema.json"));
        var keys = root.Descendants().OfType<JProperty>().Where(property => property.Name == "properties").SelectMany(property => ((JObject)property.Value).Properties()).ToList();
        Assert.NotEmpty(keys);
        House.House.Keeps("each key says what it is", keys.Where(key => string.IsNullOrEmpty((string?)key.Value["description"])).Select(key => key.Path));
    }

    private static string? SchemaOf(string file) => file switch
    {
        _ when file.EndsWith("/program.yaml", StringComparison.Ordinal) => "schemas/program.schema.json",
        _ when file.EndsWith("/sample.yaml", StringComparison.Ordinal) => "schemas/sample.schema.json",
        _ when file.Contains("/editions/", StringComparison.Ordinal) || file.Contains("/drafts/", StringComparison.Ordinal) => "schemas/edition.schema.json",
        _ when file.Contains("/scenarios/", StringComparison.Ordinal) => "schemas/scenario.schema.json",
        _ => null,
    };

    private static Task<JsonSchema> Read(string schema) => JsonSchema.FromJsonAsync(Repository.Read(schema));

    private static JToken Json(string file, string text)
    {
        var problems = new ProblemList();
        var node = YamlReader.Read(file, text, problems);
        Assert.True(node is not null && problems.All.Count == 0, string.Join('\n', problems.All));
        return YamlJson.Of(node);
    }
}
