using System.Data.Common;
using Dapper;

namespace Laurel.Storage;

/// <summary>Copies one program, as it stands at one moment, from a database of either engine into an empty SQLite file, where anything can be tried.</summary>
public static class Replica
{
    private const int Together = 10_000;

    /// <summary>Copies a program, and all that is kept of it, under its number.</summary>
    /// <param name="connection">The database: see <see cref="Database.Of"/>.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="copy">The database to make.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>False where there is no such program: the database is then made, and empty.</returns>
    /// <exception cref="StorageException">One of them can't be used.</exception>
    public static async Task<bool> Make(string connection, string program, string copy, CancellationToken stop)
    {
        using var to = Database.Of(copy);
        await Migrations.Run(to, stop).ConfigureAwait(false);
        if (!Database.MayBeThere(connection)) { return false; }
        using var from = Database.Of(connection, create: false);
        if (!await Migrations.Any(from, stop).ConfigureAwait(false)) { return false; }
        await Migrations.Check(from, stop).ConfigureAwait(false);
        using var reader = await from.Connect(stop).ConfigureAwait(false);
        using var columns = await to.Connect(stop).ConfigureAwait(false);
        using var writer = to.Write();
        // One snapshot, beside whoever writes.
        await reader.ExecuteAsync(from.Sql("/*sqlite: BEGIN TRANSACTION*//*postgres: BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY*/")).ConfigureAwait(false);
        if (await reader.QuerySingleOrDefaultAsync<long?>("SELECT program FROM programs WHERE name = @program", new { program }).ConfigureAwait(false) is not { } number) { return false; }
        // The tables of a program are those that have its number; what they refer to was made before them.
        foreach (var table in await columns.QueryAsync<string>("SELECT name FROM sqlite_master m WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'program' AND type = 'int2') ORDER BY rowid").ConfigureAwait(false))
        {
            var names = (await columns.QueryAsync<string>("SELECT name FROM pragma_table_info(@table)", new { table }).ConfigureAwait(false)).ToList();
            var order = table == "commits" ? " ORDER BY number" : "";
            using var rows = await reader.ExecuteReaderAsync($"SELECT {string.Join(", ", names)} FROM {table} WHERE program = @number{order}", new { number }).ConfigureAwait(false);
            while (Next(rows, table, names, stop) is { Count: > 0 } next) { await writer.Write([next]).ConfigureAwait(false); }
        }
        await reader.ExecuteAsync("COMMIT TRANSACTION").ConfigureAwait(false);
        return true;
    }

    private static Rows Next(DbDataReader from, string table, List<string> names, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var read = new List<object[]>();
        while (read.Count < Together && from.Read())
        {
            var row = new object[names.Count];
            from.GetValues(row);
            read.Add(row);
        }
        var rows = new Rows(table, read.Count);
        for (var column = 0; column < names.Count && read.Count > 0; column++)
        {
            var values = read.ConvertAll(row => row[column] is DBNull ? null : row[column]);
            rows = values.Find(v => v is not null) switch
            {
                string => rows.With(names[column], [.. values.Cast<string?>()]),
                byte[] => rows.With(names[column], [.. values.Cast<byte[]?>()]),
                _ => rows.With(names[column], [.. values.Select(v => v is null ? (long?)null : Convert.ToInt64(v, System.Globalization.CultureInfo.InvariantCulture))]),
            };
        }
        return rows;
    }
}
