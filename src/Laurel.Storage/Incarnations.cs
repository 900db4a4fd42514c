using Dapper;

namespace Laurel.Storage;

/// <summary>Which database a position is a place in. One that was restored lacks what was written since, and goes on otherwise: it is another.</summary>
internal static class Incarnations
{
    /// <summary>What a copy has until it is opened for the first time: it may be restored more than once.</summary>
    public static byte[] None { get; } = new byte[16];

    /// <summary>Gives the programs of a copy that is opened for the first time incarnations of their own.</summary>
    public static Task Give(Database database, CancellationToken stop) => Change(database, "incarnation = @none", stop);

    /// <summary>Gives all programs other incarnations. Whoever wrote the database that this one was copied from does not write this one.</summary>
    /// <returns>Their names.</returns>
    public static async Task<IReadOnlyList<string>> Renew(Database database, CancellationToken stop)
    {
        await database.Ask(c => c.ExecuteAsync("UPDATE lanes SET until = 0"), stop).ConfigureAwait(false);
        return await Change(database, "@none = @none", stop).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<string>> Change(Database database, string which, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var programs = (await connection.QueryAsync<(long Program, string Name)>($"SELECT program, name FROM programs WHERE {which} ORDER BY name", new { none = None }).ConfigureAwait(false)).ToList();
        foreach (var (program, _) in programs)
        {
            // Of two that open it at once the first one's stay.
            await connection.ExecuteAsync($"UPDATE programs SET incarnation = @fresh WHERE program = @program AND {which}", new { fresh = Guid.NewGuid().ToByteArray(), program, none = None }).ConfigureAwait(false);
        }
        return programs.ConvertAll(p => p.Name);
    }
}
