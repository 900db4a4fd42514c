using System.Net.Http.Headers;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Calling;

/// <summary>What a route needs of whoever calls it.</summary>
/// <param name="Scopes">The scopes that the key must have.</param>
/// <param name="WholeServer">True where a key for one program is not enough.</param>
internal sealed record Needed(Scopes Scopes, bool WholeServer);

/// <summary>Says what routes need.</summary>
internal static class NeededRoutes
{
    /// <summary>The route needs a key with these scopes.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Scopes scopes, bool wholeServer = false) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new Needed(scopes, wholeServer));
}

/// <summary>Who calls, and whether they may.</summary>
internal static class Caller
{
    private static readonly object Item = new();
    private static readonly object SecretItem = new();

    /// <summary>The key of whoever calls; null where there is none.</summary>
    public static Key? Of(HttpContext context) => context.Items[Item] as Key;

    /// <summary>The secret of the key of whoever calls.</summary>
    public static string SecretOf(HttpContext context) => (string)context.Items[SecretItem]!;

    /// <summary>Finds the key. Whether it is enough is looked at later, after the rate limit.</summary>
    public static async Task Identify(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Needed>() is not null && AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var sent)
            && sent is { Scheme: var scheme, Parameter: { } secret } && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            context.Items[Item] = await context.RequestServices.GetRequiredService<Shelf>().Keys.Find(secret, context.RequestAborted).ConfigureAwait(false);
            context.Items[SecretItem] = secret;
        }
        await next(context).ConfigureAwait(false);
    }

    /// <summary>Refuses whoever may not call this.</summary>
    public static Task Authorize(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Needed>() is { } needed) { Check(context, needed); }
        return next(context);
    }

    /// <summary>False for whoever may not go on with what takes long: the key was revoked since, or is over.</summary>
    public static async Task<bool> MayGoOn(HttpContext context) =>
        await context.RequestServices.GetRequiredService<Shelf>().Keys.Find(SecretOf(context), context.RequestAborted).ConfigureAwait(false) is not null;

    private static void Check(HttpContext context, Needed needed)
    {
        if (Of(context) is not { } key)
        {
            throw new Refused(ProblemType.NoKey, "the request has no key, or one that is worth nothing", "Send `Authorization: Bearer KEY`. Keys are made by POST /v1/keys; the first one was printed when the server first started, or written into the file that it was told.");
        }
        if ((key.Scopes & needed.Scopes) != needed.Scopes)
        {
            throw new Refused(ProblemType.NotAllowed, $"the key `{key.Name}` may not do this: it needs the scope {ScopeNames.Write(needed.Scopes & ~key.Scopes)}", "Use another key.");
        }
        // Whether there is such a program is not said to whoever may not know.
        if (key.Program is { } only && (needed.WholeServer || (context.Request.RouteValues.ContainsKey(Names.Program) && Names.Of(context, Names.Program) != only)))
        {
            throw new Refused(ProblemType.NotAllowed, $"the key `{key.Name}` is for one program only, and this is not it", "Use another key.");
        }
    }
}
