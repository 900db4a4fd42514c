using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/keys: who may call the server.</summary>
internal static class KeyRoutes
{
    private const int NameMax = 100;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/keys").Needs(Scopes.Operate, wholeServer: true).WithTags("keys");
        keys.MapGet("", List).Answers("Keys").WithSummary("List keys, with when each was last used; never their secrets");
        keys.MapPost("", Create).Answers("MadeKey", 200, 201).WithSummary("Make a key; its secret is in this answer and nowhere else").Takes("NewKey");
        keys.MapDelete("/{key}", Revoke).AnswersNothing().WithSummary("Revoke a key");
    }

    private static async Task<IResult> List(HttpContext context, Shelf shelf)
    {
        var keys = await shelf.Keys.List(context.RequestAborted).ConfigureAwait(false);
        return Answer.Object(json =>
        {
            json.WriteStartArray("keys");
            foreach (var key in keys)
            {
                json.WriteStartObject();
                json.WriteString("key", key.Id);
                Write(json, key);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static async Task<IResult> Create(HttpContext context, [AsParameters] DryRunQuery query, Shelf shelf)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var (name, names, program, expires) = (body.Needed("name"), body.Texts("scopes") ?? [], body.Text("program"), body.Instant("expires", Zone.Utc));
        if (name.Length > NameMax) { body.Refuse("name", $"`name` is longer than {NameMax} characters", "Shorten it."); }
        var scopes = Scopes.None;
        foreach (var scope in names)
        {
            if (ScopeNames.Find(scope) is { } found) { scopes |= found; }
            else { body.Refuse("scopes", $"there is no scope `{scope}`", Choice.Among(scope, ScopeNames.All)); }
        }
        if ((scopes & ~Caller.Of(context)!.Scopes & Scopes.Personal) != 0) { body.Refuse("scopes", $"only a key that has {ScopeNames.Write(Scopes.Personal)} can give it", "Make this key with such a one."); }
        if (names.Count == 0) { body.Refuse("scopes", "`scopes` is needed", Choice.Among("", ScopeNames.All)); }
        if (program is not null && shelf.Find(program) is null) { body.Refuse("program", $"there is no program `{program}`", Choice.Among(program, shelf.Programs)); }
        if (expires <= Clock.OfServer(context)) { body.Refuse("expires", "`expires` is over", "Name a later date, or leave it out."); }
        body.Check();
        if (query.Read()) { return Made(new("", name, scopes, program, Clock.OfServer(context), expires, null, null), secret: null); }
        return await Idempotent.Answered<(Key Key, string Secret)>(
            context, keep => shelf.Keys.Create(name, scopes, program, expires, keep, context.RequestAborted),
            made => Made(made.Value.Key, made.Value.Secret)).ConfigureAwait(false);
    }

    /// <summary>A key that was made, or, where it has no secret, would be.</summary>
    private static Answer Made(Key key, string? secret) => Answer.Value(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("key", secret is null ? null : key.Id);
            json.WriteString("secret", secret);
            Write(json, key);
            if (secret is null) { json.WriteBoolean("dry_run", true); }
            json.WriteEndObject();
        },
        secret is null ? StatusCodes.Status200OK : StatusCodes.Status201Created, null);

    private static async Task<IResult> Revoke(HttpContext context, [AsParameters] DryRunQuery query, Shelf shelf)
    {
        var id = Names.Of(context, "key");
        var revoked = query.Read()
            ? (await shelf.Keys.List(context.RequestAborted).ConfigureAwait(false)).Any(key => key.Id == id)
            : await shelf.Keys.Revoke(id, context.RequestAborted).ConfigureAwait(false);
        return revoked ? Results.NoContent() : throw Refused.Unknown($"there is no key `{id}`", "GET /v1/keys lists those that there are.");
    }

    private static void Write(Utf8JsonWriter json, Key key)
    {
        json.WriteString("name", key.Name);
        json.WriteStartArray("scopes");
        foreach (var scope in ScopeNames.Of(key.Scopes)) { json.WriteStringValue(scope); }
        json.WriteEndArray();
        json.WriteString("program", key.Program);
        json.WriteString("created", key.Created.ToString());
        json.WriteString("expires", key.Expires?.ToString());
        json.WriteString("revoked", key.Revoked?.ToString());
        json.WriteString("used", key.Used?.ToString());
    }
}
