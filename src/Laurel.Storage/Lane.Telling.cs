using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Facts on their way to the lane.</content>
public sealed partial class Lane
{
    /// <summary>The most facts of one commit while some come who send few: they do not wait long for it.</summary>
    private const int SharedMax = 200;

    /// <summary>Of whoever sends many, so many facts are taken at once while others wait who send few.</summary>
    private const int PartMax = 50;

    /// <summary>So many parts of one caller wait or are written at once: while some are written, the next are worked out.</summary>
    private const int Ahead = 3 * CommitMax / PartMax;

    /// <summary>Whoever sends more sends many.</summary>
    private const int FewMax = 20;

    /// <summary>Facts of one caller, part after part in their order, beside those of others: the next are sent while those before are written. For one thread.</summary>
    /// <param name="lane">Where they go.</param>
    /// <param name="asTold">True to take from each fact when it was first learnt, for imports; false to take the clock.</param>
    public sealed class Telling(Lane lane, bool asTold)
    {
        private readonly Queue<Work> _sent = [];
        private readonly List<Receipt> _receipts = [];
        private Work? _last;
        private bool? _areFew;

        /// <summary>Sends facts; waits while many wait that were sent before.</summary>
        /// <param name="facts">The facts; many are several commits.</param>
        /// <param name="more">True where more follow.</param>
        /// <param name="keep">Makes the answer that is kept with the last of all that were sent; null for none, or where more follow.</param>
        /// <param name="stop">Ends the waiting. Facts that are being written then are written all the same.</param>
        /// <exception cref="LaneLostException">Another server writes the program.</exception>
        /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
        public async Task Send(IReadOnlyList<Fact> facts, bool more, Keep<IReadOnlyList<Receipt>>? keep, CancellationToken stop)
        {
            ArgumentNullException.ThrowIfNull(facts);
            // All of one caller go one way: by two they would overtake one another.
            _areFew ??= !more && facts.Count <= FewMax;
            for (var next = 0; next < facts.Count; next += PartMax)
            {
                IReadOnlyList<Fact> part = [.. facts.Skip(next).Take(PartMax)];
                var last = keep is not null && next + part.Count == facts.Count;
                // An answer that is kept has all receipts: then all others are there.
                if (last) { await Receive(0, stop).ConfigureAwait(false); }
                _last = new(part, asTold, all: false, last ? came => keep!(new([.. _receipts, .. came.Value], came.Position)) : null) { After = _last };
                _sent.Enqueue(_last);
                await lane.Send(_last, _areFew.Value, stop).ConfigureAwait(false);
                await Receive(Ahead - 1, stop).ConfigureAwait(false);
            }
        }

        /// <summary>Waits until all that was sent is written.</summary>
        /// <param name="stop">Ends the waiting. Facts that are being written then are written all the same.</param>
        /// <returns>A receipt for each fact; null where none was sent.</returns>
        /// <exception cref="LaneLostException">Another server writes the program.</exception>
        /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
        public async Task<Effect<IReadOnlyList<Receipt>>?> End(CancellationToken stop)
        {
            await Receive(0, stop).ConfigureAwait(false);
            return _last is null ? null : (await _last.Answer.Task.ConfigureAwait(false)) with { Value = _receipts };
        }

        private async Task Receive(int rest, CancellationToken stop)
        {
            while (_sent.Count > rest) { _receipts.AddRange((await _sent.Dequeue().Answer.Task.WaitAsync(stop).ConfigureAwait(false)).Value); }
        }
    }

    /// <summary>When editions were opened in the log from which a history is told: each comes into this one there. To be said before the first fact is.</summary>
    public IReadOnlyDictionary<string, Instant> OpenedThere { get; set; } = new Dictionary<string, Instant>();

    /// <summary>Publishes the editions that were opened there after the last fact; where nothing is told, nothing.</summary>
    /// <param name="stop">Ends the waiting. What is being written then is written all the same.</param>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task OpenAsThere(CancellationToken stop) => Between(
        async (books, stopping) =>
        {
            await books.OpenAsThere(stopping).ConfigureAwait(false);
            return true;
        }, stop);

    /// <summary>Keeps what is due today away while a history is being told, however slowly it comes.</summary>
    /// <returns>To be disposed of when the history, or this part of it, is told.</returns>
    public IDisposable BeginHistory() => new TellingHistory(this);

    private sealed class TellingHistory : IDisposable
    {
        private readonly Lane _lane;

        public TellingHistory(Lane lane)
        {
            _lane = lane;
            Interlocked.Increment(ref lane._histories);
        }

        public void Dispose()
        {
            // The next part has as long to come as after the last facts.
            Volatile.Write(ref _lane._past, TimeProvider.System.GetTimestamp());
            Interlocked.Decrement(ref _lane._histories);
        }
    }

    /// <summary>Records facts in their order, beside those of other callers.</summary>
    /// <param name="facts">The facts; many are several commits.</param>
    /// <param name="asTold">True to take from each fact when it was first learnt, for imports; false to take the clock.</param>
    /// <param name="keep">Makes the answer that is kept with the last of them; null for none.</param>
    /// <param name="stop">Ends the waiting. Facts that are being written then are written all the same.</param>
    /// <returns>A receipt for each fact.</returns>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public async Task<Effect<IReadOnlyList<Receipt>>> Record(IReadOnlyList<Fact> facts, bool asTold, Keep<IReadOnlyList<Receipt>>? keep, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentOutOfRangeException.ThrowIfZero(facts.Count);
        var telling = new Telling(this, asTold);
        await telling.Send(facts, more: false, keep, stop).ConfigureAwait(false);
        return (await telling.End(stop).ConfigureAwait(false))!;
    }

    /// <summary>Records facts in one commit, or none of them where one is refused. Whoever else writes waits meanwhile.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="keep">Makes the answer that is kept with them; null for none.</param>
    /// <param name="stop">Ends the waiting. Facts that are being written then are written all the same.</param>
    /// <returns>A receipt for each fact.</returns>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public async Task<Effect<IReadOnlyList<Receipt>>> RecordAll(IReadOnlyList<Fact> facts, Keep<IReadOnlyList<Receipt>>? keep, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var work = new Work(facts, asTold: false, all: true, keep);
        await Send(work, facts.Count <= FewMax, stop).ConfigureAwait(false);
        return await work.Answer.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    private async Task Send(Work work, bool areFew, CancellationToken stop)
    {
        Telemetry.Queued(Program.Name, work.Facts.Count);
        try { await (areFew ? _few : _many).Writer.WriteAsync(work, stop).ConfigureAwait(false); }
        // Whoever hung up before there was room, or comes when the lane is closed, has nothing in it.
        catch (Exception)
        {
            Telemetry.Queued(Program.Name, -work.Facts.Count);
            throw;
        }
        Arrive();
    }
}
