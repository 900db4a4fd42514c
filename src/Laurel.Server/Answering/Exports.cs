using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Asking;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>What a program has, line by line: its facts, its ledger, where its members stand.</summary>
internal static class Exports
{
    /// <summary>The forms that there are.</summary>
    public const string JsonLines = "jsonl", Csv = "csv", Hledger = "hledger";

    private const int Page = 1000;

    private static readonly string[] Header = ["position", "recorded", "source", "id", "member", "subject", "rule", "edition", "from", "to", "amount", "unit", "dated", "starts", "ends"];

    /// <summary>The forms of a ledger.</summary>
    public static IReadOnlyList<string> LedgerFormats { get; } = [Csv, JsonLines, Hledger];

    /// <summary>The forms of standings.</summary>
    public static IReadOnlyList<string> StandingsFormats { get; } = [Csv, JsonLines];

    /// <summary>The facts in the order of the log, as they are told: with when they were learnt, and without what the program itself wrote.</summary>
    /// <param name="reader">The program.</param>
    /// <param name="head">Up to where.</param>
    /// <param name="personal">True for what is personal too.</param>
    /// <param name="stop">Ends it.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Facts(Reader reader, Position head, bool personal, [EnumeratorCancellation] CancellationToken stop)
    {
        var all = new FactFilter(null, null, null, Instant.Ever, Instant.Never);
        for (IReadOnlyList<LoggedFact> facts = []; ;)
        {
            facts = await reader.Facts(all, facts.Count == 0 ? 0 : facts[^1].Position + 1, head, Page, personal, stop).ConfigureAwait(false);
            foreach (var logged in facts) { yield return (byte[])[.. FactJson.Write(logged.Fact, reader.Program.Vocabulary), (byte)'\n']; }
            if (facts.Count == 0) { yield break; }
        }
    }

    /// <summary>The entries in the order of the ledger; null where there is no such form.</summary>
    /// <param name="reader">The program.</param>
    /// <param name="head">Up to where.</param>
    /// <param name="at">Those that count at this instant; null for all.</param>
    /// <param name="format">One of <see cref="LedgerFormats"/>.</param>
    /// <param name="stop">Ends it.</param>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>>? Ledger(Reader reader, Position head, Instant? at, string format, CancellationToken stop)
    {
        var (entries, vocabulary) = (Entries(reader, head, at, stop), reader.Program.Vocabulary);
        return format switch
        {
            JsonLines => entries.Select(entry => LinesAnswer.Json(json => LedgerJson.Write(json, entry, vocabulary))),
            Csv => entries.Select(entry => Line(Cells(entry, vocabulary))).Prepend(Line(Header)),
            Hledger => entries.Select(entry => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Journal.Of(entry, vocabulary))),
            _ => null,
        };
    }

    private static async IAsyncEnumerable<PostedEntry> Entries(Reader reader, Position head, Instant? at, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var from = 0L; from < head.Entries; from += Page)
        {
            foreach (var entry in await reader.Entries(null, at, from, Math.Min(from + Page, head.Entries), Page, stop).ConfigureAwait(false)) { yield return entry; }
        }
    }

    private static IEnumerable<string> Cells(PostedEntry entry, Vocabulary vocabulary)
    {
        var line = entry.Line;
        return [
            entry.Position.ToString(CultureInfo.InvariantCulture), entry.Recorded.ToString(), line.CauseSource, line.CauseId, line.Member, line.Subject, line.Rule, line.Edition,
            EntryLine.NameOf(line.From, line.Member, line.Edition, line.Rule), EntryLine.NameOf(line.To, line.Member, line.Edition, line.Rule),
            vocabulary.Units.First(u => u.Name == line.Unit).Whole(line.Amount).ToString(), line.Unit, line.Dated.ToString(), line.Starts.ToString(), line.Ends.ToString()];
    }

    /// <summary>Where all members stand; null where there is no such form.</summary>
    /// <param name="asked">When, and by what.</param>
    /// <param name="format">One of <see cref="StandingsFormats"/>.</param>
    public static IEnumerable<ReadOnlyMemory<byte>>? Standings(Asked asked, string format)
    {
        var scoring = asked.Score();
        var assessing = scoring.Derive().ForThread();
        var timelines = scoring.Members.Select(assessing.TimelineOf);
        return format switch
        {
            Csv => timelines.Select(t => Line(Cells(t, asked))).Prepend(Line(HeaderOf(asked))),
            JsonLines => timelines.Select(t => LinesAnswer.Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("member", asked.History.NameOf(t.Member));
                StandingJson.Write(json, t.At(asked.At), asked.Program.Vocabulary);
                StandingJson.WriteNext(json, NextChange.After(asked.At, t, asked.Program.Vocabulary));
                json.WriteEndObject();
            })),
            _ => null,
        };
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
        Answering.Csv.Write(text, cells);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
