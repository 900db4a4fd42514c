using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Laurel.Benchmarks;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;
using Npgsql;
using Xunit.Abstractions;

namespace Laurel.System.Tests.Server;

/// <summary>Servers that end in the middle, or are stopped and go on: what was answered is there, once.</summary>
public sealed partial class SurvivalTests(ITestOutputHelper output)
{
    private const string Maple = "/v1/programs/maple";

    /// <summary>How often a server is killed, a replica promoted, and a lane's owner stopped; more where long tests are asked for.</summary>
    private static readonly (int Kills, int Promotions, int Stops) Times = Environment.GetEnvironmentVariable("LAUREL_LONG_TESTS") == "1" ? (20, 20, 12) : (3, 1, 1);

    [Theory, Stores]
    public async Task A_server_that_is_killed_under_load_loses_nothing_and_counts_nothing_twice(string engine)
    {
        using var store = Store.Empty(engine);
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        var server = await Served.Start(store, folder["programs"], null);
        using var load = new Load(server.Key!) { Server = server };
        load.Begin(4);
        for (var kill = 0; kill < Times.Kills; kill++)
        {
            await load.Answered(load.Count + 40);
            await server.Kill();
            server.Dispose();
            server = await Served.Start(store, folder["programs"], server.Key);
            load.Server = server;
        }
        await load.Answered(load.Count + 40);
        await load.End();
        await Check(store, $"killed {Times.Kills} times, {engine}", load);
        server.Dispose();
    }

    [PostgresFact]
    public async Task A_server_that_is_stopped_longer_than_its_lease_finds_its_lane_taken_and_asks_who_has_it()
    {
        using var store = Store.Empty("postgres");
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        using var first = await Served.Start(store, folder["programs"], null);
        using var second = await Served.Start(store, folder["programs"], first.Key);
        using var load = new Load(first.Key!) { Server = first };
        load.Begin(4);
        await load.Answered(40);
        var (owner, other) = (first, second);
        for (var stop = 1; stop <= Times.Stops; stop++)
        {
            // Whoever asks the other is answered by the owner, through it.
            load.Server = other;
            await load.Answered(load.Count + 40);
            Assert.Equal(1, await store.Count($"lanes WHERE epoch = {stop}"));

            // In the middle of what it writes: the database ends that, or whoever takes over has it ended; or anywhere.
            using (var connection = new NpgsqlConnection(store.Connection))
            {
                await connection.OpenAsync();
                using var held = await connection.BeginTransactionAsync();
                if (stop % 3 != 0)
                {
                    await connection.ExecuteAsync("LOCK TABLE commits IN EXCLUSIVE MODE");
                    while (await store.Count("pg_stat_activity WHERE application_name LIKE 'laurel lane%' AND wait_event_type = 'Lock'") == 0) { await Task.Delay(5); }
                }
                owner.Signal("STOP");
                while (stop % 3 == 2 && await store.Count($"lanes WHERE epoch = {stop + 1}") == 0) { await Task.Delay(50); }
            }
            await load.Answered(load.Count + 40);
            Assert.Equal(1, await store.Count($"lanes WHERE epoch = {stop + 1}"));
            Assert.Equal(stop, await store.Count("commits WHERE kind = 3"));

            // It goes on, believes for a moment that nothing happened, and asks the other from then on.
            owner.Signal("CONT");
            load.Server = owner;
            await load.Answered(load.Count + 40);
            (owner, other) = (other, owner);
        }
        await load.End();
        Assert.Equal(1, await store.Count($"lanes WHERE epoch = {Times.Stops + 1}"));
        await Check(store, $"lane's owner stopped {Times.Stops} times", load);
    }

    [PostgresFact]
    public async Task Whoever_was_handed_on_to_a_server_that_is_stopped_hears_so_once_another_takes_over()
    {
        using var two = await TwoServers.Start();
        var (_, store, first, second, client) = two;
        Assert.Equal(201, (int)(await client.PutAsync(new Uri(second.Address, $"{Maple}/members/ada"), null)).StatusCode);
        first.Signal("STOP");
        await HeardOnce(client, second);
        first.Signal("CONT");
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }

