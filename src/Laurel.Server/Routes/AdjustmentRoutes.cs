using System.Text;
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
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Routes;

/// <summary>Adjustments: amounts that a person gives or takes, with a reason; above a limit of the program with a second person.</summary>
internal static class AdjustmentRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapPost("/members/{member}/adjustments", Adjust).Needs(Scopes.Operate).WithTags("adjustments").Answers("Verdict", 200, 201).Answers("WaitingAdjustment", 202).WithSummary("Adjust a member's amount; above the unit's limit it waits for a second key").Takes("Adjustment").Reads(Header.Language);
        program.MapGet("/adjustments", List).Needs(Scopes.Read).WithTags("adjustments").Answers("Adjustments").WithSummary("List adjustments that wait for a second key, or were decided");
        program.MapPost("/adjustments/{adjustment}/approval", Approve).Needs(Scopes.Operate).WithTags("adjustments").Answers("Verdict", 200, 201).WithSummary("Approve an adjustment that another key proposed").Reads(Header.Language);
        program.MapPost("/adjustments/{adjustment}/refusal", Decline).Needs(Scopes.Operate).WithTags("adjustments").AnswersNothing().WithMetadata(new OfNoLog()).WithSummary("Decline an adjustment that waits");
    }

    private static async Task<IResult> Adjust(HttpContext context, [AsParameters] MannerQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var reader = Names.Reader(context);
        var (unit, amount, reason, by, at) = (body.Needed("unit"), body.Amount("amount"), body.Needed("reason"), body.Text("by"), body.Instant("at", reader.Program.Vocabulary.Zone));
        body.Check();
        var key = Caller.Of(context)!;
        var manner = query.Read(context) with { Seconded = true };
        var line = OwnFacts.Write(context, Adjustments.Type, reader.Member(Names.Of(context, Names.Member)), at ?? await Clock.Now(context).ConfigureAwait(false), json =>
        {
            json.WriteString("unit", unit);
            json.WriteString("amount", amount);
            json.WriteString("reason", reason);
            json.WriteString("by", by ?? key.Name);
        });
        var intake = new Intake(Names.Lane(context), reader, manner);
        var told = intake.Read(line, 0);
        if (told.Fact is not { } fact || !Adjustments.NeedsSecond(fact, reader.Program.Vocabulary)) { return await FactRoutes.TellOne(context, told, intake, manner.DryRun, "unit", "amount", "reason", "by").ConfigureAwait(false); }
        if (manner.DryRun)
        {
            told.Receipt = new Receipt.Recorded(-1, default);
            var follows = await Following.Of(context, [told]).ConfigureAwait(false);
            return Waiting(follows);
        }
        return await Idempotent.Answered<bool>(context, keep => Names.Proposals(context).Add(fact.Id, key.Id, Encoding.UTF8.GetString(line), keep, context.RequestAborted), _ => Waiting(null)).ConfigureAwait(false);

        Answer Waiting(Following? follows) => Answer.Value(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("adjustment", fact.Id);
                json.WriteString("state", "waiting");
                if (manner.DryRun) { json.WriteBoolean("dry_run", true); }
                follows?.Write(json);
                json.WriteEndObject();
            },
            StatusCodes.Status202Accepted, null);
    }

    private static async Task<IResult> List(HttpContext context, [AsParameters] Paging paging, [FromQuery(Name = "state"), System.ComponentModel.Description("waiting, approved or declined; waiting where it is left out.")] string? state)
    {
        var wanted = state switch { null or "waiting" => ProposalState.Waiting, "approved" => ProposalState.Approved, "declined" => ProposalState.Declined, _ => throw Refused.Parameter("state", $"there is no state `{state}`", Choice.Among(state, ["waiting", "approved", "declined"])) };
        var (count, list, head) = (paging.Count(), $"adjustments/{Names.Reader(context).Program.Name}/{wanted}", await Names.Reader(context).Head(context.RequestAborted).ConfigureAwait(false));
        (Instant, string)? after = paging.After(context, list, head.Incarnation) is var (place, name) ? (new(place), name) : null;
        var proposals = await Names.Proposals(context).List(wanted, after, count + 1, context.RequestAborted).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("adjustments");
            foreach (var proposal in proposals.Take(count)) { Write(json, proposal); }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, proposals.Count > count ? (proposals[count - 1].Proposed.Micros, proposals[count - 1].Id) : null);
        }, head);
    }

    private static async Task<IResult> Approve(HttpContext context, [AsParameters] MannerQuery query)
    {
        var (proposals, id, key) = (Names.Proposals(context), Names.Of(context, "adjustment"), Caller.Of(context)!);
        using var turn = await Turns.Take(context, id).ConfigureAwait(false);
        var proposal = await Find(proposals, id, context.RequestAborted).ConfigureAwait(false);
        if (proposal.Key == key.Id) { throw new Refused(ProblemType.NotAllowed, "whoever proposed an adjustment can't approve it", "Let somebody else approve it, with a key of their own."); }
        if (proposal.State == ProposalState.Declined) { throw new Refused(ProblemType.NotNow, "the adjustment was declined", "Propose it anew."); }
        var manner = query.Read(context) with { Seconded = true };
        // Decided first: of one who approves and one who declines one wins. Where nobody knows whether the fact was told then, approving again tells it.
        var decides = !manner.DryRun && proposal.State == ProposalState.Waiting;
        if (decides && !(await proposals.Decide(id, ProposalState.Approved, key.Id, keep: null, context.RequestAborted).ConfigureAwait(false)).Value) { throw new Refused(ProblemType.NotNow, "the adjustment was decided at this moment", "Look at it again."); }
        var intake = new Intake(Names.Lane(context), Names.Reader(context), manner);
        try { return await FactRoutes.TellOne(context, intake.Read(Encoding.UTF8.GetBytes(proposal.Fact), 0), intake, manner.DryRun).ConfigureAwait(false); }
        catch (Exception e) when (decides && e is Refused or ArchivedException or RevisedException)
        {
            await proposals.LetWait(id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<IResult> Decline(HttpContext context, [AsParameters] DryRunQuery query, CancellationToken stop)
    {
        var (proposals, id) = (Names.Proposals(context), Names.Of(context, "adjustment"));
        var proposal = await Find(proposals, id, stop).ConfigureAwait(false);
        if (query.Read()) { return Declined(proposal.State == ProposalState.Waiting); }
        return await Idempotent.Answered<bool>(
            context, keep => proposals.Decide(id, ProposalState.Declined, Caller.Of(context)!.Id, keep, stop),
            decided => Declined(decided.Value)).ConfigureAwait(false);

        static IResult Declined(bool waited) => waited ? Results.NoContent() : throw new Refused(ProblemType.NotNow, "the adjustment was decided before", "A fact that was told is retracted by another.");
    }

    private static async Task<Proposal> Find(Proposals proposals, string id, CancellationToken stop) =>
        await proposals.Find(id, stop).ConfigureAwait(false) ?? throw Refused.Unknown($"there is no adjustment `{id}`", "GET adjustments lists those that wait.");

    private static void Write(Utf8JsonWriter json, Proposal proposal)
    {
        json.WriteStartObject();
        json.WriteString("adjustment", proposal.Id);
        json.WriteString("state", proposal.State.ToString().ToLowerInvariant());
        json.WriteString("proposed", proposal.Proposed.ToString());
        json.WriteString("proposed_by", proposal.Key);
        json.WriteString("decided_by", proposal.Decider);
        json.WritePropertyName("fact");
        json.WriteRawValue(proposal.Fact);
        json.WriteEndObject();
    }
}
