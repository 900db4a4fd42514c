using Microsoft.Extensions.Options;

namespace Laurel.Server.Taking;

/// <summary>When whoever sends facts line by line is to end, where the server is to stop: while there is time left to say how far that came.</summary>
internal sealed class LastCall : IDisposable
{
    private readonly CancellationTokenSource _last = new();

    public LastCall(IHostApplicationLifetime lifetime, IOptions<HostOptions> options) =>
        lifetime.ApplicationStopping.Register(() => _last.CancelAfter(options.Value.ShutdownTimeout * 0.75));

    /// <summary>Cancelled then.</summary>
    public CancellationToken Token => _last.Token;

    /// <inheritdoc/>
    public void Dispose() => _last.Dispose();
}
