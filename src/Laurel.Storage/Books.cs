using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>Where a book is on its way.</summary>
public enum BookState
{
    /// <summary>What its edition changes is being found, member by member.</summary>
    Staging,

    /// <summary>Its edition is published.</summary>
    Open,

    /// <summary>It was given up: its edition was withdrawn, or the editions beside it are others.</summary>
    Abandoned,

    /// <summary>What its edition changes is found for few, while all else waits: there is no time in which it is not published.</summary>
    Opening,
}

/// <summary>An edition's way into the ledger: what it changes is laid ready beside it, and taken over by one commit.</summary>
/// <param name="Number">From 1, in the order in which a program's books were begun.</param>
/// <param name="Edition">The edition's name.</param>
/// <param name="Hash">Of the editions that count for it: with others it is good for nothing.</param>
/// <param name="State">Where it is.</param>
/// <param name="Next">The first member that is not staged; -1 once nothing of it is left.</param>
/// <param name="Followed">How many facts of the log it has looked at.</param>
/// <param name="Done">How many members were staged.</param>
/// <param name="Total">How many members there are.</param>
internal sealed record Book(int Number, string Edition, string Hash, BookState State, long Next, long Followed, long Done, long Total)
{
    /// <summary>The number of the commit that opened it.</summary>
    public long? Opened { get; init; }

    /// <summary>It as a row.</summary>
    public Rows RowOf(int program, Instant effective) => new Rows("books", 1, "program", "book")
        .With("effective", effective.Micros).With("next_subject", Next).With("done", Done).With("total", Total).With("opened", [Opened]).With("followed", Followed)
        .With("program", program).With("book", Number).With("state", (long)State).With("edition", [Edition]).With("hash", [Hash]);
}

/// <summary>A program's books and what is staged in them, as the database has it.</summary>
internal sealed class Books(Database database, int program)
{
    private const string Own = "program = @program AND book = @book";

    /// <summary>The order in which a publication posts its entries: see <see cref="Posting"/>. Names are unique within a kind.</summary>
    private const string InOrder = "e.kind, coalesce(s.name, '#' || e.subject), coalesce(m.name, '#' || e.member), e.rule, e.dated, e.status, e.starts";

    /// <summary>The order in which changes are told.</summary>
    private const string InPlace = "member, place";

    private const string Lines =
        "FROM staged_entries e JOIN subjects s ON s.program = e.program AND s.subject = e.subject JOIN subjects m ON m.program = e.program AND m.subject = e.member WHERE e.program = @program AND e.book = @book";

    /// <summary>What an edition's book is known by: the editions that are published by then, and those whose rules are numbered before theirs.</summary>
    public static string HashOf(PartnerProgram rules, Edition edition)
    {
        var last = rules.Editions.ToList().FindLastIndex(e => e.Published <= edition.Published);
        var text = string.Join('\n', rules.Editions.Take(last + 1).Select(e => $"{e.Name} {e.Hash} {e.Effective.Micros.ToString(CultureInfo.InvariantCulture)} {e.Published.Micros.ToString(CultureInfo.InvariantCulture)}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The books that are being staged, or of which something is left; by number.</summary>
    public async Task<IReadOnlyList<Book>> Left(CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<Row>("SELECT * FROM books WHERE program = @program AND next_subject >= 0 ORDER BY book", new { program }).ConfigureAwait(false)).Select(r => r.ToBook())];
    }

    /// <summary>The last book of an edition; null where it has none.</summary>
    public async Task<Book?> Of(string edition, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return (await connection.QueryFirstOrDefaultAsync<Row>("SELECT * FROM books WHERE program = @program AND edition = @edition ORDER BY book DESC LIMIT 1", new { program, edition }).ConfigureAwait(false))?.ToBook();
    }

    /// <summary>The number of the next book.</summary>
    public async Task<int> NextNumber(CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return (int)await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(book), 0) + 1 FROM books WHERE program = @program", new { program }).ConfigureAwait(false);
    }

