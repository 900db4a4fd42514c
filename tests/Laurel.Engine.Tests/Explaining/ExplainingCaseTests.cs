using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Tests.House;

namespace Laurel.Engine.Tests.Explaining;

/// <summary>Explanations as they are printed, construct by construct: read the cases like a handbook.</summary>
public sealed class ExplainingCaseTests
{
    private const string Folder = "tests/Laurel.Engine.Tests/Explaining/Cases/";
    private const string Wix = "programs/wix-partner/";

    private static readonly IReadOnlyDictionary<string, string> Program =
        Repository.Under(Wix, ".yaml").ToDictionary(file => file[Wix.Length..], Repository.Read);

    public static TheoryData<string> Cases => [.. Repository.Under(Folder, ".txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_why_and_why_not(string name)
    {
        var file = $"{Folder}{name}.txt";
        House.House.Approves(file, ExplainingCase.Of(Repository.Read(file), Program).Answered());
    }

    [Fact]
    public void Is_written_as_json_with_raw_arguments()
    {
        var told = ExplainingCase.Of(Repository.Read($"{Folder}launch-2020.txt"), Program).Explain("ada, rule upgrade on site/kept, on 2020-05-05");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) { ExplanationJson.Write(json, told.Told, told.Book); }
        using var read = JsonDocument.Parse(stream.ToArray());
        var root = read.RootElement;
        Assert.Equal(["says", "key", "arguments", "holds", "because"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("rule.pending", root.GetProperty("key").GetString());
        Assert.True(root.GetProperty("holds").GetBoolean());
        var arguments = root.GetProperty("arguments");
        Assert.Equal("upgrade", arguments.GetProperty("rule").GetString());
        Assert.Equal("2020-05-16T00:00:00Z", arguments.GetProperty("until").GetString());
        Assert.Equal("""{"amount":"100","unit":"points"}""", arguments.GetProperty("amount").GetRawText());
        var moment = root.GetProperty("because")[0];
        Assert.Equal("fact", moment.GetProperty("arguments").GetProperty("moment").GetProperty("key").GetString());
        var informs = moment.GetProperty("because").EnumerateArray().Single(b => b.GetProperty("key").GetString() == "moment.after");
        Assert.False(informs.TryGetProperty("holds", out _), "a line that only informs neither holds nor fails");
        Assert.Equal("14 days", informs.GetProperty("arguments").GetProperty("length").GetString());
    }

    [Fact]
    public void Json_has_every_line_of_the_text()
    {
        var told = ExplainingCase.Of(Repository.Read($"{Folder}sites-2025.txt"), Program).Explain("ada, on 2025-06-01");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) { ExplanationJson.Write(json, told.Told, told.Book); }
        using var read = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(ExplainingCase.Lines(told.Told, told.Book).Select(line => line.TrimStart('✓', '✗', ' ')), Says(read.RootElement));

        static IEnumerable<string> Says(JsonElement node) =>
            node.GetProperty("because").EnumerateArray().SelectMany(Says).Prepend(node.GetProperty("says").GetString()!);
    }
}
