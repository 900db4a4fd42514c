using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Storage;

namespace Laurel.Cli.Importing;

/// <summary>What an import changes: each member of whom it tells something, as it stands now without it and with it, and the entries that it posts.</summary>
/// <param name="before">The program as it is; null where there is none.</param>
/// <param name="after">The program with the import.</param>
/// <param name="terminal">Where to say it.</param>
internal sealed class ImportChanges(Reader? before, Reader after, Terminal terminal)
{
    private const int Together = 500;
    private const int PageEntries = 10_000;

    /// <summary>A member that changes.</summary>
    /// <param name="Name">The member.</param>
    /// <param name="Was">How it stands without the import; null where nobody told of it.</param>
    /// <param name="Becomes">How it stands with it.</param>
    /// <param name="Entries">What is posted to it.</param>
    public sealed record Changed(string Name, MemberStanding? Was, MemberStanding Becomes, IReadOnlyList<PostedEntry> Entries)
    {
        /// <summary>What is different.</summary>
        public IReadOnlyList<Change> Changes(Vocabulary vocabulary) => Was is null ? [] : Change.Between(Was, Becomes, vocabulary);
    }

    /// <summary>All members that change, in the order in which they were first told.</summary>
    public async IAsyncEnumerable<Changed> All()
    {
        var stop = terminal.Stop;
        var old = before is null ? null : await before.Head(stop).ConfigureAwait(false);
        var head = await after.Head(stop).ConfigureAwait(false);
        var entries = await EntriesSince(old?.Entries ?? 0, head.Entries).ConfigureAwait(false);
        var now = Instant.Max(await after.Now(stop).ConfigureAwait(false), head.Recorded);
        var whole = after.Program.ComparesMembers(under: null);
        var members = await after.ToldSince(old?.Recorded ?? Instant.Ever, stop).ConfigureAwait(false);
        // Where members are compared the whole log is read anyway.
        foreach (var some in members.Chunk(whole ? int.MaxValue : Together))
        {
            var was = before is null ? [] : await Standings(before, some, whole, now).ConfigureAwait(false);
            var becomes = await Standings(after, some, whole, now).ConfigureAwait(false);
            foreach (var name in some.Where(becomes.ContainsKey))
            {
                var changed = new Changed(name, was.GetValueOrDefault(name), becomes[name], entries.TryGetValue(name, out var posted) ? posted : []);
                if (changed.Was is null || changed.Entries.Count > 0 || changed.Changes(after.Program.Vocabulary).Count > 0) { yield return changed; }
            }
        }
    }

    /// <summary>Writes them for people.</summary>
    public async Task WriteText(TextWriter text)
    {
        var vocabulary = after.Program.Vocabulary;
        await foreach (var changed in All().ConfigureAwait(false))
        {
            var what = changed.Was is null ? NewWords(changed.Becomes) : string.Join(", ", changed.Changes(vocabulary).Select(c => Changes.Say(c, vocabulary)));
            var posted = changed.Entries.Count == 0 ? "" : $"; {Shown.Count(changed.Entries.Count)} {(changed.Entries.Count == 1 ? "entry" : "entries")}";
            await text.WriteLineAsync(Plain.Line($"{changed.Name}: {(what.Length == 0 ? "stands as before" : what)}{posted}")).ConfigureAwait(false);
        }
    }

    /// <summary>Writes them as an array that is open.</summary>
    public async Task WriteJson(Utf8JsonWriter json)
    {
        var vocabulary = after.Program.Vocabulary;
        await foreach (var changed in All().ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("member", changed.Name);
            WriteStanding(json, "before", changed.Was, vocabulary);
            WriteStanding(json, "after", changed.Becomes, vocabulary);
            StandingJson.WriteChanges(json, "changes", changed.Changes(vocabulary));
            json.WriteStartArray("entries");
            foreach (var entry in changed.Entries) { LedgerJson.Write(json, entry, vocabulary); }
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteStanding(Utf8JsonWriter json, string name, MemberStanding? standing, Vocabulary vocabulary)
    {
        if (standing is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        StandingJson.Write(json, standing, vocabulary);
        json.WriteEndObject();
    }

    private static string NewWords(MemberStanding standing)
    {
        var edition = standing.Edition;
        var said = edition.Metrics.Where(m => !m.IsMap).Select(m => $"{m.Name} {Shown.Of(standing.Metrics[m.Index])}")
            .Concat(edition.Ladders.Select(l => $"{l.Name} {standing.LevelOn(l) ?? "none"}"));
        return $"new, {(standing.Enrolled ? "" : "not enrolled, ")}{string.Join(", ", said)}";
    }

    private async Task<Dictionary<string, MemberStanding>> Standings(Reader reader, IReadOnlyList<string> members, bool whole, Instant now)
    {
        var extract = await reader.About([.. members.Select(reader.Member)], whole, terminal.Stop).ConfigureAwait(false);
        var scoring = new Scoring(reader.Program, extract.History, RuleBook.InForce(reader.Program, now), now, asOf: now);
        if (RuleBook.InForce(reader.Program, now).At(now) is null) { return []; }
        var assessing = scoring.Derive().ForThread();
        var standings = new Dictionary<string, MemberStanding>(StringComparer.Ordinal);
        foreach (var name in members)
        {
            if (extract.History.SubjectOf(Vocabulary.MemberKind, name) is { } member) { standings[name] = assessing.TimelineOf(member).At(now); }
        }
        return standings;
    }

    private async Task<Dictionary<string, List<PostedEntry>>> EntriesSince(long from, long upTo)
    {
        var entries = new Dictionary<string, List<PostedEntry>>(StringComparer.Ordinal);
        for (; from < upTo; from += PageEntries)
        {
            foreach (var entry in await after.Entries(null, at: null, from, Math.Min(from + PageEntries, upTo), PageEntries, terminal.Stop).ConfigureAwait(false))
            {
                if (!entries.TryGetValue(entry.Line.Member, out var of)) { entries[entry.Line.Member] = of = []; }
                of.Add(entry);
            }
        }
        return entries;
    }
}
