using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>A fact of the log in the order of recording: one of the history's, or an edition that the program published.</summary>
/// <param name="Position">Its place in the log, from 0.</param>
/// <param name="Fact">The fact's index in the history; -1 for a publication.</param>
/// <param name="Published">The edition; null for a fact.</param>
/// <param name="Recorded">When it was recorded.</param>
public sealed record LogItem(int Position, int Fact, Edition? Published, Instant Recorded);
