using Spectre.Console;

namespace Laurel.Cli.Reading;

/// <summary>Shows how far a run is, on the terminal of standard error, once it has taken a second. Shows nothing where there is no terminal.</summary>
internal sealed class Progress(IAnsiConsole? screen) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Lock _lock = new();
    private (string Stage, double Share)? _now;
    private CancellationTokenSource? _ended;
    private Task? _shown;

    /// <summary>Tells how much of a stage is done.</summary>
    /// <param name="stage">What is going on.</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">How much there is; 0 where nobody knows.</param>
    public void Report(string stage, long done, long total)
    {
        if (screen is null) { return; }
        lock (_lock)
        {
            _now = (stage, total > 0 ? 100.0 * done / total : double.NaN);
            if (_shown is not null || TimeProvider.System.GetElapsedTime(_started) < Patience) { return; }
            _ended = new();
            var end = _ended.Token;
            _shown = Task.Run(() => Show(screen, end), CancellationToken.None);
        }
    }

    /// <summary>Takes the bar away, so that something else can be written; the next report brings it back.</summary>
    public void Pause()
    {
        if (_shown is null) { return; }
        _ended!.Cancel();
        _shown.Wait();
        _ended.Dispose();
        (_shown, _ended) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Pause();

    private void Show(IAnsiConsole screen, CancellationToken end) =>
        screen.Progress().AutoClear(true).HideCompleted(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(bars =>
        {
            ProgressTask? bar = null;
            while (!end.WaitHandle.WaitOne(Beat))
            {
                var (stage, share) = Now();
                if (bar is null || bar.Description != stage)
                {
                    bar?.StopTask();
                    bar = bars.AddTask(stage);
                }
                bar.IsIndeterminate = double.IsNaN(share);
                if (!bar.IsIndeterminate) { bar.Value = share; }
            }
            bar?.StopTask();
        });

    private (string Stage, double Share) Now()
    {
        lock (_lock) { return _now!.Value; }
    }
}
