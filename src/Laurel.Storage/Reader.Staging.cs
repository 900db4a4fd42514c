using Dapper;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>How far an edition is on its way into the ledger.</summary>
/// <param name="Edition">The edition's name.</param>
/// <param name="State">Where its book is.</param>
/// <param name="Done">For how many members what it changes was found.</param>
/// <param name="Total">How many members there are.</param>
public sealed record Staging(string Edition, BookState State, long Done, long Total);

/// <summary>What an edition that is being staged changes for a member.</summary>
/// <param name="Number">The member's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Holds">True while nothing has come since by which it is to be found again.</param>
/// <param name="At">From when on it holds: when the edition is published, as far as that is known.</param>
/// <param name="Present">Its standing as it was last looked at, as JSON; null for none.</param>
/// <param name="Staged">Its standing by the edition, as JSON.</param>
/// <param name="Changes">What the edition changes, as JSON: <c>{"changes": […]}</c>; null where it changes nothing that is told.</param>
public sealed record StagedStanding(long Number, string Name, bool Holds, Instant At, string? Present, string Staged, string? Changes);

/// <content>What is being staged.</content>
public sealed partial class Reader
{
    private const string Staged =
        "SELECT g.member AS number, s.name, g.at, g.until, g.body AS staged, t.body AS present, c.body AS changes FROM staged_members g"
        + " JOIN subjects s ON s.program = g.program AND s.subject = g.member"
        + " LEFT JOIN standings t ON t.program = g.program AND t.member = g.member AND t.book = (SELECT book FROM commits WHERE program = @program ORDER BY number DESC LIMIT 1)"
        + " LEFT JOIN staged_changes c ON c.program = g.program AND c.book = g.book AND c.member = g.member AND c.caused = 1"
        + " WHERE g.program = @program AND g.book = (SELECT max(book) FROM books WHERE program = @program AND edition = @edition AND state = @state) AND g.body IS NOT NULL";

