namespace Laurel.Server;

/// <summary>How a server runs.</summary>
/// <param name="Database">The connection string of its database: see <see cref="Storage.Database.Of"/>.</param>
/// <param name="Urls">Where it listens, such as <c>http://127.0.0.1:8080</c>; port 0 for any that is free.</param>
/// <param name="Library">The folders of programs that can be taken in by name.</param>
/// <param name="Programs">A folder of programs that are taken in at the start, where they are not there yet; null for none.</param>
internal sealed record Settings(string Database, IReadOnlyList<string> Urls, IReadOnlyList<string> Library, string? Programs)
{
    /// <summary>Where other servers of the same database reach this one; null for where it listens.</summary>
    public string? Address { get; init; }

    /// <summary>Requests a second of one key; more are told to come again.</summary>
    public int RequestsPerSecond { get; init; } = 10_000;

    /// <summary>Requests a second of one address without a key.</summary>
    public int StrangersPerSecond { get; init; } = 50;

    /// <summary>How long requests may go on once the server is to stop.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The least that is told in the log: <see cref="LogLevel.Information"/> has a line for each request.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>True for a log of JSON lines.</summary>
    public bool LogsJson { get; init; }

    /// <summary>OpenTelemetry's standard variables; where none names a collector, nothing is exported.</summary>
    public IReadOnlyDictionary<string, string> Exports { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that the first key is written into, which must not be there yet; null for nowhere.</summary>
    public string? FirstKeyFile { get; init; }
}
