using System.Security.Cryptography;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>Makes the answers that are written with a commit: asked right before it is written.</summary>
/// <param name="came">What it comes to.</param>
/// <param name="commit">The commit.</param>
internal delegate Task<IReadOnlyList<KeptAnswer>> Keeping<in T>(T came, Commit commit);

/// <summary>
/// Keeps the books of one program: records facts, has the engine derive and post what follows, and writes all of it in one commit. For one
/// thread; the spine refuses a second one, wherever it runs.
/// </summary>
internal sealed partial class Bookkeeper : IDisposable
{
    private readonly Database _database;
    private readonly int _program;
    private readonly TimeProvider _clock;
    private readonly PartnerProgram _rules;
    private readonly Spine _spine;
    private readonly Words _words;
    private readonly MerkleEdge _facts;
    private readonly MerkleEdge _entries;
    private readonly Gathering _gathering;
    private readonly AtHand _atHand;
    private readonly Room.Share _share;
    private readonly LogReader _log;
    private readonly HashSet<string> _published;
    private bool _told;
    private int _epoch;
    private readonly FactParser _parser;
    private readonly LeafWriter _leaves = new();
    private long _nextSubject;

    // Types of facts, as whoever read these has them, that are those of the program.
    private readonly HashSet<FactType> _ours = new(ReferenceEqualityComparer.Instance);

    // The facts that were written last, or are being written.
    private Dictionary<(string Source, string Id), FactRow> _writing = [];

    private Bookkeeper(Database database, int program, PartnerProgram rules, TimeProvider clock, Spine spine, Words words, MerkleEdge facts, MerkleEdge entries, LogReader log, LogReader.Summary summary, ProgramStatus status)
    {
        Status = status;
        (_database, _program, _rules, _clock, _spine, _words, _facts, _entries, _log) = (database, program, rules, clock, spine, words, facts, entries, log);
        Head = spine.Head;
        (_nextSubject, _told, _published) = (summary.NextSubject, summary.Told, [.. summary.Published]);
        _gathering = new(database, program, words, rules.Vocabulary);
        _atHand = new(database, program, words, _gathering, rules, summary.LastPublished);
        _share = new(database.Room);
        _parser = new(rules.Vocabulary);
        _books = new(database, program);
    }

    /// <summary>The last commit: written, or being written.</summary>
    public Commit Head { get; private set; }

    /// <summary>Done when the last commit is written.</summary>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    public Task Written { get; private set; } = Task.CompletedTask;

    /// <summary>Told of each edition when its publication is in the log.</summary>
    public Action<string> Published { get; set; } = _ => { };

    /// <summary>What time it is in the program: by its own clock, where it is a sandbox.</summary>
    private Instant Now => Status.Clock ?? NowBy(_clock);

    private Vocabulary Vocabulary => _rules.Vocabulary;

    /// <summary>What time it is by a clock.</summary>
    public static Instant NowBy(TimeProvider clock) => new((clock.GetUtcNow().UtcTicks / 10) + Instant.First.Micros);

    /// <summary>Opens the books of a program where the last commit left them.</summary>
    /// <param name="database">The database, its tables up to date.</param>
    /// <param name="program">The program's number.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="epoch">Rises each time that the lane goes to another process; null for as it is.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    public static async Task<Bookkeeper> Open(Database database, int program, PartnerProgram rules, TimeProvider clock, int? epoch, CancellationToken stop)
    {
        var words = await Words.Of(database, program, stop).ConfigureAwait(false);
        var head = await Spine.HeadOf(database, program, stop).ConfigureAwait(false);
        var log = new LogReader(database, program, words, rules);
        var facts = await MerkleEdge.Of(database, program, 0, head.FactsTo, from => log.FactLeaves(from, head.FactsTo, stop), stop).ConfigureAwait(false);
        var entries = await MerkleEdge.Of(database, program, 1, head.EntriesTo, from => log.EntryLeaves(from, head.EntriesTo, stop), stop).ConfigureAwait(false);
        var summary = await log.Summarize(stop).ConfigureAwait(false);
        var status = await Statuses.Of(database, program, stop).ConfigureAwait(false);
        var books = new Bookkeeper(database, program, rules, clock, new(database, program, head), words, facts, entries, log, summary, status);
        await books._atHand.Begin(head, stop).ConfigureAwait(false);
        await books.ReadAsked(stop).ConfigureAwait(false);
        books._epoch = epoch ?? head.Epoch;
        if (head.Number > 0 && head.Epoch != books._epoch) { await books.TakeOver(stop).ConfigureAwait(false); }
        return books;
    }

