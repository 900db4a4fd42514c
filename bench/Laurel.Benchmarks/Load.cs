using System.Diagnostics;
using System.Globalization;
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
    private const int BulkLines = 10_000;
    private const int PeerBatch = 1_000;

    private readonly Served _served;
    private readonly StringBuilder _text = new("| What | | Aim |\n|---|--:|--:|\n");
    private readonly Dictionary<string, object> _figures = [];
    private readonly string _facts;
    private IEnumerator<string> _lines;
    private int _new;

    private Load(Served served, string facts)
    {
        (_served, _facts) = (served, facts);
        _lines = File.ReadLines(facts).GetEnumerator();
    }

    /// <summary>Runs everything, prints the table and keeps it.</summary>
    public static int Run(WholeOptions options)
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var served = Served.Make(samples.Library);
        if (served is null) { return 1; }
        using var facts = options.Facts(samples);
        using var load = new Load(served, facts.Path);
        load.Measure(options.Lines).GetAwaiter().GetResult();
        var command = Report.CommandOf($"load --facts {options.Lines} --members {options.Members} --seed {options.Seed}");
        Report.Keep("load", "A server under load", command, load._text.ToString(), new { machine = Report.Machine(), commit = Report.Commit(), command, figures = load._figures });
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private async Task Measure(int facts)
    {
        await _served.Start().ConfigureAwait(false);
        await _served.Post("programs", """{"library": "wix-partner"}""", "application/json").ConfigureAwait(false);
        // What is posted singly and beside a bulk comes from the same history, so that it is about subjects that are there.
        var bulk = facts * 8 / 10;
        var watch = Stopwatch.StartNew();
        var sent = await Bulk(bulk, asTold: true, CancellationToken.None).ConfigureAwait(false);
        var bulkRate = Rate("bulk over HTTP, facts a second", sent, watch.Elapsed, "20,000");
        var bareRate = await Bare().ConfigureAwait(false);
        Note("bulk as a share of bare inserts of the same rows", $"{bulkRate / bareRate:P1}", "50 %");

        await _served.Settle().ConfigureAwait(false);
        Times("single facts, 16 clients", await Singles().ConfigureAwait(false), "3,000 a second, p99 25 ms");
        using (var bulkStops = new CancellationTokenSource())
        {
            var beside = Bulk(int.MaxValue, asTold: false, bulkStops.Token);
            Times("single facts, 16 clients, beside a bulk stream", await Singles().ConfigureAwait(false), "3,000 a second, p99 25 ms");
            await bulkStops.CancelAsync().ConfigureAwait(false);
            await beside.ConfigureAwait(false);
        }
        await Reads().ConfigureAwait(false);
        Note("memory of the server at its most, MB", $"{_served.PeakMegabytes:N0}", "600");
        _served.Stop();
        Note("start to ready, s", $"{(await _served.Start().ConfigureAwait(false)).TotalSeconds:F1}", "2");
        _served.Stop();
        await Verify().ConfigureAwait(false);
    }

    /// <summary>Sends lines in requests of many, one after the other.</summary>
    private async Task<int> Bulk(int facts, bool asTold, CancellationToken stop)
    {
        var sent = 0;
        while (sent < facts && !stop.IsCancellationRequested)
        {
            var body = Take(Math.Min(BulkLines, facts - sent));
            await _served.Tell(asTold ? body : body.Select(Now), asTold ? "?as-told=true" : "").ConfigureAwait(false);
            sent += body.Count;
        }
        return sent;
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
        using var connection = new NpgsqlConnection(_served.Postgres.Connection);
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

    private Task<List<double>> Singles()
    {
        var watch = Stopwatch.StartNew();
        return _served.Singles(() => watch.Elapsed < Served.Spell ? Now(Take(1)[0]) : null);
    }

    /// <summary>Reads members at random, one after the other, while facts arrive.</summary>
    private async Task Reads()
    {
        var members = await _served.Members().ConfigureAwait(false);
        foreach (var (what, path, aim) in new[] { ("standing", "standing", "p99 10 ms"), ("explanation", "explanation?metric=points", "p99 20 ms") })
        {
            var (times, rate) = await _served.ReadBeside(path, members, count => Take(count).Select(Now)).ConfigureAwait(false);
            Times($"{what}, while {rate:N0} facts a second arrive", times, aim);
        }
    }

    private async Task Verify()
    {
        long rows;
        using (var connection = new NpgsqlConnection(_served.Postgres.Connection)) { rows = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM entries").ConfigureAwait(false); }
        var watch = Stopwatch.StartNew();
        using var verify = _served.Laurel("verify");
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

    private double Rate(string what, long count, TimeSpan time, string aim)
    {
        var rate = count / time.TotalSeconds;
        Note(what, $"{rate:N0}", aim);
        _figures[what] = rate;
        return rate;
    }

    private void Times(string what, List<double> milliseconds, string aim)
    {
        var (p50, p99) = Served.Percentiles(milliseconds);
        _figures[what] = new { p50, p99, most = milliseconds[^1], count = milliseconds.Count };
        Note(what, $"{milliseconds.Count / Served.Spell.TotalSeconds:N0} a second, p50 {p50:F1} ms, p99 {p99:F1} ms", aim);
    }

    private void Note(string what, string found, string aim)
    {
        Console.Error.WriteLine($"{what}: {found}");
        _text.Append(CultureInfo.InvariantCulture, $"| {what} | {found} | {aim} |\n");
    }
}
