using System.Reflection;
using Laurel.Engine.Explaining;
using Laurel.Server.Refusing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Laurel.Server.Calling;

/// <summary>
/// The parameters that a route takes. Any other is refused: one that was misspelt would be left alone, and a dry run that is none, or an answer to another
/// question, would be taken for what was asked.
/// </summary>
/// <param name="Names">Their names.</param>
internal sealed record Parameters(IReadOnlySet<string> Names)
{
    private const int AddressMax = 8192;
    private const int HeadersMax = 100;
    private const int HeadersBytesMax = 32 << 10;

    /// <summary>Lets whatever is not much too large come as far as here, where it is said what is wrong with it: the framework says nothing.</summary>
    public static void Admit(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 16 * AddressMax;
        limits.MaxRequestHeaderCount = 10 * HeadersMax;
        limits.MaxRequestHeadersTotalSize = 16 * HeadersBytesMax;
    }

    /// <summary>Refuses an address and headers that are too large.</summary>
    public static Task CheckSize(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpRequestFeature>()!.RawTarget.Length > AddressMax) { throw new Refused(ProblemType.AddressTooLong, $"the address has more than {AddressMax:N0} characters", "Send what is long in a body."); }
        var (count, bytes) = (0, 0);
        foreach (var (name, values) in context.Request.Headers)
        {
            count += values.Count;
            foreach (var value in values) { bytes += name.Length + (value?.Length ?? 0); }
        }
        return count <= HeadersMax && bytes <= HeadersBytesMax ? next(context) : throw new Refused(ProblemType.HeadersTooLarge, $"the headers are more than {HeadersMax}, or more than {HeadersBytesMax >> 10} KB", "Send none but those that the API's document names.");
    }

    /// <summary>Adds to each route what it takes.</summary>
    public static void Declare(IEndpointConventionBuilder routes) => routes.Finally(route => route.Metadata.Add(new Parameters(
        route.Metadata.OfType<IParameterBindingMetadata>().Select(p => p.ParameterInfo.GetCustomAttribute<FromQueryAttribute>()?.Name).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase))));

    /// <summary>What a parameter of a query may be.</summary>
    public static OpenApiSchema SchemaOf(string name) => name switch
    {
        "limit" => new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = Paging.Most.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        "dry-run" or "atomic" or "as-told" => new() { Type = JsonSchemaType.Boolean },
        _ => new() { Type = JsonSchemaType.String },
    };

    /// <summary>Refuses parameters that mean nothing, those that are there twice, those that are no text, and those with the character that no database takes.</summary>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        // The framework leaves an escape that is none as it stands, so that it would be another name.
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            if (!Calling.Names.IsEncoded(pair.EncodedName.Span) || !Calling.Names.IsEncoded(pair.EncodedValue.Span)) { throw Calling.Names.NotUtf8(pair.DecodeName().ToString()); }
        }
        var taken = context.GetEndpoint()?.Metadata.GetMetadata<Parameters>()?.Names;
        foreach (var (name, values) in context.Request.Query)
        {
            if (name.Contains('\0', StringComparison.Ordinal) || values.Any(v => v?.Contains('\0', StringComparison.Ordinal) ?? false)) { throw Calling.Names.WithNothing(name); }
            if (taken?.Contains(name) is false) { throw Refused.Parameter(name, $"`{name}` means nothing here", taken.Count == 0 ? "Leave it out: this takes no parameters." : Choice.Among(name, taken)); }
            // The framework would join them with a comma, to a name that nobody wrote.
            if (taken is not null && values.Count > 1) { throw Refused.Parameter(name, $"`{name}` is there {values.Count} times", "Write it once."); }
        }
        return next(context);
    }
}