    /// <summary>Two servers on one database: the first has taken the program in, and writes it.</summary>
    private sealed record TwoServers(Scratch Folder, Store Store, Served First, Served Second, HttpClient Client) : IDisposable
    {
        public static async Task<TwoServers> Start()
        {
            var (folder, store) = (new Scratch(), Store.Empty("postgres"));
            Served? first = null;
            try
            {
                folder.WriteProgram("programs/maple");
                first = await Served.Start(store, folder["programs"], null);
                var second = await Served.Start(store, null, first.Key);
                var client = Served.Client(first.Key!);
                client.Timeout = TimeSpan.FromSeconds(40);
                return new(folder, store, first, second, client);
            }
            catch
            {
                first?.Dispose();
                folder.Dispose();
                store.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            Client.Dispose();
            Second.Dispose();
            First.Dispose();
            Folder.Dispose();
            Store.Dispose();
        }
    }

    /// <summary>Enrols a member by a server that takes over from one that is stopped: it is told so, and then enrolled.</summary>
    private static async Task HeardOnce(HttpClient client, Served server)
    {
        foreach (var status in (int[])[503, 201])
        {
            var begun = Stopwatch.StartNew();
            using var answer = await client.PutAsync(new Uri(server.Address, $"{Maple}/members/ben"), null);
            Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}, not {status}, after {begun.Elapsed}: {await answer.Content.ReadAsStringAsync()}\n{server.Log}");
        }
    }

