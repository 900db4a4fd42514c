using System.Text;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Laurel.Server.Calling;

/// <summary>
/// Names in an address, read from the bytes that were sent: the framework leaves <c>%2F</c> as it stands and decodes all else, so that a name
/// with a slash and one with <c>%2F</c> would be the same.
/// </summary>
internal static class Names
{
    /// <summary>The route's part that names a program.</summary>
    public const string Program = "program";

    /// <summary>The route's part that names a member.</summary>
    public const string Member = "member";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name that stands in the place of a route's parameter.</summary>
    /// <exception cref="Refused">It is not UTF-8.</exception>
    public static string Of(HttpContext context, string parameter)
    {
        var route = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern;
        var place = route.PathSegments.Select((segment, index) => (segment, index)).First(s => s.segment.Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart part] && part.Name == parameter).index;
        var segments = Segments(context);
        var sent = segments.Count == route.PathSegments.Count ? segments[place] : throw Refused.Parameter(parameter, "the address has parts that are empty, or `.` or `..`", "Write it without them.");
        try
        {
            var name = Decoded(sent);
            return name.Contains('\0', StringComparison.Ordinal) ? throw WithNothing(parameter) : name;
        }
        catch (ArgumentException) { throw NotUtf8(parameter); }
    }

    /// <summary>The path of an address, the same however its names are encoded, and another for other names.</summary>
    public static string PathOf(HttpContext context) => string.Concat(Segments(context).Select(sent => $"/{Uniform(sent)}"));

    private static string Uniform(string sent)
    {
        try { return Decoded(sent).Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal); }
        // Whoever reads the name refuses it.
        catch (ArgumentException) { return sent; }
    }

    /// <summary>The parts of an address as they were sent.</summary>
    private static List<string> Segments(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        if (target.StartsWith("http", StringComparison.OrdinalIgnoreCase) && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme) { target = target[target.IndexOf('/', scheme + 3)..]; }
        return [.. target.Split('/').Skip(1)];
    }

    /// <summary>What reads the program of an address.</summary>
    /// <exception cref="Refused">There is none.</exception>
    public static Reader Reader(HttpContext context)
    {
        var name = Of(context, Program);
        return context.RequestServices.GetRequiredService<Shelf>().Read(name) ?? throw new Refused(ProblemType.UnknownProgram, $"there is no program `{name}`", "GET /v1/programs lists those that there are.");
    }

    /// <summary>The lane of the program of an address.</summary>
    /// <exception cref="Refused">There is none.</exception>
    public static Lane Lane(HttpContext context) => context.RequestServices.GetRequiredService<Shelf>().Find(Reader(context).Program.Name)!;

    /// <summary>A parameter with the character that no database takes.</summary>
    public static Refused WithNothing(string parameter) => Refused.Parameter(parameter.Replace("\0", "", StringComparison.Ordinal), "a parameter has the character U+0000", "No text may have it.");

    /// <summary>A name or a parameter that is not UTF-8.</summary>
    public static Refused NotUtf8(string parameter) => Refused.Parameter(parameter, $"`{parameter}` is not UTF-8", "Write it as UTF-8, percent-encoded.");

    /// <summary>True where a part of an address is UTF-8, percent-encoded.</summary>
    public static bool IsEncoded(ReadOnlySpan<char> sent)
    {
        try { return !sent.Contains('%') || Decoded(sent.ToString()) is not null; }
        catch (ArgumentException) { return false; }
    }

    /// <summary>What waits for a second person in the program of an address.</summary>
    /// <exception cref="Refused">There is no such program.</exception>
    public static Proposals Proposals(HttpContext context) => context.RequestServices.GetRequiredService<Shelf>().Proposals(Reader(context).Program.Name)!;

    private static string Decoded(string sent)
    {
        if (!sent.Contains('%', StringComparison.Ordinal)) { return sent; }
        var bytes = new List<byte>(sent.Length);
        for (var i = 0; i < sent.Length; i++)
        {
            if (sent[i] != '%') { bytes.AddRange(Strict.GetBytes(sent, i, 1)); }
            else if (i + 2 < sent.Length && byte.TryParse(sent.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else { throw new ArgumentException("a percent sign without two digits", nameof(sent)); }
        }
        return Strict.GetString([.. bytes]);
    }
}
