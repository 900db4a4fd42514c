using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>How facts are taken in.</summary>
/// <param name="DryRun">True to say what would become of them, and keep nothing.</param>
/// <param name="Atomic">True to keep all of them or none.</param>
/// <param name="AsTold">True to take from each fact when it was first learnt, where nothing that was learnt later is recorded yet.</param>
internal sealed record Manner(bool DryRun, bool Atomic, bool AsTold)
{
    /// <summary>True where a second person has approved what is told.</summary>
    public bool Seconded { get; init; }
}

/// <summary>Takes facts in: one by one, in lists, and line by line.</summary>
internal sealed class Intake(Lane lane, Reader reader, Manner manner)
{
    /// <summary>The most facts of one request.</summary>
    public const int FactsMax = 100_000;

    /// <summary>So many facts of a stream are handed on together.</summary>
    private const int Together = 1000;

    private readonly FactParser _parser = new(lane.Forms);
    private readonly Dictionary<(string Source, string Id), Fact> _tried = [];

    /// <summary>Reads a fact.</summary>
    /// <param name="utf8Json">The object.</param>
    /// <param name="place">Its index.</param>
    public Told Read(ReadOnlySpan<byte> utf8Json, long place)
    {
        var fact = _parser.Read(utf8Json, 0, out var refusal);
        return Checked(place, fact, refusal);
    }

    /// <summary>Records facts that were read, and gives each its receipt.</summary>
    /// <param name="told">The facts.</param>
    /// <param name="keep">Makes the answer that is kept with them; null for none.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="Refused">All or none were to be kept, and one of them is refused.</exception>
    public async Task<Effect<IReadOnlyList<Told>>> Record(IReadOnlyList<Told> told, Keep<IReadOnlyList<Told>>? keep, CancellationToken stop)
    {
        Position? position = null;
        var read = told.Where(t => t.Fact is not null).ToList();
        if (manner.DryRun) { await Try(read, stop).ConfigureAwait(false); }
        // What can't be read is known before the lane decides; all else only there.
        else if (read.Count > 0 && !(manner.Atomic && read.Count < told.Count))
        {
            var (facts, kept) = (FactsOf(read), Keeping(told, read, keep));
            var effect = manner.Atomic ? await lane.RecordAll(facts, kept, stop).ConfigureAwait(false) : await lane.Record(facts, manner.AsTold, kept, stop).ConfigureAwait(false);
            Give(read, effect.Value);
            position = effect.Position;
        }
        if (manner.Atomic && told.Any(t => t.Refused is not null)) { throw NotAll(told); }
        return await Answered(told, position, stop).ConfigureAwait(false);
    }