    [PostgresFact]
    public async Task A_server_that_is_stopped_while_it_deletes_what_is_left_of_an_edition_holds_nobody_up()
    {
        using var two = await TwoServers.Start();
        var (_, store, first, second, client) = two;
        // Slow enough to be stopped in the middle of it: what it has begun then, nobody ends but the database.
        await store.Execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; END'; CREATE TRIGGER slow BEFORE UPDATE ON books FOR EACH ROW WHEN (NEW.next_subject = -1) EXECUTE FUNCTION slow()");
        Assert.Equal(201, (int)(await client.PutAsync(new Uri(second.Address, $"{Maple}/members/ada"), null)).StatusCode);
        for (var watch = Stopwatch.StartNew(); await store.Count("pg_stat_activity WHERE wait_event = 'PgSleep'") == 0; await Task.Delay(5)) { Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), first.Log); }
        first.Signal("STOP");
        await HeardOnce(client, second);
        first.Signal("CONT");
    }

    [PostgresFact]
    public async Task A_server_takes_over_where_the_one_before_has_ended_and_knows_what_that_one_did()
    {
        using var two = await TwoServers.Start();
        var (_, store, first, second, client) = two;
        // A draft that one server took is known to the other, and after it is gone too.
        using var draft = new StringContent("edition: maple-2030\neffective: 2030-01-01\nbased-on: maple-2024\n", Encoding.UTF8, "application/yaml");
        Assert.Equal(201, (int)(await client.PutAsync(new Uri(second.Address, $"{Maple}/drafts/maple-2030"), draft)).StatusCode);
        await first.Kill();
        using var load = new Load(first.Key!) { Server = second };
        load.Begin(1, streams: false);
        await load.Answered(1);
        await load.End();
        Assert.Equal(1, await store.Count("lanes WHERE epoch = 2"));
        var editions = (await client.GetFromJsonAsync<JsonNode>(new Uri(second.Address, $"{Maple}/editions")))!["editions"]!.AsArray();
        Assert.Equal(["maple-2024", "maple-2030"], editions.Select(e => (string)e!["edition"]!));
        await Check(store, "taken over", load);
    }

    [PostgresFact]
    public async Task A_database_that_crashes_under_load_loses_nothing_that_was_answered()
    {
        using var postgres = Postgres.Start(Postgres.Find()!, ["shared_buffers=64MB"]);
        using var store = Store.At(postgres.Connection.Replace(";Pooling=false", "", StringComparison.Ordinal));
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        using var server = await Served.Start(store, folder["programs"], null);
        using var load = new Load(server.Key!) { Server = server };
        load.Begin(4);
        for (var crash = 0; crash < Times.Kills; crash++)
        {
            await load.Answered(load.Count + 40);
            postgres.Restart();
        }
        await load.Answered(load.Count + 40);
        await load.End();
        await Check(store, $"PostgreSQL crashed {Times.Kills} times", load);
    }

    [PostgresFact]
    public Task A_replica_that_is_promoted_under_load_has_all_that_was_answered() => Promoted(_ => Task.CompletedTask);

    [PostgresFact]
    public Task A_replica_that_is_promoted_has_all_that_was_answered_also_where_the_wait_for_it_was_cancelled() => Promoted(async primary =>
    {
        using var connection = new NpgsqlConnection(primary.Connection);
        // What is committed reaches the replica no more, and whoever waits for that is told to give it up.
        var sender = await connection.ExecuteScalarAsync<int>("SELECT pid FROM pg_stat_replication");
        Signal("STOP", sender);
        for (var cancelled = 0L; cancelled < 5; await Task.Delay(50))
        {
            cancelled += await connection.ExecuteScalarAsync<long>("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        }
        // Time to answer, for whoever would.
        await Task.Delay(500);
        Signal("KILL", sender);
    });

    /// <summary>A primary crashes under load, and its replica, for which its commits waited, becomes the primary.</summary>
    /// <param name="before">What happens before it crashes.</param>
    private async Task Promoted(Func<Postgres, Task> before)
    {
        for (var promotion = 0; promotion < Times.Promotions; promotion++)
        {
            using var primary = Postgres.Start(Postgres.Find()!, ["shared_buffers=64MB"]);
            using var replica = Postgres.Replica(primary, ["shared_buffers=64MB"]);
            // From now on a commit is answered when the replica has it too.
            using (var connection = new NpgsqlConnection(primary.Connection)) { await connection.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'replica'"); }
            primary.Restart();
            var both = new NpgsqlConnectionStringBuilder(primary.Connection) { Host = $"127.0.0.1:{primary.Port},127.0.0.1:{replica.Port}", Pooling = true, TargetSessionAttributes = "primary", HostRecheckSeconds = 1 };
            both.Remove("Port");
            using var store = Store.At(both.ToString());
            using var folder = new Scratch();
            folder.WriteProgram("programs/maple");
            using var server = await Served.Start(store, folder["programs"], null);
            using var load = new Load(server.Key!) { Server = server };
            load.Begin(4);
            await load.Answered(80);
            await before(primary);
            primary.Crash();
            replica.Promote();
            await load.Answered(load.Count + 80);
            await load.End();
            await Check(store, $"promotion {promotion + 1} of {Times.Promotions}", load);
        }
    }

    private static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    [DiskFact]
    public async Task A_disk_that_is_full_refuses_what_it_cannot_take_and_goes_on_when_there_is_room()
    {
        using var disk = new Disk(megabytes: 3);
        using var store = Store.At($"Data Source={disk.Folder}/laurel.db");
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        using var server = await Served.Start(store, folder["programs"], null);
        using var load = new Load(server.Key!) { Server = server };
        load.Begin(4, streams: false);
        await load.Refused();
        var others = 0;
        using (var client = Served.Client(server.Key!))
        {
            // What a checkpoint gives back may hold a few facts more; then it is full again.
            for (var refused = false; !refused;)
            {
                Assert.True(others < 10_000, "a disk of 3 MB takes 10,000 facts after it was full");
                using var fact = new StringContent($$"""{"id":"full{{others}}","source":"load","type":"member.joined","subject":"member/m1","time":"2024-02-01"}""", Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync(new Uri(server.Address, $"{Maple}/facts"), fact);
                refused = answer.StatusCode == HttpStatusCode.ServiceUnavailable;
                Assert.Contains(refused ? "disk is full" : "recorded", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                others += refused ? 0 : 1;
            }
            // What is there is read as before.
            Assert.Equal(200, (int)(await client.GetAsync(new Uri(server.Address, $"{Maple}/members/m1/standing"))).StatusCode);
        }
        disk.Resize(megabytes: 64);
        await load.Answered(load.Count + 80);
        await load.End();
        await Check(store, "full disk", load, others);
    }

    [Theory, Stores]
    public async Task A_clock_that_is_set_back_and_ten_years_forward_leaves_the_log_in_order(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var running = await Running.Start(store, clock: clock);
        await running.TellOfAda();
        clock.Now = clock.Now.AddDays(-40);
        (await running.Tell("b1", "member.joined", "member/ben", "2024-01-05")).Expect(201);
        (await running.Ask("GET members/ada/standing")).Expect(200);
        clock.Now = clock.Now.AddYears(10);
        (await running.Tell("b2", "site.created", "site/s2", "2034-01-02", """{"member":"ben"}""")).Expect(201);
        (await running.Tell("b3", "plan.bought", "site/s2", "2034-01-03", """{"plan":"business"}""")).Expect(201);
        clock.Now = clock.Now.AddYears(-10);
        (await running.Tell("b4", "plan.ended", "site/s2", "2024-01-06")).Expect(201);
        Assert.Equal(await store.Count("facts"), await store.Count("(SELECT DISTINCT recorded FROM facts) AS instants"));
        Assert.Equal(0, await store.Count("facts a JOIN facts b ON b.program = a.program AND b.position = a.position + 1 WHERE b.recorded <= a.recorded"));
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }

    [Theory, Stores]
    public async Task Clients_that_hang_up_in_the_middle_leave_whole_facts_or_none(string engine)
    {
        using var store = Store.Empty(engine);
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        using var server = await Served.Start(store, folder["programs"], null);
        using var load = new Load(server.Key!) { Server = server };
        var lines = string.Join('\n', Enumerable.Range(0, 2_000).Select(i => $$"""{"id":"h{{i}}","source":"hung","type":"member.joined","subject":"member/h{{i}}","time":"2024-02-01"}"""));
        for (var i = 1; i <= 5; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
            var request = $"POST {Maple}/facts HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {lines.Length}\r\n\r\n{lines[..(lines.Length * i / 6)]}";
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
            await Task.Delay(100);
            client.Client.Close(timeout: 0);
        }
        load.Begin(2, streams: false);
        await load.Answered(20);
        await load.End();
        // What came before the line went dead may have been taken, each fact whole and once.
        var hung = await store.Count("facts WHERE id LIKE 'h%'");
        Assert.Equal(hung, await store.Count("(SELECT DISTINCT id FROM facts WHERE id LIKE 'h%') AS ids"));
        Assert.Equal(load.Told.Count + hung, await store.Count("facts WHERE subject IS NOT NULL"));
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }

    /// <summary>Every fact that was answered is in the log, once; no other is; and the books are what the log makes.</summary>
    /// <param name="store">The database.</param>
    /// <param name="survived">What was survived: printed with the figures.</param>
    /// <param name="load">What was told.</param>
    /// <param name="others">How many were told beside it.</param>
    private async Task Check(Store store, string survived, Load load, int others = 0)
    {
        var (told, streamed) = (load.Told, load.Streamed);
        others += streamed;
        Assert.Equal((streamed, streamed), (await store.Count("facts WHERE id LIKE 's%'"), await store.Count("(SELECT DISTINCT id FROM facts WHERE id LIKE 's%') AS ids")));
        var named = $"facts WHERE id IN ({string.Join(", ", told.Select(id => $"'{id}'"))})";
        var (kept, ids) = (await store.Count(named), await store.Count($"(SELECT DISTINCT id FROM {named}) AS ids"));
        var differences = new List<string?>();
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { differences.Add(verified.Difference); }
        output.WriteLine($"{survived}: {told.Count + others} facts acknowledged, {told.Count - ids} lost, {kept - ids} doubled, verify {(differences.All(d => d is null) ? "clean" : string.Join(", ", differences))}");

        Assert.Equal((told.Count, told.Count), (ids, kept));
        Assert.Equal(told.Count + others, await store.Count("facts WHERE subject IS NOT NULL"));
        // An answer is kept exactly where its effect is. Who gave up waiting and sent it again before it was written may have the second answer: unchanged.
        Assert.Equal(told.Count, await store.Count("facts f JOIN requests r ON r.name = f.id WHERE r.status IN (200, 201)"));
        Assert.All(differences, Assert.Null);
    }

    /// <summary>Tells facts, each until it is answered.</summary>
    private sealed class Load(string key) : IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _told = new();
        private readonly CancellationTokenSource _end = new();
        private readonly List<Task> _tellers = [];
        private int _next;
        private int _refused;

        /// <summary>Whom it tells.</summary>
        public Served Server { get; set; } = null!;

        /// <summary>The ids of what was answered.</summary>
        public IReadOnlyCollection<string> Told => [.. _told.Keys];

        public int Count => _told.Count;

        /// <summary>How many facts were told in streams, all of which were answered by now.</summary>
        public int Streamed { get; private set; }

        /// <summary>Begins to tell.</summary>
        /// <param name="tellers">How many tell facts one by one.</param>
        /// <param name="streams">True for one more, who tells streams of them.</param>
        public void Begin(int tellers, bool streams = true)
        {
            for (var i = 0; i < tellers; i++) { _tellers.Add(Task.Run(Tell)); }
            if (streams) { _tellers.Add(Task.Run(TellStreams)); }
        }

        /// <summary>Waits until so many are answered.</summary>
        public async Task Answered(int count)
        {
            var watch = Stopwatch.StartNew();
            while (_told.Count < count)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{_told.Count} of {count} are answered");
                if (_tellers.FirstOrDefault(t => t.IsFaulted) is { } failed) { await failed; }
                await Task.Delay(10);
            }
        }

        /// <summary>Waits until the server can take nothing.</summary>
        public async Task Refused()
        {
            var watch = Stopwatch.StartNew();
            while (_refused == 0)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{_told.Count} are answered, and none is refused");
                if (_tellers.FirstOrDefault(t => t.IsFaulted) is { } failed) { await failed; }
                await Task.Delay(10);
            }
        }

        /// <summary>Tells no more; what is being told is told to its end.</summary>
        public async Task End()
        {
            await _end.CancelAsync();
            await Task.WhenAll(_tellers);
        }

        public void Dispose() => _end.Dispose();

        private static string FactOf(string id, int number) => (number % 3) switch
        {
            0 => $$"""{"id":"{{id}}","source":"load","type":"member.joined","subject":"member/m{{number % 7}}","time":"2024-02-01"}""",
            1 => $$$"""{"id":"{{{id}}}","source":"load","type":"site.created","subject":"site/s{{{number % 50}}}","time":"2024-02-02","data":{"member":"m{{{number % 7}}}"}}""",
            _ => $$$"""{"id":"{{{id}}}","source":"load","type":"plan.bought","subject":"site/s{{{number % 50}}}","time":"2024-03-01","data":{"plan":"business"}}""",
        };

        /// <summary>Tells streams of 3,000 facts, each until all of it is answered; what was answered once is there from then on.</summary>
        private async Task TellStreams()
        {
            using var client = Served.Client(key);
            while (!_end.IsCancellationRequested)
            {
                List<string> ids = [.. Enumerable.Range(Streamed, 3_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"s{i}"))];
                var stream = string.Join('\n', ids.Select((id, i) => FactOf(id, Streamed + i)));
                var answered = 0;
                for (var again = 0; answered < ids.Count; again++)
                {
                    var verdicts = await TellStream(client, stream);
                    var there = verdicts.TakeWhile(v => v is "recorded" or "unchanged").Count();
                    Assert.True(verdicts.Take(answered).All(v => v == "unchanged"), $"told again {again} times, and of {answered} that were answered some are new: {string.Join(' ', verdicts.Take(answered).Distinct())}");
                    answered = Math.Max(answered, there);
                    if (there < ids.Count) { await Task.Delay(50); }
                }
                Streamed += ids.Count;
            }
        }

        /// <summary>The verdicts that came before the answer ended or broke off.</summary>
        private async Task<List<string>> TellStream(HttpClient client, string stream)
        {
            var verdicts = new List<string>();
            try
            {
                using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Address, $"{Maple}/facts")) { Content = new StringContent(stream, Encoding.UTF8, "application/x-ndjson") };
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
                if (!answer.IsSuccessStatusCode) { return verdicts; }
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(silence.Token));
                while (await lines.ReadLineAsync(silence.Token) is { } line && (string?)JsonNode.Parse(line)!["verdict"] is { } verdict) { verdicts.Add(verdict); }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or global::System.Text.Json.JsonException) { }
            return verdicts;
        }

        private async Task Tell()
        {
            using var client = Served.Client(key);
            while (!_end.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _next);
                var id = string.Create(CultureInfo.InvariantCulture, $"f{number}");
                var fact = FactOf(id, number);
                while (!await Tell(client, id, fact)) { await Task.Delay(50); }
                _told[id] = true;
            }
        }

        private async Task<bool> Tell(HttpClient client, string id, string fact)
        {
            try
            {
                using var body = new StringContent(fact, Encoding.UTF8, "application/json");
                // Each with an idempotency key of its own; what was sent before may still be answered.
                body.Headers.Add("Idempotency-Key", id);
                using var answer = await client.PostAsync(new Uri(Server.Address, $"{Maple}/facts"), body);
                if ((int)answer.StatusCode is 503 or 429 or 409)
                {
                    Interlocked.Increment(ref _refused);
                    return false;
                }
                Assert.True(answer.IsSuccessStatusCode, $"{await answer.Content.ReadAsStringAsync()}\n{Server.Log}");
                return true;
            }
            catch (HttpRequestException) { return false; }
            catch (TaskCanceledException) { return false; }
        }
    }

    /// <summary>laurel serve as a process.</summary>
    private sealed partial class Served : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string?> _log;

        private Served(Process process, ConcurrentQueue<string?> log, Uri address, string? key) => (_process, _log, Address, Key) = (process, log, address, key);

        /// <summary>What it wrote into its log.</summary>
        public string Log => string.Join('\n', _log);

        public Uri Address { get; }

        public string? Key { get; }

        public static HttpClient Client(string key) => new() { Timeout = TimeSpan.FromSeconds(5), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };

        /// <summary>Starts one; when this returns, it listens.</summary>
        public static async Task<Served> Start(Store store, string? programs, string? key)
        {
            var process = CliRun.Start(["serve", "--port", "0", "--database", store.Connection, .. programs is null ? (string[])[] : ["--take-in", programs]]);
            var (said, log) = (new StringBuilder(), new ConcurrentQueue<string?>());
            process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data);
            process.BeginErrorReadLine();
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
            {
                said.AppendLine(line);
                if (line.Contains("/v1/library", StringComparison.Ordinal)) { break; }
            }
            Assert.True(Where().IsMatch(said.ToString()), $"{said}{string.Join('\n', log)}");
            return new(process, log, new(Where().Match(said.ToString()).Groups[1].Value), key ?? First().Match(said.ToString()).Groups[1].Value);
        }

        public async Task Kill()
        {
            Signal("KILL");
            await _process.WaitForExitAsync();
        }

        public void Signal(string signal) => SurvivalTests.Signal(signal, _process.Id);

        public void Dispose()
        {
            if (!_process.HasExited) { Signal("KILL"); }
            _process.Dispose();
        }

        [GeneratedRegex("export LAUREL_KEY=(laurel_[^ …\n]+)")]
        private static partial Regex First();

        [GeneratedRegex("listens on ([^ ,;]+)")]
        private static partial Regex Where();
    }
}

/// <summary>A small disk of a test's own, which only root can have.</summary>
internal sealed class Disk : IDisposable
{
    private readonly Scratch _scratch = new();

    public Disk(int megabytes)
    {
        Directory.CreateDirectory(Folder);
        Mount("-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder);
    }

    public string Folder => _scratch["disk"];

    public void Resize(int megabytes) => Mount("-o", $"remount,size={megabytes}m", Folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", Folder);
        _scratch.Dispose();
    }

    /// <summary>True where disks can be had.</summary>
    public static bool CanBe()
    {
        if (Environment.UserName != "root" || !OperatingSystem.IsLinux()) { return false; }
        try
        {
            using var disk = new Disk(1);
            return true;
        }
        catch (InvalidOperationException) { return false; }
    }

    private static void Mount(params string[] arguments)
    {
        if (Run("mount", arguments) != 0) { throw new InvalidOperationException("mount"); }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that is skipped, visibly, where no disk can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() => Skip = Disk.CanBe() ? null! : "only root can mount a small disk";
}
