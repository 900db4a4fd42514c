using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Laurel.Engine.Programs;
using Npgsql;
using NpgsqlTypes;

namespace Laurel.Benchmarks;

/// <summary>Points and level of a member at an instant. Levels by their place, low to high; -1 for who is not enrolled.</summary>
/// <param name="Member">The member's number.</param>
/// <param name="Points">The points.</param>
/// <param name="Level">The level.</param>
internal sealed record SqlStanding(int Member, long Points, int Level);

/// <summary>The same totals and levels by set-based SQL, from facts that it reads by itself.</summary>
internal sealed class SqlPeer : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _names = [];

    /// <summary>Connects, and makes the table.</summary>
    public SqlPeer(Postgres server, Vocabulary vocabulary)
    {
        _connection = new(server.Connection);
        _connection.Open();
        var types = vocabulary.FactTypes.OrderBy(type => type.Order).Select(type => $"'{type.Name}'");
        _connection.Execute($"CREATE TYPE fact_type AS ENUM ({string.Join(", ", types)})");
        _connection.Execute(Text("table.sql"));
    }

    /// <summary>The server's version.</summary>
    public string Version => _connection.PostgreSqlVersion.ToString();

    /// <summary>Copies the facts of a file.</summary>
    public void Load(string path)
    {
        var seen = new Dictionary<string, long>();
        var retracted = new List<string>();
        using (var copy = _connection.BeginBinaryImport("COPY facts FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var line in File.ReadLines(path))
            {
                using var json = JsonDocument.Parse(line);
                var fact = json.RootElement;
                if (!seen.TryAdd(fact.GetProperty("id").GetString()!, seen.Count)) { continue; }
                if (fact.GetProperty("type").GetString() == "fact.retracted") { retracted.Add(fact.GetProperty("data").GetProperty("id").GetString()!); }
                else { Copy(copy, fact, seen.Count - 1); }
            }
            copy.Complete();
        }
        _connection.Execute("DELETE FROM facts WHERE position = ANY(@positions)", new { positions = retracted.Where(seen.ContainsKey).Select(id => seen[id]).ToArray() });
    }

    /// <summary>Makes the indexes, and lets the planner look at what is there.</summary>
    public void Index()
    {
        foreach (var statement in Text("indexes.sql").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) { _connection.Execute(statement, commandTimeout: 0); }
    }

    /// <summary>Points and levels at an instant.</summary>
    /// <param name="at">Microseconds since 1970.</param>
    public IReadOnlyList<SqlStanding> Score(long at) => _connection.Query<SqlStanding>(Text("w5.sql"), new { at }, commandTimeout: 0).AsList();

    /// <summary>The name of a member.</summary>
    public string NameOf(SqlStanding standing) => _names[standing.Member]["member/".Length..];

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Copy(NpgsqlBinaryImporter copy, JsonElement fact, long position)
    {
        var data = fact.TryGetProperty("data", out var told) ? told : default;
        copy.StartRow();
        copy.Write(position, NpgsqlDbType.Bigint);
        copy.Write(NumberOf(fact.GetProperty("subject").GetString()!), NpgsqlDbType.Integer);
        copy.Write(Micros(fact.GetProperty("time").GetString()!), NpgsqlDbType.Bigint);
        copy.Write(fact.GetProperty("type").GetString()!, NpgsqlDbType.Unknown);
        WriteName(copy, "member/", TextOf(data, "member"));
        WriteText(copy, TextOf(data, "editor"));
        WriteTime(copy, TextOf(data, "plan_ends"));
        WriteTime(copy, TextOf(data, "trial_ends"));
        WriteName(copy, "member/", TextOf(data, "team"));
        WriteName(copy, "person/", TextOf(data, "holder"));
        WriteText(copy, TextOf(data, "school"));
        WriteText(copy, TextOf(data, "course"));
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("amount", out var amount)) { copy.Write(amount.GetInt64(), NpgsqlDbType.Bigint); }
        else { copy.WriteNull(); }
    }

    private int NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number)) { return number; }
        _names.Add(name);
        return _numbers[name] = _names.Count - 1;
    }

    private void WriteName(NpgsqlBinaryImporter copy, string kind, string? name)
    {
        if (name is null) { copy.WriteNull(); }
        else { copy.Write(NumberOf(kind + name), NpgsqlDbType.Integer); }
    }

    private static void WriteText(NpgsqlBinaryImporter copy, string? text)
    {
        if (text is null) { copy.WriteNull(); }
        else { copy.Write(text, NpgsqlDbType.Text); }
    }

    private static void WriteTime(NpgsqlBinaryImporter copy, string? time)
    {
        if (time is null) { copy.WriteNull(); }
        else { copy.Write(Micros(time), NpgsqlDbType.Bigint); }
    }

    private static string? TextOf(JsonElement data, string field) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(field, out var value) ? value.GetString() : null;

    private static long Micros(string time) =>
        (DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Sql.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
