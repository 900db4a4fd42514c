using System.ComponentModel;
using Laurel.Engine.Explaining;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}: the ledger as it grows, and exports.</summary>
internal static class LedgerRoutes
{
    private const int FeedEntriesMax = 10_000;
    private const string CsvType = "text/csv";
    private const string TextType = "text/plain";

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapGet("/feed", Feed).Needs(Scopes.Read).WithTags("ledger").Answers("Feed").WithSummary("Read what was posted and announced, commit by commit");
        program.MapGet("/ledger", Ledger).Needs(Scopes.Read).WithTags("ledger").AnswersAs(LinesAnswer.JsonLines, "Entry").AnswersAs(CsvType, "EntriesAsCsv").AnswersAs(TextType, "EntriesAsJournal").WithSummary("Export the ledger: CSV, JSON lines, or a journal of hledger");
        program.MapGet("/standings", Standings).Needs(Scopes.Read).WithTags("ledger").AnswersAs(LinesAnswer.JsonLines, "MemberLine").AnswersAs(CsvType, "StandingsAsCsv").WithSummary("Export where all members stand: CSV or JSON lines");
    }

    private static async Task<IResult> Feed(
        HttpContext context, [AsParameters] Paging paging, [FromQuery(Name = "after"), Description("The `position` after which it goes on; from the start where it is left out.")] string? after,
        [FromQuery(Name = "known"), Description("Ends with what was written by then; with the last commit where it is left out.")] string? known)
    {
        var reader = Names.Reader(context);
        if (paging.Cursor is not null) { throw Refused.Parameter("cursor", "the feed has no cursor", "Send the last `position` as `after`."); }
        var count = paging.Count();
        var head = await WrittenQuery.Head(context, reader, known).ConfigureAwait(false);
        var number = after is null ? 0 : Positions.Read("after", after, head);
        // With the commit before the first, from which the first goes on.
        var commits = await reader.Commits(Math.Max(0, number - 1), count + (number > 0 ? 1 : 0), context.RequestAborted).ConfigureAwait(false);
        var before = number == 0 ? head with { Number = 0, Facts = 0, Entries = 0, Changes = 0 } : commits.Count > 0 && commits[0].Number == number ? commits[0] : head;
        var page = commits.Where(c => c.Number > number && c.Number <= head.Number).TakeWhile((commit, index) => index == 0 || commit.Entries - before.Entries <= FeedEntriesMax).ToList();
        var last = page.Count > 0 ? page[^1] : before;
        var entries = await reader.Entries(null, at: null, before.Entries, last.Entries, int.MaxValue, context.RequestAborted).ConfigureAwait(false);
        var changes = await reader.Changes(null, at: null, before.Changes, last.Changes, int.MaxValue, context.RequestAborted).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("commits");
            var previous = before;
            foreach (var commit in page)
            {
                json.WriteStartObject();
                json.WriteString("position", Positions.Write(commit));
                json.WriteString("recorded", commit.Recorded.ToString());
                json.WriteNumber("facts", commit.Facts - previous.Facts);
                json.WriteStartArray("entries");
                foreach (var entry in entries.Where(e => e.Position >= previous.Entries && e.Position < commit.Entries)) { LedgerJson.Write(json, entry, reader.Program.Vocabulary); }
                json.WriteEndArray();
                json.WriteStartArray("changes");
                foreach (var change in changes.Where(c => c.Commit == commit.Number)) { LedgerJson.Write(json, change); }
                json.WriteEndArray();
                json.WriteEndObject();
                previous = commit;
            }
            json.WriteEndArray();
        }, head);
    }

    private static async Task<IResult> Ledger(HttpContext context, [AsParameters] WrittenQuery query, [FromQuery(Name = "format"), Description("csv, jsonl or hledger; jsonl where it is left out.")] string? format)
    {
        var reader = Names.Reader(context);
        var (at, head) = (query.Instant(reader.Program.Vocabulary.Zone), await query.Head(context, reader).ConfigureAwait(false));
        var lines = Exports.Ledger(reader, head, at, format ?? Exports.JsonLines, context.RequestAborted) ?? throw UnknownFormat(format!, Exports.LedgerFormats);
        return new LinesAnswer(TypeOf(format), lines, head);
    }

    private static async Task<IResult> Standings(HttpContext context, [AsParameters] ReadingQuery reading, [FromQuery(Name = "format"), Description("csv or jsonl; jsonl where it is left out.")] string? format)
    {
        if (format is not null && !Exports.StandingsFormats.Contains(format)) { throw UnknownFormat(format, Exports.StandingsFormats); }
        var asked = await reading.Of(context, null).ConfigureAwait(false);
        return new LinesAnswer(TypeOf(format), Exports.Standings(asked, format ?? Exports.JsonLines)!.ToAsyncEnumerable(), asked.Position);
    }

    private static string TypeOf(string? format) => format switch
    {
        Exports.Csv => $"{CsvType}; charset=utf-8",
        Exports.Hledger => $"{TextType}; charset=utf-8",
        _ => LinesAnswer.JsonLines,
    };

    private static Refused UnknownFormat(string format, IReadOnlyList<string> formats) => Refused.Parameter("format", $"there is no format `{format}` here", Choice.Among(format, formats));
}
