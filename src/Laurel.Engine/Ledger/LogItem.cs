using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>A fact of the log in the order of recording: one of the history's, or what the program itself wrote: an edition that it published, a period that it closed.</summary>
/// <param name="Position">Its place in the log, from 0.</param>
/// <param name="Fact">The fact's index in the history; -1 for what the program wrote.</param>
/// <param name="Published">The edition; null for a fact or a close.</param>
/// <param name="Recorded">When it was recorded; of a close, the first instant after the period.</param>
public sealed record LogItem(int Position, int Fact, Edition? Published, Instant Recorded)
{
    /// <summary>True for the close of a period: rules whose moment that is give then, by what is known of it.</summary>
    public bool IsClose => Fact < 0 && Published is null;
}
