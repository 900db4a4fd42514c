using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;

namespace Laurel.Benchmarks;

/// <summary>
/// Measures a server on PostgreSQL as a platform uses it: facts in bulk, beside bare inserts of the same rows; single facts of many clients; reads while
/// facts arrive; a start, and a verification. All durable. The history is told as it was learnt; what comes after it is told as it happens.
/// </summary>
internal sealed class Load : IDisposable
{
    private const string Facts = "programs/wix-partner/facts";
    private const int BulkLines = 10_000;
    private const int Clients = 16;
    private const int PeerBatch = 1_000;
    private const int FactsASecond = 500;

    private static readonly TimeSpan Spell = TimeSpan.FromSeconds(10);

    // fsync and synchronous_commit are as they come: on.
    private static readonly IReadOnlyList<string> Settings = ["shared_buffers=2GB", "max_wal_size=8GB", "min_wal_size=4GB", "checkpoint_timeout=15min", "wal_compression=lz4"];

    private readonly Postgres _postgres;
    private readonly string _library;
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private readonly StringBuilder _text = new("| What | | Aim |\n|---|--:|--:|\n");
    private readonly Dictionary<string, object> _figures = [];
    private readonly string _facts;
    private IEnumerator<string> _lines;
    private int _new;
    private Process? _server;
    private string? _key;

    private Load(Postgres postgres, string library, string facts)
    {
        (_postgres, _library, _facts) = (postgres, library, facts);
        _lines = File.ReadLines(facts).GetEnumerator();
    }

    /// <summary>Runs everything, prints the table and keeps it.</summary>
    public static int Run(WholeOptions options)
    {
        if (Postgres.Find() is not { } programs)
        {
            Console.Error.WriteLine("PostgreSQL is not installed");
            return 1;
        }
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var facts = options.Facts(samples);
        using var postgres = Postgres.Start(programs, Settings);
        using var load = new Load(postgres, samples.Library, facts.Path);
        load.Measure(options.Lines).GetAwaiter().GetResult();
        var command = Report.CommandOf($"load --facts {options.Lines} --members {options.Members} --seed {options.Seed}");
        Report.Keep("load", "A server under load", command, load._text.ToString(), new { machine = Report.Machine(), commit = Report.Commit(), command, figures = load._figures });
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _http.Dispose();
        _lines.Dispose();
    }

    private async Task Measure(int facts)
    {
        Start();
        await Post("programs", """{"library": "wix-partner"}""", "application/json").ConfigureAwait(false);
        // What is posted singly and beside a bulk comes from the same history, so that it is about subjects that are there.
        var bulk = facts * 8 / 10;
        var watch = Stopwatch.StartNew();
        var sent = await Bulk(bulk, asTold: true, CancellationToken.None).ConfigureAwait(false);
        var bulkRate = Rate("bulk over HTTP, facts a second", sent, watch.Elapsed, "20,000");
        var bareRate = await Bare().ConfigureAwait(false);
        Note("bulk as a share of bare inserts of the same rows", $"{bulkRate / bareRate:P1}", "50 %");

        await Settle().ConfigureAwait(false);
        Times("single facts, 16 clients", await Singles(Spell).ConfigureAwait(false), "3,000 a second, p99 25 ms");
        using (var bulkStops = new CancellationTokenSource())
        {
            var beside = Bulk(int.MaxValue, asTold: false, bulkStops.Token);
            Times("single facts, 16 clients, beside a bulk stream", await Singles(Spell).ConfigureAwait(false), "3,000 a second, p99 25 ms");
            await bulkStops.CancelAsync().ConfigureAwait(false);
            await beside.ConfigureAwait(false);
        }
        await Reads().ConfigureAwait(false);
        Note("memory of the server at its most, MB", $"{PeakMegabytes():N0}", "600");
        Stop();
        watch.Restart();
        Start();
        Note("start to ready, s", $"{watch.Elapsed.TotalSeconds:F1}", "2");
        Stop();
        await Verify().ConfigureAwait(false);
    }

