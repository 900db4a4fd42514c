using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>laurel serve as a process.</summary>
public sealed partial class ServeTests
{
    [Fact]
    public async Task What_it_prints_first_works_as_printed_and_it_ends_cleanly()
    {
        using var scratch = new Scratch();
        using var process = CliRun.Start(["serve", "--port", "0", "--demo", "--database", $"Data Source={scratch["laurel.db"]}"]);
        var error = process.StandardError.ReadToEndAsync();
        var said = await Until(process, "timeline");
        var key = Key().Match(said).Groups[1].Value;
        Assert.True(key.Length > 40, said);
        var calls = said.Split('\n').Where(line => line.StartsWith("  curl ", StringComparison.Ordinal)).ToList();
        Assert.True(calls.Count >= 5, said);
        foreach (var call in calls)
        {
            using var curl = Process.Start(new ProcessStartInfo("sh", ["-c", call.Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal)]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["LAUREL_KEY"] = key } })!;
            var answer = await curl.StandardOutput.ReadToEndAsync() + await curl.StandardError.ReadToEndAsync();
            await curl.WaitForExitAsync();
            Assert.True(curl.ExitCode == 0 && answer.Length > 10, $"{call}\n{answer}");
        }
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        Assert.True(process.ExitCode == 0, await error);

        // Started anew it has what was told, and makes no other key.
        using var second = CliRun.Start(["serve", "--port", "0", "--database", $"Data Source={scratch["laurel.db"]}"]);
        said = await Until(second, "/v1/library");
        Assert.DoesNotContain("LAUREL_KEY=laurel_", said.Replace("LAUREL_KEY=laurel_…", "", StringComparison.Ordinal), StringComparison.Ordinal);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var zoe = await client.GetStringAsync(new Uri(Address().Match(said).Groups[1].Value + "/v1/programs/wix-partner/members/zoe/standing"));
        Assert.Contains("\"enrolled\":true", zoe, StringComparison.Ordinal);
        using var interrupt = Process.Start("kill", ["-INT", $"{second.Id}"]);
        Assert.True(second.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        Assert.Equal(0, second.ExitCode);

        var verified = CliRun.Of("verify", "--database", $"Data Source={scratch["laurel.db"]}").Expect(0);
        Assert.Matches(@"^wix-partner: \d+ commits, \d+ facts, \d+ entries, 8 standings: all as the log makes them\n$", verified.Output);
    }

    [Fact]
    public async Task Stopped_while_facts_arrive_it_answers_what_was_asked_before()
    {
        const int Facts = 3000;
        using var scratch = new Scratch();
        var database = $"Data Source={scratch["laurel.db"]}";
        using var process = CliRun.Start(["serve", "--port", "0", "--demo", "--database", database]);
        var error = process.StandardError.ReadToEndAsync();
        var said = await Until(process, "timeline");
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key().Match(said).Groups[1].Value);
        using var lines = new Halves(string.Concat(Enumerable.Range(0, Facts).Select(i => $$"""{"id":"l{{i}}","source":"load","type":"member.joined","subject":"member/l{{i}}","time":"2025-12-01"}""" + "\n")));
        var answer = client.PostAsync(new Uri(Address().Match(said).Groups[1].Value + "/v1/programs/wix-partner/facts"), lines);
        await lines.First;
        // A thousand facts are recorded together, so the request is in the middle once the first is.
        while (!(await client.GetAsync(new Uri(Address().Match(said).Groups[1].Value + "/v1/programs/wix-partner/members/l0/standing"))).IsSuccessStatusCode) { await Task.Delay(100); }
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        // It says that it stops, and still takes the rest of what it was being told.
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(process.HasExited);
        lines.GoOn();
        using var answered = await answer;
        Assert.Equal(Facts, (await answered.Content.ReadAsStringAsync()).Split("\"verdict\":\"recorded\"").Length - 1);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "it still runs");
        Assert.True(process.ExitCode == 0, await error);
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", database).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_while_facts_are_sent_slowly_it_says_how_many_it_has()
    {
        using var store = Store.Empty("sqlite");
        var server = await Running.Start(store, settings => settings with { Patience = TimeSpan.FromSeconds(4) });
        await server.TellOfAda();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await using var stream = client.GetStream();
        var lines = string.Concat(Enumerable.Range(0, 1_500).Select(i => $$"""{"id":"m{{i}}","source":"shop","type":"member.joined","subject":"member/m{{i}}","time":"2024-03-01"}""" + "\n"));
        // There is more to come than what it sends.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/programs/maple/facts HTTP/1.1\r\nHost: laurel\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {2 * lines.Length}\r\n\r\n{lines}"));
        while (await store.Count("facts WHERE subject IS NOT NULL") < 1_003) { await Task.Delay(20); }

        var stopping = server.DisposeAsync().AsTask();
        using var answer = new StreamReader(stream);
        var answered = await answer.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.StartsWith("HTTP/1.1 503", answered, StringComparison.Ordinal);
        Assert.Contains($"the server stops before all of it was read; {await store.Count("facts WHERE subject IS NOT NULL") - 3:N0} of its facts are recorded", answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_while_a_read_waits_for_a_position_it_says_so_at_once()
    {
        using var store = Store.Empty("sqlite");
        // Less than what a read waits for a position.
        var server = await Running.Start(store, settings => settings with { Patience = TimeSpan.FromSeconds(2) });
        await server.TellOfAda();
        var position = (await server.Ask("GET members/ada/standing")).Header("Laurel-Position");
        var (trace, there) = (ActivityTraceId.CreateRandom(), new TaskCompletionSource());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = activity => { if (activity.TraceId == trace) { there.TrySetResult(); } },
        };
        ActivitySource.AddActivityListener(listener);
        var answer = server.Ask("GET members/ada/standing", headers: [$"Laurel-Not-Older-Than: {position}000", $"traceparent: 00-{trace}-{ActivitySpanId.CreateRandom()}-01"]);
        await there.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await server.DisposeAsync();

        Assert.Equal("the server stops before the position is there", (string)(await answer).ExpectProblem(503, "unavailable").Json["detail"]!);
    }

    /// <summary>JSON lines of which the second half is sent when it is asked for.</summary>
    private sealed class Halves : HttpContent
    {
        private readonly byte[] _lines;
        private readonly TaskCompletionSource _first = new(), _second = new();

        public Halves(string lines)
        {
            _lines = global::System.Text.Encoding.UTF8.GetBytes(lines);
            Headers.ContentType = new("application/x-ndjson");
        }

        public Task First => _first.Task;

        public void GoOn() => _second.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, global::System.Net.TransportContext? context)
        {
            await stream.WriteAsync(_lines.AsMemory(0, _lines.Length / 2));
            await stream.FlushAsync();
            _first.SetResult();
            await _second.Task;
            await stream.WriteAsync(_lines.AsMemory(_lines.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    [Fact]
    public async Task The_first_key_goes_into_a_file_of_its_owner_s_where_one_is_named()
    {
        using var scratch = new Scratch();
        var (database, file) = ($"Data Source={scratch["laurel.db"]}", scratch["first-key"]);
        using var process = CliRun.Start(["serve", "--port", "0", "--database", database, "--first-key", file]);
        var error = process.StandardError.ReadToEndAsync();
        var said = await Until(process, "/v1/library");
        var key = (await File.ReadAllTextAsync(file)).Trim();
        if (!OperatingSystem.IsWindows()) { Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)); }
        Assert.StartsWith("laurel_", key, StringComparison.Ordinal);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Contains("\"first\"", await client.GetStringAsync(new Uri(Address().Match(said).Groups[1].Value + "/v1/keys")), StringComparison.Ordinal);
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        said += await process.StandardOutput.ReadToEndAsync() + await error;
        Assert.DoesNotContain(key, said, StringComparison.Ordinal);
        Assert.Contains($"The first key is in {file}", said, StringComparison.Ordinal);

        // Another database does not get the same file, and no key that nobody sees.
        var other = $"Data Source={scratch["other.db"]}";
        var run = CliRun.Of("serve", "--port", "0", "--database", other, "--first-key", file).Expect(2);
        Assert.Contains("the first key can't be written", run.Error, StringComparison.Ordinal);
        Assert.Equal(key, (await File.ReadAllTextAsync(file)).Trim());
        using var second = CliRun.Start(["serve", "--port", "0", "--database", other]);
        Assert.Matches("export LAUREL_KEY=laurel_[^ …]", await Until(second, "/v1/library"));
        using var end = Process.Start("kill", ["-TERM", $"{second.Id}"]);
        Assert.True(second.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
    }

    [Theory]
    [InlineData("serve --database nothing", "the database is not named by a connection string")]
    [InlineData("verify --database nothing", "the database is not named by a connection string")]
    [InlineData("verify --database Filename=/nowhere/laurel.db", "there is no file /nowhere/laurel.db")]
    [InlineData("serve --port 70000", "is no port")]
    [InlineData("serve --port 1 --urls http://127.0.0.1:2", "can't both be asked")]
    [InlineData("serve --urls ftp://127.0.0.1", "is no address to listen on")]
    [InlineData("serve --address here", "is no address")]
    [InlineData("serve --take-in nowhere", "there is no folder")]
    public void What_it_cannot_do_it_says(string call, string message)
    {
        var run = CliRun.Of(call.Split(' ')).Expect(2);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_over_the_next_time_is_told_from_what_is_set_wrongly() =>
        Assert.Contains("PostgreSQL cannot be reached", CliRun.Of("serve", "--database", "Host=127.0.0.1;Port=1;Database=x;Username=x").Expect(1).Error, StringComparison.Ordinal);

    private static async Task<string> Until(Process process, string word)
    {
        var said = "";
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            said += line + "\n";
            if (line.Contains(word, StringComparison.Ordinal)) { break; }
        }
        return said;
    }

    [GeneratedRegex("export LAUREL_KEY=(laurel_[^ …\n]+)")]
    private static partial Regex Key();

    [GeneratedRegex("listens on ([^ ,;]+)")]
    private static partial Regex Address();
}
