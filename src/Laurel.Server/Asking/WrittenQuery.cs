using System.ComponentModel;
using Laurel.Engine.Values;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Asking;

/// <summary>What a read of what was written may ask: entries and changes stand as they were posted and announced, by the rules of then.</summary>
internal sealed class WrittenQuery
{
    /// <summary>When.</summary>
    [FromQuery(Name = "at"), Description("Of entries those that count at this instant, of changes those that are effective by then; all where it is left out.")]
    public string? At { get; set; }

    /// <summary>As known when.</summary>
    [FromQuery(Name = "known"), Description("What was written later is left out; nothing is where it is left out.")]
    public string? Known { get; set; }

    /// <summary>The instant that is asked for; null for none.</summary>
    public Instant? Instant(Zone zone) => At is null ? null : ReadingQuery.Instant("at", At, zone);

    /// <summary>Up to where it is read.</summary>
    /// <exception cref="Refused">It is asked of a time that is none.</exception>
    public Task<Position> Head(HttpContext context, Reader reader) => Head(context, reader, Known);

    /// <summary>Up to where what was written is read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reader">The program.</param>
    /// <param name="known">As known when; null for now.</param>
    /// <exception cref="Refused">It is asked of a time that is none.</exception>
    public static Task<Position> Head(HttpContext context, Reader reader, string? known) =>
        known is null ? reader.Head(context.RequestAborted) : reader.At(ReadingQuery.Instant("known", known, reader.Program.Vocabulary.Zone), context.RequestAborted);
}
