using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Does what an operator says of the program.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>The status as the next commit leaves it; null where it leaves it as it is.</summary>
    private ProgramStatus? _next;

    /// <summary>What an operator has said of the program.</summary>
    public ProgramStatus Status { get; private set; }

    /// <summary>Does what an operator says, in a commit of its own.</summary>
    /// <param name="direction">What is said.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="keep">Makes the answers that are kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    public async Task<Directed> Direct(Direction direction, bool dryRun, Keeping<Directed>? keep, CancellationToken stop)
    {
        var (then, why) = direction.After(Status, Now);
        if (then is null) { return new(Status, why); }
        if (dryRun) { return new(then, null); }
        if (then.Clock is { } to) { await MoveTo(to, stop).ConfigureAwait(false); }
        if (then != Status)
        {
            _next = then;
            // The log's time stays: what fell due by now is still to be done, and at its own instants.
            await WriteAlone(CommitKind.Status, Head.Recorded, [], With(new Directed(then, null), keep), stop).ConfigureAwait(false);
        }
        return new(Status, null);
    }

    /// <summary>
    /// Goes from one due instant to the next, as if the clock had run: each is a commit with which the clock stands there. So what comes of it does not depend on
    /// how far it is moved at a time, and where it is interrupted it goes on.
    /// </summary>
    private async Task MoveTo(Instant to, CancellationToken stop)
    {
        while (_told && await NextDue(stop).ConfigureAwait(false) is { } at && at <= to)
        {
            stop.ThrowIfCancellationRequested();
            at = Instant.Max(at, Status.Clock!.Value);
            _next = Status with { Clock = at };
            await TellDue(at, whole: true, stop).ConfigureAwait(false);
        }
        _next = null;
    }

    /// <summary>When something falls due next; null where nothing ever does.</summary>
    private async Task<Instant?> NextDue(CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        Instant? member = await connection.ExecuteScalarAsync<long?>("SELECT min(at) FROM due WHERE program = @program AND kind = @kind", new { program = _program, kind = MemberDue }).ConfigureAwait(false) is { } at && at < Instant.Never.Micros ? new(at) : null;
        Instant? asked = _asked.First is { } request && request < Instant.Never.Micros ? new(request) : null;
        return new[] { member, asked, NextOwn(publishes: true)?.At }.Min();
    }
}
