using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Calling;

namespace Laurel.Server.Taking;

/// <summary>Facts that the server tells for whoever asks it to do something: enrol, retract, adjust, decide.</summary>
internal static class OwnFacts
{
    /// <summary>The source of such facts.</summary>
    public const string Source = "laurel/api";

    /// <summary>A fact as JSON.</summary>
    /// <param name="context">The request. Sent again with the same idempotency key it gives the same fact, so that nothing is done twice even where the first answer was never kept.</param>
    /// <param name="type">The fact's type.</param>
    /// <param name="subject">What it is about; null for a retraction.</param>
    /// <param name="time">When.</param>
    /// <param name="data">Writes its data, as properties.</param>
    public static byte[] Write(HttpContext context, string type, SubjectName? subject, Instant time, Action<Utf8JsonWriter> data) => Answer.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", IdOf(context));
        json.WriteString("source", Source);
        json.WriteString("type", type);
        if (subject is { } about) { json.WriteString("subject", about.ToString()); }
        json.WriteString("time", time.ToString());
        json.WriteStartObject("data");
        data(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }).ToArray();

    /// <summary>The id of the fact that a request tells: the same each time, where it has an idempotency key.</summary>
    public static string IdOf(HttpContext context)
    {
        var name = context.Request.Headers[Replays.Header].ToString();
        return name.Length == 0 ? Guid.CreateVersion7().ToString() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Caller.Of(context)!.Id}\n{context.Request.Path}\n{name}")).AsSpan(0, 16));
    }
}