    /// <summary>Records facts in their order. Each gets its receipt; one that is refused stops none of the others.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="asTold">True to take from each fact when it was first learnt, where nothing that was learnt later is recorded yet: for imports. False to take the clock.</param>
    /// <param name="keep">Makes the answers that are kept with a commit, from the receipts that there are by then; null for none.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    /// <exception cref="RevisedException">A fact was read by what could be told of the program before a revision.</exception>
    /// <exception cref="ArchivedException">The program is only read.</exception>
    public async Task<IReadOnlyList<Receipt>> Record(IReadOnlyList<Fact> facts, bool asTold, Keeping<IReadOnlyList<Receipt?>>? keep, CancellationToken stop)
    {
        var receipts = await RecordAhead(facts, asTold, keep, stop).ConfigureAwait(false);
        await Written.ConfigureAwait(false);
        return receipts;
    }

    /// <summary>Records facts as <see cref="Record"/>, but does not wait until the last of them are written: see <see cref="Written"/>.</summary>
    public async Task<IReadOnlyList<Receipt>> RecordAhead(IReadOnlyList<Fact> facts, bool asTold, Keeping<IReadOnlyList<Receipt?>>? keep, CancellationToken stop)
    {
        var sifted = await Sift(facts, stop).ConfigureAwait(false);
        for (var next = 0; next < sifted.Fresh.Count;)
        {
            var at = RecordedOf(facts[sifted.Fresh[next]], Head.Recorded, asTold);
            // A history is told as it was learnt: an edition is published in its place, however long that takes.
            var until = Instant.Min(await WriteOwn(at, whole: asTold, stop).ConfigureAwait(false), NextClose(at));
            var slice = new List<(int Index, Instant At)>();
            for (var last = Head.Recorded; next < sifted.Fresh.Count; next++)
            {
                at = RecordedOf(facts[sifted.Fresh[next]], last, asTold);
                if (at >= until) { break; }
                slice.Add((sifted.Fresh[next], at));
                last = at.Micros;
            }
            await Post(facts, slice, sifted, all: false, keep, stop).ConfigureAwait(false);
        }
        sifted.Settle();
        return sifted.Receipts!;
    }

    /// <summary>Records facts in one commit, or none of them where one is refused.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="keep">Makes the answers that are kept with the commit; null for none.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    /// <exception cref="RevisedException">A fact was read by what could be told of the program before a revision.</exception>
    /// <exception cref="ArchivedException">The program is only read.</exception>
    public async Task<IReadOnlyList<Receipt>> RecordAll(IReadOnlyList<Fact> facts, Keeping<IReadOnlyList<Receipt?>>? keep, CancellationToken stop)
    {
        var sifted = await Sift(facts, stop).ConfigureAwait(false);
        IReadOnlyList<Receipt> Receipts() => [.. sifted.Receipts.Select(r => r ?? new Receipt.LeftOut())];
        if (sifted.Fresh.Count == 0 || sifted.Receipts.Any(r => r is Receipt.Refused)) { return Receipts(); }
        Instant First() => RecordedOf(facts[sifted.Fresh[0]], Head.Recorded, asTold: false);
        // They are learnt within so many microseconds: whatever the program has to write by then comes before them.
        Instant Last() => new(First().Micros + sifted.Fresh.Count - 1);
        while (await WriteOwn(Last(), whole: false, stop).ConfigureAwait(false) <= Last()) { }
        // Of the very first ones none is before a close: it would be passed over.
        var first = (NextClose(First()) is var close && close <= Last() ? close : First()).Micros;
        await Post(facts, [.. sifted.Fresh.Select((index, place) => (index, new Instant(first + place)))], sifted, all: true, keep, stop).ConfigureAwait(false);
        await Written.ConfigureAwait(false);
        return Receipts();
    }

