using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Ledger;

namespace Laurel.System.Tests.Merkle;

/// <summary>The script that derives a ledger's roots again, in another language and by its own reading of the RFCs.</summary>
public sealed class RootsScriptTests
{
    // Names out of order, texts of every kind, no exact 64-bit number but as a text.
    private static readonly string[] Facts =
    [
        """{"type":"site.created","id":"f1","subject":"site/s1","data":{"member":"ada","editor":"studio"}}""",
        """{"id":"f2","data":{"note":"line\nbreak \"quoted\" \\ \u0001 \u007f / é € 😀 \u2028 \u0085","ﬤ":1,"😀":2,"1":3}}""",
        """{"id":"f3","data":{"amount":"-9223372036854775808","count":9007199254740991,"flags":[true,false,null,[],{}]}}""",
        """{"":0,"id":"f4"}""",
        """{"id":"f5"}""",
    ];

    private static readonly string[] Entries =
    [
        """{"unit":"points","member":"ada","amount":"300","fact":"f1"}""",
        """{"unit":"points","member":"ada","amount":"-300","fact":"f2"}""",
        """{"unit":"points","member":"grace","amount":"100","fact":"f3"}""",
    ];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void Finds_the_engine_s_roots(int facts, int entries)
    {
        var (exit, said) = Run(Lines(Facts[..facts], Entries[..entries]));
        Assert.Equal($"The roots are equal: {facts} facts, {entries} entries.", said);
        Assert.Equal(0, exit);
    }

    [Theory]
    [InlineData("ada", "eva", "facts is", "a changed word")]
    [InlineData("\"300\"", "\"301\"", "entries is", "a changed amount")]
    [InlineData("\"facts_size\":5", "\"facts_size\":4", "facts_size is 5", "a changed size")]
    [InlineData("\"entries\":\"", "\"entries\":\"0", "entries is", "a changed root")]
    public void Finds_a_change(string old, string changed, string expected, string why)
    {
        var lines = Lines(Facts, Entries);
        Assert.Contains(old, lines, StringComparison.Ordinal);
        var at = lines.IndexOf(old, StringComparison.Ordinal);
        var (exit, said) = Run(lines[..at] + changed + lines[(at + old.Length)..]);
        Assert.True(exit == 1 && said.StartsWith($"The roots differ: {expected}", StringComparison.Ordinal), $"{why}: {exit}, {said}");
    }

    [Fact]
    public void Finds_lines_that_changed_places()
    {
        var lines = Lines(Facts, Entries).Split('\n');
        (lines[0], lines[1]) = (lines[1], lines[0]);
        Assert.Equal(1, Run(string.Join('\n', lines)).Exit);
    }

    [Theory]
    [InlineData("""{"fact":{"amount":0.5}}""", "0.5 is not whole")]
    [InlineData("""{"fact":{"amount":9007199254740992}}""", "too large")]
    [InlineData("""{"fact":{"a":1,"a":1}}""", "stands twice")]
    [InlineData("""{"fact":{"a":"\ud83d"}}""", "surrogates")]
    [InlineData("""{"line":{}}""", "neither a fact nor an entry nor the roots")]
    [InlineData("""[]""", "cannot be read")]
    [InlineData("""{"fact":{}}""", "no line with the roots")]
    public void Refuses_what_is_no_ledger(string line, string expected)
    {
        var (exit, said) = Run(line);
        Assert.True(exit == 1 && said.Contains(expected, StringComparison.Ordinal), $"{exit}, {said}");
    }

    // Facts as the engine writes them, entries as somebody else may have: the root is the same.
    private static string Lines(string[] facts, string[] entries)
    {
        var text = new StringBuilder();
        foreach (var fact in facts) { text.Append("{\"fact\":").Append(Encoding.UTF8.GetString(Canonical(fact))).Append("}\n"); }
        foreach (var entry in entries) { text.Append("{\"entry\": ").Append(entry).Append("}\n"); }
        return text.Append($$$"""{"roots":{"facts":"{{{Root(facts)}}}","entries":"{{{Root(entries)}}}","facts_size":{{{facts.Length}}},"entries_size":{{{entries.Length}}}}}""").Append('\n').ToString();
    }

    private static Digest Root(IEnumerable<string> leaves)
    {
        var log = new MerkleLog();
        foreach (var leaf in leaves) { log.Append(Canonical(leaf)); }
        return log.Root;
    }

    private static byte[] Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Of(document.RootElement);
    }

    private static (int Exit, string Said) Run(string lines)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Merkle", "roots.py");
        var start = new ProcessStartInfo("python3", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(lines);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd().TrimEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
