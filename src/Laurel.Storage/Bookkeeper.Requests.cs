using System.Text.Json;
using Dapper;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>
/// Tells what falls due of requests by itself: a reminder, that operators see it, its end. Whatever is due before a fact is told before that, each at its
/// exact instant; what is about the fact's own subject is told by what the fact says of it: where the request has gone on by the time that it is told, it is skipped.
/// </content>
internal sealed partial class Bookkeeper
{
    /// <summary>The kind of due item that is a subject about which somebody asks.</summary>
    internal const int RequestDue = 3;

    private static readonly IReadOnlyList<string> Falling = [.. new[] { RequestStatus.Reminded, RequestStatus.Escalated, RequestStatus.Expired }.Select(StandingJson.Word)];

    private readonly Schedule _asked = new();

    // What was told of askings since the log was so long, perhaps not written yet: whether it was skipped. What was asked since then has no other.
    private readonly Dictionary<(long Asked, string To), bool> _announced = [];
    private long _announcedFrom;

    private async Task ReadAsked(CancellationToken stop)
    {
        _announced.Clear();
        _announcedFrom = Head.FactsTo;
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        _asked.Begin(await connection.QueryAsync<(long, long)>("SELECT key, at FROM due WHERE program = @program AND kind = @kind", new { program = _program, kind = RequestDue }).ConfigureAwait(false));
    }

    /// <summary>Tells what was due before an instant, about other subjects than one.</summary>
    /// <returns>How many subjects were looked at.</returns>
    private async Task<int> TellRequests(Told told, Instant before, long? except, CancellationToken stop)
    {
        if (_asked.First is not { } first || first >= before.Micros) { return 0; }
        var (subjects, count) = (_asked.Before(before.Micros, DueMax), told.NoticeCount);
        await _atHand.TakeRequests([.. subjects.Where(s => s != except)], Head.FactsTo, stop).ConfigureAwait(false);
        foreach (var subject in subjects.Where(s => s != except))
        {
            await TellRequests(told, subject, before, [], cause: null, stop).ConfigureAwait(false);
        }
        Telemetry.Due(_rules.Name, "request", done: told.NoticeCount - count, skipped: Math.Max(0, subjects.Count - told.NoticeCount + count));
        return subjects.Count;
    }

    /// <summary>Tells in commits of their own what was due before an instant.</summary>
    private async Task TellRequests(Instant before, CancellationToken stop)
    {
        while (_asked.First < before.Micros)
        {
            var told = new Told();
            await TellRequests(told, before, except: null, stop).ConfigureAwait(false);
            var commit = Next(CommitKind.Due, Math.Max(Head.Recorded, before.JustBefore.Micros), 0, 0, told.ChangeCount);
            await Write(commit, [.. told.Tables(_program, commit, s => BodyOf(s, Vocabulary))], keep: null, ahead: false, stop).ConfigureAwait(false);
            await Keep(told).ConfigureAwait(false);
        }
    }

    /// <summary>Takes to hand what is asked about a subject, and finds what was due by what was posted so far, where it was not looked at since.</summary>
    private async Task<IReadOnlyList<RequestNotice>> DueOf(long? subject, Instant before, CancellationToken stop)
    {
        if (subject is not { } of) { return []; }
        await _atHand.TakeRequests([of], Head.FactsTo, stop).ConfigureAwait(false);
        return _asked[of] < before.Micros ? [.. _atHand.RequestsOn(of).SelectMany(r => r.Notices).Where(n => n.Due < before)] : [];
    }

    /// <summary>Tells what was due about a subject before an instant, and notes when to look again.</summary>
    /// <param name="told">What is told so far in this commit.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="before">The instant.</param>
    /// <param name="known">What was due by what was known before.</param>
    /// <param name="cause">The position of the fact by which more is known now; null where it is time.</param>
    /// <param name="stop">Ends the waiting.</param>
    private async Task TellRequests(Told told, long subject, Instant before, IReadOnlyList<RequestNotice> known, long? cause, CancellationToken stop)
    {
        var requests = _atHand.RequestsOn(subject);
        var all = requests.SelectMany(r => r.Notices).ToList();
        var due = known.Select(n => (Notice: n, Cause: (long?)null)).Concat(all.Where(n => n.Due < before).Select(n => (Notice: n, Cause: cause)))
            .DistinctBy(d => (d.Notice.Asked, d.Notice.To)).OrderBy(d => d.Notice.Due).ToList();
        var announced = due.Count == 0 ? [] : await Announced(told, [.. due.Select(d => (long)d.Notice.Asked).Distinct()], stop).ConfigureAwait(false);
        foreach (var (notice, why) in due)
        {
            var instead = requests.FirstOrDefault(r => (r.Request, r.Member) == (notice.Request, notice.Member)) is { } request ? request.Instead(notice, before) : RequestStatus.None;
            // What was announced stays so. What was skipped is announced where the request stands there after all.
            if (announced.TryGetValue((notice.Asked, StandingJson.Word(notice.To)), out var wasSkipped) && !(wasSkipped && instead is null)) { continue; }
            told.Falls(_atHand.NumberOf(notice.Member), notice, why, instead);
        }
        var next = all.Where(n => n.Due >= before).Select(n => n.Due.Micros).DefaultIfEmpty(Instant.Never.Micros).Min();
        long? again = requests.Any(r => r.IsOpenFrom(before)) ? next : null;
        if (_asked[subject] != again) { told.LooksAgain(subject, _asked[subject] = again); }
    }