    /// <summary>Revises the program's texts in a commit of its own. These books are good for nothing after that: they know the rules of before.</summary>
    /// <param name="changes">Texts by their path; null for one that is taken away.</param>
    /// <param name="asRead">A text that has to be in use still, or a path at which there may be none; null for neither.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="keep">Makes the answers that are kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    /// <exception cref="ArchivedException">The program is only read.</exception>
    public async Task<Revised> Revise(IReadOnlyDictionary<string, string?> changes, (string Path, string? Text)? asRead, bool dryRun, Keeping<Revised>? keep, CancellationToken stop)
    {
        CheckOpen();
        // A log begins with its first fact: before that nothing is written into it, and what is published by now stays as it is all the same; but for what is still being staged.
        if (_told && !dryRun) { await WriteOwn(Now, whole: false, stop).ConfigureAwait(false); }
        var due = _rules.Editions.Where(e => e.Published <= Now).ToList();
        var waits = _told && IsStaged && NextEdition() is { } next && due.Contains(next) && !await IsNear(next, stop).ConfigureAwait(false);
        HashSet<string> published = [.. _published, .. due.Where(e => !waits || e.Published <= _atHand.PublishedLast).Select(e => e.Name)];
        var (files, revision) = await ProgramTexts.Of(_database, _program, stop).ConfigureAwait(false);
        if (asRead is { } was && files.GetValueOrDefault(was.Path) != was.Text) { return new(null, [ProgramTexts.NotAsRead(was.Path)], null); }
        var read = ProgramReader.Read(ProgramTexts.With(files, changes));
        if (read.Program is not { } program) { return new(null, read.Problems, null); }
        var broken = ProgramTexts.Broken(_rules, program, published, _words.Has).ToList();
        if (broken.Count > 0) { return new(null, broken, null); }
        if (dryRun) { return new(program, read.Problems, null); }
        var at = _told ? Math.Max(Now.Micros, Head.Recorded) : Head.Recorded;
        var rows = new Rows("files", changes.Count)
            .With("revision", revision + 1).With("at", Now.Micros).With("program", _program).With("path", changes.Keys.Select(p => (string?)p).ToArray()).With("body", changes.Values.Select(t => (string?)(t ?? "")).ToArray());
        var revised = new Revised(program, read.Problems, revision + 1);
        await WriteAlone(CommitKind.Revision, at, [rows], With(revised, keep), stop).ConfigureAwait(false);
        return revised;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What became of it is known to whoever waits for it.
        ((IAsyncResult)Written).AsyncWaitHandle.WaitOne();
        _share.Has(0);
        _spine.Dispose();
    }

    /// <summary>Takes the next place of the spine, so that whoever had the lane before finds it taken.</summary>
    private Task TakeOver(CancellationToken stop) => WriteAlone(CommitKind.Takeover, Head.Recorded, [], null, stop);

    /// <summary>Writes a commit that has no facts and changes nothing that was posted.</summary>
    private Task WriteAlone(CommitKind kind, long recorded, IReadOnlyList<Rows> tables, Func<Commit, Task<IReadOnlyList<KeptAnswer>>>? keep, CancellationToken stop) =>
        Write(Next(kind, recorded, 0, 0, 0), tables, keep, ahead: false, stop);

    private static Func<Commit, Task<IReadOnlyList<KeptAnswer>>>? With<T>(T came, Keeping<T>? keep) => keep is null ? null : commit => keep(came, commit);

    private void CheckOpen()
    {
        if (Status.Archived is not null) { throw new ArchivedException(_rules.Name); }
    }

    /// <summary>Why none of some facts can be recorded: one was read by what could be told of the program before a revision. Null where each was read by what can be told now.</summary>
    public RevisedException? Revised(IReadOnlyList<Fact> facts) => facts.All(IsOurs) ? null : new(_rules.Name);

    /// <summary>True for a fact that was read by what can be told now.</summary>
    private bool IsOurs(Fact fact)
    {
        if (_ours.Contains(fact.Type)) { return true; }
        if (fact.Type.Order >= Vocabulary.FactTypes.Count) { return false; }
        var type = Vocabulary.FactTypes[fact.Type.Order];
        return (type.Name, type.About) == (fact.Type.Name, fact.Type.About)
            && type.Carries.Select(f => (f.Name, f.Slot, f.Personal)).SequenceEqual(fact.Type.Carries.Select(f => (f.Name, f.Slot, f.Personal)))
            && _ours.Add(fact.Type);
    }

    /// <summary>When a fact is recorded: later than what came before, by a microsecond at least, so that what was known falls between any two facts.</summary>
    private Instant RecordedOf(Fact fact, long last, bool asTold)
    {
        var told = asTold ? Math.Min((fact.Recorded ?? fact.Time).Micros, Now.Micros) : Now.Micros;
        return new(Math.Max(told, last == long.MinValue ? told : last + 1));
    }