    /// <summary>Sends lines in requests of many, one after the other.</summary>
    private async Task<int> Bulk(int facts, bool asTold, CancellationToken stop)
    {
        var sent = 0;
        while (sent < facts && !stop.IsCancellationRequested)
        {
            var body = Take(Math.Min(BulkLines, facts - sent));
            await Post(asTold ? $"{Facts}?as-told=true" : Facts, string.Join('\n', asTold ? body : body.Select(Now)), "application/x-ndjson").ConfigureAwait(false);
            sent += body.Count;
        }
        return sent;
    }

    /// <summary>Waits until the program has come to today: the editions of the past are published.</summary>
    private async Task Settle()
    {
        while ((await _http.GetStringAsync(new Uri("programs/wix-partner/editions", UriKind.Relative)).ConfigureAwait(false)).Contains("\"scheduled\"", StringComparison.Ordinal)) { await Task.Delay(100).ConfigureAwait(false); }
    }

    /// <summary>A fact of the history as a new one that happens now.</summary>
    private string Now(string line)
    {
        var fact = JsonNode.Parse(line)!.AsObject();
        fact["id"] = string.Create(CultureInfo.InvariantCulture, $"now{Interlocked.Increment(ref _new)}");
        fact["time"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        fact.Remove("recorded");
        return fact.ToJsonString();
    }

    /// <summary>The same rows once more, by the database alone: copied in batches, each durable, into tables with the same keys and indexes.</summary>
    private async Task<double> Bare()
    {
        string[] tables = ["facts", "entries", "subjects", "ties", "changes", "standings", "due"];
        using var connection = new NpgsqlConnection(_postgres.Connection);
        await connection.OpenAsync().ConfigureAwait(false);
        await connection.ExecuteAsync("CREATE SCHEMA bare; " + string.Concat(tables.Select(t => $"CREATE TABLE bare.{t} (LIKE {t} INCLUDING ALL); CREATE TABLE bare.{t}_rows AS SELECT *, row_number() OVER () AS nth FROM {t}; CREATE INDEX ON bare.{t}_rows (nth);"))).ConfigureAwait(false);
        var facts = await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM facts").ConfigureAwait(false);
        var (columns, counts) = (new Dictionary<string, string>(), new Dictionary<string, long>());
        foreach (var table in tables)
        {
            columns[table] = string.Join(", ", await connection.QueryAsync<string>("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = @table AND is_generated = 'NEVER'", new { table }).ConfigureAwait(false));
            counts[table] = await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}").ConfigureAwait(false);
        }
        var batches = (facts + PeerBatch - 1) / PeerBatch;
        var watch = Stopwatch.StartNew();
        for (var batch = 0; batch < batches; batch++)
        {
            var inserts = tables.Select(t => $"INSERT INTO bare.{t} ({columns[t]}) SELECT {columns[t]} FROM bare.{t}_rows WHERE nth > {counts[t] * batch / batches} AND nth <= {counts[t] * (batch + 1) / batches};");
            await connection.ExecuteAsync($"BEGIN; {string.Concat(inserts)} COMMIT;").ConfigureAwait(false);
        }
        var rate = Rate("bare inserts of the same rows, facts a second", facts, watch.Elapsed, "");
        await connection.ExecuteAsync("DROP SCHEMA bare CASCADE").ConfigureAwait(false);
        return rate;
    }

