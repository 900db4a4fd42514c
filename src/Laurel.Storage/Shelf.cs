using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dapper;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Laurel.Storage;

/// <summary>What became of a program that was to be taken in.</summary>
/// <param name="Program">The program; null where it is not taken in.</param>
/// <param name="Problems">What is wrong with it: errors where it is not taken in, warnings otherwise.</param>
public sealed record Created(PartnerProgram? Program, IReadOnlyList<Problem> Problems);

/// <summary>The programs of a database, each with its lane.</summary>
public sealed class Shelf : IAsyncDisposable
{
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly bool _tellsDue;
    private readonly ConcurrentDictionary<string, (Lane Lane, Reader Reader, Proposals Proposals, Imports Imports)> _programs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _adding = new();
    private readonly Lock _asking = new();
    private Task _asked = Task.CompletedTask;
    private readonly TaskCompletionSource _addressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;

    private Shelf(Database database, TimeProvider clock, ILogger log, bool tellsDue)
    {
        (_database, _clock, _log, _tellsDue) = (database, clock, log, tellsDue);
        Answers = new(database, clock);
        Keys = new(database, clock, Answers);
    }

    /// <summary>How often lanes are kept, and programs looked for that another process has taken in.</summary>
    internal static TimeSpan Beat { get; } = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReachMax = TimeSpan.FromSeconds(5);

    private const string Restore = "Somebody changed it behind Laurel's back: restore the last backup of which `laurel verify` finds all right.";

    /// <summary>After so many beats answers that are too old are forgotten.</summary>
    private const int BeatsToForget = 1800;

    /// <summary>Where other processes reach this one; empty where they can't. Lanes begin once it is known.</summary>
    public string Address
    {
        get;
        set
        {
            field = value;
            _addressed.TrySetResult();
        }
    } = "";

    /// <summary>The keys to whoever serves it.</summary>
    public KeyRing Keys { get; }

    /// <summary>What whoever serves it has answered.</summary>
    public KeptAnswers Answers { get; }

    /// <summary>Opens a database: brings its tables up to date and reads its programs.</summary>
    /// <param name="connection">How to reach it: see <see cref="Database.Of"/>.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="StorageException">It can't be used as it is.</exception>
    public static async Task<Shelf> Open(string connection, TimeProvider clock, CancellationToken stop)
    {
        var shelf = await Open(Database.Of(connection), clock, NullLogger.Instance, tellsDue: true, writes: true, stop).ConfigureAwait(false);
        shelf.Address = "";
        return shelf;
    }

    /// <summary>Opens a database for a server, which says later where it is reached: see <see cref="Address"/>.</summary>
    /// <param name="connection">How to reach it: see <see cref="Database.Of"/>.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="logs">Where lanes say what becomes of them.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="StorageException">It can't be used as it is.</exception>
    public static Task<Shelf> OpenToServe(string connection, TimeProvider clock, ILoggerFactory logs, CancellationToken stop) =>
        Open(Database.Of(connection), clock, logs.CreateLogger(LaneLog.Category), tellsDue: true, writes: true, stop);

    /// <summary>Opens a database to import into it: its lanes record facts, and leave what falls due to a server. So what is told in turn is recorded as it was learnt.</summary>
    /// <inheritdoc cref="Open(string, TimeProvider, CancellationToken)"/>
    public static async Task<Shelf> OpenForImport(string connection, TimeProvider clock, CancellationToken stop)
    {
        var shelf = await Open(Database.Of(connection), clock, NullLogger.Instance, tellsDue: false, writes: true, stop).ConfigureAwait(false);
        shelf.Address = "";
        return shelf;
    }

    /// <summary>Opens a database to read what it has. Writes nothing, and may run beside a server.</summary>
    /// <inheritdoc cref="Open(string, TimeProvider, CancellationToken)"/>
    public static Task<Shelf> OpenToRead(string connection, TimeProvider clock, CancellationToken stop) => Open(Database.Of(connection, create: false), clock, NullLogger.Instance, tellsDue: false, writes: false, stop);