    /// <summary>What is known of facts before they are recorded.</summary>
    /// <param name="Receipts">By fact: its receipt; null while there is none.</param>
    /// <param name="Fresh">The facts that are new, in order.</param>
    /// <param name="Twins">Facts that say what another new fact says: with that one.</param>
    /// <param name="Numbers">The numbers of the subjects that are there.</param>
    /// <param name="Retracted">The rows of facts that are retracted and there.</param>
    private sealed record Sifted(
        Receipt?[] Receipts, List<int> Fresh, List<(int Index, int Twin)> Twins, Dictionary<(string Kind, string Name), long> Numbers, Dictionary<(string Source, string Id), FactRow> Retracted)
    {
        /// <summary>Gives twins their receipts, where there are such of the others.</summary>
        public void Settle()
        {
            foreach (var (index, twin) in Twins) { Receipts[index] = Receipts[twin] is Receipt.Recorded recorded ? new Receipt.Unchanged(recorded.Position) : Receipts[twin]; }
        }
    }

    /// <summary>Finds which facts are new; the others get their receipts.</summary>
    private async Task<Sifted> Sift(IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(facts);
        CheckOpen();
        if (Revised(facts) is { } revised) { throw revised; }
        var (finding, numbering) = (Find(facts.Select(f => (f.Source, f.Id)), stop), NumbersOf(facts.SelectMany(SubjectsOf).Distinct(), stop));
        await Task.WhenAll(finding, numbering).ConfigureAwait(false);
        var (there, numbers) = (await finding.ConfigureAwait(false), await numbering.ConfigureAwait(false));
        var retracted = await Find(facts.Where(f => f.Type.BuiltIn == BuiltIn.Retracted).Select(TargetOf), stop).ConfigureAwait(false);
        List<long> open = [.. there.Values.Where(r => _gathering.TypeOf(r) is { } type && FactForm.IsPersonal(type)).Select(r => r.Position)];
        if (open.Count > 0) { await Written.ConfigureAwait(false); }
        var personal = await PersonalValue.Of(_database, _program, open, stop).ConfigureAwait(false);
        var sifted = new Sifted(new Receipt?[facts.Count], [], [], numbers, retracted);
        var seen = new Dictionary<(string, string), int>();
        for (var i = 0; i < facts.Count; i++)
        {
            var key = (facts[i].Source, facts[i].Id);
            if (there.TryGetValue(key, out var row)) { sifted.Receipts[i] = Says(row, facts[i], numbers, personal) ? new Receipt.Unchanged(row.Position) : Reused(facts[i]); }
            else if (seen.TryGetValue(key, out var twin))
            {
                if (facts[i] with { Recorded = null } == facts[twin] with { Recorded = null }) { sifted.Twins.Add((i, twin)); }
                else { sifted.Receipts[i] = Reused(facts[i]); }
            }
            else
            {
                seen[key] = i;
                if (Status.Refuses(facts[i])) { sifted.Receipts[i] = new Receipt.Refused(_parser.RefuseEnrolment(facts[i])); }
                else { sifted.Fresh.Add(i); }
            }
        }
        return sifted;
    }

    /// <summary>The rows of facts by source and id. Those of what is being written may be in the database, or not yet.</summary>
    private async Task<Dictionary<(string Source, string Id), FactRow>> Find(IEnumerable<(string Source, string Id)> keys, CancellationToken stop)
    {
        var found = await _gathering.Find(keys, Head.FactsTo, stop).ConfigureAwait(false);
        foreach (var key in keys)
        {
            if (_writing.TryGetValue(key, out var row)) { found[key] = row; }
        }
        return found;
    }

    /// <summary>The numbers of the subjects that are there; those at hand are not asked for.</summary>
    private async Task<Dictionary<(string Kind, string Name), long>> NumbersOf(IEnumerable<(string Kind, string Name)> subjects, CancellationToken stop)
    {
        var (numbers, others) = (new Dictionary<(string, string), long>(), new List<(string, string)>());
        foreach (var (kind, name) in subjects)
        {
            if (_atHand.NumberOf(kind, name) is { } number) { numbers[(kind, name)] = number; }
            else { others.Add((kind, name)); }
        }
        foreach (var (subject, number) in await _gathering.Find(others, stop).ConfigureAwait(false)) { numbers[subject] = number; }
        return numbers;
    }

