using System.Text.RegularExpressions;
using Laurel.Engine.Expressions;
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
    public void Every_problem_of_an_expression_is_provoked() => House.Keeps(
        "each CelProblemKind is expected by a test, as CelProblemKind.Name or by its code, as \"cel-name\"",
        Enum.GetNames<CelProblemKind>().Where(kind => !Tests.Any(text => Regex.IsMatch(text, $@"\bCelProblemKind\.{kind}\b|""{CelCode(kind)}"""))));

    [Fact]
    public void Every_problem_of_a_program_is_provoked() => House.Keeps(
        "each code of a problem is expected by a test of problems, as \"code\", or printed in a case of Programs/Bad, as [code]",
        Repository.Under("src/Laurel.Engine/", ".cs").SelectMany(file => ProblemCodes(Repository.Read(file)))
            .Where(code => !Tests.Any(text => text.Contains("Problem", StringComparison.Ordinal) && text.Contains($"\"{code}\"", StringComparison.Ordinal)) && !Tests.Any(text => text.Contains($"\n[{code}] ", StringComparison.Ordinal))));

    [Theory]
    [InlineData("""problems.Error("unknown-key", place, "no", "yes");""", "unknown-key")]
    [InlineData("problems.Warning(\n    \"state-never-ends\", place, \"no\", \"yes\");", "state-never-ends")]
    [InlineData("""problems.Error(many ? "two" : "one", place, "no", "yes");""", "two one")]
    [InlineData("""Value.Error("no such key") + Error("It is late", x)""", "")]
    public void Finds_the_codes_of_problems(string source, string codes) => Assert.Equal(codes, string.Join(' ', ProblemCodes(source)));

    // The texts in the first argument of problems.Error(…) and problems.Warning(…).
    private static IEnumerable<string> ProblemCodes(string source) =>
        Raised().Matches(source).SelectMany(match => Code().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value);

    private static string CelCode(string kind) => "cel" + Capital().Replace(kind, match => "-" + match.Value.ToLowerInvariant());

    [GeneratedRegex(@"\b(?:Error|Warning)\(([^,;]*),")]
    private static partial Regex Raised();

    [GeneratedRegex(@"""([a-z]+(?:-[a-z0-9]+)*)""")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
