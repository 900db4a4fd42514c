using System.Buffers;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Assesses members, tells what has changed, and notes when to look again.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>How many members one commit tells of.</summary>
    private const int DueMax = 100;

    /// <summary>The kind of due item that is a member whose standing changes by itself.</summary>
    internal const int MemberDue = 1;

    // Where a text is written, each in the place of the last one of its thread.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Does what has fallen due: closes periods, opens editions, tells what time has changed. Each is effective at its own instant, however late this runs.
    /// Nothing is due before the first fact: a log begins with it, so that a history can be told from its beginning.
    /// </summary>
    /// <returns>True where there is more to do.</returns>
    public Task<bool> TellDue(CancellationToken stop) => TellDue(Now, whole: false, stop);

    private async Task<bool> TellDue(Instant now, bool whole, CancellationToken stop)
    {
        if (!_told || Status.Archived is not null) { return false; }
        await WriteOwn(now, whole, stop).ConfigureAwait(false);
        // What is being written says when its members are due again.
        await Written.ConfigureAwait(false);
        List<(long Member, long At)> due;
        using (var connection = await _database.Connect(stop).ConfigureAwait(false))
        {
            due = [.. await connection.QueryAsync<(long, long)>(
                "SELECT key, at FROM due WHERE program = @program AND kind = @kind AND at <= @now ORDER BY at, key LIMIT @max", new { program = _program, kind = MemberDue, now = now.Micros, max = DueMax }).ConfigureAwait(false)];
        }
        var first = due.Select(d => d.At).Append(_asked.First ?? Instant.Never.Micros).Min();
        Telemetry.Lags(_rules.Name, TimeSpan.FromMicroseconds(Math.Max(0, now.Micros - first)));
        if (first > now.Micros) { return false; }
        using var span = Telemetry.Begin("laurel.due", _rules.Name, []);
        var members = due.Select(d => d.Member).ToList();
        var recorded = Instant.Max(now, new(Head.Recorded + 1));
        var told = new Told();
        await ReadToldUntil(told, members, stop).ConfigureAwait(false);
        foreach (var member in await _atHand.Members(members, Head.FactsTo, stop).ConfigureAwait(false))
        {
            var until = UntilOf(told, member, recorded);
            var timeline = _atHand.TimelineOf(member, until, recorded);
            Tell(told, _atHand.NumberOf(member), timeline, timeline, until, recorded, Head.EntriesTo, cause: null);
        }
        var changed = told.ChangedCount;
        var asked = await TellRequests(told, new(now.Micros + 1), except: null, stop).ConfigureAwait(false);
        var commit = Next(CommitKind.Due, recorded.Micros, 0, 0, told.ChangeCount);
        await Write(commit, [.. told.Tables(_program, commit, s => BodyOf(s, Vocabulary)), .. Stale(told)], keep: null, ahead: false, stop).ConfigureAwait(false);
        await Keep(told).ConfigureAwait(false);
        Telemetry.Due(_rules.Name, "member", done: changed, skipped: members.Count - changed);
        return members.Count == DueMax || asked == DueMax;
    }

    // Until when members were told of, as far as it was read or written here; null for those of whom nothing was told.
    private readonly Dictionary<long, Instant?> _toldUntil = [];

    /// <summary>Where members stand after a commit, and what is told of them.</summary>
    private sealed partial class Told
    {
        private readonly Dictionary<long, (long Position, long At, long Next, MemberStanding Standing)> _standings = [];
        private readonly List<(long Member, long Effective, long? Cause, string Body, long? Asked)> _changes = [];

        public int ChangeCount => _changes.Count;

        /// <summary>What else is written with it.</summary>
        public List<Rows> Also { get; } = [];

        /// <summary>How many members changed.</summary>
        public int ChangedCount => _changes.DistinctBy(c => c.Member).Count();

        public void Stands(long member, long position, Instant at, Instant next, MemberStanding standing) => _standings[member] = (position, at.Micros, next.Micros, standing);

        /// <summary>Until when a member was told of in this commit; null where it was not yet.</summary>
        public Instant? Until(long member) => _standings.TryGetValue(member, out var standing) ? new(standing.At) : null;

        /// <summary>Notes until when members were told of, once that is written.</summary>
        public void Keep(Dictionary<long, Instant?> toldUntil)
        {
            foreach (var (member, standing) in _standings) { toldUntil[member] = new(standing.At); }
        }

        public void Changed(long member, Instant effective, long? cause, string body) => _changes.Add((member, effective.Micros, cause, body, null));

        public IEnumerable<Rows> Tables(int program, Commit commit, Func<MemberStanding, string> bodyOf)
        {
            yield return new Rows("standings", _standings.Count, "program", "book", "member")
                .With("member", [.. _standings.Keys]).With("position", [.. _standings.Values.Select(s => s.Position)]).With("told", [.. _standings.Values.Select(s => s.At)]).With("next", [.. _standings.Values.Select(s => s.Next)])
                .With("program", program).With("book", commit.Book).With("body", _standings.Values.Select(s => (string?)bodyOf(s.Standing)).ToArray());
            yield return new Rows("changes", _changes.Count)
                .With("change", [.. _changes.Select((_, i) => commit.ChangesTo - _changes.Count + i)]).With("member", [.. _changes.Select(c => c.Member)]).With("effective", [.. _changes.Select(c => c.Effective)]).With("number", commit.Number)
                .With("cause", _changes.Select(c => c.Cause).ToArray()).With("asked", _changes.Select(c => c.Asked).ToArray()).With("program", program).With("body", _changes.Select(c => (string?)c.Body).ToArray());
            yield return new Rows("due", _standings.Count, "program", "kind", "key")
                .With("key", [.. _standings.Keys]).With("at", [.. _standings.Values.Select(s => s.Next)]).With("program", program).With("kind", MemberDue);
            foreach (var rows in Asked(program).Concat(Also)) { yield return rows; }
        }
    }

    /// <summary>Goes on after a commit.</summary>
    private async Task Keep(Told told)
    {
        told.Keep(_toldUntil);
        foreach (var (notice, skipped) in told.Notices) { _announced[notice] = skipped; }
        await GiveWay().ConfigureAwait(false);
    }

    /// <summary>Keeps nothing at hand where all programs together have too much, and this one more than others.</summary>
    public Task GiveWay() => _share.Has(_atHand.Spare) ? Rest() : Task.CompletedTask;

    /// <summary>Keeps nothing at hand while nobody comes: whoever does has what concerns it read again.</summary>
    public async Task Rest()
    {
        if (_atHand.Spare == 0) { return; }
        _atHand.Rest();
        _share.Has(0);
        // What is thrown away is read again: it has to be there.
        _toldUntil.Clear();
        _announced.Clear();
        _announcedFrom = Head.FactsTo;
        await Written.ConfigureAwait(false);
    }

    /// <summary>Until when a member was told of; an instant where it never was.</summary>
    private Instant UntilOf(Told told, int member, Instant at) => _atHand.NumberOf(member) is var number ? told.Until(number) ?? _toldUntil.GetValueOrDefault(number) ?? at : at;

    /// <summary>Tells of a member: first what time has changed by what was known before, then what is new.</summary>
    /// <param name="told">What is told so far in this commit.</param>
    /// <param name="number">The member.</param>
    /// <param name="was">How it stood since it was told of last, by what was known before; null where no rules were in force.</param>
    /// <param name="becomes">How it stands by what is known now.</param>
    /// <param name="until">Until when it was told of.</param>
    /// <param name="at">The instant.</param>
    /// <param name="position">How many entries the ledger has then.</param>
    /// <param name="cause">The position of the fact that caused it; null where it was time.</param>
    private void Tell(Told told, long number, MemberTimeline? was, MemberTimeline becomes, Instant until, Instant at, long position, long? cause)
    {
        // Before the first edition nobody stands anywhere.
        if (becomes.Standings.Count == 0) { return; }
        if (was is { Standings.Count: > 0 }) { Tell(told, number, was, becomes.At(at), until, at, cause); }
        told.Stands(number, position, at, becomes.NextAfter(at) ?? Instant.Never, becomes.At(at));
    }

    private async Task ReadToldUntil(Told told, IEnumerable<long> all, CancellationToken stop)
    {
        var members = all.Where(m => told.Until(m) is null && !_toldUntil.ContainsKey(m)).ToList();
        foreach (var member in members) { _toldUntil[member] = null; }
        // Who is named for the first time was never told of.
        members.RemoveAll(m => m >= _nextSubject);
        if (members.Count == 0) { return; }
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Member, long Told)>(
            _database.Sql($"SELECT member, told FROM {Database.Each("standings", "member", "members", "book = @book")}"),
            new { program = _program, book = Head.Book, members = _database.Many(members) }).ConfigureAwait(false);
        foreach (var (member, until) in rows) { _toldUntil[member] = new(until); }
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
        if (changes.Count > 0) { told.Changed(member, effective, cause, Json(json => StandingJson.WriteChanges(json, "changes", changes))); }
    }

    /// <summary>A standing as it is kept.</summary>
    public static string BodyOf(MemberStanding standing, Vocabulary vocabulary) => Json(json =>
    {
        json.WriteString("edition", standing.Edition.Name);
        StandingJson.Write(json, standing, vocabulary);
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = _buffer ??= new(4096);
        var json = _json ??= new(buffer, Compact);
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
