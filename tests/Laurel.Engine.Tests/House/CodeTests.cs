using System.Text.RegularExpressions;
using Laurel.Engine.Facts;

namespace Laurel.Engine.Tests.House;

/// <summary>Every code that scripts can meet is provoked by at least one case of another room's tests.</summary>
public sealed partial class CodeTests
{
    private static readonly IReadOnlyList<string> Tests =
        [.. Repository.Files.Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && !file.Contains("/House/", StringComparison.Ordinal) && !file.EndsWith(".lock.json", StringComparison.Ordinal)).Select(Repository.Read)];

    [Fact]
    public void Every_refusal_of_a_fact_is_provoked() => House.Keeps(
        "each RefusalCode is expected by a test, as RefusalCode.Name or \"Name\"",
        Enum.GetNames<RefusalCode>().Where(code => !Tests.Any(text => Regex.IsMatch(text, $@"\bRefusalCode\.{code}\b|""{code}""|\brefused {code}\b"))));

    [Fact]
    public void Every_problem_of_a_program_is_provoked() => House.Keeps(
        "each code of a problem is expected by a test, as \"code\"",
        Repository.Under("src/Laurel.Engine/", ".cs").SelectMany(file => ProblemCodes(Repository.Read(file))).Where(code => !Tests.Any(text => text.Contains($"\"{code}\"", StringComparison.Ordinal))));

    [Theory]
    [InlineData("""problems.Error("unknown-key", place, "no", "yes");""", "unknown-key")]
    [InlineData("problems.Warning(\n    \"state-never-ends\", place, \"no\", \"yes\");", "state-never-ends")]
    [InlineData("""problems.Error(many ? "two" : "one", place, "no", "yes");""", "two one")]
    [InlineData("""CelProblemKind.OpenText => "open-text",""", "open-text")]
    [InlineData("""Value.Error("no such key") + Error("It is late", x)""", "")]
    public void Finds_the_codes_of_problems(string source, string codes) => Assert.Equal(codes, string.Join(' ', ProblemCodes(source)));

    // The first argument of problems.Error(…) and problems.Warning(…), and the arms that give an expression's problem its code.
    private static IEnumerable<string> ProblemCodes(string source) =>
        Raised().Matches(source).Select(match => match.Groups[1].Value).SelectMany(argument => Code().Matches(argument)).Concat(Arm().Matches(source)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\b(?:Error|Warning)\(([^,;]*),")]
    private static partial Regex Raised();

    [GeneratedRegex(@"""([a-z]+(?:-[a-z0-9]+)*)""")]
    private static partial Regex Code();

    [GeneratedRegex(@"\bCelProblemKind\.\w+ => ""([a-z]+(?:-[a-z0-9]+)*)""")]
    private static partial Regex Arm();
}
