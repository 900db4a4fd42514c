using System.ComponentModel;
using System.Text.Json;
using System.Text.Unicode;
using Laurel.Engine.Facts;
using Laurel.Engine.Standing;
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

/// <summary>How facts are to be taken in, as it is asked for.</summary>
internal sealed class MannerQuery
{
    /// <summary>Keep nothing.</summary>
    [FromQuery(Name = "dry-run"), Description("true: say what would become of it and what would follow for members, and keep nothing.")]
    public string? DryRun { get; set; }

    /// <summary>All or none.</summary>
    [FromQuery(Name = "atomic"), Description("true: keep all of the facts in one commit, or none where one is refused. Not together with as-told.")]
    public string? Atomic { get; set; }

    /// <summary>As told.</summary>
    [FromQuery(Name = "as-told"), Description("true: take from each fact when it was learnt (`recordedtime`, else `time`), where nothing that was learnt later is recorded yet. For imports; needs the scope operate.")]
    public string? AsTold { get; set; }

    /// <summary>Reads it.</summary>
    public Manner Read(HttpContext context)
    {
        var manner = new Manner(Flags.Read("dry-run", DryRun), Flags.Read("atomic", Atomic), Flags.Read("as-told", AsTold));
        if (manner.Atomic && manner.AsTold) { throw Refused.Parameter("atomic", "`atomic` and `as-told` can't both be true: facts that are recorded as they were learnt lie between the program's own closes and publications, each a commit", "Leave one of them out; facts that are sent again count once."); }
        return !manner.AsTold || Caller.Of(context)!.Scopes.HasFlag(Scopes.Operate) ? manner : throw new Refused(ProblemType.NotAllowed, "to say when facts were learnt needs the scope `operate`", "Leave out `as-told`, or use another key.");
    }
}

