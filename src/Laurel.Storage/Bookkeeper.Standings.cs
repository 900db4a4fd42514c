using System.Buffers;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.Engine.Explaining;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Assesses members, tells what has changed, and notes when to look again.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>How many members one commit tells of.</summary>
    private const int DueMax = 100;

    /// <summary>The kind of due item that is a member whose standing changes by itself.</summary>
    private const int MemberDue = 1;

    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Does what has fallen due: closes periods, opens editions, tells what time has changed. Each is effective at its own instant, however late this runs.</summary>
    /// <returns>True where there is more to do.</returns>
    public async Task<bool> TellDue(CancellationToken stop)
    {
        var now = Now;
        await WriteOwn(now, stop).ConfigureAwait(false);
        List<long> members;
        using (var connection = await _database.Connect(stop).ConfigureAwait(false))
        {
            members = [.. await connection.QueryAsync<long>(
                "SELECT key FROM due WHERE program = @program AND kind = @kind AND at <= @now ORDER BY at LIMIT @max", new { program = _program, kind = MemberDue, now = now.Micros, max = DueMax }).ConfigureAwait(false)];
        }
        if (members.Count == 0) { return false; }
        var gathered = await Gather(members, [], stop).ConfigureAwait(false);
        var posted = new Posted(gathered, gathered.Build(), [], []);
        foreach (var member in members) { posted.Members.Add(posted.History.SubjectOf(Engine.Programs.Vocabulary.MemberKind, gathered.NameOf(member)!.Value.Name)!.Value); }
        var recorded = Instant.Max(now, new(Head.Recorded + 1));
        var standings = await StandingsOf(posted, recorded, cause: null, stop).ConfigureAwait(false);
        var commit = Next(CommitKind.Due, recorded.Micros, 0, 0, standings.ChangeCount);
        await Write(commit, [.. standings.Tables(_program, commit)], _facts.Mark(), _entries.Mark(), stop).ConfigureAwait(false);
        return members.Count == DueMax;
    }

    /// <summary>Where members stand after a commit, and what is told of them.</summary>
    private sealed class Told
    {
        private readonly List<(long Member, long Position, long At, long Next, string Body)> _standings = [];
        private readonly List<(long Change, long Member, long Effective, long? Cause, string Body)> _changes = [];

        public int ChangeCount => _changes.Count;

        public void Stands(long member, long position, long at, long next, string body) => _standings.Add((member, position, at, next, body));

        public void Changed(long change, long member, long effective, long? cause, string body) => _changes.Add((change, member, effective, cause, body));

        public IEnumerable<Rows> Tables(int program, Commit commit)
        {
            yield return new Rows("standings", _standings.Count, "program", "book", "member")
                .With("member", [.. _standings.Select(s => s.Member)]).With("position", [.. _standings.Select(s => s.Position)]).With("told", [.. _standings.Select(s => s.At)]).With("next", [.. _standings.Select(s => s.Next)])
                .With("program", program).With("book", commit.Book).With("body", _standings.Select(s => (string?)s.Body).ToArray());
            yield return new Rows("changes", _changes.Count)
                .With("change", [.. _changes.Select(c => c.Change)]).With("member", [.. _changes.Select(c => c.Member)]).With("effective", [.. _changes.Select(c => c.Effective)]).With("number", commit.Number)
                .With("cause", _changes.Select(c => c.Cause).ToArray()).With("program", program).With("body", _changes.Select(c => (string?)c.Body).ToArray());
            yield return new Rows("due", _standings.Count, "program", "kind", "key")
                .With("key", [.. _standings.Select(s => s.Member)]).With("at", [.. _standings.Select(s => s.Next)]).With("program", program).With("kind", MemberDue);
        }
    }

    /// <summary>Assesses the members of a commit: first what time has changed by what was known before it, then what it changes.</summary>
    private async Task<Told> StandingsOf(Posted posted, Instant at, long? cause, CancellationToken stop)
    {
        var told = new Told();
        if (posted.Members.Count == 0) { return told; }
        var history = posted.History;
        var numbers = posted.Members.ToDictionary(m => m, m => posted.Gathered.NumberOf(history, m));
        var toldUntil = await ToldUntil(numbers.Values, stop).ConfigureAwait(false);
        var before = new Scoring(_rules, history, under: null, Head.Number == 0 ? Instant.Ever : new(Head.Recorded)).Derive().ForThread();
        var after = new Scoring(_rules, history, under: null, at).Derive().ForThread();
        foreach (var member in posted.Members)
        {
            var (was, becomes, number) = (before.TimelineOf(member), after.TimelineOf(member), numbers[member]);
            // Before the first edition nobody stands anywhere.
            if (becomes.Standings.Count == 0) { continue; }
            if (was.Standings.Count > 0) { Tell(told, number, was, becomes.At(at), toldUntil.TryGetValue(number, out var until) ? new(until) : at, at, cause); }
            told.Stands(number, Head.EntriesTo + posted.Entries.Count, at.Micros, becomes.NextAfter(at)?.Micros ?? Instant.Never.Micros, BodyOf(becomes.At(at)));
        }
        return told;
    }

    private async Task<Dictionary<long, long>> ToldUntil(IEnumerable<long> members, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Member, long Told)>(
            _database.Sql($"SELECT member, told FROM standings WHERE program = @program AND book = @book AND {Database.Among("member", "members")}"),
            new { program = _program, book = Head.Book, members = _database.Many(members) }).ConfigureAwait(false);
        return rows.ToDictionary(r => r.Member, r => r.Told);
    }

    /// <summary>Tells what time has changed since a member was last told of, by what was known before, and then what is new.</summary>
    private void Tell(Told told, long member, MemberTimeline was, MemberStanding now, Instant until, Instant at, long? cause)
    {
        var last = was.At(until);
        foreach (var standing in was.Standings.Where(s => s.From > until && s.From <= at))
        {
            Tell(told, member, last, standing, standing.From, cause: null);
            last = standing;
        }
        Tell(told, member, last, now, at, cause);
    }

    private void Tell(Told told, long member, MemberStanding from, MemberStanding to, Instant effective, long? cause)
    {
        var changes = Change.Between(from, to, Vocabulary);
        if (changes.Count > 0) { told.Changed(Head.ChangesTo + told.ChangeCount, member, effective.Micros, cause, Json(json => StandingJson.WriteChanges(json, "changes", changes))); }
    }

    private string BodyOf(MemberStanding standing) => Json(json =>
    {
        json.WriteString("edition", standing.Edition.Name);
        StandingJson.Write(json, standing, Vocabulary);
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
