using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// Facts held for reading: dictionary-encoded columns, sorted by subject, then by when they happened, by their type's order and by
/// their position in the log. Built once by <see cref="HistoryBuilder"/>, never changed, shared by every reader.
/// </summary>
/// <remarks>
/// A subject has a number (from 0, over all kinds); a fact has an index (its row here) and a position (its place in the log).
/// A value is 64 bits: an instant as microseconds; a flag as 0 or 1; a text as the number that <see cref="TextOf"/> reads; a choice
/// as its place in the type's list; a reference as the subject's number; money in smallest parts; a number as <see cref="NumberOf"/> reads it.
/// A retraction stands among the facts of the subject of the fact that it names; one of a fact that nobody told has no subject, and such
/// facts come after those of the last subject.
/// </remarks>
public sealed partial class History
{
    internal History() { }

    /// <summary>What can be told.</summary>
    public required Vocabulary Vocabulary { get; init; }

    /// <summary>How many facts are held.</summary>
    public int FactCount => At.Length;

    /// <summary>How many subjects there are, members and persons included.</summary>
    public int SubjectCount => Kinds.Length;

    /// <summary>The first fact of each subject: the facts of subject s are the indexes from [s] until [s + 1].</summary>
    internal int[] FirstFact { get; init; } = [];

    /// <summary>By fact: when it happened, in microseconds.</summary>
    internal long[] At { get; init; } = [];

    /// <summary>By fact: its position in the log, from 0.</summary>
    internal int[] Position { get; init; } = [];

    /// <summary>By fact: its shape, as an index into <see cref="Shapes"/>.</summary>
    internal ushort[] Shape { get; init; } = [];

    /// <summary>By fact: where its values start in <see cref="Values"/>; its shape says how many there are.</summary>
    internal int[] FirstValue { get; init; } = [];

    /// <summary>The values of all facts.</summary>
    internal long[] Values { get; init; } = [];

    /// <summary>The distinct pairs of a type and the fields that are there.</summary>
    internal FactShape[] Shapes { get; init; } = [];

    /// <summary>By position in the log: the fact.</summary>
    internal int[] FactAt { get; init; } = [];

    /// <summary>By position in the log: when it was first learnt, in microseconds; never falls.</summary>
    internal long[] Recorded { get; init; } = [];

    /// <summary>The position in the log from which on facts are only supposed.</summary>
    internal int SupposedFrom { get; init; } = int.MaxValue;

    /// <summary>By subject: its kind.</summary>
    internal byte[] Kinds { get; init; } = [];

    /// <summary>Facts that were retracted: from which position of the log on. Some came back: see <see cref="IsRetracted"/>.</summary>
    internal Dictionary<int, int> RetractedFrom { get; init; } = [];

    /// <summary>Facts that came back: all positions at which they went and came, rising.</summary>
    internal Dictionary<int, int[]> RetractionToggles { get; init; } = [];
}

/// <summary>A type of fact, and which of its fields are there.</summary>
/// <param name="Type">The type's <see cref="FactType.Order"/>.</param>
/// <param name="Fields">For each value in turn, the index of its field in <see cref="FactType.Carries"/>; rising.</param>
internal sealed record FactShape(int Type, int[] Fields);