    private async Task<List<double>> Singles(TimeSpan spell)
    {
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var times = new List<double>();
            while (watch.Elapsed < spell)
            {
                var began = Stopwatch.GetTimestamp();
                await Post(Facts, Now(Take(1)[0]), "application/json").ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times;
        })).ConfigureAwait(false);
        return [.. all.SelectMany(t => t)];
    }

    /// <summary>Reads members at random, one after the other, while facts arrive.</summary>
    private async Task Reads()
    {
        List<string> members;
        using (var connection = new NpgsqlConnection(_postgres.Connection))
        {
            members = [.. await connection.QueryAsync<string>("SELECT s.name FROM standings t JOIN subjects s ON s.program = t.program AND s.subject = t.member ORDER BY md5(s.name) LIMIT 2000").ConfigureAwait(false)];
        }
        foreach (var (what, path, aim) in new[] { ("standing", "standing", "p99 10 ms"), ("explanation", "explanation?metric=points", "p99 20 ms") })
        {
            using var stops = new CancellationTokenSource();
            var writing = Write(stops.Token);
            var (times, watch) = (new List<double>(), Stopwatch.StartNew());
            for (var i = 0; watch.Elapsed < Spell; i++)
            {
                var began = Stopwatch.GetTimestamp();
                (await _http.GetAsync(new Uri($"programs/wix-partner/members/{members[i % members.Count]}/{path}", UriKind.Relative)).ConfigureAwait(false)).EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            await stops.CancelAsync().ConfigureAwait(false);
            var written = await writing.ConfigureAwait(false);
            Times($"{what}, while {written / watch.Elapsed.TotalSeconds:N0} facts a second arrive", times, aim);
        }
    }

    /// <summary>Sends so many facts a second, a few at once.</summary>
    private async Task<int> Write(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var written = 0;
        while (!stop.IsCancellationRequested && await tick.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            var lines = Take(FactsASecond / 50);
            await Post(Facts, string.Join('\n', lines.Select(Now)), "application/x-ndjson").ConfigureAwait(false);
            written += lines.Count;
        }
        return written;
    }

    private async Task Verify()
    {
        long rows;
        using (var connection = new NpgsqlConnection(_postgres.Connection)) { rows = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM entries").ConfigureAwait(false); }
        var watch = Stopwatch.StartNew();
        using var verify = Laurel("verify");
        await verify.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await verify.WaitForExitAsync().ConfigureAwait(false);
        if (verify.ExitCode != 0) { throw new InvalidOperationException("the books are not what the log makes"); }
        Rate("verify, entries a second", rows, watch.Elapsed, "200,000");
    }

    /// <summary>The lines that come next; at the end of the history from its beginning.</summary>
    private List<string> Take(int count)
    {
        var lines = new List<string>(count);
        lock (_figures)
        {
            while (lines.Count < count)
            {
                if (_lines.MoveNext()) { lines.Add(_lines.Current); }
                else
                {
                    _lines.Dispose();
                    _lines = File.ReadLines(_facts).GetEnumerator();
                }
            }
        }
        return lines;
    }

    private async Task Post(string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content).ConfigureAwait(false);
        var said = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode || said.Contains("\"verdict\":\"refused\"", StringComparison.Ordinal)) { throw new InvalidOperationException($"{answer.StatusCode}: {said[..Math.Min(said.Length, 500)]}"); }
    }

    /// <summary>Starts a server; the first one makes the key and says where it listens.</summary>
    private void Start()
    {
        _server = Laurel("serve", "--port", "0", "--requests-per-second", "1000000", "--log-level", "warning");
        while (_server.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("Laurel listens on ", StringComparison.Ordinal))
            {
                if (_http.BaseAddress is null) { _http.BaseAddress = new($"{line.Split(' ')[3].TrimEnd(';')}/v1/"); }
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
    }

    private void Stop()
    {
        if (_server is null) { return; }
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    private double PeakMegabytes() =>
        double.Parse(File.ReadLines($"/proc/{_server!.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>The command line tool that was built with this, on the database, set as its launcher sets it.</summary>
    private Process Laurel(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "laurel.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment["LAUREL_DATABASE"] = _postgres.Connection.Replace(";Pooling=false", "", StringComparison.Ordinal);
        start.Environment["LAUREL_PROGRAMS"] = _library;
        start.Environment["DOTNET_GCgen0size"] = "4000000";
        return Process.Start(start)!;
    }

    private double Rate(string what, long count, TimeSpan time, string aim)
    {
        var rate = count / time.TotalSeconds;
        Note(what, $"{rate:N0}", aim);
        _figures[what] = rate;
        return rate;
    }

    private void Times(string what, List<double> milliseconds, string aim)
    {
        milliseconds.Sort();
        var (p50, p99) = (milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100]);
        _figures[what] = new { p50, p99, most = milliseconds[^1], count = milliseconds.Count };
        Note(what, $"{milliseconds.Count / Spell.TotalSeconds:N0} a second, p50 {p50:F1} ms, p99 {p99:F1} ms", aim);
    }

    private void Note(string what, string found, string aim)
    {
        Console.Error.WriteLine($"{what}: {found}");
        _text.Append(CultureInfo.InvariantCulture, $"| {what} | {found} | {aim} |\n");
    }
}
