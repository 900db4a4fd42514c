using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
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

/// <summary>/v1/programs/{program}/members/{member}: why, what comes next, and what if.</summary>
internal static class AheadRoutes
{
    private const int SupposedMax = 1000;
    private static readonly Duration Horizon = new(12, 0, 0);

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        var member = program.MapGroup("/members/{member}").Needs(Scopes.Read).WithTags("members").Reads(Header.Language);
        member.MapGet("/explanation", Explain).Answers("Explained").AnswersAs("text/plain", "ExplainedText").WithSummary("Why, and why not: a standing, or one thing about it; JSON, or text where Accept says text/plain");
        member.MapGet("/forecast", Forecast).Answers("Forecast").WithSummary("What will happen by itself, and what would follow if what ends were renewed");
        member.MapPost("/what-if", Suppose).Answers("WhatIf").WithSummary("What would be different if facts were told; nothing is recorded").Takes("Supposition");
    }

    private static async Task<IResult> Explain(HttpContext context, [AsParameters] ReadingQuery reading, [AsParameters] TopicQuery query)
    {
        var topic = query.Read();
        var vocabulary = Names.Reader(context).Program.Vocabulary;
        var asked = await reading.OfMember(context, [.. topic.Subject is { } subject ? [Subjects.Read("subject", subject, vocabulary)] : Enumerable.Empty<SubjectName>()]).ConfigureAwait(false);
        var scoring = asked.Score();
        var explainer = new Explainer(scoring, asked.History, scoring.Derive().ForThread(), asked.Member, asked.At);
        var explained = topic.Explain(explainer, asked.Program, asked.History, asked.Under, asked.Known, asked.AsOf, asked.Name, asked.At, out var missing);
        if (explained is null) { throw Refused.Unknown(missing!.Message, topic.Subject is not null && topic.Rule is null ? "Write its kind, a slash and its name." : missing.Remedy); }
        var book = Languages.BookOf(context, vocabulary);
        return Accepted.Prefers(context.Request, "text/plain")
            ? Text(context, explained, book, asked.Position)
            : asked.Answer(json =>
            {
                json.WriteString("member", asked.Name);
                json.WriteString("language", book.Language);
                json.WritePropertyName("explanation");
                ExplanationJson.Write(json, explained, book);
            });
    }

    private static IResult Text(HttpContext context, Explanation explained, PhraseBook book, Position position)
    {
        var text = new StringBuilder();
        Write(text, explained, book, 0);
        context.Response.Headers[Answer.PositionHeader] = Positions.Write(position);
        return Results.Text(text.ToString(), "text/plain", Encoding.UTF8);
    }

    private static void Write(StringBuilder text, Explanation explained, PhraseBook book, int depth)
    {
        text.Append(' ', depth * 2).Append(explained.Mark switch { Mark.Yes => "✓ ", Mark.No => "✗ ", _ => "" }).Append(book.Say(explained.Says)).Append('\n');
        foreach (var because in explained.Because) { Write(text, because, book, depth + 1); }
    }

    private static async Task<IResult> Forecast(HttpContext context, [AsParameters] ReadingQuery reading, [FromQuery(Name = "until"), Description("How far ahead it looks; one year where it is left out.")] string? until)
    {
        var asked = await reading.OfMember(context).ConfigureAwait(false);
        var horizon = HorizonOf(asked, until);
        var forecaster = new Forecaster(asked.Program, asked.History, asked.Under, asked.Learnt, asked.Name, asked.At, horizon);
        var (will, renewals, book) = (forecaster.Will(), forecaster.If(), Languages.BookOf(context, asked.Program.Vocabulary));
        return asked.Answer(json => ForecastJson.Write(json, will, renewals, asked.Name, horizon, book, asked.Program.Vocabulary));
    }

    private static async Task<IResult> Suppose(HttpContext context, [AsParameters] ReadingQuery reading, [FromQuery(Name = "until"), Description("How far ahead it looks; one year where it is left out.")] string? until)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var items = body.Items("facts");
        if (items is not { Count: > 0 and <= SupposedMax }) { body.Refuse("facts", $"`facts` has no list of 1 to {SupposedMax} facts", "Write what is supposed: {\"facts\": [{\"type\": \"…\", \"subject\": \"…\", \"data\": {…}}]}."); }
        body.Check();
        var reader = Names.Reader(context);
        var (vocabulary, member) = (reader.Program.Vocabulary, Names.Of(context, Names.Member));
        var at = reading.At is null ? await Clock.Now(context).ConfigureAwait(false) : ReadingQuery.Instant("at", reading.At, vocabulary.Zone);
        var facts = Read(items!, new(vocabulary), at);
        var asked = await reading.Of(context, [reader.Member(member), .. facts.SelectMany(fact => Subjects.Of(fact, vocabulary))]).ConfigureAwait(false);
        if (asked.History.SubjectOf(Vocabulary.MemberKind, member) is null && !facts.Any(fact => Subjects.Of(fact, vocabulary).Contains(reader.Member(member))))
        {
            throw Refused.Unknown($"no fact speaks of a member `{member}`, and none that is supposed does", "Suppose one that does.");
        }
        var whatIf = new WhatIf(asked.Program, asked.History, asked.Under, asked.Learnt, member, facts);
        var refused = whatIf.Verdicts.Select((verdict, index) => verdict is Verdict.Refused { Refusal: var refusal } ? Told.WrongOf(refusal, $"/facts/{index}") : null).OfType<Wrong>().ToList();
        if (refused.Count > 0) { throw new Refused(ProblemType.FactRefused, refused[0].Detail, refused[0].Remedy, refused); }
        var (horizon, book) = (HorizonOf(asked, until), Languages.BookOf(context, vocabulary));
        return asked.Answer(json => WhatIfJson.Write(json, whatIf, asked.Program, facts, member, asked.At, horizon, book));
    }

    /// <summary>Reads what is supposed; id, source and time may be left out.</summary>
    private static List<Fact> Read(IReadOnlyList<JsonElement> items, FactParser parser, Instant at)
    {
        var (facts, wrong) = (new List<Fact>(), new List<Wrong>());
        foreach (var (item, index) in items.Select((item, index) => (item, index)))
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                wrong.Add(Wrong.At($"/facts/{index}", $"here stands {JsonFields.Called(item)}, not a fact", ""));
                continue;
            }
            var line = Answer.Json(json =>
            {
                json.WriteStartObject();
                if (IsLeftOut(item, "id")) { json.WriteString("id", $"what-if-{index + 1}"); }
                if (IsLeftOut(item, "source")) { json.WriteString("source", "what-if"); }
                if (IsLeftOut(item, "time")) { json.WriteString("time", at.ToString()); }
                foreach (var property in item.EnumerateObject()) { property.WriteTo(json); }
                json.WriteEndObject();
            });
            if (parser.Read(line.Span, 0, out var refusal) is { } fact) { facts.Add(fact); }
            else { wrong.Add(Told.WrongOf(refusal!, $"/facts/{index}")); }
        }
        return wrong.Count == 0 ? facts : throw new Refused(ProblemType.FactRefused, wrong[0].Detail, wrong[0].Remedy, wrong);
    }

    private static bool IsLeftOut(JsonElement fact, string attribute) => !fact.TryGetProperty(attribute, out var value) || value.ValueKind == JsonValueKind.Null;

    private static Instant HorizonOf(Asked asked, string? until)
    {
        var zone = asked.Program.Vocabulary.Zone;
        if (until is null) { return Instant.Min(Calendar.Of(zone).Add(asked.At, Horizon), Instant.Last); }
        var horizon = ReadingQuery.Instant("until", until, zone);
        if (horizon <= asked.At) { throw Refused.Parameter("until", $"`until={until}` is not after {asked.At}", "Name a later date, or an earlier `at`."); }
        return horizon <= Calendar.Of(zone).Add(asked.At, new(Forecaster.YearsMax * 12, 0, 0)) ? horizon
            : throw Refused.Parameter("until", $"`until={until}` is more than {Forecaster.YearsMax} years after {asked.At}", "Name an earlier date: what is further ahead is not told.");
    }
}

