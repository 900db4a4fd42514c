using Laurel.Engine.Facts;

namespace Laurel.Storage;

/// <content>Erases what is personal.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>Erases what is personal of a subject, in a commit of its own. The log and the ledger stay as they are, and so does the time: it may be done while the program is archived.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="key">The key of whoever asks for it.</param>
    /// <param name="reason">Why; nothing personal, since it stays.</param>
    /// <param name="dryRun">True to say what would go, and keep it.</param>
    /// <param name="keep">Makes the answers that are kept with it; null for none.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    /// <returns>Null where nobody told of the subject.</returns>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    public async Task<Erased?> Erase(SubjectName subject, string key, string reason, bool dryRun, Keeping<Erased?>? keep, CancellationToken stop)
    {
        var found = await _gathering.Find([(subject.Kind, subject.Name)], stop).ConfigureAwait(false);
        if (!found.TryGetValue((subject.Kind, subject.Name), out var number)) { return null; }
        var fields = await PersonalValue.CountOf(_database, _program, number, stop).ConfigureAwait(false);
        if (fields.Count == 0 || dryRun) { return new(fields, await Erasures.Of(_database, _program, [number], stop).ConfigureAwait(false) is [.., var last] ? last.Of(subject) : null); }
        var erasure = new Erasure(Head.Number + 1, subject, NowBy(_clock), fields.Values.Sum(), key, reason);
        var erased = new Erased(fields, erasure);
        await WriteAlone(CommitKind.Erasure, Head.Recorded, Erasures.RowsOf(erasure, number, _program), With(erased, keep), stop).ConfigureAwait(false);
        await _database.Purge(stop).ConfigureAwait(false);
        return erased;
    }
}
