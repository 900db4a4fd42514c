using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Laurel.Storage;

/// <summary>Copies the file beside whoever writes it.</summary>
internal sealed partial class SqliteDatabase
{
    /// <summary>What SQLite, or Laurel, keeps beside a database, by how its name ends.</summary>
    private static readonly string[] _beside = ["-wal", "-shm", "-journal", "-lane"];

    /// <summary>So many pages are copied between two looks at whether somebody stops it.</summary>
    private const int PagesTogether = 4096;

    internal override async Task Backup(string file, CancellationToken stop)
    {
        var path = System.IO.Path.GetFullPath(file);
        path = System.IO.Path.Combine(Resolved(System.IO.Path.GetDirectoryName(path)!), System.IO.Path.GetFileName(path));
        if (_beside.Any(end => path == Path + end)) { throw new StorageException(StorageProblem.Foreign, $"{file} is a name that the database's own files have", "Name another file: SQLite would take that one for its own, and delete it."); }
        var part = $"{path}.part";
        try
        {
            Remove(part);
            using var from = Open();
            await Copy(from, part, stop).ConfigureAwait(false);
            using (var written = new FileStream(part, FileMode.Open, FileAccess.Write)) { written.Flush(flushToDisk: true); }
            File.Move(part, path);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            stop.ThrowIfCancellationRequested();
            throw new StorageException(StorageProblem.Unreachable, $"the backup cannot be written to {file}: {e.Message}", "Name a file that is not there, in a folder that can be written to and has room.", e);
        }
        // What there is of a copy that failed is none.
        finally { Remove(part); }
    }

    private async Task Copy(SqliteConnection from, string file, CancellationToken stop)
    {
        // As it is at this moment, whatever is written meanwhile.
        try { await from.ExecuteAsync("BEGIN; SELECT count(*) FROM sqlite_master").ConfigureAwait(false); }
        catch (SqliteException e) when (SqliteFailures.Of(e, Path) is { } failed) { throw failed; }
        try
        {
            using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            to.Open();
            using var hears = stop.Register(() => raw.sqlite3_interrupt(to.Handle));
            // What is written is flushed once, at the end.
            await to.ExecuteAsync("PRAGMA synchronous = OFF").ConfigureAwait(false);
            CopyPages(from, to, stop);
            // A copy has no log beside it, and is another database: it gets names of its own when it is first opened.
            await to.ExecuteAsync("PRAGMA journal_mode = DELETE").ConfigureAwait(false);
            if (await to.QueryFirstAsync<string>("PRAGMA quick_check(1)").ConfigureAwait(false) is not "ok" and var damage) { throw SqliteFailures.Damaged(Path, damage.ReplaceLineEndings(" ")); }
            await to.ExecuteAsync("UPDATE programs SET incarnation = @none", new { none = Incarnations.None }).ConfigureAwait(false);
        }
        // The copy is made of what was read: where it is damaged, that is.
        catch (SqliteException e) when (SqliteFailures.Of(e, Path) is { Problem: StorageProblem.Foreign } damaged) { throw damaged; }
    }

    private static void CopyPages(SqliteConnection from, SqliteConnection to, CancellationToken stop)
    {
        using var copying = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        int code;
        do
        {
            stop.ThrowIfCancellationRequested();
            code = raw.sqlite3_backup_step(copying, PagesTogether);
        }
        while (code == raw.SQLITE_OK);
        if (code != raw.SQLITE_DONE) { throw new SqliteException(raw.sqlite3_errstr(code).utf8_to_string(), code & 0xFF, code); }
    }

    private static void Remove(string part)
    {
        foreach (var file in ((string[])["", .. _beside]).Select(end => part + end).Where(File.Exists)) { File.Delete(file); }
    }
}
