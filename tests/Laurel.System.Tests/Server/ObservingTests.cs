using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Laurel.Server;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;
using Microsoft.Extensions.Logging;

namespace Laurel.System.Tests.Server;

/// <summary>What a server tells of itself: its log, spans and metrics; and that none of these tells of a person.</summary>
public sealed partial class ObservingTests : IDisposable
{
    private static readonly string[] People = ["Zinaida-Priwatna", "zinaida@priwatna.example", "a sentence of hers", "+49 30 123456"];
    private static readonly string Page = File.ReadAllText(Path.Combine(CliRun.Root, "docs", "operating.md"));

    private readonly Scratch _scratch = new();

    [Theory, Stores]
    public async Task What_it_does_arrives_at_a_collector_and_in_the_log_and_nobody_is_named(string engine)
    {
        using var store = Store.Empty(engine);
        await using var collector = await Collector.Start();
        _scratch.WriteProgram();
        _scratch.Write("laurel.yaml", $"otel-exporter-otlp-endpoint: {collector.Address}\notel-service-name: laurel-here\notel-metric-export-interval: 500\nlog: json\nlog-level: debug\n");
        using var process = CliRun.Start(["serve", "--port", "0", "--config", _scratch["laurel.yaml"], "--database", store.Connection, "--take-in", _scratch[""], "--strangers-per-second", "100000"]);
        var errors = process.StandardError.ReadToEndAsync();
        var said = "";
        while (!said.Contains("/v1/library", StringComparison.Ordinal)) { said += await process.StandardOutput.ReadLineAsync() + "\n"; }
        using var client = new HttpClient { BaseAddress = new(Address().Match(said).Groups[1].Value) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key().Match(said).Groups[1].Value);

        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        foreach (var person in People) { await Tell(client, Guid.NewGuid().ToString(), $"member/{person}", person); }
        await Tell(client, "again", "member/ada", "");
        Assert.Contains("\"verdict\":\"unchanged\"", await Tell(client, "again", "member/ada", ""), StringComparison.Ordinal);
        await Walk(client);
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"/v1/programs/maple/members/{People[0]}/standing?at=never") { Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } } };
        using var refused = await client.SendAsync(wrong);
        Assert.Equal(trace, (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["request"]);
        // Until the lane has looked once at what is due, and metrics were sent.
        await Task.Delay(TimeSpan.FromSeconds(2));
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "it still runs");
        var lines = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var log = lines.Select(line => JsonNode.Parse(line)!).ToList();
        List<JsonNode> Lines(string category, int id) => [.. log.Where(l => (string)l["Category"]! == category && (int)l["EventId"]! == id)];
        foreach (var (category, id) in new[] { ("Laurel.Server", 1), ("Laurel.Server", 2), ("Laurel.Server", 3), ("Laurel.Lane", engine == "postgres" ? 1 : 8), ("Laurel.Lane", 3), ("Laurel.Lane", 5), ("Laurel.Request", 1) }) { Assert.NotEmpty(Lines(category, id)); }
        var told = Lines("Laurel.Request", 1).Single(l => (string)l["State"]!["Trace"]! == trace)["State"]!;
        Assert.Equal(("GET", "/v1/programs/{program}/members/{member}/standing", 400, "maple", "invalid-parameter"), ((string)told["Method"]!, (string)told["Route"]!, (int)told["Status"]!, (string)told["Program"]!, (string)told["Problem"]!));
        Assert.DoesNotContain(log, l => (string)l["LogLevel"]! is "Error" or "Critical");

        var spans = collector.Spans;
        Assert.Equal(["laurel.commit", "laurel.due", "laurel.record"], spans.Where(s => s.Scope == "Laurel").Select(s => s.Name).Distinct().Order());
        Assert.Contains(spans, s => s.Name == "laurel.record" && s.Tags["laurel.program"] == "maple" && s.Links.Count > 0 && spans.Any(r => r.Trace == s.Links[0] && r.Name == "POST /v1/programs/{program}/facts"));
        Assert.Contains(spans, s => s is { Name: "laurel.commit", Tags: var tags } && tags["laurel.facts"] == "1" && tags["laurel.kind"] == "facts");
        Assert.Contains(spans, s => s.Trace == trace && s.Name == "GET /v1/programs/{program}/members/{member}/standing" && s.Tags["http.response.status_code"] == "400");
        Assert.Equal(engine == "postgres", spans.Any(s => s.Scope == "Npgsql"));

        var metrics = collector.Metrics;
        Assert.Equal(Metrics().Select(m => m.Name), metrics.Where(m => m.Scope == "Laurel").Select(m => m.Name).Distinct().Order());
        Assert.Contains(metrics, m => m.Name == "http.server.request.duration" && m.Series.Any(s => s.TryGetValue("http.route", out var route) && route == "/v1/programs/{program}/facts"));
        foreach (var verdict in new[] { "recorded", "unchanged", "refused" }) { Assert.Contains(metrics, m => m.Name == "laurel.facts" && m.Series.Any(s => s["laurel.verdict"] == verdict && s.ContainsKey("laurel.code") == (verdict == "refused"))); }
        Assert.Contains("service.name=laurel-here", collector.Resource, StringComparison.Ordinal);

        foreach (var person in People.SelectMany(p => new[] { p, Uri.EscapeDataString(p), Uri.EscapeDataString(Uri.EscapeDataString(p)) }))
        {
            Assert.DoesNotContain(lines, line => line.Contains(person, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(person, collector.Raw, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Nothing_is_exported_unless_it_is_said_where_to()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        Assert.Null(Laurel.Server.Observing.Export.Begin(new Dictionary<string, string> { ["OTEL_SERVICE_NAME"] = "laurel" }));
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_holds_no_stop_up()
    {
        await using var collector = await Collector.Start(hangs: true);
        var export = Laurel.Server.Observing.Export.Begin(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" })!;
        using (var source = new ActivitySource(Telemetry.Name)) { source.StartActivity("laurel.due")?.Dispose(); }
        var began = Stopwatch.GetTimestamp();
        export.Dispose();

        // Both would be waited for five seconds each, and ten are all that closing the books may take.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 4.5);
        Assert.Contains("laurel.due", collector.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_every_metric() => Assert.Equal(Metrics().Select(m => $"| `{m.Name}` | {m.Unit} | {m.Description} |"), Metric().Matches(Page).Select(m => m.Value).Select(row => row[..(row.LastIndexOf('|', row.Length - 2) + 1)]));

    [Fact]
    public void The_page_has_every_line_of_the_log() => Assert.Equal(
        ((Type[])[typeof(Serving), typeof(Shelf)]).SelectMany(t => t.Assembly.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(a => $"{a.EventId} {a.Message}").Order(),
        Event().Matches(Page).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order());

    [Theory]
    [InlineData("log: xml\n", "`log: xml` is none of plain, json")]
    [InlineData("log-level: all\n", "`log-level: all` is none of debug")]
    [InlineData("otel-exporter-otlp-endpoint: here\n", "`otel-exporter-otlp-endpoint: here` is no address")]
    [InlineData("otel-exporter-otlp-protocol: http/json\n", "is none of http/protobuf, grpc")]
    [InlineData("otel-metric-export-interval: soon\n", "is no count")]
    public void What_is_wrong_with_it_is_said(string text, string message) =>
        Assert.Contains(message, CliRun.Of("serve", "--port", "0", "--config", _scratch.Write("laurel.yaml", text), "--database", $"Data Source={_scratch["laurel.db"]}").Expect(2).Error, StringComparison.Ordinal);

    public void Dispose() => _scratch.Dispose();

    /// <summary>All instruments of ours, by their names.</summary>
    private static List<Instrument> Metrics()
    {
        var instruments = new List<Instrument>();
        Telemetry.Told("none", "recorded", null);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == Telemetry.Name) { instruments.Add(instrument); } } };
        listener.Start();
        return [.. instruments.OrderBy(i => i.Name, StringComparer.Ordinal)];
    }

    private static async Task<string> Tell(HttpClient client, string id, string subject, string more)
    {
        var fact = new JsonObject { ["id"] = id, ["source"] = "test", ["type"] = "member.joined", ["subject"] = subject, ["time"] = "2025-06-01", ["data"] = more.Length == 0 ? new JsonObject() : new JsonObject { [more] = more } };
        using var answer = await client.PostAsync("/v1/programs/maple/facts", Json(fact));
        if (more.Length > 0)
        {
            fact["data"] = new JsonObject();
            using var good = await client.PostAsync("/v1/programs/maple/facts", Json(fact));
            return await good.Content.ReadAsStringAsync();
        }
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Sends the names, mails and sentences of people through every route: in its address, its parameters and its body.</summary>
    private static async Task Walk(HttpClient client)
    {
        var routes = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (Method: o.Key.ToUpperInvariant(), Path: path.Key, Operation: o.Value!)));
        foreach (var (method, path, operation) in routes)
        {
            foreach (var person in People)
            {
                var name = Uri.EscapeDataString(person);
                var parameters = string.Join('&', (operation["parameters"]?.AsArray() ?? []).Where(p => (string)p!["in"]! == "query").Select(p => $"{p!["name"]}={name}"));
                foreach (var address in new[] { Parameter().Replace(path.Replace("{program}", "maple", StringComparison.Ordinal), name), Parameter().Replace(path, name), $"{Parameter().Replace(path.Replace("{program}", "maple", StringComparison.Ordinal), name)}?{parameters}" })
                {
                    using var request = new HttpRequestMessage(new(method), address);
                    if (operation["requestBody"] is not null) { request.Content = Json(new JsonObject { [person] = person, ["name"] = person, ["subject"] = $"site/{person}", ["reason"] = person, ["by"] = person, ["id"] = person, ["source"] = person, ["type"] = person }); }
                    using var answer = await client.SendAsync(request);
                    Assert.True((int)answer.StatusCode < 500, $"{method} {address}");
                }
            }
        }
    }

    private static StringContent Json(JsonNode body) => new(body.ToJsonString(), global::System.Text.Encoding.UTF8, "application/json");

    [GeneratedRegex(@"\{[a-zA-Z]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("export LAUREL_KEY=(laurel_[^ …\n]+)")]
    private static partial Regex Key();

    [GeneratedRegex("listens on ([^ ,;]+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"^\| `laurel\.[a-z.]+` \| (?:s|\{[a-z]+\}) \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `Laurel\.[A-Za-z]+` (\d+) \| [a-z]+ \| `(.*)` \|$", RegexOptions.Multiline)]
    private static partial Regex Event();
}
