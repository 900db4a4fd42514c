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
public sealed partial class Lane : IAsyncDisposable
{
    /// <summary>The most facts of one commit.</summary>
    public const int CommitMax = 800;

    /// <summary>So often a lane looks for what fell due.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A history whose facts come slowly has come to its end, or nobody tells it any more, when for so long none has come.</summary>
    private static readonly TimeSpan HistoryPause = TimeSpan.FromMinutes(1);

    /// <summary>Of a program that nobody has told anything of for so long, nothing is kept at hand.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly Database _database;
    private readonly int _number;
    private readonly Guid _incarnation;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly bool _tellsDue;
    private readonly Channel<Work> _few = Channel.CreateUnbounded<Work>();
    private readonly Channel<Work> _many = Channel.CreateBounded<Work>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>();
    private readonly Func<string> _address;
    private readonly Action<PartnerProgram> _revised;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private Task _answering = Task.CompletedTask;
    private Bookkeeper? _books;
    private long _revision;
    private long _looked;
    private long _recorded = TimeProvider.System.GetTimestamp();
    private long _past;
    private int _histories;
    private int? _epoch;
    private string? _elsewhere;
    private Holding? _held;
    private Type? _failed;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Lane(Database database, int number, Guid incarnation, PartnerProgram program, long revision, ProgramStatus status, TimeProvider clock, ILogger log, bool tellsDue, Task begin, Func<string> address, Action<PartnerProgram> revised)
    {
        (_database, _number, _incarnation, Program, _revision, Status, _clock, _log, _tellsDue, _address, _revised) = (database, number, incarnation, program, revision, status, clock, log, tellsDue, address, revised);
        Forms = new(program.Vocabulary);
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

    /// <summary>By what its facts are read.</summary>
    public FactForms Forms { get; private set; }

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
    /// <param name="asRead">A text that has to be in use still, or a path at which there may be none; null for neither.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="keep">Makes the answer that is kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting. What is being written then is written all the same.</param>
    /// <exception cref="LaneLostException">Another server writes the program.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing for now.</exception>
    public Task<Effect<Revised>> Revise(IReadOnlyDictionary<string, string?> texts, (string Path, string? Text)? asRead, bool dryRun, Keep<Revised>? keep, CancellationToken stop) => Between(
        async (books, stopping) =>
        {
            var revised = await books.Revise(texts, asRead, dryRun, KeepingOf(keep), stopping).ConfigureAwait(false);
            if (revised is not { Revision: { } revision, Program: { } program }) { return revised; }
            Close();
            Use(program, revision);
            LaneLog.Revised(_log, Program.Name, revision);
            await Stage(stopping).ConfigureAwait(false);
            return revised;
        }, stop);

    /// <summary>Goes over to the program's texts as the database has them, where another server has revised them.</summary>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="LaneLostException">The server is stopping.</exception>
    public async Task CatchUp(CancellationToken stop)
    {
        if (await ProgramTexts.RevisionOf(_database, _number, stop).ConfigureAwait(false) == _revision) { return; }
        try { await Between((_, _) => Task.FromResult(true), stop).ConfigureAwait(false); }
        // Opening the books it has seen the texts, and then whose the lane is.
        catch (LaneElsewhereException) { }
    }

    /// <summary>Stages what was published with a revision by now, before that is answered: it is in the ledger then, or seen to be on its way there.</summary>
    private async Task Stage(CancellationToken stop)
    {
        if (!_tellsDue) { return; }
        try
        {
            await Open(stop).ConfigureAwait(false);
            await _books!.Stage(stop).ConfigureAwait(false);
        }
        // The revision is written. What is in the way of the rest is come upon again, and said then.
        catch (Exception e) when (e is not OperationCanceledException) { Close(); }
    }

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
        Arrive();
        await change.Done.Task.WaitAsync(stop).ConfigureAwait(false);
        return effect!;
    }

