namespace Laurel.Cli.Samples;

/// <summary>Something that will be told.</summary>
/// <param name="What">What.</param>
/// <param name="At">When it happens, in microseconds.</param>
/// <param name="Story">Of which story.</param>
/// <param name="Step">Which step of it.</param>
/// <param name="Subject">The subject's number; of members the member.</param>
/// <param name="Owner">The member in whose name the story is told.</param>
/// <param name="Other">Another member.</param>
/// <param name="Another">A third member.</param>
/// <param name="More">Of an arrival: how many stories are to come; of a fact: the number of the subject that the story's subject belongs to;
/// of a repetition or retraction: what is repeated or retracted.</param>
internal readonly record struct SampleNews(SampleWhat What, long At, int Story, int Step, int Subject, int Owner, int Other, int Another, long More);

/// <summary>What will be told.</summary>
internal enum SampleWhat
{
    /// <summary>A member begins a story.</summary>
    Arrival,

    /// <summary>The next step of a story.</summary>
    Fact,

    /// <summary>A line again, word for word.</summary>
    Repetition,

    /// <summary>A fact is retracted.</summary>
    Retraction,
}
