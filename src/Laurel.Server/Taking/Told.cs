using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>A fact that was sent, and what became of it.</summary>
/// <param name="Place">Its line from 1, or its index in a list.</param>
/// <param name="Fact">The fact; null where it could not be read.</param>
/// <param name="Refusal">Why it could not be read; null where it could.</param>
internal sealed record Told(long Place, Fact? Fact, Refusal? Refusal)
{
    /// <summary>What became of it; null until it was asked.</summary>
    public Receipt? Receipt { get; set; }

    /// <summary>Why it is refused; null where it is not.</summary>
    public Refusal? Refused => Refusal ?? (Receipt as Receipt.Refused)?.Refusal;

    /// <summary>What became of it, as a word.</summary>
    public string Verdict => Refused is not null ? "refused" : Receipt is Receipt.Unchanged ? "unchanged" : "recorded";

    /// <summary>Writes the verdict as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="place">What <see cref="Place"/> is called: "line" or "index"; null where there is one fact only.</param>
    /// <param name="dryRun">True where nothing was kept.</param>
    /// <param name="follows">What would follow from it; null where that is not told.</param>
    public void Write(Utf8JsonWriter json, string? place, bool dryRun, Following? follows)
    {
        json.WriteStartObject();
        if (place is not null) { json.WriteNumber(place, Place); }
        if (Fact is { } fact)
        {
            json.WriteString("source", fact.Source);
            json.WriteString("id", fact.Id);
        }
        json.WriteString("verdict", Verdict);
        switch (Receipt)
        {
            case Receipt.Recorded recorded:
                if (!dryRun)
                {
                    json.WriteNumber("position", recorded.Position);
                    json.WriteString("recorded", recorded.At.ToString());
                }
                break;
            case Receipt.Unchanged unchanged:
                // What is told twice in a dry run has no place.
                if (unchanged.Position >= 0) { json.WriteNumber("position", unchanged.Position); }
                break;
            default:
                var wrong = WrongOf(Refused!, "");
                json.WriteString("code", wrong.Code);
                json.WriteString("pointer", wrong.Pointer);
                json.WriteString("detail", wrong.Detail);
                json.WriteString("remedy", wrong.Remedy);
                break;
        }
        if (dryRun) { json.WriteBoolean("dry_run", true); }
        follows?.Write(json);
        json.WriteEndObject();
    }

    /// <summary>A refusal with its place in the body.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="fact">The pointer to the fact.</param>
    public static Wrong WrongOf(Refusal refusal, string fact) =>
        new(refusal.Field.Length == 0 ? fact : $"{fact}/{refusal.Field.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal).Replace("data.", "data/", StringComparison.Ordinal)}", null, refusal.Code.ToString(), refusal.Message, refusal.Remedy);
}
