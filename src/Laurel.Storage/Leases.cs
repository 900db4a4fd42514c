using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace Laurel.Storage;

/// <summary>Whose a program's lane is.</summary>
internal abstract record Holding
{
    private Holding() { }

    /// <summary>This process has it.</summary>
    /// <param name="Epoch">Rises each time that the lane goes from one process to another; null where that can't happen while one has it.</param>
    public sealed record Ours(int? Epoch) : Holding;

    /// <summary>Another process has it.</summary>
    /// <param name="Address">Where that one is reached; empty where nobody knows.</param>
    public sealed record Elsewhere(string Address) : Holding;
}

/// <summary>
/// Which process writes which program. For routing only: what protects the log is the spine, whatever somebody believes who was stopped and goes on.
/// </summary>
internal abstract class Leases : IDisposable
{
    /// <summary>True where one process after the other has lanes, and each may have some; false where one has all of them.</summary>
    public abstract bool Shared { get; }

    /// <summary>Takes a program's lane, or keeps it.</summary>
    /// <param name="program">The program's number.</param>
    /// <param name="address">Where others reach this process.</param>
    /// <param name="stop">Ends the waiting.</param>
    public abstract Task<Holding> Take(int program, string address, CancellationToken stop);

    /// <summary>True where this process has a program's lane, as far as it has taken or kept it a moment ago; false where it has to ask.</summary>
    /// <param name="program">The program's number.</param>
    /// <param name="epoch">As which it was taken.</param>
    public abstract bool Has(int program, int? epoch);

    /// <summary>What says that another process has the database open, to write its programs; null where none has.</summary>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<string?> OpenElsewhere(CancellationToken stop)
    {
        // Who has just ended is there for a moment still.
        for (var asked = 1; ; asked++)
        {
            if (await SeenElsewhere(stop).ConfigureAwait(false) is var seen && (seen is null || asked == 20)) { return seen; }
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop).ConfigureAwait(false);
        }
    }

    /// <summary>The same, at this moment.</summary>
    protected abstract Task<string?> SeenElsewhere(CancellationToken stop);

    /// <summary>Keeps all lanes that this process has for a while longer.</summary>
    public abstract Task Renew(CancellationToken stop);

    /// <summary>Gives all lanes back.</summary>
    public abstract Task Release(CancellationToken stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>
/// A lock of the operating system on a file beside the database, for all its programs: whoever ends, however it ends, has it no longer. Who is stopped keeps
/// it: a file has one server.
/// </summary>
internal sealed class FileLeases(string path) : Leases
{
    // EWOULDBLOCK of Linux and of macOS, and Windows' sharing violation.
    private static readonly int[] _locked = [11, 35, unchecked((int)0x80070020)];

    private readonly Lock _taking = new();
    private FileStream? _held;

    /// <inheritdoc/>
    public override bool Shared => false;

    /// <inheritdoc/>
    public override Task<Holding> Take(int program, string address, CancellationToken stop)
    {
        lock (_taking)
        {
            try { _held ??= new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.None); }
            catch (IOException e) when (_locked.Contains(e.HResult)) { return Task.FromResult<Holding>(new Holding.Elsewhere("")); }
            catch (DirectoryNotFoundException) { throw SqliteFailures.NoFolder(path); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StorageException(StorageProblem.Unreachable, $"the lock beside the database cannot be taken: {e.Message}", "Is the folder there, may this user write in it, and has it room?", e);
            }
            return Task.FromResult<Holding>(new Holding.Ours(null));
        }
    }

    /// <inheritdoc/>
    public override bool Has(int program, int? epoch) => true;

    /// <inheritdoc/>
    protected override async Task<string?> SeenElsewhere(CancellationToken stop) => await Take(0, "", stop).ConfigureAwait(false) is Holding.Elsewhere ? $"it has a lock on {path}" : null;

    /// <inheritdoc/>
    public override Task Renew(CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task Release(CancellationToken stop)
    {
        Dispose();
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_taking)
        {
            _held?.Dispose();
            _held = null;
        }
    }
}

