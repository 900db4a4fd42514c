using System.Text.Json.Nodes;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>laurel import: files into a database, without a server and beside one. docs/import.md is played with the guide.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Partners = """
        Partner,Joined,Status,Site,Bought,Plan
        ada,01/03/2024,active,s1,02/03/2024,Business
        ben,05/03/2024,active,s2,06/03/2024,Basic
        cleo,07/03/2024,test,s3,08/03/2024,Basic
        """;

    private const string Mapping = """
        source: crm
        key: "{Partner}"
        facts:
          joined:
            type: member.joined
            when: { Status: [active, left] }
            subject: member/{Partner}
            time: { from: "{Joined}", date: dd/MM/yyyy }
          site.created:
            unless: { Status: test }
            subject: site/{Site}
            time: { from: "{Joined}", date: dd/MM/yyyy }
            data: { member: "{Partner}" }
          plan.bought:
            unless: { Status: test }
            subject: site/{Site}
            time: { from: "{Bought}", date: [dd/MM/yyyy, yyyy-MM-dd] }
            data: { plan: { from: "{Plan}", values: { Business: business, Basic: basic } } }
        """;

    private readonly Scratch _scratch = new();
    private readonly string _program;

    public ImportTests()
    {
        _program = _scratch.WriteProgram();
        _scratch.Write("partners.csv", Partners);
        _scratch.Write("mapping.yaml", Mapping);
    }

    private CliRun Import(Store store, params string[] more) => CliRun.Of(["import", _program, _scratch["partners.csv"], "--mapping", _scratch["mapping.yaml"], "--database", store.Connection, .. more]);

    [Theory, Stores]
    public async Task Rows_become_facts_that_are_recorded_once(string engine)
    {
        using var store = Store.Empty(engine);
        var tried = JsonNode.Parse(Import(store, "--dry-run", "--format", "json").Expect(0).Output)!;
        Assert.Equal(engine == "postgres", Database.MayBeThere(store.Connection));
        var first = Import(store).Expect(0);
        Assert.Equal("maple: 6 facts recorded; 1 row of no fact\n", first.Output);
        Assert.Equal("maple: 0 facts recorded, 6 known before; 1 row of no fact\n", Import(store).Expect(0).Output);
        Assert.Matches("^maple: .* 2 standings: all as the log makes them\n$", CliRun.Of("verify", "--database", store.Connection).Expect(0).Output);

        // What the dry run said is what is.
        await using var shelf = await Shelf.OpenToRead(store.Connection, TimeProvider.System, default);
        var ada = tried["members"]!.AsArray().Single(m => (string)m!["member"]! == "ada")!;
        Assert.Null(ada["before"]);
        Assert.Equal("100", (string)ada["after"]!["metrics"]!["points"]!);
        var head = await shelf.Read("maple")!.Head(default);
        var posted = await shelf.Read("maple")!.Entries(null, at: null, 0, head.Entries, 100, default);
        Assert.Equal(posted.Select(e => (e.Line.Member, e.Line.CauseId)), tried["members"]!.AsArray().SelectMany(m => m!["entries"]!.AsArray().Select(e => ((string)m["member"]!, (string)e!["cause"]!["id"]!))));
        Assert.Equal(6, (int)tried["recorded"]!);

        // Each is learnt when it says, and known by the row's key.
        var facts = (await shelf.Read("maple")!.Facts(new(null, null, null, Engine.Values.Instant.First, Engine.Values.Instant.Last), 0, head, 100, personal: true, default)).Select(f => f.Fact).ToList();
        Assert.Equal("joined/ada site.created/ada plan.bought/ada joined/ben site.created/ben plan.bought/ben", string.Join(' ', facts.Select(f => f.Id)));
        Assert.All(facts, f => Assert.InRange(f.Recorded!.Value.Micros - f.Time.Micros, 0, 10));
    }

    [Theory, Stores]
    public void A_dry_run_says_what_would_change_and_keeps_nothing(string engine)
    {
        using var store = Store.Empty(engine);
        Import(store).Expect(0);
        _scratch.Write("more.csv", Partners.Replace("ada,01/03/2024,active,s1,", "ada2,01/03/2024,active,s9,", StringComparison.Ordinal) + "\nada,01/05/2024,active,s4,01/05/2024,Basic\nada,01/05/2024,active,s5,01/05/2024,Basic\n");
        _scratch.Write("rows.yaml", Mapping.Replace("key: \"{Partner}\"", "key: \"{Site}\"", StringComparison.Ordinal).Replace("[active, left]", "new", StringComparison.Ordinal));
        var dry = CliRun.Of("import", "maple", _scratch["more.csv"], "--mapping", _scratch["rows.yaml"], "--database", store.Connection, "--dry-run").Expect(0);
        Assert.Contains("\nada: points 100 → 300, level bronze → silver; 2 entries\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal("maple: 0 facts recorded, 6 known before; 1 row of no fact\n", Import(store).Expect(0).Output);
    }

    [Theory]
    // what is changed in the file, the row's line, column, code, and what is said
    [InlineData("01/03/2024", "31/02/2024", 2, 2, "InvalidTime", "column `Joined`: `31/02/2024` is no date as `dd/MM/yyyy`")]
    [InlineData("Business", "Platinum", 2, 6, "UnknownValue", "column `Plan`: `Platinum` has no translation in the mapping")]
    [InlineData("ada,01", ",01", 2, 1, "InvalidId", "column `Partner`: the row has no key")]
    [InlineData(",s2,", ",,", 3, 4, "MissingAttribute", "column `Site`: ")]
    [InlineData("ben,05/03/2024", "\"b\"en,05/03/2024", 3, 0, "NotCsv", "text follows a closing quote")]
    [InlineData("ben,05/03/2024,", "ben,", 3, 0, "UnevenRow", "the row has 5 cells, and the header 6")]
    [InlineData("ben,05/03/2024", "ben,05/03/1902", 3, 2, "LearntOutOfRange", "column `Joined`: ")]
    public void A_wrong_row_is_named_and_stops_no_other(string from, string to, int line, int column, string code, string message)
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("partners.csv", Partners.Replace(from, to, StringComparison.Ordinal));
        var run = Import(store, "--refusals", _scratch["refused.jsonl"]).Expect(1);
        Assert.StartsWith("maple: 3 facts recorded, 1 refused; 1 row of no fact\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        var refused = JsonNode.Parse(Assert.Single(File.ReadLines(_scratch["refused.jsonl"])))!;
        Assert.Equal((line, column, code), ((int)refused["line"]!, (int)refused["column"]!, (string)refused["code"]!));
        Assert.NotEqual("", (string)refused["remedy"]!);

        // Corrected, the rest is recorded; the file is another one by then.
        Assert.Contains("import it with --changed", run.Error, StringComparison.Ordinal);
        _scratch.Write("partners.csv", Partners);
        Assert.Contains("is not the file `partners.csv` that was imported", Import(store).Expect(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("maple: 3 facts recorded, 3 known before", Import(store, "--changed").Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task A_file_whose_mapping_is_another_by_now_is_refused_until_somebody_means_it(string engine)
    {
        using var store = Store.Empty(engine);
        Import(store).Expect(0);
        _scratch.Write("mapping.yaml", Mapping.Replace("key: \"{Partner}\"", "key: \"new-{Partner}\"", StringComparison.Ordinal));
        foreach (var more in (string[][])[[], ["--dry-run"]])
        {
            var refused = Import(store, more).Expect(2);
            Assert.Matches("`[^`]*partners.csv` was imported on [-0-9]{10}, and not by the mapping `[^`]*mapping.yaml` as it is now", refused.Error);
            Assert.Contains("--changed", refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(6, await store.Count("facts WHERE subject IS NOT NULL"));

        Assert.StartsWith("maple: 6 facts would be recorded", Import(store, "--changed", "--dry-run").Expect(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("maple: 6 facts recorded", Import(store, "--changed").Expect(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("maple: 0 facts recorded, 6 known before", Import(store).Expect(0).Output, StringComparison.Ordinal);

        // Of what was imported before that was noted nobody knows by which.
        await store.Execute("UPDATE imports SET mapping = NULL");
        _scratch.Write("mapping.yaml", Mapping);
        Assert.StartsWith("maple: 0 facts recorded, 6 known before", Import(store).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_facts_is_refused_by_a_mapping_and_rows_without_theirs()
    {
        using var store = Store.Empty("sqlite");
        var file = _scratch.Write("partners.jsonl", """{"id":"1","source":"crm","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""");
        CliRun.Of("import", _program, file, "--database", store.Connection).Expect(0);
        Assert.Contains("and not by the mapping", CliRun.Of("import", _program, file, "--mapping", _scratch["mapping.yaml"], "--database", store.Connection).Expect(2).Error, StringComparison.Ordinal);
        CliRun.Of("import", _program, file, "--database", store.Connection).Expect(0);
    }

    [Fact]
    public async Task Strict_records_nothing_where_a_row_is_wrong()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("partners.csv", Partners.Replace("Business", "Platinum", StringComparison.Ordinal));
        Import(store, "--strict").Expect(1);
        Assert.Equal(0, await store.Count("programs"));
    }

    [Theory]
    // what stands in the mapping instead of what, the line, and what is said
    [InlineData("source: crm", "sorce: crm", 1, "Did you mean `source`?")]
    [InlineData("type: member.joined", "type: member.joind", 5, "Did you mean `member.joined`?")]
    [InlineData("data: { member: \"{Partner}\" }", "data: {}", 9, "needs the field `member`")]
    [InlineData("data: { member: \"{Partner}\" }", "data: { member: \"{Partner}\", colour: red }", 13, "carries no field `colour`")]
    [InlineData("date: dd/MM/yyyy }", "date: someday }", 8, "`someday` is no way to write a date")]
    [InlineData("subject: site/{Site}", "subject: site/{Site", 11, "a `{` without its other half")]
    [InlineData("key: \"{Partner}\"", "zone: Mars/Olympus", 2, "no such time zone")]
    [InlineData("key: \"{Partner}\"", "encoding: ebcdic-mars", 2, "no such encoding")]
    [InlineData("key: \"{Partner}\"", "separator: \"--\"", 2, "no separator")]
    [InlineData("key: \"{Partner}\"", "separator: '\"'", 2, "no separator")]
    [InlineData("key: \"{Partner}\"", "separator: \"\\n\"", 2, "no separator")]
    [InlineData("key: \"{Partner}\"", "encoding: utf-7", 2, "no such encoding")]
    [InlineData("when: { Status: [active, left] }", "wen: { Status: active }", 6, "`wen` means nothing here")]
    [InlineData("    time: { from: \"{Joined}\", date: dd/MM/yyyy }\n    data", "    data", 9, "`time` is not there")]
    [InlineData("facts:", "facts: [", 5, "this is not YAML")]
    public async Task What_is_wrong_with_a_mapping_is_said_with_its_line(string from, string to, int line, string message)
    {
        using var store = Store.Empty("sqlite");
        Assert.Contains(from, Mapping, StringComparison.Ordinal);
        _scratch.Write("mapping.yaml", Mapping.Replace(from, to, StringComparison.Ordinal));
        var run = Import(store).Expect(1);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains($"mapping.yaml:{line}:", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await store.Count("programs"));
    }

    [Fact]
    public void Whose_rules_refuse_a_mapping_is_said_where_the_folder_has_others()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("wrong.yaml", Mapping.Replace("plan.bought:", "plan.finished:", StringComparison.Ordinal));
        CliRun Finished(params string[] more) => CliRun.Of(["import", _program, _scratch["partners.csv"], "--mapping", _scratch["wrong.yaml"], "--database", store.Connection, .. more]);
        Assert.DoesNotContain("counts as the database has it", Finished().Expect(1).Error, StringComparison.Ordinal);

        Import(store).Expect(0);
        Assert.DoesNotContain("counts as the database has it", Finished().Expect(1).Error, StringComparison.Ordinal);
        _scratch.Write("maple/program.yaml", File.ReadAllText(_scratch["maple/program.yaml"]) + "\n  plan.finished: { about: site, needs: [plan] }\n");
        foreach (var more in (string[][])[[], ["--dry-run"]]) { Assert.Contains("maple counts as the database has it, and its folder says something else", Finished(more).Expect(1).Error, StringComparison.Ordinal); }
    }

    [Fact]
    public async Task A_program_is_taken_in_once_its_facts_were_read_and_by_the_folder_as_it_is_then()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("mapping.yaml", Mapping.Replace("plan.bought:", "plan.finished:", StringComparison.Ordinal));
        Import(store).Expect(1);
        Assert.Equal(0, await store.Count("programs"));
        _scratch.Write("maple/program.yaml", File.ReadAllText(_scratch["maple/program.yaml"]) + "\n  plan.finished: { about: site, needs: [plan] }\n");
        Assert.Equal("maple: 6 facts recorded; 1 row of no fact\n", Import(store).Expect(0).Output);
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_named()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("partners.csv", Partners.Replace("Status", "State", StringComparison.Ordinal));
        var run = Import(store).Expect(1);
        Assert.Contains("has no column `Status`, which the mapping reads", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean `State`?", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await store.Count("programs"));
    }

    [Theory]
    // what stands in the file, its name, the exit and what is said
    [InlineData("", "partners.csv", 1, "is empty: it has not even a header")]
    [InlineData("\u001f\u008b\b", "partners.csv", 2, "is packed, as gzip does it")]
    [InlineData("\u001f\u008b\b", "partners.jsonl", 2, "is packed, as gzip does it")]
    public async Task A_file_that_can_have_no_rows_is_refused_whole(string bytes, string name, int exit, string message)
    {
        using var store = Store.Empty("sqlite");
        File.WriteAllBytes(_scratch[name], global::System.Text.Encoding.Latin1.GetBytes(bytes));
        string[][] mappings = name == "partners.csv" ? [["--mapping", _scratch["mapping.yaml"]]] : [["--mapping", _scratch["mapping.yaml"]], []];
        foreach (var mapping in mappings) { Assert.Contains(message, CliRun.Of(["import", _program, _scratch[name], "--database", store.Connection, .. mapping]).Expect(exit).Error, StringComparison.Ordinal); }
        Assert.Equal(0, await store.Count("programs"));
    }

    [Fact]
    public async Task What_comes_packed_through_a_pipe_is_refused_and_what_does_not_is_read_from_its_first_byte()
    {
        using var store = Store.Empty("sqlite");
        Assert.Contains("is packed, as gzip does it", CliRun.With([0x1F, 0x8B, 8, 0], "import", _program, "-", "--database", store.Connection).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(0, await store.Count("programs"));
        CliRun.With("""{"id":"j","source":"test","type":"member.joined","subject":"member/ada","time":"2024-05-01"}""" + "\n", "import", _program, "-", "--database", store.Connection).Expect(0);
        Assert.Equal(1, await store.Count("facts WHERE id = 'j'"));
        foreach (var little in (string[])["", "\n", "x"]) { CliRun.With(little, "import", _program, "-", "--database", store.Connection).Expect(little == "x" ? 1 : 0); }
    }

    [Theory]
    [InlineData("cleo", "\"cleo", "a quote is opened and not closed, and goes on to the end of the file, 3 lines")]
    [InlineData("cleo,07/03/2024,test,s3", "\"cleo,07/03/2024\ntest,\"s3", "text follows a closing quote, and it goes on for 2 lines")]
    public void How_much_a_stray_quote_takes_with_it_is_said(string from, string to, string message)
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("partners.csv", Partners.Replace(from, to, StringComparison.Ordinal) + "\ndan,07/03/2024,active,s4,08/03/2024,Basic\ndee,07/03/2024,active,s5,08/03/2024,Basic\n");
        Assert.Contains(message, Import(store).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_that_is_stopped_says_that_nothing_is_recorded()
    {
        using var store = Store.Empty("sqlite");
        var facts = _scratch.Write("facts.jsonl", CliRun.Of("sample", "wix-partner", "--facts", "20000", "--members", "120").Expect(0).Output);
        using var process = CliRun.Start(["import", "wix-partner", facts, "--database", store.Connection, "--dry-run"]);
        var errors = process.StandardError.ReadToEndAsync();
        // It records into a copy, in the folder for temporary files.
        var spooled = TryFiles().ToHashSet();
        while (!process.HasExited && !TryFiles().Except(spooled).Any(f => new FileInfo(f).Length > 2 << 20)) { await Task.Delay(20); }
        using var kill = global::System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        Assert.Equal("laurel: nothing is recorded\nlaurel: stopped\n", await errors);

        static IEnumerable<string> TryFiles() => Directory.EnumerateDirectories(Path.GetTempPath(), "laurel-*").SelectMany(d => Directory.EnumerateFiles(d, "try.db*"));
    }

    [Theory]
    [InlineData("partners.csv")]
    [InlineData("mapping.yaml")]
    public void A_file_of_refusals_overwrites_nothing_that_is_read(string file)
    {
        using var store = Store.Empty("sqlite");
        var before = File.ReadAllText(_scratch[file]);
        Assert.Contains("would overwrite a file that is read", Import(store, "--refusals", _scratch[file]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_scratch[file]));
    }

    [Theory]
    [InlineData("import maple none.csv", "there is no file `none.csv`\nName a file of CSV or JSON lines")]
    [InlineData("import maple programs", "`programs` is a folder, and facts are a file\nName a file of CSV or JSON lines")]
    [InlineData("import maple PARTNERS", "is CSV, and nothing says what its rows are told as")]
    [InlineData("import maple PARTNERS --mapping none.yaml", "the mapping `none.yaml` can't be read")]
    [InlineData("import maple PARTNERS --mapping a --mapping b", "1 files and 2 mappings")]
    [InlineData("import maple PARTNERS PARTNERS --mapping a", "two files are called `partners.csv`")]
    [InlineData("import maple PARTNERS --now --as-told", "can't both be asked")]
    [InlineData("import mable PARTNERS --mapping a", "no program `mable`")]
    [InlineData("import maple PARTNERS --format xml", "no format `xml`")]
    [InlineData("import maple PARTNERS --database Host=127.0.0.1;Port=1;Database=x;Username=x", "PostgreSQL cannot be reached")]
    public void What_it_cannot_do_it_says(string call, string message)
    {
        var words = call.Replace("PARTNERS", _scratch["partners.csv"], StringComparison.Ordinal).Split(' ').ToList();
        if (!words.Contains("--database")) { words.AddRange(["--database", $"Data Source={_scratch["laurel.db"]}"]); }
        Assert.Contains(message, CliRun.WithPrograms(_scratch[""], [.. words]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_key_are_known_by_what_they_say()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("mapping.yaml", "source: bank\nencoding: windows-1252\nfacts:\n  member.adjusted:\n    subject: member/{Who}\n    time: { from: \"{When}\", date: unix }\n    data:\n      unit: points\n      amount: { from: \"{Amount}\", decimal: \",\" }\n      reason: \"brought along: {{{Why}}}\"\n      by: kim\n");
        File.WriteAllBytes(_scratch["partners.csv"], global::System.Text.Encoding.Latin1.GetBytes("Who\tWhen\tAmount\tWhy\nren\u00e9\t1710000000\t1.234,00\tx\nren\u00e9\t1710000000\t1.234,00\tx\nb\t1710000000\t-5\ty\n"));
        Assert.Equal("maple: 3 facts recorded\n", Import(store).Expect(0).Output);
        Assert.Equal("maple: 0 facts recorded, 3 known before\n", Import(store).Expect(0).Output);
        File.AppendAllText(_scratch["partners.csv"], "b\t1710000000\t-5\ty\n");
        Assert.Equal("maple: 1 fact recorded, 3 known before\n", Import(store).Expect(0).Output);
        var json = CliRun.Of("import", "maple", _scratch["partners.csv"], "--mapping", _scratch["mapping.yaml"], "--database", store.Connection, "--dry-run", "--format", "json").Expect(0);
        Assert.Contains("\"unchanged\": 4", json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_are_rows_too()
    {
        using var store = Store.Empty("sqlite");
        var file = _scratch.Write("partners.jsonl", """
            {"Partner":"ada","Joined":"01/03/2024","Status":"active","Site":"s1","Bought":"02/03/2024","Plan":"Business","more":{"of":[1]}}
            [1]
            {"Partner":"ben"
            {"Partner":7,"Joined":"05/03/2024","Status":"active","Site":"s2","Bought":"2024-03-06","Plan":"Basic"}
            {"Partner":"cy","Partner":"dee","Joined":"05/03/2024","Status":"active","Site":"s3","Bought":"2024-03-06","Plan":"Basic"}
            """);
        var run = CliRun.Of("import", _program, file, "--mapping", _scratch["mapping.yaml"], "--database", store.Connection).Expect(1);
        Assert.Equal("maple: 6 facts recorded, 3 refused\n", run.Output);
        Assert.Contains("partners.jsonl:5:1: error: the line is not JSON: Duplicate property 'Partner'", run.Error, StringComparison.Ordinal);
        Assert.Contains("partners.jsonl:2:1: error: the line is JSON, but no object", run.Error, StringComparison.Ordinal);
        Assert.Contains("partners.jsonl:3:1: error: the line is not JSON", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_are_not_in_the_encoding_are_refused_and_not_taken_in_garbled()
    {
        using var store = Store.Empty("sqlite");
        File.WriteAllBytes(_scratch["partners.jsonl"], [.. """{"Partner":"Zo"""u8, 0xEB, .. "\",\"Joined\":\"01/03/2024\",\"Status\":\"active\",\"Site\":\"s1\",\"Bought\":\"02/03/2024\",\"Plan\":\"Business\"}\n"u8]);
        var run = CliRun.Of("import", _program, _scratch["partners.jsonl"], "--mapping", _scratch["mapping.yaml"], "--database", store.Connection).Expect(1);
        Assert.Equal("maple: 0 facts recorded, 1 refused\n", run.Output);
        Assert.Contains("partners.jsonl:1:1: error: the row is not utf-8\nSave the file as UTF-8", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-ascii")]
    [InlineData("gb18030")]
    [InlineData("utf-8")]
    public void Rows_that_are_not_in_the_encoding_are_refused_whichever_it_is(string encoding)
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("encoded.yaml", $"encoding: {encoding}\n{Mapping}");
        File.WriteAllBytes(_scratch["partners.csv"], [.. "Partner,Joined,Status,Site,Bought,Plan\nZo"u8, 0xFF, 0xFF, .. ",01/03/2024,active,s1,02/03/2024,Business\n"u8]);
        var run = CliRun.Of("import", _program, _scratch["partners.csv"], "--mapping", _scratch["encoded.yaml"], "--database", store.Connection).Expect(1);
        Assert.Equal("maple: 0 facts recorded, 1 refused\n", run.Output);
        Assert.Contains($"partners.csv:2:1: error: the row is not {encoding}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix", "79228162514264337593543950335")]
    [InlineData("unix", "-9223372036854775808")]
    [InlineData("unix-ms", "79228162514264337593543950335")]
    [InlineData("unix-ms", "9223372036854776")]
    public void A_count_of_seconds_that_is_no_time_is_a_refused_row(string date, string count)
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("partners.csv", Partners.Replace("02/03/2024", count, StringComparison.Ordinal));
        _scratch.Write("mapping.yaml", Mapping.Replace("[dd/MM/yyyy, yyyy-MM-dd]", $"[dd/MM/yyyy, yyyy-MM-dd, {date}]", StringComparison.Ordinal));
        Assert.Contains($"`{count}` is no date as", Import(store).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Yes_and_no_of_an_object_are_true_and_false()
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("flags.yaml", Mapping.Replace("Status: test", "Trial: \"true\"", StringComparison.Ordinal).Replace("Status: [active, left]", "Trial: \"false\"", StringComparison.Ordinal));
        var file = _scratch.Write("partners.jsonl", """
            {"Partner":"ada","Joined":"01/03/2024","Trial":false,"Site":"s1","Bought":"02/03/2024","Plan":"Business"}
            {"Partner":"ben","Joined":"01/03/2024","Trial":true,"Site":"s2","Bought":"02/03/2024","Plan":"Business"}
            """);
        Assert.Equal("maple: 3 facts recorded; 1 row of no fact\n", CliRun.Of("import", _program, file, "--mapping", _scratch["flags.yaml"], "--database", store.Connection).Expect(0).Output);
    }

    [Theory]
    [InlineData("""{"Partner":"\ud800"}""")]
    [InlineData("""{"Partner":"ada","\udc00":1}""")]
    [InlineData("""{"Partner":"ada","more":{"of":"\ud83c"}}""")]
    public void Half_a_character_of_an_object_is_a_refused_row(string line)
    {
        using var store = Store.Empty("sqlite");
        var run = CliRun.Of("import", _program, _scratch.Write("partners.jsonl", line + "\n"), "--mapping", _scratch["mapping.yaml"], "--database", store.Connection).Expect(1);
        Assert.Equal("maple: 0 facts recorded, 1 refused\n", run.Output);
        Assert.Contains("partners.jsonl:1:1: error: the line is not JSON: half a surrogate pair\n", run.Error, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task A_run_that_was_killed_goes_on_and_comes_to_the_same(string engine)
    {
        using var store = Store.Empty(engine);
        using var whole = Store.Empty(engine);
        var facts = _scratch.Write("facts.jsonl", CliRun.Of("sample", "wix-partner", "--facts", "2500", "--members", "120").Expect(0).Output);
        using (var process = CliRun.Start(["import", "wix-partner", facts, "--database", store.Connection]))
        {
            while (!process.HasExited && await Recorded(store) < 400) { await Task.Delay(20); }
            process.Kill();
            await process.WaitForExitAsync();
        }
        var before = await store.Count("facts");
        Assert.InRange(before, 400, 2300);
        var run = CliRun.Of("import", "wix-partner", facts, "--database", store.Connection).Expect(0);
        Assert.Contains("goes on", run.Error, StringComparison.Ordinal);
        CliRun.Of("import", "wix-partner", facts, "--database", whole.Connection).Expect(0);

        Assert.Equal(await Roots(whole), await Roots(store));
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", store.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task Beside_a_server_it_writes_nothing_and_says_what_to_do(string engine)
    {
        using var store = Store.Empty(engine);
        await using (var server = await Running.Start(store))
        {
            await server.TellOfAda();
            Assert.Contains("Stop the other one", Import(store, "--now").Expect(engine == "sqlite" ? 2 : 1).Error, StringComparison.Ordinal);
            Assert.Equal(3, await store.Count("facts WHERE subject IS NOT NULL"));
        }
        Assert.Equal("maple: 6 facts recorded; 1 row of no fact\n", Import(store, "--now").Expect(0).Output);
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", store.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task A_program_that_nobody_told_of_begins_with_what_is_told_as_it_was_learnt(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        // Long enough for a lane to look twice for what has fallen due.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal(0, await store.Count("commits"));
        (await server.Ask("POST facts?as-told=true", """{"id":"a1","source":"test","type":"member.joined","subject":"member/ada","time":"2023-05-01"}""")).Expect(201);
        Assert.Equal("2023-05-01T00:00:00Z", (string)(await server.Ask("GET facts")).Expect(200).Json["facts"]![0]!["fact"]!["recordedtime"]!);
    }

    private static async Task<long> Recorded(Store store)
    {
        try { return await store.Count("facts"); }
        catch (Exception e) when (e is global::System.Data.Common.DbException or StorageException) { return 0; }
    }

    /// <summary>The root of the entries, and how many there are; that of the facts has salt in it.</summary>
    private static async Task<(string Root, long Entries)> Roots(Store store)
    {
        var head = await Spine.HeadOf(store.Database, 1, default);
        return (Convert.ToHexString(head.EntriesRoot), head.EntriesTo);
    }

    public void Dispose() => _scratch.Dispose();
}
