using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Microsoft.Extensions.Logging;

namespace Laurel.Storage;

/// <summary>
/// One program's queue: everything that changes it goes through here, in one order, by one writer. Facts that wait together are written in
/// one commit; whoever sent few comes before whoever sent many. A caller is answered after the commit.
/// </summary>
public sealed class Lane : IAsyncDisposable
{
    /// <summary>The most facts of one commit.</summary>
    public const int CommitMax = 200;

    private readonly Database _database;
    private readonly int _number;
    private readonly Guid _incarnation;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly bool _tellsDue;
    private readonly Channel<Work> _few = Channel.CreateUnbounded<Work>();
    private readonly Channel<Work> _many = Channel.CreateBounded<Work>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>();
    private readonly Func<string> _address;
    private readonly Action<PartnerProgram> _revised;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private Bookkeeper? _books;
    private long _revision;
    private long _taken;
    private int? _epoch;
    private string? _elsewhere;
    private Holding? _held;
    private Type? _failed;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Lane(Database database, int number, Guid incarnation, PartnerProgram program, long revision, ProgramStatus status, TimeProvider clock, ILogger log, bool tellsDue, Task begin, Func<string> address, Action<PartnerProgram> revised)
    {
        (_database, _number, _incarnation, Program, _revision, Status, _clock, _log, _tellsDue, _address, _revised) = (database, number, incarnation, program, revision, status, clock, log, tellsDue, address, revised);
        _writing = Task.Run(() => Write(begin));
    }

    /// <summary>Where the process is reached that writes the program; null where it is this one; empty where nobody knows.</summary>
    /// <param name="stop">Ends the waiting for whoever has not asked yet.</param>
    public async Task<string?> Elsewhere(CancellationToken stop)
    {
        await _asked.Task.WaitAsync(stop).ConfigureAwait(false);
        return _elsewhere;
    }

    /// <summary>The program and its rules.</summary>
    public PartnerProgram Program { get; private set; }

    /// <summary>Facts that wait, with what to answer.</summary>
    private sealed class Work(IReadOnlyList<Fact> facts, bool asTold, bool all, Keep<IReadOnlyList<Receipt>>? keep)
    {
        public IReadOnlyList<Fact> Facts { get; } = facts;

        public bool AsTold { get; } = asTold;

        /// <summary>True where all are to be recorded in a commit of their own, or none.</summary>
        public bool All { get; } = all;

        /// <summary>Makes the answer that is kept with them; null where none is to be kept, or it is made.</summary>
        public Keep<IReadOnlyList<Receipt>>? Keep { get; set; } = keep;

        /// <summary>Since when it waits.</summary>
        public long Since { get; } = TimeProvider.System.GetTimestamp();

        /// <summary>The span of whoever sent it.</summary>
        public ActivityContext? From { get; } = Activity.Current?.Context;

        public TaskCompletionSource<Effect<IReadOnlyList<Receipt>>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What is to be done between two commits of facts, and waits.</summary>
    private sealed class Change(Func<Bookkeeper, CancellationToken, Task> work)
    {
        public Func<Bookkeeper, CancellationToken, Task> Work { get; } = work;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What an operator has said of the program, as far as this process knows.</summary>
    public ProgramStatus Status { get; private set; }

    /// <summary>Does what an operator says of the program.</summary>
    /// <param name="direction">What is said.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="keep">Makes the answer that is kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting. What is being written then is written all the same.</param>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task<Effect<Directed>> Direct(Direction direction, bool dryRun, Keep<Directed>? keep, CancellationToken stop) => Between(
        async (books, stopping) =>
        {
            var directed = await books.Direct(direction, dryRun, KeepingOf(keep), stopping).ConfigureAwait(false);
            Status = books.Status;
            if (!dryRun && directed.Refused is null) { LaneLog.Directed(_log, Program.Name, direction.GetType().Name); }
            return directed;
        }, stop);

    /// <summary>Revises the program's texts between two commits of facts; what follows is by the new ones.</summary>
    /// <param name="texts">Texts by their path; null for one that is taken away.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="keep">Makes the answer that is kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting. What is being written then is written all the same.</param>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task<Effect<Revised>> Revise(IReadOnlyDictionary<string, string?> texts, bool dryRun, Keep<Revised>? keep, CancellationToken stop) => Between(
        async (books, stopping) =>
        {
            var revised = await books.Revise(texts, dryRun, KeepingOf(keep), stopping).ConfigureAwait(false);
            if (revised is not { Revision: { } revision, Program: { } program }) { return revised; }
            Close();
            Use(program, revision);
            LaneLog.Revised(_log, Program.Name, revision);
            return revised;
        }, stop);