    /// <summary>What was told of askings: whether it was skipped, the last time.</summary>
    private async Task<Dictionary<(long Asked, string To), bool>> Announced(Told told, IReadOnlyCollection<long> asked, CancellationToken stop)
    {
        var announced = new Dictionary<(long, string), bool>();
        List<long> before = [.. asked.Where(a => a < _announcedFrom)];
        if (before.Count > 0)
        {
            using var connection = await _database.Connect(stop).ConfigureAwait(false);
            var rows = await connection.QueryAsync<(long Asked, string Body)>(
                _database.Sql($"SELECT asked, body FROM {Database.Each("changes", "asked", "asked")} ORDER BY change"), new { program = _program, asked = _database.Many(before) }).ConfigureAwait(false);
            foreach (var (of, body) in rows)
            {
                using var json = JsonDocument.Parse(body);
                announced[(of, json.RootElement.GetProperty("changes")[0].GetProperty("to").GetString()!)] = json.RootElement.TryGetProperty("skipped", out _);
            }
        }
        foreach (var notice in asked.SelectMany(a => Falling.Select(to => (a, to))))
        {
            if (told.Notices.TryGetValue(notice, out var wasSkipped) || _announced.TryGetValue(notice, out wasSkipped)) { announced[notice] = wasSkipped; }
        }
        return announced;
    }

    /// <summary>Where an edition with other times for requests is published, all requests that are open are looked at again.</summary>
    private IEnumerable<Rows> AskedAnew(Edition edition, Instant at)
    {
        var before = _rules.Editions.LastOrDefault(e => e.Effective < edition.Effective && _published.Contains(e.Name));
        if (before is not null && Times(before).SequenceEqual(Times(edition))) { return []; }
        _asked.All(at.Micros);
        return [Rows.Of("UPDATE due SET at = @at WHERE program = @program AND kind = @kind", ("at", at.Micros), ("program", _program), ("kind", RequestDue))];

        static IEnumerable<(string, Duration?, Duration?, Duration?, Calendar?)> Times(Edition of) => of.Requests.Select(r =>
            (r.Name, r.Remind, r.Escalate, r.Expires, new[] { r.Remind, r.Escalate, r.Expires }.Any(d => d is { BusinessDays: > 0 }) ? of.Calendar : null));
    }

    /// <content>What falls due of requests.</content>
    private sealed partial class Told
    {
        private readonly Dictionary<long, long?> _again = [];

        /// <summary>What is told of askings: whether it is skipped.</summary>
        public Dictionary<(long Asked, string To), bool> Notices { get; } = [];

        /// <summary>How many these are.</summary>
        public int NoticeCount => _changes.Count(c => c.Asked is not null);

        public void Falls(long member, RequestNotice notice, long? cause, RequestStatus? skipped)
        {
            _changes.Add((member, notice.Due.Micros, cause, Json(json => StandingJson.WriteNotice(json, notice, skipped)), notice.Asked));
            Notices[(notice.Asked, StandingJson.Word(notice.To))] = skipped is not null;
        }

        /// <summary>Notes when a subject about which somebody asks is looked at again; null for never.</summary>
        public void LooksAgain(long subject, long? at) => _again[subject] = at;

        private IEnumerable<Rows> Asked(int program)
        {
            var later = _again.Where(a => a.Value is not null).ToList();
            yield return new Rows("due", later.Count, "program", "kind", "key").With("key", [.. later.Select(a => a.Key)]).With("at", [.. later.Select(a => a.Value!.Value)]).With("program", program).With("kind", RequestDue);
            var never = _again.Where(a => a.Value is null).ToList();
            yield return new Rows("due", never.Count) { Removes = true }.With("key", [.. never.Select(a => a.Key)]).With("program", program).With("kind", RequestDue);
        }
    }
}