    private static async Task<Shelf> Open(Database database, TimeProvider clock, ILogger log, bool tellsDue, bool writes, CancellationToken stop)
    {
        var shelf = new Shelf(database, clock, log, tellsDue);
        try
        {
            if (writes)
            {
                if (!database.Leases.Shared && await database.Leases.OpenElsewhere(stop).ConfigureAwait(false) is { } seen)
                {
                    throw new StorageException(StorageProblem.InUse, $"a server has the database open, or an import: {seen}", "Stop the other one first, or send a server the facts. Servers that share a database need PostgreSQL.");
                }
                await Migrations.Run(database, stop).ConfigureAwait(false);
                await Incarnations.Give(database, stop).ConfigureAwait(false);
            }
            else { await Migrations.Check(database, stop).ConfigureAwait(false); }
            await shelf.Look(name: null, stop).ConfigureAwait(false);
            if (writes) { shelf._keeping = Task.Run(() => shelf.Keep(shelf._stopping.Token), CancellationToken.None); }
            return shelf;
        }
        catch
        {
            await shelf.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Rebuilds the books of each program of a database from its log, and compares. Writes nothing, and may run beside a server.</summary>
    /// <param name="connection">How to reach it: see <see cref="Database.Of"/>.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="StorageException">It can't be used as it is.</exception>
    public static async IAsyncEnumerable<Verified> Verify(string connection, [EnumeratorCancellation] CancellationToken stop)
    {
        using var database = Database.Of(connection, create: false);
        await Migrations.Check(database, stop).ConfigureAwait(false);
        foreach (var program in await ProgramsIn(database, stop).ConfigureAwait(false)) { yield return await Verify(database, program, stop).ConfigureAwait(false); }
        foreach (var lost in await database.Ask(c => c.QueryAsync<string>("SELECT DISTINCT CAST(program AS text) FROM commits c WHERE NOT EXISTS (SELECT 1 FROM programs p WHERE p.program = c.program AND p.retired IS NULL) ORDER BY 1"), stop).ConfigureAwait(false))
        {
            yield return new(FormattableString.Invariant($"#{lost}"), 0, 0, 0, 0, "there are commits of this program, and it is not there");
        }
    }

    private static async Task<Verified> Verify(Database database, (int Number, Guid Incarnation, string Name) program, CancellationToken stop)
    {
        try
        {
            var stored = await StoredIn(database, program, stop).ConfigureAwait(false);
            return await new Verification(database, stored.Number, stored.Program).Run(stop).ConfigureAwait(false);
        }
        // Texts that can't be used are a difference like any other.
        catch (StorageException e) when (e.Problem == StorageProblem.BrokenProgram) { return new(program.Name, 0, 0, 0, 0, e.Message); }
    }

    /// <summary>Copies a database, as it stands at one moment, into a file, beside a server. The copy knows that it is one.</summary>
    /// <param name="connection">How to reach it: see <see cref="Database.Of"/>.</param>
    /// <param name="file">A file that is not there.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="StorageException">It can't be copied.</exception>
    public static async Task Backup(string connection, string file, CancellationToken stop)
    {
        using var database = Database.Of(connection, create: false);
        await Migrations.Check(database, stop).ConfigureAwait(false);
        await database.Backup(file, stop).ConfigureAwait(false);
    }

    /// <summary>Tells a database that it was restored from a copy: positions, cursors and entity tags that were given out by the one before are then refused.</summary>
    /// <param name="connection">How to reach it: see <see cref="Database.Of"/>. No server may have it open.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The names of its programs.</returns>
    /// <exception cref="StorageException">It can't be used as it is, or another process has it open.</exception>
    public static async Task<IReadOnlyList<string>> Restored(string connection, CancellationToken stop)
    {
        using var database = Database.Of(connection, create: false);
        await Migrations.Check(database, stop).ConfigureAwait(false);
        if (await database.Leases.OpenElsewhere(stop).ConfigureAwait(false) is { } seen)
        {
            throw new StorageException(StorageProblem.InUse, $"a server has the database open, or an import: {seen}", "Stop it, say laurel restored again, and start it then: until it is started anew it goes on as the database that was lost.");
        }
        return await Incarnations.Renew(database, stop).ConfigureAwait(false);
    }

    /// <summary>A program as the database has it.</summary>
    private sealed record Stored(int Number, PartnerProgram Program, long Revision, Guid Incarnation, ProgramStatus Status);

    private static async Task<List<(int Number, Guid Incarnation, string Name)>> ProgramsIn(Database database, CancellationToken stop)
    {
        using var reader = await database.Connect(stop).ConfigureAwait(false);
        var programs = await Readable("which programs there are", () => reader.QueryAsync<(long Number, byte[] Incarnation, string Name)>("SELECT program, incarnation, name FROM programs WHERE retired IS NULL ORDER BY program")).ConfigureAwait(false);
        return [.. programs.Select(p => p is { Number: > 0 and <= short.MaxValue, Incarnation.Length: 16 }
            ? ((int)p.Number, new Guid(p.Incarnation), p.Name)
            : throw new StorageException(StorageProblem.BrokenProgram, $"the number or the incarnation of the program `{p.Name}` is none", Restore))];
    }

    private static async Task<Stored> StoredIn(Database database, (int Number, Guid Incarnation, string Name) program, CancellationToken stop)
    {
        var (files, revision) = await Readable($"the texts of the program `{program.Name}`", () => ProgramTexts.Of(database, program.Number, stop)).ConfigureAwait(false);
        var read = ProgramReader.Read(files);
        if (read.Program is not { } rules) { throw new StorageException(StorageProblem.BrokenProgram, $"the texts of the program `{program.Name}` in the database can't be used: {read.Problems.First(p => p.Severity == Severity.Error)}", Restore); }
        if (rules.Name != program.Name) { throw new StorageException(StorageProblem.BrokenProgram, $"the program `{program.Name}` in the database has the texts of `{rules.Name}`", Restore); }
        var status = await Readable($"the status of the program `{program.Name}`", () => Statuses.Of(database, program.Number, stop)).ConfigureAwait(false);
        return new(program.Number, rules, revision, program.Incarnation, status);
    }

    /// <summary>Reads what SQLite may have as anything, whatever the column is.</summary>
    /// <exception cref="StorageException">It is not what is kept there.</exception>
    private static async Task<T> Readable<T>(string what, Func<Task<T>> read)
    {
        try { return await read().ConfigureAwait(false); }
        catch (Exception e) when (e is InvalidCastException or System.Data.DataException or ArgumentException or OverflowException) { throw new StorageException(StorageProblem.BrokenProgram, $"{what} can't be read: {e.Message}", Restore, e); }
    }

    /// <summary>Adds what the database has and the shelf not yet: another process has taken it in.</summary>
    /// <param name="name">The program that is looked for; null for all.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="StorageException">The database can't be asked, or what it has can't be used.</exception>
    public async Task Look(string? name, CancellationToken stop)
    {
        foreach (var program in await ProgramsIn(_database, stop).ConfigureAwait(false))
        {
            if ((name is null || program.Name == name) && !_programs.ContainsKey(program.Name)) { Add(await StoredIn(_database, program, stop).ConfigureAwait(false)); }
        }
    }

    /// <summary>Keeps the lanes of this process, and looks for new programs, until it stops.</summary>
    private async Task Keep(CancellationToken stop)
    {
        for (var beat = 0; !stop.IsCancellationRequested; beat++)
        {
            try
            {
                await Task.Delay(Beat, stop).ConfigureAwait(false);
                await _database.Leases.Renew(stop).ConfigureAwait(false);
                await Look(name: null, stop).ConfigureAwait(false);
                if (beat % BeatsToForget == 0) { await Answers.Forget(stop).ConfigureAwait(false); }
            }
            catch (OperationCanceledException) { }
            // A database that is away comes back, or whoever asks is told.
            catch (Exception e) when (e is StorageException or System.Data.Common.DbException) { }
        }
    }

    /// <summary>
    /// Asks the database whether it is there. It has five seconds: one that hangs is not there. Nobody asks it a second time meanwhile, since whoever asks this asks
    /// often, and a statement that was given up keeps its connection until the database has said so.
    /// </summary>
    /// <exception cref="StorageException">It is not.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public Task Reach(CancellationToken stop)
    {
        lock (_asking)
        {
            if (_asked.IsCompleted) { _asked = Ask(); }
            return _asked.WaitAsync(ReachMax, stop);
        }

        async Task Ask()
        {
            using var connection = await _database.Connect(_stopping.Token).ConfigureAwait(false);
            await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM migrations").ConfigureAwait(false);
        }
    }

    /// <summary>Random bytes of the database's own: the same each time, on each server.</summary>
    /// <param name="name">What they are for.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<byte[]> Secret(string name, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync("INSERT INTO secrets (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", new { name, value = RandomNumberGenerator.GetBytes(32) }).ConfigureAwait(false);
        return await connection.QuerySingleAsync<byte[]>("SELECT value FROM secrets WHERE name = @name", new { name }).ConfigureAwait(false);
    }

    /// <summary>The names of the programs.</summary>
    public IEnumerable<string> Programs => _programs.Keys.Order(StringComparer.Ordinal);

    /// <summary>The lane of a program; null where there is no such program.</summary>
    public Lane? Find(string program) => _programs.GetValueOrDefault(program).Lane;

    /// <summary>What reads a program beside its lane; null where there is no such program.</summary>
    public Reader? Read(string program) => _programs.GetValueOrDefault(program).Reader;

    /// <summary>What waits for a second person in a program; null where there is no such program.</summary>
    public Proposals? Proposals(string program) => _programs.GetValueOrDefault(program).Proposals;

    /// <summary>What was imported into a program; null where there is no such program.</summary>
    public Imports? Imports(string program) => _programs.GetValueOrDefault(program).Imports;

    /// <summary>Takes a program in: from then on facts can be told of it.</summary>
    /// <param name="files">Its texts by their path in its folder.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The program, or what is wrong with it; also where a program of that name is there.</returns>
    public async Task<Created> Create(IReadOnlyDictionary<string, string> files, CancellationToken stop) => (await Create(files, ProgramStatus.Ordinary, keep: null, stop).ConfigureAwait(false)).Value;

    /// <summary>Takes a program in as an operator says: with a clock it is a sandbox.</summary>
    /// <param name="files">Its texts by their path in its folder.</param>
    /// <param name="status">What is said of it.</param>
    /// <param name="keep">Makes the answer that is kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The program, or what is wrong with it; also where a program of that name is there.</returns>
    public async Task<Effect<Created>> Create(IReadOnlyDictionary<string, string> files, ProgramStatus status, Keep<Created>? keep, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(files);
        var read = ProgramReader.Read(files);
        if (read.Program is not { } program) { return new(new(null, read.Problems), null); }
        var (number, incarnation) = (0L, Guid.NewGuid());
        var created = await Answers.With(
            async (connection, transaction) =>
            {
                var at = Bookkeeper.NowBy(_clock).Micros;
                // Another process may take another one in at this moment: then the number is taken, and the next one free.
                for (var made = 0; made == 0;)
                {
                    if (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM programs WHERE name = @name", new { name = program.Name }, transaction).ConfigureAwait(false) > 0) { return Exists(program); }
                    number = await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(program), 0) + 1 FROM programs", transaction: transaction).ConfigureAwait(false);
                    made = await connection.ExecuteAsync(
                        "INSERT INTO programs (created, program, book, incarnation, name) VALUES (@at, @number, 1, @incarnation, @name) ON CONFLICT DO NOTHING",
                        new { at, number, incarnation = incarnation.ToByteArray(), name = program.Name }, transaction).ConfigureAwait(false);
                }
                await connection.ExecuteAsync(
                    "INSERT INTO files (revision, at, program, path, body) VALUES (1, @at, @number, @path, @body)", files.Select(f => new { at, number, path = f.Key, body = f.Value }), transaction).ConfigureAwait(false);
                if (status != ProgramStatus.Ordinary)
                {
                    await connection.ExecuteAsync(
                        "INSERT INTO statuses (number, clock, opens, closes, archived, program) VALUES (0, @clock, @opens, @closes, @archived, @number)",
                        new { clock = status.Clock?.Micros, opens = status.Opens?.Micros, closes = status.Closes?.Micros, archived = status.Archived?.Micros, number }, transaction).ConfigureAwait(false);
                }
                return new Created(program, read.Problems);
            }, keep, stop).ConfigureAwait(false);
        if (created.Value.Program is null) { return created; }
        Add(new((int)number, program, 1, incarnation, status));
        LaneLog.TakenIn(_log, program.Name);
        return created;
    }

    /// <summary>What would come of taking a program in; nothing is kept.</summary>
    /// <param name="files">Its texts by their path in its folder.</param>
    /// <returns>The program, or what is wrong with it; also where a program of that name is there.</returns>
    public Created Try(IReadOnlyDictionary<string, string> files)
    {
        var read = ProgramReader.Read(files);
        return read.Program is { } program && Find(program.Name) is not null ? Exists(program) : new(read.Program, read.Problems);
    }

    private static Created Exists(PartnerProgram program) =>
        new(null, [new(Severity.Error, "program-exists", new(ProgramReader.VocabularyFile, 1, 1), $"there is a program `{program.Name}` already", "Give this one another name.", "", 0)]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        foreach (var (lane, _, _, _) in _programs.Values) { await lane.DisposeAsync().ConfigureAwait(false); }
        try { await _database.Leases.Release(CancellationToken.None).ConfigureAwait(false); }
        // Then they end by themselves.
        catch (Exception e) when (e is StorageException or System.Data.Common.DbException) { }
        _stopping.Dispose();
        _database.Dispose();
    }

    private void Add(Stored stored)
    {
        var (number, program, revision, incarnation, status) = stored;
        var sandbox = status.Clock is not null;
        lock (_adding)
        {
            if (_programs.ContainsKey(program.Name)) { return; }
            var reader = new Reader(_database, number, program, incarnation, _clock, sandbox, _tellsDue);
            _programs[program.Name] = (
                new(_database, number, incarnation, program, revision, status, _clock, _log, _tellsDue, _addressed.Task, () => Address, revised => Revised(number, revised, incarnation, sandbox)), reader, new(_database, number, reader.Now, Answers), new(_database, number, _clock));
        }
    }

    /// <summary>Who reads from now on reads by the new rules; who is reading, by those of before.</summary>
    private void Revised(int number, PartnerProgram program, Guid incarnation, bool sandbox)
    {
        lock (_adding)
        {
            _programs[program.Name] = _programs[program.Name] with { Reader = new(_database, number, program, incarnation, _clock, sandbox, _tellsDue) };
        }
    }
}