/// <summary>/v1/programs/{program}/facts: tell facts, and read them back.</summary>
internal static class FactRoutes
{
    private const long LinesBytesMax = 256L << 20;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapPost("/facts", Tell).Needs(Scopes.Write).WithTags("facts").WithMetadata(new LinesMax(LinesBytesMax)).Answers("Verdict", 200, 201).Answers("Verdicts").AnswersAs(LinesAnswer.JsonLines, "LineVerdict").WithSummary("Tell facts: one, a list, or JSON lines")
            .Reads(Header.Language).Takes(("application/json", ["FactToTell", "FactsToTell"]), ("application/cloudevents+json", ["FactToTell"]), ("application/cloudevents-batch+json", ["FactsToTell"]), (LinesAnswer.JsonLines, ["FactToTell"]), ("application/jsonl", ["FactToTell"]));
        program.MapGet("/facts", List).Needs(Scopes.Read).WithTags("facts").Answers("Facts").WithSummary("Read facts back, in the order in which they were recorded; what is personal with the scope personal:read");
        program.MapPost("/facts/retractions", Retract).Needs(Scopes.Write).WithTags("facts").Answers("Verdict", 200, 201).WithSummary("Retract a fact: from then on it is as if never told").Takes("Retraction").Reads(Header.Language);
    }

    private static async Task<IResult> Tell(HttpContext context, [AsParameters] MannerQuery query)
    {
        var (manner, lane) = (query.Read(context), Names.Lane(context));
        using var history = manner is { AsTold: true, DryRun: false } ? lane.BeginHistory() : null;
        var (intake, dryRun) = (new Intake(lane, Names.Reader(context), manner), manner.DryRun);
        return Bodies.TypeOf(context.Request) switch
        {
            "application/json" or "application/cloudevents+json" or "application/cloudevents-batch+json" => await TellJson(context, intake, dryRun).ConfigureAwait(false),
            LinesAnswer.JsonLines or "application/jsonl" => await TellLines(context, intake, dryRun).ConfigureAwait(false),
            _ => throw Bodies.WrongType(context.Request, "application/json", "application/cloudevents+json", "application/cloudevents-batch+json", LinesAnswer.JsonLines),
        };
    }

    private static async Task<IResult> TellJson(HttpContext context, Intake intake, bool dryRun)
    {
        var body = await Bodies.Read(context).ConfigureAwait(false);
        if (IsList(body))
        {
            var told = ReadList(body, intake);
            Following? follows = null;
            return await Idempotent.Answered<IReadOnlyList<Told>>(
                context, async keep =>
                {
                    var effect = await intake.Record(told, keep, context.RequestAborted).ConfigureAwait(false);
                    follows = dryRun ? await Following.Of(context, told).ConfigureAwait(false) : null;
                    return effect;
                }, effect => Verdicts(effect, dryRun, follows)).ConfigureAwait(false);
        }
        return await TellOne(context, intake.Read(body, 0), intake, dryRun).ConfigureAwait(false);
    }

    /// <summary>Tells one fact, and answers with what became of it; in a dry run with what would follow from it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="told">The fact.</param>
    /// <param name="intake">What takes it in.</param>
    /// <param name="dryRun">True to keep nothing.</param>
    /// <param name="own">The fields of its data that the body has by themselves, where the fact was made from one; none where the body is the fact.</param>
    public static Task<IResult> TellOne(HttpContext context, Told told, Intake intake, bool dryRun, params IReadOnlyList<string> own)
    {
        Following? follows = null;
        return Idempotent.Answered<IReadOnlyList<Told>>(
            context, async keep =>
            {
                var effect = await intake.Record([told], keep, context.RequestAborted).ConfigureAwait(false);
                try { follows = dryRun ? await Following.Of(context, [told]).ConfigureAwait(false) : null; }
                catch (AmountOverflowException) { intake.RefuseTotal(told); }
                return effect;
            }, effect =>
            {
                if (told.Refused is { } refusal) { throw ProblemOf(refusal with { Field = InBody(refusal.Field, own) }); }
                var made = !dryRun && told.Receipt is Receipt.Recorded;
                return Answer.Value(json => told.Write(json, null, dryRun, follows), made ? StatusCodes.Status201Created : StatusCodes.Status200OK, effect.Position);
            });
    }

    private static Answer Verdicts(Effect<IReadOnlyList<Told>> effect, bool dryRun, Following? follows) => Answer.Value(
        json =>
        {
            var told = effect.Value;
            json.WriteStartObject();
            json.WriteNumber("recorded", told.Count(t => t.Receipt is Receipt.Recorded));
            json.WriteNumber("unchanged", told.Count(t => t.Receipt is Receipt.Unchanged));
            json.WriteNumber("refused", told.Count(t => t.Refused is not null));
            json.WriteStartArray("verdicts");
            foreach (var one in told) { one.Write(json, "index", dryRun, follows: null); }
            json.WriteEndArray();
            follows?.Write(json);
            json.WriteEndObject();
        },
        StatusCodes.Status200OK, effect.Position);

    private static Task<IResult> TellLines(HttpContext context, Intake intake, bool dryRun)
    {
        return Idempotent.Answered<IReadOnlyList<Told>>(
            context, keep => intake.Record(context.Request.Body, () => Caller.MayGoOn(context), keep, context.RequestServices.GetRequiredService<LastCall>().Token, context.RequestAborted),
            effect => new LinesAnswer(LinesAnswer.JsonLines, effect.Value.Select(one => LinesAnswer.Json(json => one.Write(json, "line", dryRun, follows: null))).ToAsyncEnumerable(), effect.Position!));
    }

    private static string InBody(string field, IReadOnlyList<string> own) =>
        own.Count == 0 ? field : field == "time" ? "at" : field.StartsWith("data.", StringComparison.Ordinal) && own.Contains(field["data.".Length..]) ? field["data.".Length..] : field;

    private static Refused ProblemOf(Refusal refusal) => new(
        refusal.Code switch
        {
            RefusalCode.LineTooLong => ProblemType.TooLarge,
            RefusalCode.NotJson or RefusalCode.NotUtf8 => ProblemType.NotJson,
            RefusalCode.FactIdReused => ProblemType.FactIdReused,
            RefusalCode.EnrolmentClosed => ProblemType.EnrolmentClosed,
            _ => ProblemType.FactRefused,
        },
        refusal.Message, refusal.Remedy, Told.WrongOf(refusal, ""));

    private static bool IsList(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && body[start] == '[';
    }

    private static List<Told> ReadList(byte[] body, Intake intake)
    {
        var told = new List<Told>();
        // Once as a whole, so that a list that is cut off is refused whole; then fact by fact, each with its own verdict.
        if (!Utf8.IsValid(body)) { Bodies.Parse(body); }
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Bodies.DepthMax });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (told.Count == Intake.FactsMax) { throw Intake.TooMany(0); }
                told.Add(intake.Read(body.AsSpan(start, (int)reader.BytesConsumed - start), told.Count));
            }
            while (reader.Read()) { }
        }
        catch (JsonException) { Bodies.Parse(body); }
        return told;
    }

    private static async Task<IResult> List(
        HttpContext context, [AsParameters] Paging paging,
        [FromQuery(Name = "subject"), Description("Facts about this subject, such as site/s1.")] string? subject,
        [FromQuery(Name = "member"), Description("Facts about this member, and about what was ever tied to it.")] string? member,
        [FromQuery(Name = "type"), Description("Facts of this type.")] string? type,
        [FromQuery(Name = "from"), Description("Facts that happened at this instant or later; a date is its start.")] string? from,
        [FromQuery(Name = "until"), Description("Facts that happened before this instant; a date is its start.")] string? until,
        [FromQuery(Name = "known"), Description("Facts that were recorded by then; all where it is left out.")] string? known)
    {
        var reader = Names.Reader(context);
        var (vocabulary, count) = (reader.Program.Vocabulary, paging.Count());
        var filter = new FactFilter(
            subject is null ? null : Subjects.Read("subject", subject, vocabulary), member,
            type is null || vocabulary.FactTypes.Any(t => t.Name == type) ? type : throw Refused.Unknown($"the program knows no fact `{type}`", Engine.Explaining.Choice.Among(type, vocabulary.FactTypes.Select(t => t.Name))),
            StartOf("from", from, vocabulary.Zone, Instant.Ever), StartOf("until", until, vocabulary.Zone, Instant.Never));
        var head = await WrittenQuery.Head(context, reader, known).ConfigureAwait(false);
        var list = $"facts/{reader.Program.Name}/{known}/{filter}";
        var (start, upTo) = paging.Range(context, list, head.Incarnation, head.Facts);
        var facts = await reader.Facts(filter, start, head with { Facts = upTo }, count + 1, Caller.Of(context)!.Scopes.HasFlag(Scopes.Personal), context.RequestAborted).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("facts");
            foreach (var fact in facts.Take(count))
            {
                json.WriteStartObject();
                json.WriteNumber("position", fact.Position);
                json.WritePropertyName("fact");
                FactJson.Write(json, fact.Fact, vocabulary);
                WriteMissing(json, fact);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, facts.Count > count ? facts[count].Position : null);
        }, head);
    }

    /// <summary>Writes which personal fields are not shown, and why.</summary>
    private static void WriteMissing(Utf8JsonWriter json, LoggedFact fact)
    {
        if (fact.Withheld.Count > 0)
        {
            json.WriteStartArray("withheld");
            foreach (var field in fact.Withheld) { json.WriteStringValue(field); }
            json.WriteEndArray();
        }
        if (fact.Erased.Count > 0)
        {
            json.WriteStartObject("erased");
            foreach (var (field, at) in fact.Erased) { json.WriteString(field, at.ToString()); }
            json.WriteEndObject();
        }
    }

    private static async Task<IResult> Retract(HttpContext context, [AsParameters] MannerQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var (source, id, reason) = (body.Needed("source"), body.Needed("id"), body.Text("reason"));
        body.Check();
        var (lane, manner) = (Names.Lane(context), query.Read(context));
        var intake = new Intake(lane, Names.Reader(context), manner);
        var fact = OwnFacts.Write(context, "fact.retracted", null, await Clock.Now(context).ConfigureAwait(false), json =>
        {
            json.WriteString("source", source);
            json.WriteString("id", id);
            if (reason is not null) { json.WriteString("reason", reason); }
        });
        return await TellOne(context, intake.Read(fact, 0), intake, manner.DryRun, "source", "id", "reason").ConfigureAwait(false);
    }

    private static Instant StartOf(string name, string? text, Zone zone, Instant otherwise) => text is null ? otherwise
        : zone.TryParse(text, out var at, out _) ? at
        : throw Refused.Parameter(name, $"`{name}={text}` is neither a date nor an instant", "Write a date such as 2024-06-01, or an instant such as 2024-06-01T09:00:00Z.");
}
