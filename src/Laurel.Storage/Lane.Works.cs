using System.Diagnostics;
using System.Threading.Channels;
using Laurel.Engine.Facts;

namespace Laurel.Storage;

/// <content>Facts that wait: taken together, recorded, and answered when they are written.</content>
public sealed partial class Lane
{
    /// <summary>Facts that wait, with what to answer.</summary>
    private sealed class Work(IReadOnlyList<Fact> facts, bool asTold, bool all, Keep<IReadOnlyList<Receipt>>? keep)
    {
        public IReadOnlyList<Fact> Facts { get; } = facts;

        public bool AsTold { get; } = asTold;

        /// <summary>True where all are to be recorded in a commit of their own, or none.</summary>
        public bool All { get; } = all;

        /// <summary>Makes the answer that is kept with them; null where none is to be kept.</summary>
        public Keep<IReadOnlyList<Receipt>>? Keep { get; } = keep;

        /// <summary>True when that answer is made.</summary>
        public bool IsKept { get; set; }

        /// <summary>What was sent before by the same caller: where that fails, this is not done.</summary>
        public Work? After { get; init; }

        /// <summary>Since when it waits.</summary>
        public long Since { get; } = TimeProvider.System.GetTimestamp();

        /// <summary>The span of whoever sent it.</summary>
        public ActivityContext? From { get; } = Activity.Current?.Context;

        public TaskCompletionSource<Effect<IReadOnlyList<Receipt>>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>While some come who send few, whoever sends many has a turn so often: neither waits long for the other.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(25);

    /// <summary>When for so long nobody has come who sends few, commits may be large.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private long _fewTaken;
    private long _manyTaken;

    /// <summary>Those that are written next, together: of few facts first, at most as many as one commit may have.</summary>
    private List<Work> Take()
    {
        var works = new List<Work>();
        var count = 0;
        // What goes into no commit with the others has its turn too.
        var many = IsOver(_manyTaken, 4 * Turn) && Add(_many, PartMax);
        if (Add(_few, SharedMax)) { _fewTaken = TimeProvider.System.GetTimestamp(); }
        if (IsOver(_fewTaken, Turn)) { many |= Add(_many, IsOver(_fewTaken, Quiet) ? CommitMax : SharedMax); }
        else if (!many && IsOver(_manyTaken, Turn)) { many = Add(_many, Math.Min(SharedMax, count + PartMax)); }
        if (many) { _manyTaken = TimeProvider.System.GetTimestamp(); }
        return works;

        bool Add(Channel<Work> channel, int most)
        {
            var before = works.Count;
            while (channel.Reader.TryPeek(out var next) && (works.Count == 0 || GoesWith(works[0], next, most)) && channel.Reader.TryRead(out var work))
            {
                works.Add(work);
                count += work.Facts.Count;
                Telemetry.Queued(Program.Name, -work.Facts.Count);
                Telemetry.Waited(Program.Name, TimeProvider.System.GetElapsedTime(work.Since));
            }
            return works.Count > before;
        }

        bool GoesWith(Work first, Work next, int most) => !first.All && !next.All && next.AsTold == first.AsTold && count + next.Facts.Count <= most;
    }

    /// <summary>Records those that were taken, and has them answered.</summary>
    /// <returns>False where nothing came of it, because what was being written before is not.</returns>
    private async Task<bool> Answer(List<Work> works, CancellationToken stop)
    {
        // What was sent before by the same caller is not written: neither is this, or it would overtake what is sent again. Nor what was read by rules that are revised now.
        works.RemoveAll(w => (w.After?.Answer.Task.Exception?.InnerException ?? _books!.Revised(w.Facts)) is { } failed && w.Answer.TrySetException(failed));
        if (works.Count == 0) { return true; }
        using var span = Telemetry.Begin("laurel.record", Program.Name, works.Select(w => w.From).OfType<ActivityContext>());
        Keeping<IReadOnlyList<Receipt?>>? keep = works.Exists(w => w.Keep is not null) ? (receipts, commit) => Kept(works, receipts, PositionOf(commit)) : null;
        var (books, before) = (_books!, _books!.Written);
        try
        {
            var receipts = works[0].All
                ? await books.RecordAll(works[0].Facts, keep, stop).ConfigureAwait(false)
                : await books.RecordAhead([.. works.SelectMany(w => w.Facts)], works[0].AsTold, keep, stop).ConfigureAwait(false);
            _answering = Answer(_answering, works, receipts, PositionOf(books.Head), books.Written);
            return true;
        }
        catch (Exception) when (before.IsFaulted)
        {
            foreach (var work in works) { work.IsKept = false; }
            return false;
        }
    }

    /// <summary>Answers those who wait when all of theirs is written; the lane goes on meanwhile.</summary>
    private static async Task Answer(Task before, List<Work> works, IReadOnlyList<Receipt> receipts, Position position, Task written)
    {
        await before.ConfigureAwait(false);
        try
        {
            await written.ConfigureAwait(false);
            foreach (var (work, own) in Each(works, receipts)) { work.Answer.TrySetResult(new(own, position)); }
        }
        // The lane comes upon it too, and says so.
        catch (Exception e)
        {
            foreach (var work in works) { work.Answer.TrySetException(e); }
        }
    }

    /// <summary>The answers that are kept with a commit: those of whom all facts have receipts with it, and some are recorded.</summary>
    private static async Task<IReadOnlyList<KeptAnswer>> Kept(List<Work> works, IReadOnlyList<Receipt?> receipts, Position position)
    {
        var kept = new List<KeptAnswer>();
        foreach (var (work, own) in Each(works, receipts))
        {
            if (work.IsKept || work.Keep is not { } keep || own.Any(r => r is null) || !own.Any(r => r is Receipt.Recorded)) { continue; }
            if (await keep(new(own!, position)).ConfigureAwait(false) is { } answer) { kept.Add(answer); }
            work.IsKept = true;
        }
        return kept;
    }

    /// <summary>Those who wait, each with the receipts of its own facts.</summary>
    private static IEnumerable<(Work Work, IReadOnlyList<T> Receipts)> Each<T>(List<Work> works, IReadOnlyList<T> receipts)
    {
        var next = 0;
        foreach (var work in works)
        {
            yield return (work, [.. receipts.Skip(next).Take(work.Facts.Count)]);
            next += work.Facts.Count;
        }
    }

    private IEnumerable<Work> Rest()
    {
        _few.Writer.TryComplete();
        _many.Writer.TryComplete();
        while (_few.Reader.TryRead(out var work) || _many.Reader.TryRead(out work))
        {
            Telemetry.Queued(Program.Name, -work.Facts.Count);
            yield return work;
        }
    }
}
