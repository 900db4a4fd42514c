using System.Threading.RateLimiting;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Calling;
using Laurel.Server.Observing;
using Laurel.Server.Refusing;
using Laurel.Server.Routes;
using Laurel.Server.Taking;
using Laurel.Server.Working;
using Laurel.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.RateLimiting;

namespace Laurel.Server;

/// <summary>A server that runs.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Shelf _shelf;
    private readonly ILoggerFactory _logs;
    private readonly Export? _export;
    private readonly ILogger _log;

    private Serving(WebApplication app, Shelf shelf, ILoggerFactory logs, Export? export, string? firstKey, IReadOnlyList<Problem> problems)
    {
        (_app, _shelf, _logs, _export, FirstKey, Problems) = (app, shelf, logs, export, firstKey, problems);
        _log = logs.CreateLogger("Laurel.Server");
    }

    /// <summary>The key that was made because there was none; null where there was one, and where it stands in the file that the settings name.</summary>
    public string? FirstKey { get; }

    /// <summary>True where the first key was made and stands in the file that the settings name.</summary>
    public bool FirstKeyFiled { get; private init; }

    /// <summary>What is wrong with programs that were to be taken in.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The programs that it has.</summary>
    public Shelf Shelf => _shelf;

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Starts a server; when this returns, it answers.</summary>
    /// <param name="settings">How it runs.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="stop">Ends the start.</param>
    /// <exception cref="StorageException">The database can't be used.</exception>
    /// <exception cref="IOException">An address is taken, or the first key's file can't be written.</exception>
    public static async Task<Serving> Start(Settings settings, TimeProvider clock, CancellationToken stop)
    {
        var (logs, export) = (Logs.Open(settings), Export.Begin(settings.Exports));
        Shelf? shelf = null;
        WebApplication? app = null;
        try
        {
            shelf = await Shelf.OpenToServe(settings.Database, clock, logs, stop).ConfigureAwait(false);
            var problems = await TakeIn(shelf, settings, stop).ConfigureAwait(false);
            var cursors = new Cursors(await shelf.Secret("cursors", stop).ConfigureAwait(false));
            app = Build(settings, shelf, cursors, clock, logs);
            await app.StartAsync(stop).ConfigureAwait(false);
            shelf.Address = settings.Address ?? Reachable(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            // Last, so that a server that cannot start has not made a key that nobody saw.
            var none = await shelf.Keys.IsEmpty(stop).ConfigureAwait(false);
            var first = none ? await FirstKeyOf(shelf, settings.FirstKeyFile, stop).ConfigureAwait(false) : null;
            var serving = new Serving(app, shelf, logs, export, first, problems) { FirstKeyFiled = none && first is null };
            Logs.Started(serving._log, typeof(Serving).Assembly.GetName().Version!.ToString(3), string.Join(", ", serving.Addresses), shelf.Programs.Count());
            return serving;
        }
        catch
        {
            if (app is not null) { await app.DisposeAsync().ConfigureAwait(false); }
            if (shelf is not null) { await shelf.DisposeAsync().ConfigureAwait(false); }
            export?.Dispose();
            logs.Dispose();
            throw;
        }
    }

    /// <summary>Takes a program of the library in, where it is not there yet, and tells it the facts of a file as they were learnt then.</summary>
    /// <param name="name">The program's folder in the library.</param>
    /// <param name="facts">JSON lines.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>How many facts were refused; null where the library has no such program without errors.</returns>
    public async Task<int?> Tell(string name, Stream facts, CancellationToken stop)
    {
        var library = _app.Services.GetRequiredService<Library>();
        if (library.Find(name) is not ({ } texts, { Count: 0 }) || ProgramReader.Read(texts).Program is not { Name: var program }) { return null; }
        if (_shelf.Find(program) is null) { await _shelf.Create(texts, stop).ConfigureAwait(false); }
        var intake = new Intake(_shelf.Find(program)!, _shelf.Read(program)!, new(DryRun: false, Atomic: false, AsTold: true));
        return (await intake.Record(facts, mayGoOn: () => Task.FromResult(true), keep: null, last: CancellationToken.None, stop).ConfigureAwait(false)).Value.Count(told => told.Refused is not null);
    }

    /// <summary>Stops: takes nothing new, answers what is asked, and then closes the books.</summary>
    public async ValueTask DisposeAsync()
    {
        Logs.Stopping(_log);
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _shelf.DisposeAsync().ConfigureAwait(false);
        Logs.Stopped(_log);
        _export?.Dispose();
        _logs.Dispose();
    }

    /// <summary>Makes the first key. Where a file is to have it, that one is there before the key is, for its owner alone.</summary>
    private static async Task<string?> FirstKeyOf(Shelf shelf, string? file, CancellationToken stop)
    {
        if (file is null) { return await Make().ConfigureAwait(false); }
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        var stream = new FileStream(file, options);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(await Make().ConfigureAwait(false) + "\n"), stop).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }
        return null;

        async Task<string> Make() => (await shelf.Keys.Create("first", Scopes.All, null, null, keep: null, stop).ConfigureAwait(false)).Value.Secret;
    }

    private static async Task<IReadOnlyList<Problem>> TakeIn(Shelf shelf, Settings settings, CancellationToken stop)
    {
        var (library, problems) = (new Library(settings.Programs is { } folder ? [folder] : []), new List<Problem>());
        foreach (var name in library.Names())
        {
            var (texts, unreadable) = library.Find(name)!.Value;
            var read = ProgramReader.Read(texts);
            var wrong = unreadable.Concat(read.Problems).Where(p => p.Severity == Severity.Error).ToList();
            if (wrong.Count > 0) { problems.AddRange(wrong.Select(p => p with { Place = p.Place with { File = $"{name}/{p.Place.File}" } })); }
            else if (shelf.Find(read.Program!.Name) is null) { await shelf.Create(texts, stop).ConfigureAwait(false); }
        }
        return problems;
    }

    /// <summary>Where others reach a server that listens somewhere.</summary>
    private static string Reachable(string address)
    {
        var uri = new UriBuilder(address);
        if (uri.Host is "0.0.0.0" or "[::]") { uri.Host = System.Net.Dns.GetHostName(); }
        return uri.Uri.GetLeftPart(UriPartial.Authority);
    }

    private static WebApplication Build(Settings settings, Shelf shelf, Cursors cursors, TimeProvider clock, ILoggerFactory logs)
    {
        // What the process finds in its folder or its environment by chance sets nothing, and nobody watches the folder for it: beside a database that is written there that costs.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = typeof(Serving).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.Patience);
        // The command line hears signals, and stops the server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Bodies.BytesMax;
            Parameters.Admit(kestrel.Limits);
            // A platform may tell what happens as it happens, a fact now and then.
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1, TimeSpan.FromMinutes(1));
        });
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.Services.AddSingleton(shelf).AddSingleton(cursors).AddSingleton(clock).AddSingleton(new Library(settings.Library)).AddSingleton<Jobs>().AddSingleton<Turns>().AddSingleton<LastCall>().AddHttpForwarder();
        Document.Add(builder.Services);
        builder.Services.AddRateLimiter(limiter => Limit(limiter, settings));
        var app = builder.Build();
        app.UseMiddleware<Requests>();
        app.UseMiddleware<ProblemAnswers>();
        app.Use(Parameters.CheckSize);
        app.Use(Heads.Answer);
        app.UseRouting();
        app.Use(Caller.Identify);
        app.UseRateLimiter();
        app.Use(Caller.Authorize);
        app.Use(Parameters.Check);
        app.Use(Bodies.Check);
        app.Use(Positions.Reach);
        app.Use(Replays.Check);
        app.UseMiddleware<Forwards>();
        app.UseMiddleware<Replays>();
        app.Use(WhileArchived.Check);
        Map(app);
        return app;
    }

    private static void Map(WebApplication app)
    {
        HealthRoutes.Map(app);
        var v1 = app.MapGroup("/v1");
        Parameters.Declare(v1);
        var program = v1.MapGroup($"/programs/{{{Names.Program}}}");
        KeyRoutes.Map(v1);
        ProgramRoutes.Map(v1, program);
        StatusRoutes.Map(program);
        FactRoutes.Map(program);
        MemberRoutes.Map(program);
        AheadRoutes.Map(program);
        AdjustmentRoutes.Map(program);
        RequestRoutes.Map(program);
        ErasureRoutes.Map(program);
        LedgerRoutes.Map(program);
        EditionRoutes.Map(program);
        JobRoutes.Map(program);
        Document.Map(app);
    }

    private static void Limit(RateLimiterOptions limiter, Settings settings)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var key = Caller.Of(context);
            var most = key is null ? settings.StrangersPerSecond : settings.RequestsPerSecond;
            return context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(key?.Id ?? $"@{context.Connection.RemoteIpAddress}", _ => new() { TokenLimit = most, TokensPerPeriod = most, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 });
        });
        limiter.OnRejected = (rejected, _) => throw new Refused(ProblemType.TooMany, "there were too many requests in this second", "Wait, and send fewer at a time.")
        {
            RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1,
        };
    }

    /// <summary>Hears no signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
