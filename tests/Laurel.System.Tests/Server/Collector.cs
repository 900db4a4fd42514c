using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Laurel.System.Tests.Server;

/// <summary>A collector of OpenTelemetry on loopback, by OTLP over HTTP in protobuf: reads as much of it as tests look at.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _got = new();

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>A span.</summary>
    internal sealed record Span(string Scope, string Name, string Trace, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links);

    /// <summary>A metric, with the tags of each of its series.</summary>
    internal sealed record Metric(string Scope, string Name, string Unit, IReadOnlyList<IReadOnlyDictionary<string, string>> Series);

    /// <summary>Starts one.</summary>
    /// <param name="hangs">True for one that takes all, and answers nothing.</param>
    public static async Task<Collector> Start(bool hangs = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector._got.Enqueue((context.Request.Path, body.ToArray()));
            if (hangs) { await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>All texts and bytes that came, as they came.</summary>
    public string Raw => string.Concat(_got.Select(g => Encoding.UTF8.GetString(g.Body)));

    public IReadOnlyList<Span> Spans =>
    [
        .. from got in _got where got.Path == "/v1/traces"
           from scope in Messages(got.Body, 1).SelectMany(resource => Messages(resource, 2))
           from span in Messages(scope, 2)
           select new Span(ScopeOf(scope), Text(span, 5), Convert.ToHexStringLower(Messages(span, 1).First().Span), Tags(span, 9), [.. Messages(span, 13).Select(link => Convert.ToHexStringLower(Messages(link, 1).First().Span))]),
    ];

    public IReadOnlyList<Metric> Metrics =>
    [
        .. from got in _got where got.Path == "/v1/metrics"
           from scope in Messages(got.Body, 1).SelectMany(resource => Messages(resource, 2))
           from metric in Messages(scope, 2)
           // A gauge, a sum or a histogram, each with its points; their tags are numbered otherwise.
           select new Metric(ScopeOf(scope), Text(metric, 1), Text(metric, 3), [.. ((int Kind, int Tags)[])[(5, 7), (7, 7), (9, 9)] is var kinds ? kinds.SelectMany(k => Messages(metric, k.Kind).SelectMany(m => Messages(m, 1)).Select(point => Tags(point, k.Tags))) : []]),
    ];

    public string Resource => string.Join(' ', _got.SelectMany(g => Messages(g.Body, 1)).SelectMany(r => Messages(r, 1)).SelectMany(r => Tags(r, 1)).Select(t => $"{t.Key}={t.Value}").Distinct());

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static string ScopeOf(ReadOnlyMemory<byte> scope) => Messages(scope, 1).Select(s => Text(s, 1)).FirstOrDefault() ?? "";

    private static string Text(ReadOnlyMemory<byte> message, int field) => Messages(message, field).Select(m => Encoding.UTF8.GetString(m.Span)).FirstOrDefault() ?? "";

    private static Dictionary<string, string> Tags(ReadOnlyMemory<byte> message, int field)
    {
        var tags = new Dictionary<string, string>();
        foreach (var tag in Messages(message, field))
        {
            var value = Messages(tag, 2).FirstOrDefault();
            tags[Text(tag, 1)] = Messages(value, 1).Any() ? Text(value, 1) : string.Join(' ', Fields(value).Select(f => f.Number));
        }
        return tags;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field) => Fields(message).Where(f => f.Field == field && f.Bytes is not null).Select(f => f.Bytes!.Value);

    private static List<(int Field, ReadOnlyMemory<byte>? Bytes, ulong Number)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>?, ulong)>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0: fields.Add((field, null, Varint(message.Span, ref at))); break;
                case 1: fields.Add((field, null, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]))); at += 8; break;
                case 5: fields.Add((field, null, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]))); at += 4; break;
                default:
                    var length = (int)Varint(message.Span, ref at);
                    fields.Add((field, message.Slice(at, length), 0));
                    at += length;
                    break;
            }
        }
        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) { return value; }
        }
    }
}
