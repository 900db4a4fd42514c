using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Laurel.Benchmarks;

/// <summary>A PostgreSQL server of one's own, on loopback and a free port, in a temporary folder; stopped and removed when disposed.</summary>
internal sealed class Postgres : IDisposable
{
    private const string Installed = "/usr/lib/postgresql";

    /// <summary>What is set, to give reading its best on two cores.</summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        "shared_buffers=2GB", "work_mem=256MB", "hash_mem_multiplier=4", "maintenance_work_mem=1GB", "effective_cache_size=12GB", "random_page_cost=1.1",
        // The planner thinks that the last facts of persons are few, and would compare each with each certificate.
        "enable_nestloop=off",
        "max_parallel_workers=2", "max_parallel_workers_per_gather=2", "parallel_leader_participation=on", "jit=off", "max_wal_size=8GB",
    ];

    private readonly string _programs;
    private readonly string _folder;

    private Postgres(string programs, string folder, int port)
    {
        _programs = programs;
        _folder = folder;
        Connection = $"Host=127.0.0.1;Port={port};Username=laurel;Database=postgres;Command Timeout=0;Pooling=false";
    }

    /// <summary>How to reach it.</summary>
    public string Connection { get; }

    /// <summary>The folder of the newest server installed; null where there is none.</summary>
    public static string? Find() => !Directory.Exists(Installed)
        ? null
        : Directory.EnumerateDirectories(Installed).Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>Starts a server.</summary>
    /// <param name="programs">The folder of its programs, as <see cref="Find"/> says.</param>
    /// <param name="settings">What is set, as <c>name=value</c>.</param>
    public static Postgres Start(string programs, IReadOnlyList<string> settings)
    {
        var folder = Run("mktemp", "-d", Path.Combine(Path.GetTempPath(), "laurel-sql-XXXXXX")).Trim();
        var port = FreePort();
        var server = new Postgres(programs, folder, port);
        Run(Path.Combine(programs, "initdb"), "-D", server.Data, "-U", "laurel", "-A", "trust", "-E", "UTF8", "--locale=C");
        var options = string.Join(' ', settings.Select(setting => $"-c {setting}")) + $" -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}";
        Run(Path.Combine(programs, "pg_ctl"), "-D", server.Data, "-w", "-l", Path.Combine(folder, "log"), "-o", options, "start");
        return server;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run(Path.Combine(_programs, "pg_ctl"), "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program, as the user postgres where this is root: the server refuses to be root's.</summary>
    private static string Run(string program, params string[] arguments)
    {
        var isRoot = Environment.UserName == "root";
        var start = new ProcessStartInfo(isRoot ? "runuser" : program)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        string[] all = isRoot ? ["-u", "postgres", "--", program, .. arguments] : arguments;
        foreach (var argument in all) { start.ArgumentList.Add(argument); }
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }
}
