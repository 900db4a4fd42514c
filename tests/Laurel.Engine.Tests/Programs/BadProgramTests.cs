using System.Text.RegularExpressions;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.House;

namespace Laurel.Engine.Tests.Programs;

/// <summary>
/// For each kind of problem a minimal program, and all that the reader says of it, as printed. A case is a text: files after
/// "=== name", and under "=== problems" what is expected. Cases without a program.yaml take the one in the folder.
/// </summary>
public sealed partial class BadProgramTests
{
    private const string Folder = "tests/Laurel.Engine.Tests/Programs/Bad/";

    private static readonly IReadOnlyList<string> Names = [.. Repository.Under(Folder, ".txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    public static TheoryData<string> Cases => [.. Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_what_is_wrong_where_and_what_to_do(string name)
    {
        var file = $"{Folder}{name}.txt";
        var (head, files) = ParseProgram(name);
        House.House.Approves(file, head + Print(ProgramReader.Read(files)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Marks_a_part_of_a_line_that_is_there(string name)
    {
        var (_, files) = ParseProgram(name);
        foreach (var problem in ProgramReader.Read(files).Problems.Where(p => p.Place.Line > 0))
        {
            var lines = files[problem.Place.File].Split('\n');
            Assert.InRange(problem.Place.Line, 1, lines.Length);
            Assert.InRange(problem.Place.Column, 1, lines[problem.Place.Line - 1].Length + 1);
            Assert.Equal(string.Concat(lines[problem.Place.Line - 1].Replace('\t', ' ').Select(c => char.IsControl(c) ? '\uFFFD' : c)), problem.Excerpt);
            Assert.DoesNotContain(problem.Message, char.IsControl);
            Assert.True(problem.Remedy.Length > 0 && problem.Remedy.Trim()[^1] is '.' or ')' or '?' or ':', problem.ToString());
            Assert.False(problem.Message.EndsWith('.') || problem.Message.Contains('\n'), problem.ToString());
        }
    }

    [Fact]
    public void No_case_prints_what_the_code_does_not_say()
    {
        var written = Repository.Under("src/Laurel.Engine/Programs/", ".cs").Select(Repository.Read).ToList();
        var cel = Enum.GetValues<CelProblemKind>().Select(Engine.Programs.Reading.Conditions.CodeOf).ToHashSet();
        var told = Names.SelectMany(name => Code().Matches(Repository.Read($"{Folder}{name}.txt"))).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(told.Count > 60, "the pattern finds the codes");
        House.House.Keeps("a case that prints a code that is gone is gone too", told.Where(code => !cel.Contains(code) && !IsWritten(code, written)));
    }

    private static (string Head, Dictionary<string, string> Files) ParseProgram(string name)
    {
        var (head, files) = Parse(Repository.Read($"{Folder}{name}.txt"));
        files.TryAdd("program.yaml", Repository.Read($"{Folder}program.yaml"));
        return (head, files);
    }

    private static bool IsWritten(string code, List<string> sources) =>
        sources.Exists(text => text.Contains($"\"{code}\"", StringComparison.Ordinal))
        || (code.StartsWith("unknown-", StringComparison.Ordinal) && sources.Exists(text => text.Contains($"Unknown(\"{code[8..]}\"", StringComparison.Ordinal)));

    private static string Print(ReadResult result)
    {
        var text = string.Concat(result.Problems.Select(p => $"[{p.Code}] {p}\n\n"));
        return $"{text}{(result.Program is null ? "refused" : "read")}\n";
    }

    /// <summary>A case: its text as far as what is expected, and its files.</summary>
    internal static (string Head, Dictionary<string, string> Files) Parse(string text)
    {
        const string problems = "=== problems\n";
        var end = text.IndexOf(problems, StringComparison.Ordinal) + problems.Length;
        var files = new Dictionary<string, string>();
        foreach (var part in text[..(end - problems.Length)].Split("=== ").Skip(1))
        {
            var line = part.IndexOf('\n', StringComparison.Ordinal);
            files[part[..line]] = part[(line + 1)..];
        }
        return (text[..end], files);
    }

    [GeneratedRegex(@"^\[([a-z-]+)\] ", RegexOptions.Multiline)]
    private static partial Regex Code();
}