    /// <summary>Erases what is personal of a subject.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="key">The key of whoever asks for it.</param>
    /// <param name="reason">Why; nothing personal, since it stays.</param>
    /// <param name="dryRun">True to say what would go, and keep it.</param>
    /// <param name="keep">Makes the answer that is kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting. What is being written then is written all the same.</param>
    /// <returns>Null where nobody told of the subject.</returns>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task<Effect<Erased?>> Erase(SubjectName subject, string key, string reason, bool dryRun, Keep<Erased?>? keep, CancellationToken stop) =>
        Between((books, stopping) => books.Erase(subject, key, reason, dryRun, KeepingOf(keep), stopping), stop);

    private async Task<Effect<T>> Between<T>(Func<Bookkeeper, CancellationToken, Task<T>> work, CancellationToken stop)
    {
        Effect<T>? effect = null;
        var change = new Change(async (books, stopping) => effect = new(await work(books, stopping).ConfigureAwait(false), PositionOf(books.Head)));
        await _changes.Writer.WriteAsync(change, stop).ConfigureAwait(false);
        _arrived.Release();
        await change.Done.Task.WaitAsync(stop).ConfigureAwait(false);
        return effect!;
    }

    private Keeping<T>? KeepingOf<T>(Keep<T>? keep) => keep is null ? null : async (came, commit) => await keep(new(came, PositionOf(commit))).ConfigureAwait(false) is { } kept ? [kept] : [];

    private Position PositionOf(Commit head) => Reader.PositionOf(_incarnation, head);

