using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Laurel.Server.Answering;
using Laurel.Server.Refusing;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Calling;

/// <summary>Which page of a list is asked for.</summary>
internal sealed class Paging
{
    /// <summary>The most of a page.</summary>
    public const int Most = 1000;

    private const int Default = 100;

    /// <summary>How many at most.</summary>
    [FromQuery(Name = "limit"), Description("How many at most: 1 to 1000; 100 where it is left out.")]
    public string? Limit { get; set; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor"), Description("What the page before said as `next`.")]
    public string? Cursor { get; set; }

    /// <summary>How many are asked for.</summary>
    /// <exception cref="Refused">It is no count.</exception>
    public int Count() => Limit is null ? Default
        : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= Most ? limit
        : throw Refused.Parameter("limit", $"`limit={Limit}` is not a whole number from 1 to {Most}", "Leave it out for 100.");

    /// <summary>From where to where a list goes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="list">The list, with all by which it is filtered.</param>
    /// <param name="incarnation">The database.</param>
    /// <param name="end">Where it ends now.</param>
    public (long From, long UpTo) Range(HttpContext context, string list, Guid incarnation, long end)
    {
        if (Cursor is null) { return (0, end); }
        var (upTo, next, _) = CursorsOf(context).Read(list, incarnation, Cursor);
        return (next, upTo);
    }

    /// <summary>After which place a page of a list begins whose places are not numbers that rise by one.</summary>
    /// <inheritdoc cref="Range"/>
    public (long Place, string Name)? After(HttpContext context, string list, Guid incarnation)
    {
        if (Cursor is null) { return null; }
        var (_, place, name) = CursorsOf(context).Read(list, incarnation, Cursor);
        return (place, name);
    }

    /// <summary>Writes where the next page begins, as a property <c>next</c>; null where this is the last.</summary>
    public static void WriteNext(Utf8JsonWriter json, HttpContext context, string list, Guid incarnation, long upTo, long? next) =>
        json.WriteString("next", next is { } from ? CursorsOf(context).Write(list, incarnation, upTo, from, "") : null);

    /// <summary>The same, for a list whose places are not numbers that rise by one.</summary>
    public static void WriteNext(Utf8JsonWriter json, HttpContext context, string list, Guid incarnation, (long Place, string Name)? after) =>
        json.WriteString("next", after is var (place, name) ? CursorsOf(context).Write(list, incarnation, upTo: 0, place, name) : null);

    private static Cursors CursorsOf(HttpContext context) => context.RequestServices.GetRequiredService<Cursors>();
}
