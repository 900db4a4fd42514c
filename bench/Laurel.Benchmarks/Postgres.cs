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
    private readonly string _options;

    private Postgres(string programs, string folder, int port, IReadOnlyList<string> settings)
    {
        _programs = programs;
        _folder = folder;
        _options = string.Join(' ', settings.Select(setting => $"-c {setting}")) + $" -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}";
        Port = port;
        // A machine that is busy with other tests takes its time to answer a connection.
        Connection = $"Host=127.0.0.1;Port={port};Username=laurel;Database=postgres;Timeout=60;Command Timeout=0;Pooling=false";
    }

    /// <summary>How to reach it.</summary>
    public string Connection { get; }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

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
        var server = Made(programs, settings);
        Run(Path.Combine(programs, "initdb"), "-D", server.Data, "-U", "laurel", "-A", "trust", "-E", "UTF8", "--locale=C");
        server.Begin();
        return server;
    }

    /// <summary>Starts a server that follows another: a replica, which a primary waits for by the name "replica".</summary>
    /// <param name="primary">Whom it follows.</param>
    /// <param name="settings">What is set, as <c>name=value</c>.</param>
    public static Postgres Replica(Postgres primary, IReadOnlyList<string> settings) => Copied(primary, settings, "-R");

    /// <summary>Starts a server on a base backup of another.</summary>
    /// <param name="saved">What is saved.</param>
    /// <param name="settings">What is set, as <c>name=value</c>.</param>
    public static Postgres Restored(Postgres saved, IReadOnlyList<string> settings) => Copied(saved, settings);

    private static Postgres Copied(Postgres from, IReadOnlyList<string> settings, params string[] options)
    {
        var server = Made(from._programs, settings);
        var connection = $"host=127.0.0.1 port={from.Port} user=laurel application_name=replica";
        Run(Path.Combine(from._programs, "pg_basebackup"), ["-D", server.Data, "-X", "stream", "-c", "fast", "-d", connection, .. options]);
        server.Begin();
        return server;
    }

    /// <summary>Stops it as a crash would, and starts it again.</summary>
    public void Restart()
    {
        Crash();
        Begin();
    }

    /// <summary>Stops it as a crash would.</summary>
    public void Crash() => Run(Path.Combine(_programs, "pg_ctl"), "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Has it stopped and removed when this process has ended, however it ends: what a process does at its own end is cut off where it takes long.</summary>
    public void StopWithProcess()
    {
        const string Watch = "exec < /dev/null > /dev/null 2>&1; tail -s 0.2 --pid=$0 -f /dev/null; server=$(head -n 1 \"$1/data/postmaster.pid\"); kill -QUIT $server; tail -s 0.2 --pid=$server -f /dev/null; rm -rf \"$1\"";
        // In a session of its own: what ends this process and all that it began does not end that.
        using var watching = Process.Start("setsid", ["sh", "-c", Watch, $"{Environment.ProcessId}", _folder]);
    }

    /// <summary>The processor time of all its processes so far, also of those that have ended.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            var main = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
            // In hundredths of a second, from the command's end on: user, system, and both of children that have ended.
            long[] Times(string process)
            {
                try { return [.. File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ')[11..15].Select(long.Parse)]; }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return [0, 0, 0, 0]; }
            }
            var children = File.ReadAllText($"/proc/{main}/task/{main}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return TimeSpan.FromMilliseconds(10 * (Times(main).Sum() + children.Sum(child => Times(child)[..2].Sum())));
        }
    }

    /// <summary>Makes a replica a primary.</summary>
    public void Promote() => Run(Path.Combine(_programs, "pg_ctl"), "-D", Data, "-w", "promote");

    private static Postgres Made(string programs, IReadOnlyList<string> settings) =>
        new(programs, Run("mktemp", "-d", Path.Combine(Path.GetTempPath(), "laurel-sql-XXXXXX")).Trim(), FreePort(), settings);

    private void Begin() => Run(Path.Combine(_programs, "pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", _options, "start");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) { Crash(); }
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
