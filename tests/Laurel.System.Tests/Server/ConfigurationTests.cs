using System.Text.RegularExpressions;
using Laurel.Cli.Calling;
using Laurel.Server;
using Laurel.System.Tests.Cli;

namespace Laurel.System.Tests.Server;

/// <summary>What can be set, where, and which of several places counts.</summary>
public sealed partial class ConfigurationTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void The_page_has_every_setting_and_no_other() => Assert.Equal(
        Configuration.All.Select(s => $"| `{s.Key}` | `{s.Variable}` | {(s.Option is null ? "" : $"`{s.Option}`")} | {(s.Default.Length == 0 ? "" : $"`{s.Default}`")} | {s.Means} |"),
        Row().Matches(File.ReadAllText(Path.Combine(CliRun.Root, "docs", "operating.md"))).Select(m => m.Value));

    [Fact]
    public void Every_option_of_a_setting_is_one_of_serve() =>
        Assert.Empty(Configuration.All.Select(s => s.Option).OfType<string>().Except(CommandLine.Verbs().Single(v => v.Help.Name == "serve").Command.Options.Select(o => o.Name)));

    [Theory]
    // the file, the variable, the option, and the database that is looked for
    [InlineData("file", null, null, "file")]
    [InlineData("file", "variable", null, "variable")]
    [InlineData("file", "variable", "option", "option")]
    [InlineData(null, "variable", "option", "option")]
    [InlineData("file", null, "option", "option")]
    [InlineData("file", "", null, "file")]
    public void An_option_comes_before_the_environment_and_that_before_the_file(string? file, string? variable, string? option, string found)
    {
        string Place(string name) => $"Data Source={_scratch[name]}/none.db";
        _scratch.Write("laurel.yaml", file is null ? "# nothing\n" : $"database: {Place(file)}\n");
        string[] call = ["verify", "--config", _scratch["laurel.yaml"], .. option is null ? Array.Empty<string>() : ["--database", Place(option)]];
        var run = CliRun.WithVariables([("LAUREL_DATABASE", variable is null ? null : variable.Length == 0 ? "" : Place(variable))], call).Expect(2);
        Assert.Contains($"there is no file {_scratch[found]}/none.db", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("databse: x\n", "laurel.yaml:1:1: error: `databse` means nothing here", "Did you mean `database`?")]
    [InlineData("urls: http://127.0.0.1:0\npatience: soon\n", "laurel.yaml:2: `patience: soon` is no count", "from 1 to 86400")]
    [InlineData("urls: [http://127.0.0.1:0, ftp://x]\n", "`urls: http://127.0.0.1:0 ftp://x` is no address to listen on", "http://")]
    [InlineData("urls: http://127.0.0.1:0\ntake-in: nowhere\n", "laurel.yaml:2: `take-in: nowhere`: there is no folder `nowhere`", "programs")]
    [InlineData("urls: http://127.0.0.1:0\npatience: [1, 2]\n", "laurel.yaml:2:11: error: `patience` takes one value", "without a list")]
    [InlineData("urls: []\n", "laurel.yaml:1:7: error: `urls` is a list of nothing", "leave the key out")]
    [InlineData("- a\n", "this is no map of keys", "")]
    [InlineData("database:\n", "this is no text", "Write a text.")]
    public void What_is_wrong_with_a_file_is_said_with_its_line(string text, string message, string remedy)
    {
        var run = CliRun.Of("serve", "--config", _scratch.Write("laurel.yaml", text), "--database", $"Data Source={_scratch["laurel.db"]}").Expect(2);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch["laurel.db"]));
    }

    [Fact]
    public void A_file_that_is_named_must_be_there() => Assert.Contains("can't be read", CliRun.Of("verify", "--config", _scratch["none.yaml"]).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Wrong_numbers_of_the_environment_are_named_by_their_variable() =>
        Assert.Contains("`LAUREL_PATIENCE=-1` is no count", CliRun.WithVariables([("LAUREL_PATIENCE", "-1")], "serve", "--port", "0", "--database", $"Data Source={_scratch["laurel.db"]}").Expect(2).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("LAUREL_PATIENCE", "4294968", "Write a whole number from 1 to 86400.")]
    [InlineData("LAUREL_URLS", "http://127.0.0.1:0/here", "is no address to listen on")]
    [InlineData("LAUREL_URLS", "http://localhost:0", "is no address to listen on")]
    [InlineData("LAUREL_URLS", "http://no.such.host:8080", "is no address to listen on")]
    [InlineData("LAUREL_URLS", "http://192.0.2.1:8080", "nobody can listen on http://192.0.2.1:8080")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a=b,c", "is not what headers are written as")]
    public void What_a_server_could_not_run_with_is_refused_when_it_starts(string variable, string value, string message) =>
        Assert.Contains(message, CliRun.WithVariables([(variable, value), ("LAUREL_DATABASE", $"Data Source={_scratch["laurel.db"]}")], "serve").Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Programs_are_found_by_name_in_every_folder_the_first_one_first()
    {
        _scratch.WriteProgram("one/maple");
        _scratch.WriteProgram("two/maple");
        _scratch.WriteProgram("two/oak");
        var library = new Library([_scratch["none"], _scratch["one"], _scratch["two"]]);

        Assert.Equal(["maple", "oak"], library.Names());
        Assert.NotNull(library.Find("oak"));
        _scratch.Write("one/maple/extra.yaml", "");
        Assert.Contains("extra.yaml", library.Find("maple")!.Value.Texts.Keys);
        Assert.Null(library.Find("elm"));
    }

    [GeneratedRegex(@"^\| `[a-z-]+` \| `(?:LAUREL|OTEL)_[A-Z_]+` \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    public void Dispose() => _scratch.Dispose();
}
