using System.ComponentModel;
using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Taking;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/members: who is in it, where they stand, and what becomes of that.</summary>
internal static class MemberRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapGet("/members", List).Needs(Scopes.Read).WithTags("members").Answers("Members").WithSummary("List members, each as it was last looked at, or as it stands when it is asked for");
        program.MapPut("/members/{member}", Enrol).Needs(Scopes.Operate).WithTags("members").Answers("Verdict", 200, 201).WithSummary("Enrol a member").MayTake("When").Reads(Header.Language);
        program.MapDelete("/members/{member}", Leave).Needs(Scopes.Operate).WithTags("members").Answers("Verdict", 200, 201).WithSummary("Let a member leave").MayTake("When").Reads(Header.Language);
        var member = program.MapGroup("/members/{member}").Needs(Scopes.Read).WithTags("members");
        member.MapGet("", Standing).Answers("Standing").WithSummary("Where a member stands");
        member.MapGet("/standing", Standing).Answers("Standing").WithSummary("Where a member stands: levels, metrics, what is pending, benefits, what changes next");
        member.MapGet("/credits", Credits).Answers("Credits").WithSummary("A member's credits: what each rule gives for each subject");
        member.MapGet("/timeline", Timeline).Answers("Timeline").WithSummary("How a member's standing changes over time, the known future included");
        member.MapGet("/obligations", Obligations).Answers("MemberObligations").WithSummary("Where a member stands with what it must do").Reads(Header.Language);
        member.MapGet("/benefits", Benefits).Answers("Benefits").WithSummary("Which benefits a member has, since when, until when, and why").Reads(Header.Language);
        member.MapGet("/changes", Changes).Answers("Changes").WithSummary("What was announced of a member");
        member.MapGet("/entries", Entries).Answers("Entries").WithSummary("A member's entries of the ledger");
    }

    private static async Task<IResult> Standing(HttpContext context, [AsParameters] ReadingQuery reading)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var member = InFull(asked);
        return asked.Answer(json => MemberJson.Write(json, member, asked.Program.Vocabulary));
    }

    private static async Task<IResult> Credits(HttpContext context, [AsParameters] ReadingQuery reading)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var member = InFull(asked);
        return asked.Answer(json =>
        {
            json.WriteString("member", member.Member);
            MemberJson.WriteCredits(json, member.Credits);
        });
    }

    private static async Task<IResult> Timeline(
        HttpContext context, [AsParameters] ReadingQuery reading,
        [FromQuery(Name = "from"), Description("Leaves out what changes before.")] string? from,
        [FromQuery(Name = "until"), Description("Leaves out what changes later.")] string? until)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var zone = asked.Program.Vocabulary.Zone;
        Instant first = from is null ? Instant.Ever : ReadingQuery.Instant("from", from, zone), last = until is null ? Instant.Never : ReadingQuery.Instant("until", until, zone);
        var timeline = asked.Score().Derive().ForThread().TimelineOf(asked.Member);
        return asked.Answer(json =>
        {
            json.WriteString("member", asked.Name);
            json.WriteStartArray("steps");
            MemberStanding? before = null;
            foreach (var standing in timeline.Standings)
            {
                var changes = before is null ? [] : Change.Between(before, standing, asked.Program.Vocabulary);
                // Another edition may know other names, and of a metric by key no change is told.
                var isNew = before?.Edition != standing.Edition || changes.Count > 0 || !ReferenceEquals(before?.Metrics, standing.Metrics);
                if (isNew && standing.From >= first && standing.From <= last) { WriteStep(json, standing, changes, asked.Program.Vocabulary); }
                before = standing;
            }
            json.WriteEndArray();
        });
    }

    private static void WriteStep(Utf8JsonWriter json, MemberStanding standing, IReadOnlyList<Change> changes, Vocabulary vocabulary)
    {
        json.WriteStartObject();
        json.WriteString("at", standing.From.ToString());
        json.WriteString("edition", standing.Edition.Name);
        StandingJson.WriteChanges(json, "changes", changes);
        json.WriteStartObject("standing");
        StandingJson.Write(json, standing, vocabulary);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async Task<IResult> Obligations(HttpContext context, [AsParameters] ReadingQuery reading)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var (explainer, book) = (ExplainerOf(asked), Languages.BookOf(context, asked.Program.Vocabulary));
        var standing = InFull(asked).Standing;
        return asked.Answer(json =>
        {
            json.WriteString("member", asked.Name);
            json.WriteString("language", book.Language);
            StandingJson.WriteObligations(json, standing, asked.Program.Vocabulary);
            json.WriteStartObject("explanations");
            foreach (var obligation in explainer.Edition.Obligations)
            {
                json.WritePropertyName(obligation.Name);
                ExplanationJson.Write(json, explainer.Obligation(obligation), book);
            }
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> Benefits(HttpContext context, [AsParameters] ReadingQuery reading)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var (explainer, book) = (ExplainerOf(asked), Languages.BookOf(context, asked.Program.Vocabulary));
        var timeline = asked.Score().Derive().ForThread().TimelineOf(asked.Member);
        return asked.Answer(json =>
        {
            json.WriteString("member", asked.Name);
            json.WriteString("language", book.Language);
            json.WriteStartArray("benefits");
            foreach (var benefit in explainer.Edition.Benefits)
            {
                var (has, since, until) = timeline.Has(benefit.Name, asked.At);
                json.WriteStartObject();
                json.WriteString("name", benefit.Name);
                json.WriteBoolean("has", has);
                json.WriteString("since", since.ToString());
                json.WriteString("until", until.ToString());
                json.WritePropertyName("explanation");
                ExplanationJson.Write(json, explainer.Benefit(benefit), book);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static async Task<IResult> List(HttpContext context, [AsParameters] Paging paging, [AsParameters] ReadingQuery reading)
    {
        var reader = Names.Reader(context);
        var count = paging.Count();
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var list = $"members/{reader.Program.Name}{(reading.IsAsked ? $"/{reading.Known}/{reading.At}/{reading.Under}" : "")}";
        var (from, upTo) = paging.Range(context, list, head.Incarnation, long.MaxValue);
        var members = await reader.Members(from, count + 1, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<ListedMember> page = [.. members.Take(count)];
        if (reading.IsAsked) { (page, head) = await Asked(context, page, reading).ConfigureAwait(false); }
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("members");
            foreach (var member in page)
            {
                json.WriteStartObject();
                json.WriteString("member", member.Name);
                json.WriteString("as_of", member.Told?.ToString());
                json.WritePropertyName("standing");
                if (member.Body is { } body) { json.WriteRawValue(body, skipInputValidation: true); }
                else { json.WriteNullValue(); }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, members.Count > count ? members[count].Number : null);
        }, head);
    }

    /// <summary>Members as they stand when it is asked for.</summary>
    private static async Task<(IReadOnlyList<ListedMember> Members, Position Position)> Asked(HttpContext context, IReadOnlyList<ListedMember> members, ReadingQuery reading)
    {
        var asked = await reading.OfListed(context, members).ConfigureAwait(false);
        var assessing = asked.Score().Derive().ForThread();
        return ([.. members.Select(m => asked.History.SubjectOf(Vocabulary.MemberKind, m.Name) is { } member ? m.At(asked.At, assessing.TimelineOf(member).At(asked.At), asked.Program.Vocabulary) : m)], asked.Position);
    }

    private static async Task<IResult> Changes(HttpContext context, [AsParameters] Paging paging, [AsParameters] WrittenQuery query)
    {
        var reader = Names.Reader(context);
        var (name, count, at) = (Names.Of(context, Names.Member), paging.Count(), query.Instant(reader.Program.Vocabulary.Zone));
        var head = await query.Head(context, reader).ConfigureAwait(false);
        var list = $"changes/{reader.Program.Name}/{query.Known}/{query.At}/{name}";
        var (from, upTo) = paging.Range(context, list, head.Incarnation, head.Changes);
        var changes = await reader.Changes(name, at, from, upTo, count + 1, context.RequestAborted).ConfigureAwait(false);
        if (changes.Count == 0) { await Check(context, reader, name).ConfigureAwait(false); }
        return Answer.To(_ => { }, json =>
        {
            json.WriteString("member", name);
            json.WriteStartArray("changes");
            foreach (var change in changes.Take(count)) { LedgerJson.Write(json, change); }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, changes.Count > count ? changes[count].Number : null);
        }, head);
    }

    private static async Task<IResult> Entries(HttpContext context, [AsParameters] Paging paging, [AsParameters] WrittenQuery query)
    {
        var reader = Names.Reader(context);
        var (name, count, at) = (Names.Of(context, Names.Member), paging.Count(), query.Instant(reader.Program.Vocabulary.Zone));
        var head = await query.Head(context, reader).ConfigureAwait(false);
        var list = $"entries/{reader.Program.Name}/{query.Known}/{query.At}/{name}";
        var (from, upTo) = paging.Range(context, list, head.Incarnation, head.Entries);
        var entries = await reader.Entries(name, at, from, upTo, count + 1, context.RequestAborted).ConfigureAwait(false);
        if (entries.Count == 0) { await Check(context, reader, name).ConfigureAwait(false); }
        return Answer.To(_ => { }, json =>
        {
            json.WriteString("member", name);
            json.WriteStartArray("entries");
            foreach (var entry in entries.Take(count)) { LedgerJson.Write(json, entry, reader.Program.Vocabulary); }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, entries.Count > count ? entries[count].Position : null);
        }, head);
    }

    /// <summary>Refuses where there is no such member.</summary>
    private static async Task Check(HttpContext context, Reader reader, string name)
    {
        if (!await reader.Knows(name, context.RequestAborted).ConfigureAwait(false)) { throw ReadingQuery.NoMember(reader.Program, name); }
    }

    private static Task<IResult> Enrol(HttpContext context, [AsParameters] MannerQuery query) => Tell(context, query, "member.joined");

    private static Task<IResult> Leave(HttpContext context, [AsParameters] MannerQuery query) => Tell(context, query, "member.left");

    private static async Task<IResult> Tell(HttpContext context, MannerQuery query, string type)
    {
        var reader = Names.Reader(context);
        Instant? at = null;
        // One that comes in chunks says no length.
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody)
        {
            var body = await Bodies.Object(context).ConfigureAwait(false);
            at = body.Instant("at", reader.Program.Vocabulary.Zone);
            body.Check();
        }
        var manner = query.Read(context);
        var (intake, member) = (new Intake(Names.Lane(context), reader, manner), reader.Member(Names.Of(context, Names.Member)));
        using var turn = await Turns.Take(context, member.Name).ConfigureAwait(false);
        var when = at ?? await Clock.Now(context).ConfigureAwait(false);
        var told = await Said(reader, member, type, when, context.RequestAborted).ConfigureAwait(false) is { } said ? new Told(0, said, null) : intake.Read(OwnFacts.Write(context, type, member, when, _ => { }), 0);
        return await FactRoutes.TellOne(context, told, intake, manner.DryRun, "at").ConfigureAwait(false);
    }

    /// <summary>The fact that says already that a member joined, or that it left: of both the last until an instant. Null where that says the other, and where there is none.</summary>
    private static async Task<Fact?> Said(Reader reader, SubjectName member, string type, Instant at, CancellationToken stop)
    {
        var history = (await reader.About([member], whole: false, stop).ConfigureAwait(false)).History;
        if (history.SubjectOf(Vocabulary.MemberKind, member.Name) is not { } number) { return null; }
        var facts = history.FactsOf(number).Where(f => history.TypeOf(f).BuiltIn is BuiltIn.Joined or BuiltIn.Left && history.TimeOf(f) <= at && history.IsKnown(f, int.MaxValue)).ToList();
        return facts is [.., var last] && history.TypeOf(last).Name == type ? history.FactOf(last) : null;
    }

    private static MemberInFull InFull(Asked asked)
    {
        var scoring = asked.Score();
        return MemberInFull.Of(scoring, asked.History, scoring.Derive().ForThread(), asked.Member, asked.At);
    }

    private static Explainer ExplainerOf(Asked asked)
    {
        var scoring = asked.Score();
        return new(scoring, asked.History, scoring.Derive().ForThread(), asked.Member, asked.At);
    }
}