    /// <summary>Records facts in their order, beside those of other callers.</summary>
    /// <param name="facts">The facts; more than <see cref="CommitMax"/> are several commits.</param>
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
        List<Receipt> receipts = [];
        for (var next = 0; ; next += CommitMax)
        {
            IReadOnlyList<Fact> part = [.. facts.Skip(next).Take(CommitMax)];
            var last = next + part.Count == facts.Count;
            var effect = await Send(new(part, asTold, all: false, last && keep is not null ? came => keep(new([.. receipts, .. came.Value], came.Position)) : null), facts.Count, stop).ConfigureAwait(false);
            receipts.AddRange(effect.Value);
            if (last) { return effect with { Value = receipts }; }
        }
    }

    /// <summary>Records facts in one commit, or none of them where one is refused. Whoever else writes waits meanwhile.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="keep">Makes the answer that is kept with them; null for none.</param>
    /// <param name="stop">Ends the waiting. Facts that are being written then are written all the same.</param>
    /// <returns>A receipt for each fact.</returns>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task<Effect<IReadOnlyList<Receipt>>> RecordAll(IReadOnlyList<Fact> facts, Keep<IReadOnlyList<Receipt>>? keep, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Send(new(facts, asTold: false, all: true, keep), facts.Count, stop);
    }

    private async Task<Effect<IReadOnlyList<Receipt>>> Send(Work work, int among, CancellationToken stop)
    {
        Telemetry.Queued(Program.Name, work.Facts.Count);
        await (among > CommitMax / 10 ? _many : _few).Writer.WriteAsync(work, stop).ConfigureAwait(false);
        _arrived.Release();
        return await work.Answer.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Stops after what is being written; what still waits is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _books?.Dispose();
        _stopping.Dispose();
        _arrived.Dispose();
    }

    private async Task Write(Task begin)
    {
        var stop = _stopping.Token;
        // What a lane does is no part of the request by which its program was taken in.
        Activity.Current = null;
        try
        {
            await begin.WaitAsync(stop).ConfigureAwait(false);
            // Whose the lane is, is asked at once.
            _arrived.Release();
            var more = false;
            while (true)
            {
                await _arrived.WaitAsync(more ? TimeSpan.Zero : TimeSpan.FromSeconds(1), stop).ConfigureAwait(false);
                more = false;
                if (_changes.Reader.TryRead(out var change))
                {
                    await Answer(change, stop).ConfigureAwait(false);
                    continue;
                }
                var works = Take();
                if (works.Count == 0 && !_tellsDue) { continue; }
                try
                {
                    await Open(stop).ConfigureAwait(false);
                    if (works.Count > 0) { await Answer(works, stop).ConfigureAwait(false); }
                    else { await _books!.TellDue(stop).ConfigureAwait(false); }
                    // After each commit of facts a step: neither keeps the other from going on.
                    more = _tellsDue && await _books!.Stage(stop).ConfigureAwait(false);
                    _failed = null;
                }
                catch (Exception e) when (e is not OperationCanceledException || works.Count > 0)
                {
                    _asked.TrySetResult();
                    Note(e);
                    foreach (var work in works) { work.Answer.TrySetException(e); }
                    // What failed may have left the books other than the log has them: they are opened anew.
                    Close();
                }
            }
        }
        catch (OperationCanceledException) { }
        foreach (var work in Rest()) { work.Answer.TrySetException(new LaneLostException(Program.Name)); }
        _changes.Writer.TryComplete();
        while (_changes.Reader.TryRead(out var left)) { left.Done.TrySetException(new LaneLostException(Program.Name)); }
    }

    /// <summary>Opens the books, where they are not and this process may; closes them where it may no longer.</summary>
    /// <exception cref="LaneElsewhereException">Another process has the lane.</exception>
    private async Task Open(CancellationToken stop)
    {
        if (_books is not null && TimeProvider.System.GetElapsedTime(_taken) < Shelf.Beat) { return; }
        var held = await _database.Leases.Take(_number, _address(), stop).ConfigureAwait(false);
        _taken = TimeProvider.System.GetTimestamp();
        _elsewhere = (held as Holding.Elsewhere)?.Address;
        _asked.TrySetResult();
        if (held != _held) { Note(held); }
        var epoch = (held as Holding.Ours)?.Epoch;
        if (_books is not null && _elsewhere is null && epoch == _epoch) { return; }
        Close();
        // Whoever had it before may have revised it.
        if (await ProgramTexts.RevisionOf(_database, _number, stop).ConfigureAwait(false) != _revision)
        {
            var (files, revision) = await ProgramTexts.Of(_database, _number, stop).ConfigureAwait(false);
            if (ProgramReader.Read(files).Program is { } program) { Use(program, revision); }
        }
        if (_elsewhere is { } address) { throw new LaneElsewhereException(Program.Name, address); }
        _epoch = epoch;
        _books = await Bookkeeper.Open(_database, _number, Program, _clock, epoch, stop).ConfigureAwait(false);
        Status = _books.Status;
        _books.Published = edition => LaneLog.Published(_log, Program.Name, edition);
    }

    private void Note(Holding held)
    {
        _held = held;
        Telemetry.Moved(Program.Name, held is Holding.Ours);
        if (held is Holding.Elsewhere { Address: var address }) { LaneLog.Elsewhere(_log, Program.Name, address); }
        else { LaneLog.Here(_log, Program.Name, ((Holding.Ours)held).Epoch); }
    }

    /// <summary>Says once what fails again and again.</summary>
    private void Note(Exception failure)
    {
        if (failure is LaneElsewhereException or RevisedException or ArchivedException || failure.GetType() == _failed) { return; }
        _failed = failure.GetType();
        LaneLog.Failed(_log, Program.Name, Telemetry.Trail(failure));
    }

    private void Use(PartnerProgram program, long revision)
    {
        (Program, _revision) = (program, revision);
        _revised(program);
    }

    private void Close()
    {
        var books = _books;
        _books = null;
        try { books?.Dispose(); }
        catch (DbException) { }
    }

    /// <summary>Those that are written next, together: of few facts first, at most as many as one commit may have.</summary>
    private List<Work> Take()
    {
        var works = new List<Work>();
        var count = 0;
        foreach (var channel in (Channel<Work>[])[_few, _many])
        {
            while (channel.Reader.TryPeek(out var next) && (works.Count == 0 || GoesWith(works[0], next, count)) && channel.Reader.TryRead(out var work))
            {
                works.Add(work);
                count += work.Facts.Count;
                Telemetry.Queued(Program.Name, -work.Facts.Count);
                Telemetry.Waited(Program.Name, TimeProvider.System.GetElapsedTime(work.Since));
            }
        }
        return works;

        static bool GoesWith(Work first, Work next, int count) => !first.All && !next.All && next.AsTold == first.AsTold && count + next.Facts.Count <= CommitMax;
    }

    private async Task Answer(Change change, CancellationToken stop)
    {
        try
        {
            await Open(stop).ConfigureAwait(false);
            await change.Work(_books!, stop).ConfigureAwait(false);
            change.Done.TrySetResult();
        }
        catch (Exception e)
        {
            Close();
            Note(e);
            change.Done.TrySetException(e);
            if (e is OperationCanceledException) { throw; }
        }
    }

    private async Task Answer(List<Work> works, CancellationToken stop)
    {
        using var span = Telemetry.Begin("laurel.record", Program.Name, works.Select(w => w.From).OfType<ActivityContext>());
        Keeping<IReadOnlyList<Receipt?>>? keep = works.Exists(w => w.Keep is not null) ? (receipts, commit) => Kept(works, receipts, PositionOf(commit)) : null;
        var books = _books!;
        var receipts = works[0].All
            ? await books.RecordAll(works[0].Facts, keep, stop).ConfigureAwait(false)
            : await books.Record([.. works.SelectMany(w => w.Facts)], works[0].AsTold, keep, stop).ConfigureAwait(false);
        foreach (var (work, own) in Each(works, receipts)) { work.Answer.TrySetResult(new(own, PositionOf(books.Head))); }
    }

    /// <summary>The answers that are kept with a commit: those of whom all facts have receipts with it, and some are recorded.</summary>
    private static async Task<IReadOnlyList<KeptAnswer>> Kept(List<Work> works, IReadOnlyList<Receipt?> receipts, Position position)
    {
        var kept = new List<KeptAnswer>();
        foreach (var (work, own) in Each(works, receipts))
        {
            if (work.Keep is not { } keep || own.Any(r => r is null) || !own.Any(r => r is Receipt.Recorded)) { continue; }
            if (await keep(new(own!, position)).ConfigureAwait(false) is { } answer) { kept.Add(answer); }
            work.Keep = null;
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
