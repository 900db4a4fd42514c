namespace Laurel.Engine.Tests.Expressions;

/// <summary>The published conformance files of the Common Expression Language.</summary>
internal static class Conformance
{
    /// <summary>The folder of the files; null where there is none.</summary>
    public static string? Folder { get; } = FindFolder();

    public const string Absent = "The conformance files of the Common Expression Language are not here: name their folder in LAUREL_CEL_TESTS.";

    public static IReadOnlyList<string> Files { get; } =
        ["basic", "comparisons", "conversions", "fp_math", "integer_math", "lists", "logic", "macros", "parse", "string", "timestamps"];

    public static IEnumerable<ConformanceCase> Cases(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder!, file + ".textproto"));
        return TextProto.Read(text).Messages("section")
            .SelectMany(section => section.Messages("test").Select(test => new ConformanceCase(section.Text("name"), test.Text("name"), test)));
    }

    private static string? FindFolder()
    {
        var named = Environment.GetEnvironmentVariable("LAUREL_CEL_TESTS");
        if (!string.IsNullOrEmpty(named)) { return Directory.Exists(named) ? named : null; }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Laurel.slnx"))) { continue; }
            var beside = Path.Combine(folder.FullName, "..", "shared", "cel");
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}

/// <summary>A table of cases that is skipped, visibly, where the conformance files are not there.</summary>
internal sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public ConformanceTheoryAttribute()
    {
        if (Conformance.Folder is null) { Skip = Conformance.Absent; }
    }
}

/// <summary>A test that is skipped, visibly, where the conformance files are not there.</summary>
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute()
    {
        if (Conformance.Folder is null) { Skip = Conformance.Absent; }
    }
}
