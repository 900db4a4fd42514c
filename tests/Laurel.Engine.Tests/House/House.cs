namespace Laurel.Engine.Tests.House;

/// <summary>How house rules speak.</summary>
internal static class House
{
    /// <summary>Fails with every problem on a line of its own, and the rule above them.</summary>
    public static void Keeps(string rule, IEnumerable<string> problems)
    {
        var all = problems.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, $"{rule}\n  {string.Join("\n  ", all)}");
    }

    /// <summary>
    /// Compares a text that the code gives with the one that was approved. With LAUREL_APPROVE=1 the approved one is written
    /// anew, for a person to read the difference.
    /// </summary>
    public static void Approves(string file, string text)
    {
        var path = Path.Combine(Repository.Root, file);
        if (Environment.GetEnvironmentVariable("LAUREL_APPROVE") == "1")
        {
            File.WriteAllText(path, text);
            return;
        }
        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        if (approved == text) { return; }
        var (before, now) = (approved.Split('\n'), text.Split('\n'));
        var differences = before.Except(now).Select(line => $"- {line}").Concat(now.Except(before).Select(line => $"+ {line}")).ToList();
        Assert.Fail(
            $"{file} is not what the code gives ({differences.Count} lines differ). Where that is meant: LAUREL_APPROVE=1 dotnet test tests/Laurel.Engine.Tests --filter House\n  " +
            string.Join("\n  ", differences.Take(40).Append(differences.Count switch { 0 => "only the order of lines differs", > 40 => "…", _ => "" })));
    }
}
