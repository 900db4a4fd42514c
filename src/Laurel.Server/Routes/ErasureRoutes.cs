using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/erasures: what is personal of a subject is erased, and that it was is kept.</summary>
internal static class ErasureRoutes
{
    private const int ReasonMax = 1000;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapPost("/erasures", EraseSubject).Needs(Scopes.Operate).WithMetadata(new WhileArchived()).WithTags("erasures").Answers("Erased", 200, 201).WithSummary("Erase what is personal of a subject, for good").Takes("SubjectErasure");
        program.MapPost("/members/{member}/erase", EraseMember).Needs(Scopes.Operate).WithMetadata(new WhileArchived()).WithTags("erasures").Answers("Erased", 200, 201).WithSummary("Erase what is personal of a member, for good").Takes("MemberErasure");
        program.MapGet("/erasures", List).Needs(Scopes.Read).WithTags("erasures").Answers("Erasures").WithSummary("List what was erased: of whom, when, by which key and why");
    }

    private static async Task<IResult> EraseMember(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        return await Erase(context, query, body, Names.Reader(context).Member(Names.Of(context, Names.Member))).ConfigureAwait(false);
    }

    private static async Task<IResult> EraseSubject(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        return await Erase(context, query, body, Subjects.Needed(body, Names.Reader(context).Program.Vocabulary)).ConfigureAwait(false);
    }

    private static async Task<IResult> Erase(HttpContext context, DryRunQuery query, JsonFields body, SubjectName subject)
    {
        var reason = body.Needed("reason");
        if (reason.Length > ReasonMax) { body.Refuse("reason", $"`reason` is longer than {ReasonMax} characters", "Shorten it; and write nothing personal, since it stays."); }
        body.Check();
        var (dryRun, stop) = (query.Read(), context.RequestAborted);
        return await Idempotent.Answered<Erased?>(context, keep => Names.Lane(context).Erase(subject, Caller.Of(context)!.Id, reason, dryRun, keep, stop), effect =>
        {
            var erased = effect.Value ?? throw Refused.Unknown($"nobody told of `{subject}`", "Subjects are written as facts name them.");
            return Answer.Value(
                json =>
                {
                    json.WriteStartObject();
                    json.WriteString("subject", subject.ToString());
                    json.WriteString("verdict", erased.Fields.Count > 0 ? "erased" : "unchanged");
                    json.WriteStartObject("values");
                    foreach (var (field, count) in erased.Fields) { json.WriteNumber(field, count); }
                    json.WriteEndObject();
                    json.WritePropertyName("last");
                    if (erased.Last is { } last) { Write(json, last); }
                    else { json.WriteNullValue(); }
                    if (dryRun) { json.WriteBoolean("dry_run", true); }
                    json.WriteEndObject();
                },
                erased.Fields.Count > 0 && !dryRun ? StatusCodes.Status201Created : StatusCodes.Status200OK, effect.Position);
        }).ConfigureAwait(false);
    }

    private static async Task<IResult> List(HttpContext context, [AsParameters] Paging paging)
    {
        var (reader, count) = (Names.Reader(context), paging.Count());
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var list = $"erasures/{reader.Program.Name}";
        var (start, upTo) = paging.Range(context, list, head.Incarnation, head.Number);
        var erasures = await reader.Erasures(start, upTo, count + 1, context.RequestAborted).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("erasures");
            foreach (var erasure in erasures.Take(count)) { Write(json, erasure); }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, erasures.Count > count ? erasures[count].Commit : null);
        }, head);
    }

    private static void Write(Utf8JsonWriter json, Erasure erasure)
    {
        json.WriteStartObject();
        json.WriteNumber("commit", erasure.Commit);
        json.WriteString("subject", erasure.Subject.ToString());
        json.WriteString("at", erasure.At.ToString());
        json.WriteNumber("values", erasure.Values);
        json.WriteString("key", erasure.Key);
        json.WriteString("reason", erasure.Reason);
        json.WriteEndObject();
    }
}