/// <summary>What is to be explained.</summary>
internal sealed class TopicQuery
{
    [FromQuery(Name = "subject"), Description("Everything about one subject, such as site/s1.")]
    public string? Subject { get; set; }

    [FromQuery(Name = "rule"), Description("With a subject: that rule alone.")]
    public string? Rule { get; set; }

    [FromQuery(Name = "metric"), Description("A number.")]
    public string? Metric { get; set; }

    [FromQuery(Name = "level"), Description("A level: why, why not, the way to it.")]
    public string? Level { get; set; }

    [FromQuery(Name = "benefit"), Description("A benefit.")]
    public string? Benefit { get; set; }

    [FromQuery(Name = "obligation"), Description("An obligation, period by period.")]
    public string? Obligation { get; set; }

    [FromQuery(Name = "payout"), Description("Money of a unit, close by close.")]
    public string? Payout { get; set; }

    /// <summary>Reads it.</summary>
    /// <exception cref="Refused">Several things at once.</exception>
    public Topic Read()
    {
        var named = new[] { ("subject", Subject), ("metric", Metric), ("level", Level), ("benefit", Benefit), ("obligation", Obligation), ("payout", Payout) }.Where(t => t.Item2 is not null).Select(t => t.Item1).ToList();
        if (named.Count > 1) { throw Refused.Parameter(named[1], $"{string.Join(" and ", named)} can't be explained at once", "Ask for one of them."); }
        if (Rule is not null && Subject is null) { throw Refused.Parameter("rule", "a rule is explained on a subject", "Name it too, such as subject=site/s1."); }
        return new(Subject, Rule, Metric, Level, Benefit, Obligation, Payout);
    }
}
