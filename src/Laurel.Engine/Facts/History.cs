using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// Facts held for reading: dictionary-encoded columns, and of each subject its facts by when they happened, by their type's order and by
/// their position in the log. Built once by <see cref="HistoryBuilder"/>, sorted by subject, never changed and shared by every reader; or
/// it grows, in the order in which <see cref="FactsAtHand"/> takes facts in, and has one reader.
/// </summary>
/// <remarks>
/// A subject has a number (from 0, over all kinds); a fact has an index (its row here, which it keeps) and a position (its place in the log).
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
    public int FactCount { get; internal set; }

    /// <summary>How many subjects there are, members and persons included.</summary>
    public int SubjectCount => Subjects.Count;

    /// <summary>Where the facts of each subject start: of subject s until [s + 1], or where the history grows until <see cref="EndFact"/>.</summary>
    internal int[] FirstFact { get; set; } = [];

    /// <summary>Where the facts of each subject end in <see cref="Order"/>.</summary>
    internal int[] EndFact { get; set; } = [];

    /// <summary>Where the history grows: the facts of each subject in order, with room between subjects. Null where facts are numbered in order.</summary>
    internal int[]? Order { get; set; }

    /// <summary>Where the history grows, by fact: the subject that it is about; -1 for nobody.</summary>
    internal int[] About { get; set; } = [];

    /// <summary>Where the history grows: the facts of no subject.</summary>
    internal List<int> OfNobody { get; } = [];

    /// <summary>By fact: when it happened, in microseconds.</summary>
    internal long[] At { get; set; } = [];

    /// <summary>By fact: its position in the log, from 0.</summary>
    internal int[] Position { get; set; } = [];

    /// <summary>By fact: its shape, as an index into <see cref="Shapes"/>.</summary>
    internal ushort[] Shape { get; set; } = [];

    /// <summary>By fact: where its values start in <see cref="Values"/>; its shape says how many there are.</summary>
    internal int[] FirstValue { get; set; } = [];

    /// <summary>The values of all facts.</summary>
    internal long[] Values { get; set; } = [];

    /// <summary>The distinct pairs of a type and the fields that are there.</summary>
    internal FactShape[] Shapes { get; set; } = [];

    /// <summary>By position in the log: the fact. Of a history that grows only a part of the log is here, and nobody asks.</summary>
    internal int[] FactAt { get; init; } = [];

    /// <summary>By place (see <see cref="PlaceOf"/>): when it was first learnt, in microseconds.</summary>
    internal long[] Recorded { get; set; } = [];

    /// <summary>The position in the log from which on facts are only supposed.</summary>
    internal int SupposedFrom { get; init; } = int.MaxValue;

    /// <summary>By subject: its kind.</summary>
    internal byte[] Kinds { get; set; } = [];

    /// <summary>Facts that were retracted: from which position of the log on. Some came back: see <see cref="IsRetracted"/>.</summary>
    internal Dictionary<int, int> RetractedFrom { get; init; } = [];

    /// <summary>Facts that came back: all positions at which they went and came, rising.</summary>
    internal Dictionary<int, int[]> RetractionToggles { get; init; } = [];
}

/// <summary>A type of fact, and which of its fields are there.</summary>
/// <param name="Type">The type's <see cref="FactType.Order"/>.</param>
/// <param name="Fields">For each value in turn, the index of its field in <see cref="FactType.Carries"/>; rising.</param>
internal sealed record FactShape(int Type, int[] Fields);
