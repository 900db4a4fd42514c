using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>A place in a program's log, of which everything before it is known and nothing after it.</summary>
/// <param name="Incarnation">Which database it is a place in: one that was restored from a copy is another.</param>
/// <param name="Number">The number of the commit before it; 0 before the first.</param>
/// <param name="Facts">How many facts lie before it; of <paramref name="Entries"/> and <paramref name="Changes"/> the same.</param>
/// <param name="Recorded">When the last of it was recorded; <see cref="Instant.Ever"/> before the first commit.</param>
public sealed record Position(Guid Incarnation, long Number, long Facts, long Entries, long Changes, Instant Recorded);
