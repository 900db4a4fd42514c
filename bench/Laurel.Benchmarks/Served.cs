using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Npgsql;

namespace Laurel.Benchmarks;

/// <summary>A server as a process, on a PostgreSQL of its own, and whoever calls it: everything durable. Both are gone when this is disposed.</summary>
internal sealed class Served : IDisposable
{
    /// <summary>Where facts of the program that is measured are told.</summary>
    public const string Facts = "programs/wix-partner/facts";

    /// <summary>How many tell single facts at once.</summary>
    public const int Clients = 16;

    private const int FactsASecond = 500;

    /// <summary>How long something is done that has no end of its own.</summary>
    public static readonly TimeSpan Spell = TimeSpan.FromSeconds(10);

    // fsync and synchronous_commit are as they come: on.
    private static readonly IReadOnlyList<string> Settings = ["shared_buffers=2GB", "max_wal_size=8GB", "min_wal_size=4GB", "checkpoint_timeout=15min", "wal_compression=lz4"];

    private readonly string _library;
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private Process? _server;
    private string? _key;

    private Served(Postgres postgres, string library) => (Postgres, _library) = (postgres, library);

    /// <summary>Its database.</summary>
    public Postgres Postgres { get; }

    /// <summary>A database for a server that is to be started; null, and said so, where no PostgreSQL is installed.</summary>
    /// <param name="library">The folder of the library's programs.</param>
    public static Served? Make(string library)
    {
        if (Postgres.Find() is { } programs) { return new(Postgres.Start(programs, Settings), library); }
        Console.Error.WriteLine("PostgreSQL is not installed");
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _http.Dispose();
        Postgres.Dispose();
    }

    /// <summary>Starts the server, and waits until it is ready; the first one makes the key.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> Start()
    {
        var watch = Stopwatch.StartNew();
        _server = Laurel("serve", "--port", "0", "--requests-per-second", "1000000", "--log-level", "warning");
        var address = "";
        while (_server.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("Laurel listens on ", StringComparison.Ordinal))
            {
                address = line.Split(' ')[3].TrimEnd(';');
                if (_key is not null) { break; }
            }
            if (line.Contains("LAUREL_KEY=", StringComparison.Ordinal))
            {
                _key = line.Split('=')[1];
                _http.DefaultRequestHeaders.Authorization = new("Bearer", _key);
                break;
            }
        }
        _ = _server.StandardOutput.ReadToEndAsync();
        Root = new($"{address}/v1/");
        while (!(await _http.GetAsync(new Uri($"{address}/health/ready")).ConfigureAwait(false)).IsSuccessStatusCode) { await Task.Delay(20).ConfigureAwait(false); }
        return watch.Elapsed;
    }

    /// <summary>Kills the server.</summary>
    public void Stop()
    {
        if (_server is null) { return; }
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    /// <summary>The processor time that the server took since it was started.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _server!.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that the server had, in MB.</summary>
    public double PeakMegabytes =>
        double.Parse(File.ReadLines($"/proc/{_server!.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    private Uri Root { get; set; } = new("http://127.0.0.1/");

    /// <summary>The command line tool that was built with this, on the database, set as its launcher sets it.</summary>
    public Process Laurel(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "laurel.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment["LAUREL_DATABASE"] = Postgres.Connection.Replace(";Pooling=false", "", StringComparison.Ordinal);
        start.Environment["LAUREL_PROGRAMS"] = _library;
        start.Environment["DOTNET_GCgen0size"] = "4000000";
        return Process.Start(start)!;
    }

    /// <summary>Sends something; an answer that refuses any of it ends the run.</summary>
    public async Task Post(string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _http.PostAsync(new Uri(Root, path), content).ConfigureAwait(false);
        var said = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode || said.Contains("\"verdict\":\"refused\"", StringComparison.Ordinal)) { throw new InvalidOperationException($"{answer.StatusCode}: {said[..Math.Min(said.Length, 500)]}"); }
    }

    /// <summary>Tells many facts in one request.</summary>
    public Task Tell(IEnumerable<string> lines, string options = "") => Post(Facts + options, string.Join('\n', lines), "application/x-ndjson");

    /// <summary>Waits until the program has come to today: the editions of the past are published.</summary>
    public async Task Settle()
    {
        while ((await _http.GetStringAsync(new Uri(Root, "programs/wix-partner/editions")).ConfigureAwait(false)).Contains("\"scheduled\"", StringComparison.Ordinal)) { await Task.Delay(100).ConfigureAwait(false); }
    }

    /// <summary>Tells facts one by one, many at once.</summary>
    /// <param name="next">Makes the next fact, for any thread; null when there is none.</param>
    /// <param name="options">What is said of each call.</param>
    /// <returns>How long each took, in milliseconds.</returns>
    public async Task<List<double>> Singles(Func<string?> next, string options = "")
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var times = new List<double>();
            while (next() is { } line)
            {
                var began = Stopwatch.GetTimestamp();
                await Post(Facts + options, line, "application/json").ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times;
        })).ConfigureAwait(false);
        return [.. all.SelectMany(t => t)];
    }

    /// <summary>Members at random.</summary>
    public async Task<List<string>> Members()
    {
        using var connection = new NpgsqlConnection(Postgres.Connection);
        return [.. await connection.QueryAsync<string>("SELECT s.name FROM standings t JOIN subjects s ON s.program = t.program AND s.subject = t.member ORDER BY md5(s.name) LIMIT 2000").ConfigureAwait(false)];
    }

    /// <summary>Reads something of members for a while, one after the other.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    public async Task<List<double>> Read(string path, IReadOnlyList<string> members)
    {
        var (times, watch) = (new List<double>(), Stopwatch.StartNew());
        for (var i = 0; watch.Elapsed < Spell; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await _http.GetAsync(new Uri(Root, $"programs/wix-partner/members/{members[i % members.Count]}/{path}")).ConfigureAwait(false);
            answer.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times;
    }

    /// <summary>Reads as <see cref="Read"/> while 500 facts a second arrive, a few at once.</summary>
    /// <returns>How long each read took, and how many facts arrived a second.</returns>
    public async Task<(List<double> Times, double FactsASecond)> ReadBeside(string path, IReadOnlyList<string> members, Func<int, IEnumerable<string>> next)
    {
        using var stops = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var writing = Write(next, stops.Token);
        var times = await Read(path, members).ConfigureAwait(false);
        await stops.CancelAsync().ConfigureAwait(false);
        var written = await writing.ConfigureAwait(false);
        return (times, written / watch.Elapsed.TotalSeconds);
    }

    private async Task<int> Write(Func<int, IEnumerable<string>> next, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var written = 0;
        for (; !stop.IsCancellationRequested && await tick.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false); written += FactsASecond / 50) { await Tell(next(FactsASecond / 50)).ConfigureAwait(false); }
        return written;
    }

    /// <summary>The median, and what 99 in 100 do not exceed.</summary>
    public static (double P50, double P99) Percentiles(List<double> times)
    {
        times.Sort();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);
    }
}
