using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Laurel.Storage;

/// <summary>A value of a personal field, as it is kept beside the log. The log has its commitment, from which nobody can guess it without the salt.</summary>
internal sealed class PersonalValue
{
    private const int SaltBytes = 16;

    public long Position { get; set; }

    public long Subject { get; set; }

    public byte[] Salt { get; set; } = [];

    public string Field { get; set; } = "";

    public string Value { get; set; } = "";

    /// <summary>What the log has of it.</summary>
    public string Commitment => CommitmentOf(Salt, Value);

    /// <summary>A value with a salt of its own.</summary>
    public static PersonalValue New(long position, long subject, string field, string value) =>
        new() { Position = position, Subject = subject, Salt = RandomNumberGenerator.GetBytes(SaltBytes), Field = field, Value = value };

    /// <summary>What the log has of a value: the hash of its salt and then its text.</summary>
    public static string CommitmentOf(byte[] salt, string value) => $"sha-256:{Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(value)]))}";

    /// <summary>The values that are kept beside some facts.</summary>
    public static async Task<Dictionary<(long Position, string Field), PersonalValue>> Of(Database database, int program, IReadOnlyCollection<long> positions, CancellationToken stop)
    {
        if (positions.Count == 0) { return []; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<PersonalValue>(
            database.Sql($"SELECT position, subject, salt, field, value FROM {Database.Each("personal", "position", "positions")}"), new { program, positions = database.Many(positions) }).ConfigureAwait(false);
        return rows.ToDictionary(r => (r.Position, r.Field));
    }

    /// <summary>How many values are kept of a subject, by field.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountOf(Database database, int program, long subject, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(string Field, long Count)>("SELECT field, count(*) FROM personal WHERE program = @program AND subject = @subject GROUP BY field ORDER BY field", new { program, subject }).ConfigureAwait(false);
        return rows.ToDictionary(r => r.Field, r => r.Count, StringComparer.Ordinal);
    }

    /// <summary>Values as rows of a commit.</summary>
    public static Rows RowsOf(IReadOnlyList<PersonalValue> values, int program) => new Rows("personal", values.Count)
        .With("position", [.. values.Select(v => v.Position)]).With("subject", [.. values.Select(v => v.Subject)]).With("program", program)
        .With("salt", values.Select(v => (byte[]?)v.Salt).ToArray()).With("field", values.Select(v => (string?)v.Field).ToArray()).With("value", values.Select(v => (string?)v.Value).ToArray());
}
