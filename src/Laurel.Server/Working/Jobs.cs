using System.Collections.Concurrent;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Asking;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Working;

/// <summary>Where a job is.</summary>
internal enum JobState
{
    /// <summary>It waits for another one.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>Its result is there.</summary>
    Done,

    /// <summary>It came to nothing.</summary>
    Failed,

    /// <summary>Somebody ended it.</summary>
    Cancelled,
}

/// <summary>Work that takes longer than a request should.</summary>
/// <param name="id">Its name.</param>
/// <param name="program">The program that it is about.</param>
/// <param name="kind">What it does, such as "backtest".</param>
/// <param name="asked">When it was asked for.</param>
internal sealed class Job(string id, string program, string kind, Instant asked) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile Tuple<string, long, long> _at = new("waiting", 0, 0);

    public string Id => id;

    public string Program => program;

    public string Kind => kind;

    public Instant Asked => asked;

    public JobState State { get; private set; } = JobState.Waiting;

    /// <summary>What it is doing, how much of it is done, and of how much.</summary>
    public (string Stage, long Done, long Total) At => (_at.Item1, _at.Item2, _at.Item3);

    /// <summary>What it came to, as JSON; null before it is done.</summary>
    public ReadOnlyMemory<byte>? Result { get; private set; }

    /// <summary>Why it came to nothing.</summary>
    public string? Why { get; private set; }

    /// <summary>Ends it.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Does it.</summary>
    /// <param name="turn">How many run at once.</param>
    /// <param name="work">What to do.</param>
    /// <param name="fault">Told of what nobody thought of.</param>
    public async Task Run(SemaphoreSlim turn, Func<Cores, CancellationToken, Task<ReadOnlyMemory<byte>>> work, Action<Exception> fault)
    {
        var stop = _stop.Token;
        try
        {
            await turn.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                State = JobState.Running;
                Result = await work(new(Report, stop), stop).ConfigureAwait(false);
                State = JobState.Done;
            }
            finally { turn.Release(); }
        }
        catch (OperationCanceledException) { State = JobState.Cancelled; }
        catch (Exception e)
        {
            if (e is not (Refused or AmountOverflowException or OverflowException)) { fault(e); }
            Why = e is Refused or AmountOverflowException or OverflowException ? e.Message : "something is wrong in Laurel; the server's log has what happened";
            State = JobState.Failed;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Report(string stage, long done, long total) => _at = new(stage, done, total);
}

/// <summary>The jobs of a server, one at a time beside what it answers. They are gone when it stops: they only read.</summary>
internal sealed partial class Jobs(TimeProvider clock, ILoggerFactory logs) : IAsyncDisposable
{
    private const int KeptMax = 20;
    private const int WaitingMax = 10;

    private readonly ConcurrentDictionary<string, (Job Job, Task Running)> _jobs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ILogger _log = logs.CreateLogger("Laurel.Job");

    /// <summary>The jobs of a program, the newest first.</summary>
    public IEnumerable<Job> Of(string program) => _jobs.Values.Select(j => j.Job).Where(j => j.Program == program).OrderByDescending(j => j.Asked).ThenBy(j => j.Id, StringComparer.Ordinal);

    /// <summary>A job; null where there is none of the name.</summary>
    public Job? Find(string program, string id) => _jobs.TryGetValue(id, out var found) && found.Job.Program == program ? found.Job : null;

    /// <summary>Begins a job.</summary>
    /// <exception cref="Refused">Too many wait.</exception>
    public Job Begin(string program, string kind, Func<Cores, CancellationToken, Task<ReadOnlyMemory<byte>>> work)
    {
        if (_jobs.Values.Count(j => j.Job.State is JobState.Waiting or JobState.Running) >= WaitingMax)
        {
            throw new Refused(ProblemType.TooMany, $"{WaitingMax} jobs wait already", "Wait until one is done, or cancel one: DELETE jobs/JOB.") { RetryAfter = 10 };
        }
        foreach (var (old, _) in _jobs.Values.Where(j => j.Job.State is not (JobState.Waiting or JobState.Running)).OrderByDescending(j => j.Job.Asked).Skip(KeptMax - 1)) { Forget(old); }
        var job = new Job(Guid.NewGuid().ToString("N"), program, kind, Clock.Now(clock));
        _jobs[job.Id] = (job, Task.Run(() => Run(job, work)));
        return job;
    }

    private async Task Run(Job job, Func<Cores, CancellationToken, Task<ReadOnlyMemory<byte>>> work)
    {
        var begun = TimeProvider.System.GetTimestamp();
        LogAsked(_log, job.Kind, job.Id, job.Program);
        await job.Run(_turn, work, e => LogFault(_log, job.Id, Telemetry.Trail(e))).ConfigureAwait(false);
        LogEnded(_log, job.Kind, job.Id, job.Program, job.State, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Ends a job where it is not done, and forgets it.</summary>
    public void Forget(Job job)
    {
        job.Cancel();
        _jobs.TryRemove(job.Id, out _);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (job, _) in _jobs.Values) { job.Cancel(); }
        await Task.WhenAll(_jobs.Values.Select(j => j.Running)).ConfigureAwait(false);
        foreach (var (job, _) in _jobs.Values) { job.Dispose(); }
        _turn.Dispose();
    }

    [LoggerMessage(1, LogLevel.Information, "{Kind} {Job} of {Program} is asked for")]
    private static partial void LogAsked(ILogger log, string kind, string job, string program);

    [LoggerMessage(2, LogLevel.Information, "{Kind} {Job} of {Program} ended: {State}, after {Seconds:0.0} s")]
    private static partial void LogEnded(ILogger log, string kind, string job, string program, JobState state, double seconds);

    [LoggerMessage(3, LogLevel.Error, "fault in job {Job}: {Trail}")]
    private static partial void LogFault(ILogger log, string job, string trail);
}
