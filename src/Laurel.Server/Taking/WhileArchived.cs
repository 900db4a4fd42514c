using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>Marks a route that changes a program, and may while it is archived.</summary>
internal sealed class WhileArchived
{
    /// <summary>Refuses what would change a program that is archived, before anybody looks at it. What comes at the same moment the lane refuses.</summary>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<Needed>() is { } needed && (needed.Scopes & (Scopes.Write | Scopes.Operate)) != 0 && metadata.GetMetadata<WhileArchived>() is null && context.Request.RouteValues.ContainsKey(Names.Program)
            && context.RequestServices.GetRequiredService<Shelf>().Find(Names.Of(context, Names.Program)) is { Status.Archived: not null } lane)
        {
            throw Refuse(lane.Program.Name);
        }
        return next(context);
    }

    /// <summary>The program is archived.</summary>
    public static Refused Refuse(string program) => new(ProblemType.Archived, $"{program} is archived: it is only read", "DELETE archive takes it out of the archive.");
}
