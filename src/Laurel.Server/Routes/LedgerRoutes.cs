using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Laurel.Engine.Explaining;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
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
    private const int PageEntries = 1000;
    private const int FeedEntriesMax = 10_000;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapGet("/feed", Feed).Needs(Scopes.Read).WithTags("ledger").WithSummary("Read what was posted and announced, commit by commit");
        program.MapGet("/ledger", Ledger).Needs(Scopes.Read).WithTags("ledger").WithSummary("Export the ledger: CSV, JSON lines, or a journal of hledger");
        program.MapGet("/standings", Standings).Needs(Scopes.Read).WithTags("ledger").WithSummary("Export where all members stand: CSV or JSON lines");
    }

    private static async Task<IResult> Feed(
        HttpContext context, [AsParameters] Paging paging, [FromQuery(Name = "after"), Description("The `position` after which it goes on; from the start where it is left out.")] string? after)
    {
        var reader = Names.Reader(context);
        if (paging.Cursor is not null) { throw Refused.Parameter("cursor", "the feed has no cursor", "Send the last `position` as `after`."); }
        var count = paging.Count();
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var number = after is null ? 0 : Positions.Read("after", after, head);
        // With the commit before the first, from which the first goes on.
        var commits = await reader.Commits(Math.Max(0, number - 1), count + (number > 0 ? 1 : 0), context.RequestAborted).ConfigureAwait(false);
        var before = number == 0 ? head with { Number = 0, Facts = 0, Entries = 0, Changes = 0 } : commits.Count > 0 && commits[0].Number == number ? commits[0] : head;
        var page = commits.Where(c => c.Number > number).TakeWhile((commit, index) => index == 0 || commit.Entries - before.Entries <= FeedEntriesMax).ToList();
        var last = page.Count > 0 ? page[^1] : before;
        var entries = await reader.Entries(null, before.Entries, last.Entries, int.MaxValue, context.RequestAborted).ConfigureAwait(false);
        var changes = await reader.Changes(null, before.Changes, last.Changes, int.MaxValue, context.RequestAborted).ConfigureAwait(false);
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

    private static async Task<IResult> Ledger(HttpContext context, [FromQuery(Name = "format"), Description("csv, jsonl or hledger; jsonl where it is left out.")] string? format)
    {
        var reader = Names.Reader(context);
        await Positions.Wait(context, reader).ConfigureAwait(false);
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var entries = Entries(reader, head, context.RequestAborted);
        var vocabulary = reader.Program.Vocabulary;
        return format switch
        {
            null or "jsonl" => new LinesAnswer(LinesAnswer.JsonLines, entries.Select(entry => LinesAnswer.Json(json => LedgerJson.Write(json, entry, vocabulary))), head),
            "csv" => new LinesAnswer("text/csv; charset=utf-8", entries.Select(entry => Line(Cells(entry, vocabulary))).Prepend(Line(Header)), head),
            "hledger" => new LinesAnswer("text/plain; charset=utf-8", entries.Select(entry => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Journal.Of(entry, vocabulary))), head),
            _ => throw UnknownFormat(format, "csv", "jsonl", "hledger"),
        };
    }

    private static async IAsyncEnumerable<PostedEntry> Entries(Reader reader, Position head, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var from = 0L; from < head.Entries; from += PageEntries)
        {
            foreach (var entry in await reader.Entries(null, from, Math.Min(from + PageEntries, head.Entries), PageEntries, stop).ConfigureAwait(false)) { yield return entry; }
        }
    }

    private static readonly string[] Header = ["position", "recorded", "source", "id", "member", "subject", "rule", "edition", "from", "to", "amount", "unit", "dated", "starts", "ends"];

    private static IEnumerable<string> Cells(PostedEntry entry, Vocabulary vocabulary)
    {
        var line = entry.Line;
        return [
            entry.Position.ToString(CultureInfo.InvariantCulture), entry.Recorded.ToString(), line.CauseSource, line.CauseId, line.Member, line.Subject, line.Rule, line.Edition,
            EntryLine.NameOf(line.From, line.Member, line.Edition, line.Rule), EntryLine.NameOf(line.To, line.Member, line.Edition, line.Rule),
            vocabulary.Units.First(u => u.Name == line.Unit).Whole(line.Amount).ToString(), line.Unit, line.Dated.ToString(), line.Starts.ToString(), line.Ends.ToString()];
    }

    private static async Task<IResult> Standings(HttpContext context, [AsParameters] ReadingQuery reading, [FromQuery(Name = "format"), Description("csv or jsonl; jsonl where it is left out.")] string? format)
    {
        if (format is not (null or "jsonl" or "csv")) { throw UnknownFormat(format, "csv", "jsonl"); }
        var asked = await reading.Of(context, null).ConfigureAwait(false);
        var scoring = asked.Score();
        var assessing = scoring.Derive().ForThread();
        var timelines = scoring.Members.Select(assessing.TimelineOf);
        var vocabulary = asked.Program.Vocabulary;
        var lines = format == "csv" ? timelines.Select(t => Line(Cells(t, asked))).Prepend(Line(HeaderOf(asked))) : timelines.Select(t => LinesAnswer.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("member", asked.History.NameOf(t.Member));
            StandingJson.Write(json, t.At(asked.At), vocabulary);
            StandingJson.WriteNext(json, NextChange.After(asked.At, t, vocabulary));
            json.WriteEndObject();
        }));
        return new LinesAnswer(format == "csv" ? "text/csv; charset=utf-8" : LinesAnswer.JsonLines, lines.ToAsyncEnumerable(), asked.Position);
    }

    private static IEnumerable<string> HeaderOf(Asked asked)
    {
        var edition = asked.CheckEdition();
        return ["member", "enrolled", .. edition.Ladders.Select(l => l.Name), .. edition.Metrics.Where(m => !m.IsMap).Select(m => m.Name), .. asked.Program.Vocabulary.Units.Select(u => $"pending_{u.Name}"), "next_at"];
    }

    private static IEnumerable<string> Cells(MemberTimeline timeline, Asked asked)
    {
        var standing = timeline.At(asked.At);
        return [
            asked.History.NameOf(timeline.Member), standing.Enrolled ? "true" : "false", .. standing.Edition.Ladders.Select(l => standing.LevelOn(l) ?? ""),
            .. standing.Edition.Metrics.Where(m => !m.IsMap).Select(m => standing.Metrics[m.Index].ToString()),
            .. asked.Program.Vocabulary.Units.Select(u => u.Whole(standing.Pending[u.Index]).ToString()), NextChange.After(asked.At, timeline, asked.Program.Vocabulary)?.At.ToString() ?? ""];
    }

    private static ReadOnlyMemory<byte> Line(IEnumerable<string> cells)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Csv.Write(text, cells);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static Refused UnknownFormat(string format, params string[] formats) => Refused.Parameter("format", $"there is no format `{format}` here", Choice.Among(format, formats));
}
