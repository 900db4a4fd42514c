using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Laurel.Server;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>A server of a test's own on a free port, over a database of its own; gone after it.</summary>
internal sealed class Running : IAsyncDisposable
{
    private static Described? _described;

    private readonly Scratch _folder;
    private readonly Settings _settings;
    private readonly TimeProvider _clock;
    private Serving _serving;

    private Running(Scratch folder, Settings settings, TimeProvider clock, Serving serving)
    {
        (_folder, _settings, _clock, _serving) = (folder, settings, clock, serving);
        Key = serving.FirstKey ?? "";
    }

    /// <summary>The secret of a key that may do all.</summary>
    public string Key { get; private init; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_serving.Addresses[0]);

    public Serving Serving => _serving;

    /// <summary>Starts one with the small program maple.</summary>
    public static async Task<Running> Start(Store store, Func<Settings, Settings>? with = null, TimeProvider? clock = null)
    {
        var folder = new Scratch();
        folder.WriteProgram();
        var settings = new Settings(store.Connection, ["http://127.0.0.1:0"], [Path.Combine(CliRun.Root, "programs")], folder[""]) { RequestsPerSecond = 1_000_000, StrangersPerSecond = 1_000_000 };
        settings = with?.Invoke(settings) ?? settings;
        clock ??= TimeProvider.System;
        return new(folder, settings, clock, await Serving.Start(settings, clock, default));
    }

    /// <summary>Starts one over a database that has keys already, and makes another.</summary>
    public static async Task<Running> StartAgain(Store store)
    {
        var running = await Start(store);
        return new(running._folder, running._settings, running._clock, running._serving) { Key = (await running._serving.Shelf.Keys.Create("again", Laurel.Storage.Scopes.All, null, null, keep: null, default)).Value.Secret };
    }

    /// <summary>Stops it and starts it anew over the same database.</summary>
    public async Task Restart()
    {
        await _serving.DisposeAsync();
        _serving = await Serving.Start(_settings, _clock, default);
    }

    /// <summary>Asks it.</summary>
    /// <param name="call">The method, a space, and the address from /v1/programs/maple on where it does not begin with a slash.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="type">The body's type.</param>
    /// <param name="key">The key's secret; empty for none, null for one that may do all.</param>
    /// <param name="headers">More headers, each as "Name: value".</param>
    public Task<Answered> Ask(string call, string? body = null, string type = "application/json", string? key = null, params string[] headers) =>
        Ask(call, body is null ? null : Encoding.UTF8.GetBytes(body), type, key, headers);

    /// <inheritdoc cref="Ask(string, string?, string, string?, string[])"/>
    public async Task<Answered> Ask(string call, byte[]? body, string type, string? key, params string[] headers)
    {
        var words = call.Split(' ', 2);
        var path = words[1].StartsWith('/') ? words[1] : words[1].Length == 0 || words[1][0] == '?' ? $"/v1/programs/maple{words[1]}" : $"/v1/programs/maple/{words[1]}";
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        // As it stands: an address with dots or escapes is sent as it is written.
        using var request = new HttpRequestMessage(new(words[0]), new Uri(Address.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (key != "") { request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key ?? Key}"); }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            // As curl does: what is refused for its size alone is not sent.
            request.Headers.ExpectContinue = body.Length > 1 << 20;
            if (type.Length > 0) { request.Content.Headers.TryAddWithoutValidation("Content-Type", type); }
        }
        foreach (var header in headers.Select(h => h.Split(": ", 2)))
        {
            if (!request.Headers.TryAddWithoutValidation(header[0], header[1])) { request.Content!.Headers.TryAddWithoutValidation(header[0], header[1]); }
        }
        using var response = await client.SendAsync(request);
        var answered = new Answered((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType, response.Headers);
        _described ??= await Described();
        var wrong = _described.Wrong(words[0], path, answered) ?? _described.WrongBody(words[0], path, type, body ?? [], answered);
        Assert.True(wrong is null, wrong);
        return answered;
    }

    /// <summary>What its document says that it takes and answers.</summary>
    public async Task<Described> Described()
    {
        using var client = new HttpClient();
        return new(await client.GetStringAsync(new Uri(Address, "/openapi/v1.json")));
    }

    /// <summary>Tells a fact.</summary>
    public async Task<Answered> Tell(string id, string type, string subject, string time, string data = "{}") =>
        await Ask("POST facts", $$"""{"id":"{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"{{time}}","data":{{data}}}""");

    /// <summary>Tells of ada, who has a site on a plan since 2 March 2024.</summary>
    public async Task TellOfAda()
    {
        (await Tell("a1", "member.joined", "member/ada", "2024-03-01")).Expect(201);
        (await Tell("a2", "site.created", "site/s1", "2024-03-01", """{"member":"ada"}""")).Expect(201);
        (await Tell("a3", "plan.bought", "site/s1", "2024-03-02", """{"plan":"business"}""")).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        await _serving.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>An answer.</summary>
internal sealed record Answered(int Status, string Body, MediaTypeHeaderValue? Type, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The last part of the problem's address; empty where it is no problem.</summary>
    public string Problem => Type?.MediaType == "application/problem+json" ? ((string)Json["type"]!)["/problems/".Length..] : "";

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>Fails with all that was said where the status is another.</summary>
    public Answered Expect(int status)
    {
        Assert.True(Status == status, $"{Status}, not {status}\n{Body}");
        return this;
    }

    /// <summary>Fails where it is not this problem, told as problems are.</summary>
    public Answered ExpectProblem(int status, string name)
    {
        Expect(status);
        Assert.Equal((name, status), (Problem, (int)Json["status"]!));
        Assert.NotEqual("", (string)Json["title"]!);
        Assert.NotEqual("", (string)Json["detail"]!);
        return this;
    }
}