    private Keeping<T>? KeepingOf<T>(Keep<T>? keep) => keep is null ? null : async (came, commit) => await keep(new(came, PositionOf(commit))).ConfigureAwait(false) is { } kept ? [kept] : [];

    private Position PositionOf(Commit head) => Reader.PositionOf(_incarnation, head);

    /// <summary>Says that something waits. However often it is said before the lane looks, it looks once.</summary>
    private void Arrive()
    {
        if (_arrived.CurrentCount == 0) { _arrived.Release(); }
    }

    /// <summary>Stops after what is being written; what still waits is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _books?.Dispose();
        await _answering.ConfigureAwait(false);
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
            Arrive();
            var more = false;
            while (true)
            {
                await _arrived.WaitAsync(more ? TimeSpan.Zero : _many.Reader.TryPeek(out _) ? Turn : Pause, stop).ConfigureAwait(false);
                // One at a time: facts and what falls due have their turn too, however many there are.
                var isChanged = _changes.Reader.TryRead(out var change);
                if (isChanged) { await Answer(change!, stop).ConfigureAwait(false); }
                var works = Take();
                // A history that is told from its beginning has not come to what is due today.
                var isPast = works is [{ AsTold: true }, ..];
                var tells = _tellsDue && !isPast && IsOver(Volatile.Read(ref _past), Volatile.Read(ref _histories) > 0 ? HistoryPause : Pause * 0.9);
                var looks = tells && IsOver(_looked);
                if (works.Count == 0 && !looks && !more && !isChanged) { continue; }
                more = works.Count > 0 || isChanged;
                if (works.Count > 0) { _recorded = TimeProvider.System.GetTimestamp(); }
                try
                {
                    await Open(stop).ConfigureAwait(false);
                    if (looks)
                    {
                        await _books!.TellDue(stop).ConfigureAwait(false);
                        _looked = TimeProvider.System.GetTimestamp();
                    }
                    if (works.Count > 0 && !await Answer(works, stop).ConfigureAwait(false))
                    {
                        await Open(stop).ConfigureAwait(false);
                        await Answer(works, stop).ConfigureAwait(false);
                    }
                    // However long that took: the next of them had no time to come meanwhile.
                    if (isPast) { Volatile.Write(ref _past, TimeProvider.System.GetTimestamp()); }
                    // After each commit of facts a step: neither keeps the other from going on.
                    if (tells) { more |= await _books!.Stage(stop).ConfigureAwait(false); }
                    await (IsOver(_recorded, Idle) ? _books!.Rest() : _books!.GiveWay()).ConfigureAwait(false);
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

    /// <summary>True where so long has passed as a lane waits for what arrives.</summary>
    private static bool IsOver(long since) => IsOver(since, Pause * 0.9);

    private static bool IsOver(long since, TimeSpan time) => since == 0 || TimeProvider.System.GetElapsedTime(since) >= time;

    /// <summary>Opens the books, where they are not and this process may; closes them where it may no longer.</summary>
    /// <exception cref="LaneElsewhereException">Another process has the lane.</exception>
    private async Task Open(CancellationToken stop)
    {
        // What was being written is not: whoever waits for it is told, and all others go on without.
        if (_books is { Written.IsFaulted: true } or { Written.IsCanceled: true }) { Close(); }
        if (_books is null) { await _answering.ConfigureAwait(false); }
        if (_books is not null && _database.Leases.Has(_number, _epoch)) { return; }
        var held = await _database.Leases.Take(_number, _address(), stop).ConfigureAwait(false);
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
        _books.OpenedThere = OpenedThere;
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
        (Program, Forms, _revision) = (program, new(program.Vocabulary), revision);
        _revised(program);
    }

    private void Close()
    {
        var books = _books;
        _books = null;
        try { books?.Dispose(); }
        catch (DbException) { }
    }

    private async Task Answer(Change change, CancellationToken stop)
    {
        try
        {
            await Open(stop).ConfigureAwait(false);
            // What it reads is to be there.
            await _books!.Written.ConfigureAwait(false);
            await change.Work(_books, stop).ConfigureAwait(false);
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
}
