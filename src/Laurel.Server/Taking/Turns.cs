namespace Laurel.Server.Taking;

/// <summary>
/// Has whoever looks how something stands, and then tells what depends on it, do so one after the other: the next finds what came of it. Within one server, as all
/// that is told of a program goes to the one that writes it.
/// </summary>
internal sealed class Turns
{
    // Those that share one wait for one another without need, and briefly.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn.</summary>
    /// <param name="context">The request; its program is meant.</param>
    /// <param name="about">What is looked at.</param>
    /// <returns>To be disposed of when what is told is written.</returns>
    public static async Task<IDisposable> Take(HttpContext context, string about)
    {
        var turns = context.RequestServices.GetRequiredService<Turns>()._turns;
        var turn = turns[HashCode.Combine(Calling.Names.Lane(context).Program.Name, about) & (turns.Length - 1)];
        await turn.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        return new Taken(turn);
    }

    private sealed class Taken(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
