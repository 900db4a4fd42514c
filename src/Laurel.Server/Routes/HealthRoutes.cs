using Laurel.Server.Answering;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/health: for whoever starts and stops servers. Needs no key.</summary>
internal static class HealthRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Answer.Object(json => json.WriteString("status", "live"))).WithTags("health").Answers("Live").WithSummary("The server runs");
        app.MapGet("/health/ready", Ready).WithTags("health").Answers("Ready").WithSummary("The server runs, and its database answers");
    }

    private static async Task<IResult> Ready(HttpContext context, Shelf shelf)
    {
        await shelf.Reach(context.RequestAborted).ConfigureAwait(false);
        return Answer.Object(json =>
        {
            json.WriteString("status", "ready");
            json.WriteNumber("programs", shelf.Programs.Count());
        });
    }
}
