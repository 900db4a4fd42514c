using System.Diagnostics;

namespace Laurel.Engine.Tests.House;

/// <summary>The files of this repository: what git tracks, and what it would.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>Every file that is not ignored and is there, as a path from the root with "/".</summary>
    public static readonly IReadOnlyList<string> Files = ListFiles();

    /// <summary>The files of a folder whose names end so.</summary>
    public static IEnumerable<string> Under(string folder, string ending) =>
        Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Every file that is text, with its text.</summary>
    public static IEnumerable<(string File, string Text)> Texts =>
        from file in Files
        let text = Read(file)
        where !text.Contains('\0')
        select (file, text);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Laurel.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        }
        return folder.FullName;
    }

    private static string[] ListFiles()
    {
        // Somebody else's checkout, as in a container, is read all the same.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) { throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}"); }
        return [.. listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Root, file))).Distinct().Order(StringComparer.Ordinal)];
    }
}