/// <summary>
/// A row of the database for each program, good for ten seconds of the database's clock. Its owner's connections carry its name: where none is left, the
/// owner is gone, and nobody has to wait; where it is only stopped, they are ended, so that nothing it has begun is written any more. Those to another database, of
/// which this one may be a copy, are none of its business.
/// </summary>
/// <param name="source">Makes connections that carry the owner's name.</param>
/// <param name="owner">The owner.</param>
internal sealed class PostgresLeases(NpgsqlDataSource source, Guid owner) : Leases
{
    private const long LengthMicros = 10_000_000;
    private const string Called = "laurel lane ";
    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000000)::int8";

    /// <summary>What was kept so long ago may be somebody else's: it is renewed twice as often.</summary>
    private static readonly TimeSpan Fresh = 2 * Shelf.Beat;

    /// <summary>For so long those who hold up a lane that was taken over are ended.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, (int Epoch, long At)> _kept = [];
    private readonly byte[] _owner = owner.ToByteArray();
    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;

    /// <inheritdoc/>
    public override bool Shared => true;

    /// <summary>What the connections of an owner are called.</summary>
    public static string NameOf(Guid owner) => $"{Called}{owner:N}";

    /// <inheritdoc/>
    public override async Task<Holding> Take(int program, string address, CancellationToken stop)
    {
        var held = await With(connection => Take(connection, program, address, stop), stop).ConfigureAwait(false);
        if (held is Holding.Ours { Epoch: { } epoch }) { _kept[program] = (epoch, TimeProvider.System.GetTimestamp()); }
        return held;
    }

    /// <inheritdoc/>
    public override bool Has(int program, int? epoch) => _kept.TryGetValue(program, out var kept) && kept.Epoch == epoch && TimeProvider.System.GetElapsedTime(kept.At) < Fresh;

    /// <inheritdoc/>
    protected override Task<string?> SeenElsewhere(CancellationToken stop) => With(
        connection => connection.ExecuteScalarAsync<string?>(
            $"SELECT 'its connection to ' || current_database() || ' is called ' || application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE '{Called}%' LIMIT 1"), stop);

    /// <inheritdoc/>
    public override async Task Renew(CancellationToken stop)
    {
        var renewed = await With(connection => connection.QueryAsync<(int Program, int Epoch)>($"UPDATE lanes SET until = {Now} + @length WHERE owner = @owner RETURNING program, epoch", new { owner = _owner, length = LengthMicros }), stop).ConfigureAwait(false);
        foreach (var (program, epoch) in renewed) { _kept[program] = (epoch, TimeProvider.System.GetTimestamp()); }
    }

    /// <inheritdoc/>
    public override Task Release(CancellationToken stop) => With(connection => connection.ExecuteAsync("UPDATE lanes SET until = 0 WHERE owner = @owner", new { owner = _owner }), stop);

    protected override void Dispose(bool disposing)
    {
        _connection?.Dispose();
        _turn.Dispose();
    }

    private async Task<Holding> Take(NpgsqlConnection connection, int program, string address, CancellationToken stop)
    {
        var mine = new { program, owner = _owner, address, length = LengthMicros };
        if (await connection.ExecuteScalarAsync<int?>($"UPDATE lanes SET until = {Now} + @length, address = @address WHERE program = @program AND owner = @owner RETURNING epoch", mine).ConfigureAwait(false) is { } kept) { return new Holding.Ours(kept); }
        if (await connection.ExecuteScalarAsync<int?>(
            $"INSERT INTO lanes (until, program, epoch, owner, address, backends) VALUES ({Now} + @length, @program, 1, @owner, @address, '') ON CONFLICT (program) DO NOTHING RETURNING epoch", mine).ConfigureAwait(false) is { } first) { return new Holding.Ours(first); }
        var (other, epoch, its, over) = await connection.QuerySingleAsync<(byte[] Owner, int Epoch, string Address, bool Over)>($"SELECT owner, epoch, address, until < {Now} FROM lanes WHERE program = @program", mine).ConfigureAwait(false);
        var name = NameOf(new(other));
        if (!over && await Lives(connection, name).ConfigureAwait(false)) { return new Holding.Elsewhere(its); }
        var taken = await connection.ExecuteAsync(
            $"UPDATE lanes SET owner = @owner, address = @address, epoch = epoch + 1, until = {Now} + @length WHERE program = @program AND owner = @other AND epoch = @epoch",
            new { program, owner = _owner, address, length = LengthMicros, other, epoch }).ConfigureAwait(false);
        if (taken == 0) { return new Holding.Elsewhere(""); }
        // A commit that its owner was stopped in would hold up the one that takes over; where it can't be ended, the spine lets one of the two through.
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < Ending && await Lives(connection, name).ConfigureAwait(false);)
        {
            await connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name", new { name }).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop).ConfigureAwait(false);
        }
        return new Holding.Ours(epoch + 1);
    }

    private static Task<bool> Lives(NpgsqlConnection connection, string name) =>
        connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name)", new { name });

    /// <summary>Does something with the one connection that also says that this process lives.</summary>
    private async Task<T> With<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            _connection ??= await source.OpenConnectionAsync(stop).ConfigureAwait(false);
            return await work(_connection).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            if (_connection is { } broken) { await broken.DisposeAsync().ConfigureAwait(false); }
            _connection = null;
            if (e is NpgsqlException npgsql) { throw PostgresDatabase.Unreachable(npgsql); }
            throw;
        }
        finally { _turn.Release(); }
    }
}
