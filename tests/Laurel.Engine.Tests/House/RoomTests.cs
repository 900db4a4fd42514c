using System.Text.RegularExpressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>The engine's rooms keep their order: none knows a higher one.</summary>
public sealed partial class RoomTests
{
    private const string Engine = "src/Laurel.Engine/";

    private static readonly string[] Rooms =
        ["Values", "Expressions", "Programs", "Facts", "Deriving", "Standing", "Ledger", "Explaining", "Backtesting", "Scenarios"];

    private static readonly IReadOnlySet<string> Types =
        typeof(Instant).Assembly.GetTypes().Select(type => $"{type.Namespace}.{type.Name.Split('`')[0]}").ToHashSet();

    [Fact]
    public void A_room_uses_no_higher_one() => House.Keeps(
        $"rooms of the engine, low to high: {string.Join(", ", Rooms)}",
        Repository.Under(Engine, ".cs").SelectMany(file => Problems(file, Repository.Read(file), Types)));

    [Theory]
    [InlineData("using Laurel.Engine.Facts;", 1)]
    [InlineData("using Laurel.Engine.Values;", 0)]
    [InlineData("var x = new Facts.History();", 1)]
    [InlineData("Laurel.Engine.Scenarios.Anything x;", 1)]
    [InlineData("var x = fact.Facts.History; // Laurel.Engine.Facts", 0)]
    [InlineData("var x = Facts.Count;", 0)]
    public void Finds_a_room_that_looks_up(string code, int problems) =>
        Assert.Equal(problems, Problems("src/Laurel.Engine/Programs/Some.cs", $"namespace Laurel.Engine.Programs;\n{code}", new HashSet<string> { "Laurel.Engine.Facts.History" }).Count());

    [Theory]
    [InlineData("src/Laurel.Engine/Some.cs", "namespace Laurel.Engine;")]
    [InlineData("src/Laurel.Engine/Extras/Some.cs", "namespace Laurel.Engine.Extras;")]
    [InlineData("src/Laurel.Engine/Values/Some.cs", "namespace Laurel.Engine.Facts;")]
    public void Finds_a_file_that_is_in_no_room_or_in_another(string file, string code) => Assert.Single(Problems(file, code, new HashSet<string>()));

    [Fact]
    public void No_type_has_the_name_of_a_namespace()
    {
        var code = Repository.Under("src/", ".cs").Select(file => (File: file, Text: CodeText.Of(Repository.Read(file)))).ToList();
        var names = code.SelectMany(c => Namespace().Matches(c.Text)).SelectMany(match => match.Groups[1].Value.Split('.')).ToHashSet();
        House.Keeps(
            "a namespace and a type of one name make every use of either doubtful",
            from c in code
            from Match type in OuterType().Matches(c.Text)
            where names.Contains(type.Groups[1].Value)
            select $"{c.File}: {type.Groups[1].Value}");
    }

    private static IEnumerable<string> Problems(string file, string source, IReadOnlySet<string> types)
    {
        var code = CodeText.Of(source);
        var folder = file[Engine.Length..].Split('/')[0];
        var own = Array.IndexOf(Rooms, folder);
        var inside = Namespace().Match(code).Groups[1].Value;
        if (own < 0) { return [$"{file} is in no room"]; }
        if (inside != $"Laurel.Engine.{folder}" && !inside.StartsWith($"Laurel.Engine.{folder}.", StringComparison.Ordinal)) { return [$"{file} is not in its room's namespace"]; }
        return Rooms[(own + 1)..].Where(higher => Uses(code, higher, types)).Select(higher => $"{file} uses {higher}");
    }

    // By its full name, or from inside the engine by the room's name and a type of it.
    private static bool Uses(string code, string room, IReadOnlySet<string> types) =>
        Regex.IsMatch(code, $@"\bLaurel\.Engine\.{room}\b") ||
        Regex.Matches(code, $@"(?<![\w.])(?:Engine\.)?{room}\.(\w+)").Any(match => types.Contains($"Laurel.Engine.{room}.{match.Groups[1].Value}"));

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // Namespaces are of the whole file, so an outer type starts its line.
    [GeneratedRegex(@"^(?:\w+ )*(?:class|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex OuterType();
}