    /// <summary>How many members there are.</summary>
    /// <param name="kind">The word of their kind.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<long> Members(int kind, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM subjects WHERE program = @program AND kind = @kind", new { program, kind }).ConfigureAwait(false);
    }

    /// <summary>Members by number, from one on.</summary>
    public async Task<IReadOnlyList<long>> Members(int kind, long from, int most, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<long>("SELECT subject FROM subjects WHERE program = @program AND kind + 0 = @kind AND subject >= @from ORDER BY subject LIMIT @most", new { program, kind, from, most }).ConfigureAwait(false)];
    }

    /// <summary>Members of whom what is staged does not hold at an instant.</summary>
    public async Task<IReadOnlyList<long>> Stale(int book, Instant at, int most, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<long>($"SELECT member FROM staged_members WHERE {Own} AND until <= @at ORDER BY until, member LIMIT @most", new { program, book, at = at.Micros, most }).ConfigureAwait(false)];
    }

    /// <summary>How many these are.</summary>
    public async Task<long> StaleCount(int book, Instant at, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM staged_members WHERE {Own} AND until <= @at", new { program, book, at = at.Micros }).ConfigureAwait(false);
    }

    /// <summary>How many changes are told when a book is opened, and the hash of them.</summary>
    /// <param name="book">The book.</param>
    /// <param name="cause">The position of the fact of its publication.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<(int Count, byte[]? Hash)> Told(int book, long cause, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var count = 0;
        // Read as they are hashed: of many members they are too much to hold.
        var told = connection.Query<(long Member, long Effective, long Caused, string Body)>($"SELECT member, effective, caused, body FROM staged_changes WHERE {Own} ORDER BY {InPlace}", new { program, book }, buffered: false)
            .Select(c => (++count, new Announcement(c.Member, c.Effective, c.Caused == 1 ? cause : null, null, c.Body)).Item2);
        var hash = CommitHash.Of(told);
        return (count, hash);
    }

    /// <summary>The entries that a book's publication posts, in order; their rules and units by the numbers of the rule book and the vocabulary.</summary>
    public async IAsyncEnumerable<(EntryRow Entry, int Kind)> Entries(int book, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var rows = connection.QueryUnbufferedAsync<StagedRow>($"SELECT e.member, e.subject, e.amount, e.dated, e.starts, e.ends, e.rule, e.unit, e.source, e.target, e.kind AS subject_kind {Lines} ORDER BY {InOrder}", new { program, book });
        await foreach (var row in rows.WithCancellation(stop).ConfigureAwait(false)) { yield return (row, (int)row.Subject_Kind); }
    }

    /// <summary>Takes a book over into the ledger, in the transaction of a commit.</summary>
    /// <param name="book">The book.</param>
    /// <param name="before">The commit before.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="cause">The position of the fact of its publication.</param>
    /// <param name="words">The words of units and rules by their numbers.</param>
    public IEnumerable<Rows> Open(int book, Commit before, Commit commit, long cause, (IReadOnlyDictionary<int, int> Units, IReadOnlyDictionary<int, int> Rules) words)
    {
        (string, long)[] own = [("program", program), ("book", book), ("opened", commit.Book)];
        yield return Rows.Of(
            "INSERT INTO entries (position, cause, member, subject, amount, dated, starts, ends, rule, unit, program, book, source, target)"
            + $" SELECT @first - 1 + row_number() OVER (ORDER BY {InOrder}), @cause, e.member, e.subject, e.amount, e.dated, e.starts, e.ends, {Case("e.rule", words.Rules)}, {Case("e.unit", words.Units)}, e.program, @opened, e.source, e.target {Lines}",
            [.. own, ("first", before.EntriesTo), ("cause", cause)]);
        yield return Rows.Of(
            $"INSERT INTO standings (member, position, told, next, program, book, body) SELECT member, @position, @at, next, program, @opened, body FROM staged_members WHERE {Own} AND body IS NOT NULL"
            + " ON CONFLICT (program, book, member) DO UPDATE SET position = excluded.position, told = excluded.told, next = excluded.next, body = excluded.body",
            [.. own, ("position", commit.EntriesTo), ("at", commit.Recorded)]);
        yield return Rows.Of(
            "INSERT INTO changes (change, member, effective, number, cause, program, body)"
            + $" SELECT @first - 1 + row_number() OVER (ORDER BY {InPlace}), member, effective, @number, CASE caused WHEN 1 THEN @cause ELSE NULL END, program, body FROM staged_changes WHERE {Own}",
            [.. own[..2], ("first", before.ChangesTo), ("number", commit.Number), ("cause", cause)]);
        yield return Rows.Of(
            $"INSERT INTO due (key, at, program, kind) SELECT member, next, program, @kind FROM staged_members WHERE {Own} AND body IS NOT NULL"
            + " ON CONFLICT (program, kind, key) DO UPDATE SET at = excluded.at WHERE due.at <> excluded.at",
            [.. own[..2], ("kind", Bookkeeper.MemberDue)]);
    }

    /// <summary>Deletes what is left of some members of a book that is staged no more.</summary>
    /// <returns>False where nothing is left.</returns>
    public async Task<bool> Sweep(int book, int most, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var last = await connection.ExecuteScalarAsync<long?>($"SELECT max(member) FROM (SELECT member FROM staged_members WHERE {Own} ORDER BY member LIMIT @most) f", new { program, book, most }).ConfigureAwait(false);
        using var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
        foreach (var table in last is null ? [] : (string[])["staged_entries", "staged_changes", "staged_members"])
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE {Own} AND member <= @last", new { program, book, last }, transaction).ConfigureAwait(false);
        }
        if (last is null) { await connection.ExecuteAsync($"UPDATE books SET next_subject = -1 WHERE {Own}", new { program, book }, transaction).ConfigureAwait(false); }
        await transaction.CommitAsync(stop).ConfigureAwait(false);
        return last is not null;
    }

    private static string Case(string column, IReadOnlyDictionary<int, int> words) =>
        words.Count == 0 ? column : $"CASE {column} {string.Join(' ', words.Select(w => string.Create(CultureInfo.InvariantCulture, $"WHEN {w.Key} THEN {w.Value}")))} END";

    // As the tables have it.
    private sealed class StagedRow : EntryRow
    {
        public long Subject_Kind { get; set; }
    }

    private sealed class Row
    {
        public long Book { get; set; }

        public string Edition { get; set; } = "";

        public string Hash { get; set; } = "";

        public long State { get; set; }

        public long Next_Subject { get; set; }

        public long Followed { get; set; }

        public long Done { get; set; }

        public long Total { get; set; }

        public long? Opened { get; set; }

        public Book ToBook() => new((int)Book, Edition, Hash, (BookState)State, Next_Subject, Followed, Done, Total) { Opened = Opened };
    }
}