    /// <summary>Reads facts from a stream, one on a line, and records them as they come.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="mayGoOn">Asked before each part of them: false where whoever sends them may not go on.</param>
    /// <param name="keep">Makes the answer that is kept with the last of them; null for none.</param>
    /// <param name="last">Ends the reading, where not all is read by then.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="Refused">There are too many, they may not go on, the server stops, or all or none were to be kept and one of them is refused.</exception>
    public async Task<Effect<IReadOnlyList<Told>>> Record(Stream stream, Func<Task<bool>> mayGoOn, Keep<IReadOnlyList<Told>>? keep, CancellationToken last, CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(last, stop);
        var (all, read, done) = (new List<Told>(), new List<Told>(), 0);
        var telling = manner.Atomic || manner.DryRun ? null : new Lane.Telling(lane, manner.AsTold);
        var lines = new ParsedLines(lane.Program.Vocabulary, (line, fact, refusal) => all.Add(Checked(line, fact, refusal)));
        var piece = new byte[1 << 16];
        for (int length; (length = await Read().ConfigureAwait(false)) > 0;)
        {
            lines.Feed(piece.AsSpan(0, length));
            if (telling is null ? all.Count <= FactsMax : all.Count - done < Together) { continue; }
            await Check().ConfigureAwait(false);
            // While some are recorded, the next are read.
            if (telling is not null) { await Send(more: true, null).ConfigureAwait(false); }
        }
        lines.Finish();
        await Check().ConfigureAwait(false);
        if (telling is null) { return await Record(all, keep, stop).ConfigureAwait(false); }
        await Send(more: false, keep).ConfigureAwait(false);
        var effect = await telling.End(stop).ConfigureAwait(false);
        Give(read, effect?.Value ?? []);
        return await Answered(all, effect?.Position, stop).ConfigureAwait(false);

        async Task<int> Read()
        {
            try
            {
                last.ThrowIfCancellationRequested();
                return await stream.ReadAsync(piece, reading.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (last.IsCancellationRequested && !stop.IsCancellationRequested) { throw Stopping(await Ended().ConfigureAwait(false)); }
        }

        async Task Check()
        {
            if (all.Count <= FactsMax && await mayGoOn().ConfigureAwait(false)) { return; }
            var recorded = await Ended().ConfigureAwait(false);
            throw all.Count > FactsMax ? TooMany(recorded) : NoLonger(recorded);
        }

        // How many are recorded of those that were sent.
        async Task<int> Ended() => telling is null ? 0 : (await telling.End(stop).ConfigureAwait(false))?.Value.Count(r => r is Receipt.Recorded) ?? 0;

        async Task Send(bool more, Keep<IReadOnlyList<Told>>? kept)
        {
            List<Told> part = [.. all.Skip(done).Where(t => t.Fact is not null)];
            read.AddRange(part);
            done = all.Count;
            await telling.Send(FactsOf(part), more, Keeping(all, read, kept), stop).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<Fact> FactsOf(IEnumerable<Told> read) => [.. read.Select(t => t.Fact!)];

    private static void Give(List<Told> read, IReadOnlyList<Receipt> receipts)
    {
        for (var i = 0; i < receipts.Count; i++) { read[i].Receipt = receipts[i]; }
    }

    /// <summary>The answer that is kept, made from the receipts; null for none.</summary>
    private static Keep<IReadOnlyList<Receipt>>? Keeping(IReadOnlyList<Told> told, List<Told> read, Keep<IReadOnlyList<Told>>? keep) => keep is null ? null : effect =>
    {
        Give(read, effect.Value);
        return keep(new(told, effect.Position));
    };

    private async Task<Effect<IReadOnlyList<Told>>> Answered(IReadOnlyList<Told> told, Position? position, CancellationToken stop)
    {
        if (!manner.DryRun) { foreach (var one in told) { Telemetry.Told(lane.Program.Name, one.Verdict, one.Refused?.Code.ToString()); } }
        return new(told, position ?? await reader.Head(stop).ConfigureAwait(false));
    }

    private static Refused NoLonger(int recorded) => new(
        ProblemType.NoKey, $"the key was revoked, or is over, since the request began; {Recorded(recorded)}", "Send all of it again with another key: facts that were recorded are not recorded twice.");

    private static Refused Stopping(int recorded) => new(
        ProblemType.Unavailable, $"the server stops before all of it was read; {Recorded(recorded)}", "Send all of it again: facts that were recorded are not recorded twice.")
    { RetryAfter = 2 };

    private static string Recorded(int count) => count switch { 0 => "none of its facts is recorded", 1 => "one of its facts is recorded", _ => $"{count:N0} of its facts are recorded" };

    /// <summary>Too many facts.</summary>
    /// <param name="recorded">How many were recorded before that was known.</param>
    public static Refused TooMany(int recorded) => new(
        ProblemType.TooLarge, $"there are more than {FactsMax:N0} facts; {Recorded(recorded)}", "Send all of them in several requests: facts that were recorded are not recorded twice.");

    /// <summary>Refuses a fact with which a member's amounts would be too large to add.</summary>
    public void RefuseTotal(Told told) => told.Receipt = new Receipt.Refused(_parser.RefuseTotal(told.Fact!));

    /// <summary>Asks what would become of facts.</summary>
    private async Task Try(List<Told> told, CancellationToken stop)
    {
        var there = await reader.Find([.. told.Select(t => (t.Fact!.Source, t.Fact.Id))], stop).ConfigureAwait(false);
        foreach (var one in told)
        {
            var fact = one.Fact! with { Recorded = null };
            var key = (fact.Source, fact.Id);
            if (there.TryGetValue(key, out var logged)) { one.Receipt = logged.Says(fact) ? new Receipt.Unchanged(logged.Position) : new Receipt.Refused(_parser.RefuseReused(fact)); }
            else if (lane.Status.Refuses(fact)) { one.Receipt = new Receipt.Refused(_parser.RefuseEnrolment(fact)); }
            else if (_tried.TryAdd(key, fact)) { one.Receipt = new Receipt.Recorded(-1, default); }
            else { one.Receipt = _tried[key] == fact ? new Receipt.Unchanged(-1) : new Receipt.Refused(_parser.RefuseReused(fact)); }
        }
    }

    /// <summary>Refuses what only the server may tell: what the program itself writes, whose ids would be taken, and adjustments that need a second person.</summary>
    private Told Checked(long place, Fact? fact, Refusal? refusal)
    {
        if (fact is not null && RefuseOwn(fact, place) is { } own) { return new(place, null, own); }
        return fact is null || manner.Seconded || manner.AsTold || !Adjustments.NeedsSecond(fact, lane.Program.Vocabulary)
            ? new(place, fact, refusal)
            : new(place, null, new(RefusalCode.AmountOutOfRange, place, 0, "data.amount", $"{fact["amount"]}", $"`{fact.Type.Name}` of {fact["amount"]} needs a second person", "Propose it: POST members/MEMBER/adjustments. What is brought along is told with its history: as-told=true.", "", 0));
    }

    /// <summary>Why a fact is refused whose source is the program itself; null where it is not.</summary>
    public static Refusal? RefuseOwn(Fact fact, long place) => fact.Source != LedgerLines.OwnSource ? null : new(
        RefusalCode.InvalidSource, place, 0, "source", fact.Source, $"`source` is {LedgerLines.OwnSource}, by which the program itself tells what it closes", "Name the system that tells it.", "", 0);

    private static Refused NotAll(IReadOnlyList<Told> told)
    {
        const int NamedMax = 100;
        var refused = told.Where(t => t.Refused is not null).ToList();
        return new(
            ProblemType.FactRefused, $"{refused.Count:N0} of {told.Count:N0} facts are refused, and all or none were to be kept: none is", "Correct them, or send them without `atomic=true`.",
            [.. refused.Take(NamedMax).Select(t => Told.WrongOf(t.Refused!, $"/{t.Place}"))]);
    }
}