    private Receipt.Refused Reused(Fact fact) => new(_parser.RefuseReused(fact));

    /// <summary>True where a row says what a fact says: type, subject, time and data. Of what was erased nobody knows what it said, and who leaves out what is personal denies nothing.</summary>
    private bool Says(FactRow row, Fact fact, Dictionary<(string Kind, string Name), long> numbers, Dictionary<(long Position, string Field), PersonalValue> personal)
    {
        if (_words[row.Type] != fact.Type.Name || row.At != fact.Time.Micros) { return false; }
        long? NumberOf(string kind, string name) => numbers.TryGetValue((kind, name), out var number) ? number : null;
        if (fact.Subject is { } subject && NumberOf(subject.Kind, subject.Name) != row.Subject) { return false; }
        var told = FactForm.Personal(row, fact.Type).ToDictionary(p => p.Field, p => p.Commitment);
        string CommitmentOf(string field, string text) =>
            personal.TryGetValue((row.Position, field), out var kept) ? PersonalValue.CommitmentOf(kept.Salt, text) : told.GetValueOrDefault(field) ?? "";
        var numbered = FactForm.Numbered(fact, row.Subject, (kind, name) => NumberOf(Vocabulary.Kinds[kind].Name, name) ?? -1, CommitmentOf);
        return row.Data == DataOf(numbered with { Data = [.. numbered.Data, .. told.Where(t => fact[t.Key] is null).Select(t => KeyValuePair.Create<string, FactValue>(t.Key, new FactValue.Text(t.Value)))] });
    }

    private string DataOf(Fact numbered) => Encoding.UTF8.GetString(_leaves.DataOf(numbered.Data));

    private IEnumerable<(string Kind, string Name)> SubjectsOf(Fact fact)
    {
        if (fact.Subject is { } subject) { yield return (subject.Kind, subject.Name); }
        foreach (var (kind, name) in FactForm.Named(fact)) { yield return (Vocabulary.Kinds[kind].Name, name); }
    }

    private static (string Source, string Id) TargetOf(Fact retraction) => (retraction["source"]?.ToString() ?? "", retraction["id"]?.ToString() ?? "");

    private static byte[] Salt() => RandomNumberGenerator.GetBytes(16);

    /// <summary>Writes a commit, after the one that is being written; what it brings counts from now on. These books are good for nothing more where that fails.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="tables">Its rows, which are made while it is being written.</param>
    /// <param name="keep">Makes the answers that are kept with it; null for none.</param>
    /// <param name="ahead">True to go on while it is being written: see <see cref="Written"/>.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    private async Task Write(Commit commit, IEnumerable<Rows> tables, Func<Commit, Task<IReadOnlyList<KeptAnswer>>>? keep, bool ahead, CancellationToken stop)
    {
        var kept = keep is null ? [] : await keep(commit).ConfigureAwait(false);
        IEnumerable<Rows> status = _next is { } next && next != Status ? [Statuses.RowOf(next, commit.Number, _program)] : [];
        List<Rows> own = [.. status, KeptAnswers.RowsOf(kept, NowBy(_clock)), _words.New(_program), _facts.New(_program, 0), _entries.New(_program, 1)];
        await Written.ConfigureAwait(false);
        var count = commit.FactsTo - Head.FactsTo;
        _words.Keep();
        _facts.Keep();
        _entries.Keep();
        (Head, Status, _next) = (commit, _next ?? Status, null);
        Written = Task.Run(() => Append(commit, tables.Concat(own), count, stop), CancellationToken.None);
        if (!ahead) { await Written.ConfigureAwait(false); }
    }

    private async Task Append(Commit commit, IEnumerable<Rows> rows, long count, CancellationToken stop)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var span = Telemetry.Begin("laurel.commit", _rules.Name, []);
        var outcome = await _spine.Append(commit, [.. rows], stop).ConfigureAwait(false);
        Telemetry.Committed(span, _rules.Name, commit.Kind, count, TimeProvider.System.GetElapsedTime(begun));
        if (outcome != CommitOutcome.Written) { throw outcome == CommitOutcome.Fenced ? new LaneLostException(_rules.Name) : new StorageRefusedException(_rules.Name); }
    }
}
