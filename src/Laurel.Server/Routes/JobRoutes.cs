using System.Text.Json;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Working;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/drafts/{draft}/backtest and /shadow, and /jobs: what a draft would change, over a whole history.</summary>
internal static class JobRoutes
{
    private const int DaysMax = 366;
    private const int DaysDefault = 30;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        var jobs = program.MapGroup("").Needs(Scopes.Read).WithTags("jobs").WithMetadata(new OfNoLog());
        jobs.MapPost("/drafts/{draft}/backtest", Backtest).Answers("Job", 202).WithMetadata(new GivesLocation()).WithSummary("Compare a draft or edition with the one in force over the whole history").Takes("BacktestQuestion").Reads(Header.Language);
        jobs.MapPost("/drafts/{draft}/shadow", Shadow).Answers("Job", 202).WithMetadata(new GivesLocation()).WithSummary("How a draft would have differed day by day, each as known then; nothing is posted").Takes("ShadowQuestion");
        jobs.MapGet("/jobs", List).Answers("Jobs").WithSummary("List jobs, the newest first");
        jobs.MapGet("/jobs/{job}", Read).Answers("Job").WithSummary("How far a job is; its result, once it is done");
        jobs.MapDelete("/jobs/{job}", Cancel).AnswersNothing().WithSummary("End a job, and forget it");
    }

    private static async Task<IResult> Backtest(HttpContext context, Jobs jobs)
    {
        var reader = Names.Reader(context);
        var (body, zone, name) = (await Bodies.Object(context).ConfigureAwait(false), reader.Program.Vocabulary.Zone, Names.Of(context, "draft"));
        var now = await Now(context, reader).ConfigureAwait(false);
        var (at, known) = (body.Asked("at", zone), body.Asked("known", zone));
        var question = new BacktestQuestion(name, body.Text("against"), body.Instant("from", zone), body.Texts("groups") ?? []);
        var explain = body.Flag("explain");
        body.Check();
        var (asked, until) = (at ?? Instant.Max(now, question.From ?? now), known ?? now);
        var sides = Sides(question, reader.Program, asked, until);
        var book = Languages.BookOf(context, reader.Program.Vocabulary);
        return Begun(context, jobs.Begin(reader.Program.Name, "backtest", async (cores, stop) => Run(await Compare(reader, sides, asked, until, cores, stop).ConfigureAwait(false), sides, until, explain, book)));
    }

    private static async Task<IResult> Shadow(HttpContext context, Jobs jobs)
    {
        var reader = Names.Reader(context);
        var (body, program, zone, name) = (await Bodies.Object(context).ConfigureAwait(false), reader.Program, reader.Program.Vocabulary.Zone, Names.Of(context, "draft"));
        var now = await Now(context, reader).ConfigureAwait(false);
        var (from, until) = (body.Asked("from", zone), body.Asked("until", zone));
        var question = new BacktestQuestion(name, body.Text("against"), body.Instant("begins", zone), []);
        if (until > now) { body.Refuse("until", "what has not happened has no shadow", "Leave it out for until now."); }
        body.Check();
        var last = until ?? now;
        var first = zone.DateOf(from ?? last).AddDays(from is null ? 1 - DaysDefault : 0);
        var days = zone.DateOf(last).DayNumber - first.DayNumber + 1;
        if (days is < 1 or > DaysMax) { throw Refused.Body(Wrong.At("/from", $"from {first:yyyy-MM-dd} until {zone.DateOf(last):yyyy-MM-dd} are {days} days", $"Ask for 1 to {DaysMax}.")); }
        Instant[] instants = [.. Enumerable.Range(0, days).Select(day => Instant.Min(zone.EndOfDay(first.AddDays(day)), last))];
        Sides(question, program, last, last);
        return Begun(context, jobs.Begin(program.Name, "shadow", async (cores, stop) =>
        {
            var extract = await reader.About([], whole: true, stop).ConfigureAwait(false);
            var made = new List<(Instant At, BacktestSides? Sides, BacktestReport? Report, Engine.Backtesting.Backtest? Backtest)>();
            foreach (var at in instants)
            {
                stop.ThrowIfCancellationRequested();
                var sides = question.Read(program, at, at, out _);
                var compared = sides is null ? null : new Compared(sides.Compare(program, extract.History, at, at), new((_, _, _) => { }, stop));
                made.Add((at, sides, compared?.Report([.. Found(compared)]), compared?.Backtest));
                cores.Report("days", made.Count, instants.Length);
            }
            return Answer.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("program", program.Name);
                json.WriteString("draft", name);
                json.WriteStartArray("days");
                foreach (var (at, sides, report, backtest) in made)
                {
                    json.WriteStartObject();
                    json.WriteString("day", zone.DateOf(at).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
                    json.WriteString("at", at.ToString());
                    json.WriteString("compares", sides?.Says);
                    if (report is not null) { new BacktestJson(json, backtest!).WriteTotals(report.All); }
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }));
    }

    /// <summary>Now, and not before the last fact was recorded.</summary>
    private static async Task<Instant> Now(HttpContext context, Reader reader) => Instant.Max(await Clock.Now(context).ConfigureAwait(false), (await reader.Head(context.RequestAborted).ConfigureAwait(false)).Recorded);

    private static BacktestSides Sides(BacktestQuestion question, PartnerProgram program, Instant at, Instant known) =>
        question.Read(program, at, known, out var missing) ?? throw Refused.Unknown(missing!.Message, missing.Remedy);

    private static async Task<Compared> Compare(Reader reader, BacktestSides sides, Instant at, Instant known, Cores cores, CancellationToken stop)
    {
        cores.Report("reading", 0, 0);
        var extract = await reader.About([], whole: true, stop).ConfigureAwait(false);
        return new(sides.Compare(reader.Program, extract.History, at, known), cores);
    }

    private static ReadOnlyMemory<byte> Run(Compared compared, BacktestSides sides, Instant known, bool explain, PhraseBook book)
    {
        var differences = Found(compared).ToList();
        var report = compared.Report(differences);
        var changed = differences.Where(d => d.Changed).ToList();
        return Answer.Json(json =>
        {
            json.WriteStartObject();
            new BacktestJson(json, compared.Backtest).Write(
                compared.Backtest.Draft.Program, known, sides.Says, report,
                explain ? compared.Explain(changed, e => e).Select(e => (e.Difference, (Explanation?)e.Made)) : changed.Select(d => (d, (Explanation?)null)), book);
            json.WriteEndObject();
        });
    }

    /// <summary>What differs for each member; one whose amounts can't be added ends it.</summary>
    /// <exception cref="AmountOverflowException">There is one.</exception>
    private static IReadOnlyList<MemberDifference> Found(Compared compared)
    {
        var (found, failures) = compared.All();
        return failures.OfType<AmountOverflowException>().FirstOrDefault() is { } failure ? throw failure : found;
    }

    private static Answer Begun(HttpContext context, Job job) =>
        Answer.Value(json => Write(json, job), StatusCodes.Status202Accepted, null, $"{context.Request.PathBase}/v1/programs/{Uri.EscapeDataString(job.Program)}/jobs/{job.Id}");

    private static Answer List(HttpContext context, Jobs jobs)
    {
        var program = Names.Reader(context).Program.Name;
        return Answer.Object(json =>
        {
            json.WriteStartArray("jobs");
            foreach (var job in jobs.Of(program)) { WriteHead(json, job); }
            json.WriteEndArray();
        });
    }

    private static Answer Read(HttpContext context, Jobs jobs)
    {
        var job = Find(context, jobs);
        return Answer.Value(json => Write(json, job), StatusCodes.Status200OK, null);
    }

    private static IResult Cancel(HttpContext context, Jobs jobs)
    {
        jobs.Forget(Find(context, jobs));
        return Results.NoContent();
    }

    private static Job Find(HttpContext context, Jobs jobs)
    {
        var (program, id) = (Names.Reader(context).Program.Name, Names.Of(context, "job"));
        return jobs.Find(program, id) ?? throw Refused.Unknown($"there is no job `{id}`", "GET jobs lists those that there are; they are gone when the server stops.");
    }

    private static void WriteHead(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        WriteState(json, job);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        WriteState(json, job);
        if (job.Result is { } result)
        {
            json.WritePropertyName("result");
            json.WriteRawValue(result.Span, skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, Job job)
    {
        var (stage, done, total) = job.At;
        json.WriteString("job", job.Id);
        json.WriteString("kind", job.Kind);
        json.WriteString("asked", job.Asked.ToString());
        json.WriteString("state", job.State.ToString().ToLowerInvariant());
        json.WriteString("stage", stage);
        json.WriteNumber("done", done);
        json.WriteNumber("total", total);
        if (job.Why is { } why) { json.WriteString("why", why); }
    }
}
