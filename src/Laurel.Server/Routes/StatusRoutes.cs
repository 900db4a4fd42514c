using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/clock, /enrolment and /archive: what an operator says of a program.</summary>
internal static class StatusRoutes
{
    private const int FirstYear = 1970;
    private const int LastYear = 2099;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        var status = program.MapGroup("").Needs(Scopes.Operate).WithTags("programs").Answers("ProgramStatus");
        status.MapPut("/clock", Move).WithSummary("Move a sandbox's clock forward; what falls due until then is done").Takes("ClockMove");
        status.MapPut("/enrolment", Enrol).WithSummary("Say from when until when members may be enrolled").Takes("Enrolment");
        status.MapPut("/archive", (HttpContext context, [AsParameters] DryRunQuery query) => Direct(context, query, new Direction.Archive(null))).WithMetadata(new WhileArchived()).WithSummary("Archive a program: from then on it is only read");
        status.MapDelete("/archive", (HttpContext context, [AsParameters] DryRunQuery query) => Direct(context, query, new Direction.Restore())).WithMetadata(new WhileArchived()).WithSummary("Take a program out of the archive: what fell due meanwhile is done");
    }

    private static async Task<IResult> Move(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        body.Needed("clock");
        var to = Clock(body, Names.Reader(context).Program.Vocabulary.Zone);
        body.Check();
        return await Direct(context, query, new Direction.Move(to!.Value)).ConfigureAwait(false);
    }

    /// <summary>The instant at which a sandbox's clock is to stand; null where the body does not say one.</summary>
    public static Instant? Clock(JsonFields body, Zone zone)
    {
        var to = body.Instant("clock", zone);
        if (to is { } at && zone.DateOf(at).Year is < FirstYear or > LastYear) { body.Refuse("clock", $"no program is run in {zone.DateOf(at).Year}", $"Write an instant of the years {FirstYear} to {LastYear}: nothing is learnt outside of them."); }
        return to;
    }

    private static async Task<IResult> Enrol(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var zone = Names.Reader(context).Program.Vocabulary.Zone;
        var (opens, closes) = (body.Instant("opens", zone), body.Instant("closes", zone));
        if (opens is not null && opens == closes) { body.Refuse("closes", "enrolment would open and close at the same instant", "Name two dates, or leave one of them out."); }
        body.Check();
        return await Direct(context, query, new Direction.Enrol(opens, closes)).ConfigureAwait(false);
    }

    private static async Task<IResult> Direct(HttpContext context, DryRunQuery query, Direction direction)
    {
        var (reader, dryRun, stop) = (Names.Reader(context), query.Read(), context.RequestAborted);
        var now = await reader.Now(stop).ConfigureAwait(false);
        return await Idempotent.Answered<Directed>(context, keep => Names.Lane(context).Direct(direction, dryRun, keep, stop), effect =>
        {
            var directed = effect.Value;
            if (directed.Refused is { } why) { throw Refuse(why, reader.Program.Name, directed.Status); }
            return Answer.Value(
                json =>
                {
                    json.WriteStartObject();
                    json.WriteString("program", reader.Program.Name);
                    StatusJson.Write(json, directed.Status, directed.Status.Clock ?? now);
                    if (dryRun) { json.WriteBoolean("dry_run", true); }
                    json.WriteEndObject();
                },
                StatusCodes.Status200OK, effect.Position);
        }).ConfigureAwait(false);
    }

    private static Refused Refuse(Undirected why, string program, ProgramStatus status) => why switch
    {
        Undirected.Archived => WhileArchived.Refuse(program),
        Undirected.NoSandbox => new(ProblemType.NoSandbox, $"{program} goes by the server's clock", "A program whose clock can be moved is made as a sandbox: POST /v1/programs with `sandbox`."),
        Undirected.Backwards => new(ProblemType.ClockBack, $"the clock of {program} stands at {status.Clock}, and goes forward only", "Write a later instant. To begin earlier, make another sandbox."),
        _ => throw new ArgumentOutOfRangeException(nameof(why)),
    };
}