    /// <summary>The program as the log has it: without the editions that are to be published by now, and are still being staged or come after one that is; and without those that were so at an instant.</summary>
    /// <param name="head">As of which position.</param>
    /// <param name="now">What time it is.</param>
    /// <param name="known">The instant.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<PartnerProgram> Opened(Position head, Instant now, Instant known, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(head);
        // All that are to be published by the instant of one that is in the log count with it.
        Instant UpTo(Instant by) => Program.Editions.Where(e => _opened.TryGetValue(e.Name, out var opened) && opened.Position < head.Facts && opened.Recorded <= by).Select(e => e.Published).DefaultIfEmpty(Instant.Ever).Max();
        var opened = UpTo(Instant.Last);
        if (Program.Editions.Any(e => e.Published > opened && e.Published <= now))
        {
            await ReadOpened(stop).ConfigureAwait(false);
            opened = UpTo(Instant.Last);
        }
        var waiting = Program.Editions.Where(e => e.Published > opened && e.Published <= now).ToList();
        // Where there are few members, or they are compared, it is in the log within a moment: what it gives is given at its instant.
        if (waiting.Count > 0 && !(_isServed ? await IsStaged(stop).ConfigureAwait(false) : (await Stagings(stop).ConfigureAwait(false)).Values.Any(s => s.State == BookState.Staging))) { waiting.Clear(); }
        var then = UpTo(known);
        waiting.AddRange(Program.Editions.Where(e => e.Published > then && e.Published <= Instant.Min(opened, known)));
        return waiting.Count == 0 ? Program : Program with { Editions = [.. Program.Editions.Except(waiting)] };
    }

    /// <summary>When the editions of the log were opened, in the order of the log.</summary>
    /// <param name="head">As of which position.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<(string Edition, Instant At)>> Openings(Position head, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(head);
        await ReadOpened(stop).ConfigureAwait(false);
        return [.. _opened.Where(o => o.Value.Position < head.Facts).OrderBy(o => o.Value.Position).Select(o => (o.Key, o.Value.Recorded))];
    }

    private async Task ReadOpened(CancellationToken stop)
    {
        foreach (var (id, position, recorded) in await _database.Ask(c => c.QueryAsync<(string Id, long Position, long Recorded)>(
            "SELECT f.id, f.position, f.recorded FROM facts f JOIN words w ON w.program = f.program AND w.word = f.source WHERE f.program = @program AND w.text = @own AND f.id LIKE 'edition/%'",
            new { program = _number, own = LedgerLines.OwnSource }), stop).ConfigureAwait(false)) { _opened[id[LedgerLines.PublishedId.Length..]] = (position, new(recorded)); }
    }

    /// <summary>How an edition begins on its way into the ledger that is to be published now; null where it is published at once, since there are few members, or they are compared.</summary>
    /// <param name="edition">The edition's name.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<Staging?> Beginning(string edition, CancellationToken stop)
    {
        if (!await IsStaged(stop).ConfigureAwait(false)) { return null; }
        var members = await _database.Ask(c => c.ExecuteScalarAsync<long>($"SELECT count(*) {OfMembers}", new { program = _number, kind = Vocabulary.Kinds[Vocabulary.MemberKind].Name }), stop).ConfigureAwait(false);
        return new(edition, BookState.Staging, 0, members);
    }

    /// <summary>True where editions are staged: members are not compared, and there are so many that what an edition changes for them is not found at once.</summary>
    private async Task<bool> IsStaged(CancellationToken stop) => !Program.ComparesMembers(under: null) && await _database.Ask(
        c => c.ExecuteScalarAsync<int?>($"SELECT 1 {OfMembers} LIMIT 1 OFFSET @near", new { program = _number, kind = Vocabulary.Kinds[Vocabulary.MemberKind].Name, near = Bookkeeper.Near }), stop).ConfigureAwait(false) is not null;

    private const string OfMembers = "FROM subjects WHERE program = @program AND kind IN (SELECT word FROM words WHERE program = @program AND text = @kind)";

    /// <summary>How far the editions are on their way into the ledger; those that have no book are left out.</summary>
    public async Task<IReadOnlyDictionary<string, Staging>> Stagings(CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(string Edition, long State, long Done, long Total)>("SELECT edition, state, done, total FROM books WHERE program = @program ORDER BY book", new { program = _number }).ConfigureAwait(false);
        return rows.GroupBy(r => r.Edition).ToDictionary(g => g.Key, g => new Staging(g.Key, (BookState)g.Last().State, g.Last().Done, g.Last().Total), StringComparer.Ordinal);
    }

    /// <summary>What an edition that is being staged changes, member by member in the order in which they were first told; those for whom it changes nothing are left out.</summary>
    /// <param name="edition">The edition.</param>
    /// <param name="from">The first member's number.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<StagedStanding>> StagedChanges(string edition, long from, int most, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<StagedRow>($"{Staged} AND c.body IS NOT NULL AND g.member >= @from ORDER BY g.member LIMIT @most", new { program = _number, edition, state = (int)BookState.Staging, from, most }).ConfigureAwait(false);
        return [.. rows.Select(r => r.Standing())];
    }

    /// <summary>What an edition that is being staged changes for a member; null where it is not staged for it.</summary>
    public async Task<StagedStanding?> StagedStanding(string edition, string member, CancellationToken stop)
    {
        if (await NumberOf(await Gather(stop).ConfigureAwait(false), member, stop).ConfigureAwait(false) is not { } number) { return null; }
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        return (await connection.QueryFirstOrDefaultAsync<StagedRow>($"{Staged} AND g.member = @number", new { program = _number, edition, state = (int)BookState.Staging, number }).ConfigureAwait(false))?.Standing();
    }

    // As the tables have it.
    private sealed class StagedRow
    {
        public long Number { get; set; }

        public string? Name { get; set; }

        public long At { get; set; }

        public long Until { get; set; }

        public string Staged { get; set; } = "";

        public string? Present { get; set; }

        public string? Changes { get; set; }

        public StagedStanding Standing() => new(Number, Gathering.NameOf(Number, Name), Until > At, new(At), Present, Staged, Changes);
    }
}
