using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/members/{member}/requests: what a member asks, a claim or an application, and what somebody answers.</summary>
internal static class RequestRoutes
{
    private const string RequestName = "request";

    /// <summary>What may follow on what, by the last part of the fact's type.</summary>
    private static readonly Dictionary<string, RequestStatus[]> Follows = new(StringComparer.Ordinal)
    {
        ["submitted"] = [RequestStatus.None, RequestStatus.Refused, RequestStatus.Expired, RequestStatus.Approved, RequestStatus.Declined, RequestStatus.Withdrawn],
        ["withdrawn"] = [RequestStatus.Open, RequestStatus.Reminded, RequestStatus.Escalated, RequestStatus.Reopened],
        ["approved"] = [RequestStatus.Open, RequestStatus.Reminded, RequestStatus.Escalated, RequestStatus.Reopened],
        ["declined"] = [RequestStatus.Open, RequestStatus.Reminded, RequestStatus.Escalated, RequestStatus.Reopened],
        ["reopened"] = [RequestStatus.Declined, RequestStatus.Expired, RequestStatus.Withdrawn],
    };

    /// <summary>What every request says of itself, and no form.</summary>
    private static readonly string[] OfItself = ["member", "reason", "by"];

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        var requests = program.MapGroup("/members/{member}/requests").WithTags("requests");
        requests.MapGet("", List).Needs(Scopes.Read).Answers("Requests").WithSummary("What a member asked, and where it stands");
        requests.MapPost("/{request}", Submit).Needs(Scopes.Write).Answers("Verdict", 200, 201).WithSummary("Ask: submit a claim, an application").Takes("Request").Reads(Header.Language);
        requests.MapPost("/{request}/withdrawn", (HttpContext context, [AsParameters] MannerQuery query) => Tell(context, query, "withdrawn")).Needs(Scopes.Write).Answers("Verdict", 200, 201).WithSummary("Take a request back").Takes("RequestAnswer").Reads(Header.Language);
        foreach (var answer in new[] { "approved", "declined", "reopened" })
        {
            requests.MapPost($"/{{request}}/{answer}", (HttpContext context, [AsParameters] MannerQuery query) => Tell(context, query, answer)).Needs(Scopes.Operate).Answers("Verdict", 200, 201)
                .WithSummary(answer == "reopened" ? "Open a request again" : $"Answer a request: it is {answer}").Takes("RequestAnswer").Reads(Header.Language);
        }
    }

    private static async Task<IResult> List(HttpContext context, [AsParameters] ReadingQuery reading)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var scoring = asked.Score();
        var timeline = scoring.Derive().ForThread().TimelineOf(asked.Member);
        var requests = new Requests(scoring, asked.History);
        return asked.Answer(json =>
        {
            json.WriteString("member", asked.Name);
            json.WriteStartArray("requests");
            foreach (var request in asked.Program.Editions.SelectMany(e => e.Requests).DistinctBy(r => r.Name))
            {
                foreach (var subject in asked.History.SubjectsOf(request.About))
                {
                    if (request.About == Vocabulary.MemberKind && subject != asked.Member) { continue; }
                    var steps = requests.StepsOf(request.Name, asked.Member, subject, timeline);
                    if (steps.Any(s => s.From <= asked.At)) { Write(json, request, subject, steps, asked); }
                }
            }
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, Request request, int subject, IReadOnlyList<RequestStep> steps, Asked asked)
    {
        json.WriteStartObject();
        json.WriteString("request", request.Name);
        json.WriteString("subject", $"{asked.Program.Vocabulary.Kinds[request.About].Name}/{asked.History.NameOf(subject)}");
        json.WriteString("asks", request.Asks);
        json.WriteString("status", StandingJson.Word(Requests.StatusAt(steps, asked.At)));
        json.WriteStartArray("steps");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("at", step.From.ToString());
            json.WriteString("status", StandingJson.Word(step.Status));
            json.WriteString("fact", step.Fact >= 0 ? asked.History.IdOf(step.Fact) : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Task<IResult> Submit(HttpContext context, [AsParameters] MannerQuery query) => Tell(context, query, "submitted");

    private static async Task<IResult> Tell(HttpContext context, MannerQuery query, string answer)
    {
        var reader = Names.Reader(context);
        var (program, member, name) = (reader.Program, Names.Of(context, Names.Member), Names.Of(context, RequestName));
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var all = program.Editions.SelectMany(e => e.Requests).DistinctBy(r => r.Name).ToList();
        var request = all.Find(r => r.Name == name) ?? throw Refused.Unknown($"{program.Name} has no request `{name}`", Choice.Among(name, all.Select(r => r.Name)));
        var aboutMember = request.About == Vocabulary.MemberKind;
        var (subject, reason, by, at, form) = (aboutMember ? reader.Member(member) : Subjects.Needed(body, program.Vocabulary), body.Text("reason"), body.Text("by"), body.Instant("at", program.Vocabulary.Zone), answer == "submitted" ? body.Object("data") : null);
        foreach (var field in form?.EnumerateObject().Select(f => f.Name).Where(OfItself.Contains) ?? []) { body.RefuseAt($"data/{field}", $"`{field}` is no field of the form", field == "member" ? "The address names the member." : $"Write `{field}` beside `data`."); }
        body.Check();
        if (subject.Kind != program.Vocabulary.Kinds[request.About].Name) { throw Refused.Body(Wrong.At("/subject", $"`{name}` is not about a {subject.Kind}", $"Name a {program.Vocabulary.Kinds[request.About].Name}.")); }
        using var turn = await Turns.Take(context, member).ConfigureAwait(false);
        var when = at ?? await Clock.Now(context).ConfigureAwait(false);
        await Check(reader, request, member, subject, answer, when, context.RequestAborted).ConfigureAwait(false);
        var manner = query.Read(context);
        var intake = new Intake(Names.Lane(context), reader, manner);
        var fact = OwnFacts.Write(context, $"{name}.{answer}", subject, when, json =>
        {
            if (!aboutMember) { json.WriteString("member", member); }
            if (reason is not null) { json.WriteString("reason", reason); }
            if (by is not null) { json.WriteString("by", by); }
            foreach (var field in form?.EnumerateObject() ?? []) { field.WriteTo(json); }
        });
        return await FactRoutes.TellOne(context, intake.Read(fact, 0), intake, manner.DryRun, "reason", "by").ConfigureAwait(false);
    }

    /// <summary>Refuses what would change nothing where the request stands.</summary>
    private static async Task Check(Reader reader, Request request, string member, SubjectName subject, string answer, Laurel.Engine.Values.Instant at, CancellationToken stop)
    {
        var extract = await reader.About([reader.Member(member), subject], reader.Program.ComparesMembers(null), stop).ConfigureAwait(false);
        var program = await reader.Opened(extract.Position, at, at, stop).ConfigureAwait(false);
        var history = extract.History;
        var status = RequestStatus.None;
        if (history.SubjectOf(Vocabulary.MemberKind, member) is { } who && history.SubjectOf(request.About, subject.Name) is { } what)
        {
            var scoring = new Scoring(program, history, under: null, Laurel.Engine.Values.Instant.Last);
            status = Requests.StatusAt(new Requests(scoring, history).StepsOf(request.Name, who, what, scoring.Derive().ForThread().TimelineOf(who)), at);
        }
        if (!Follows[answer].Contains(status)) { throw new Refused(ProblemType.NotNow, $"`{request.Name}` of {member} on {subject} is {StandingJson.Word(status)}: it can't be {answer} now", "GET members/MEMBER/requests says where it stands."); }
    }
}
