using System.Text;
using Laurel.Engine.Values;

namespace Laurel.Cli.Samples;

/// <summary>A made-up platform's life, as a program's sample.yaml tells it: what happens to whom, how often, after how long.</summary>
/// <param name="Source">The source of all its facts.</param>
/// <param name="From">Nothing happens before.</param>
/// <param name="To">Nothing happens, or is learnt, after.</param>
/// <param name="Kinds">By kind: its name.</param>
/// <param name="Names">By kind: what the names of its subjects start with; a number follows.</param>
/// <param name="Late">How many facts are learnt later than they happen.</param>
/// <param name="Twice">How many are told twice, word for word.</param>
/// <param name="Retracted">How many are retracted.</param>
/// <param name="Stories">What happens.</param>
internal sealed record SamplePlan(
    string Source, Instant From, Instant To, IReadOnlyList<string> Kinds, IReadOnlyList<string> Names, SampleQuirk Late, SampleQuirk Twice, SampleQuirk Retracted, IReadOnlyList<SampleStory> Stories);

/// <summary>Something that befalls some facts.</summary>
/// <param name="Share">Of 10,000 facts, how many.</param>
/// <param name="By">How much later.</param>
internal sealed record SampleQuirk(int Share, SampleWait By);

/// <summary>A length of time between two, in whole seconds.</summary>
internal readonly record struct SampleWait(long SecondsMin, long SecondsMax);

/// <summary>The life of one subject.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Kind">The kind of its subjects, by index. A story about members is told once of each member.</param>
/// <param name="Weight">Of all stories begun in a member's name, how many are this one; 0 where only other stories begin it.</param>
/// <param name="Starts">Its first step.</param>
/// <param name="Steps">Its steps.</param>
internal sealed record SampleStory(string Name, int Kind, int Weight, int Starts, IReadOnlyList<SampleStep> Steps);

/// <summary>One fact of a story, and what may follow.</summary>
/// <param name="Type">The type of the fact.</param>
/// <param name="Fields">What it carries.</param>
/// <param name="Then">What follows: one of these at most.</param>
/// <param name="Also">What else follows: any of these, each by itself.</param>
internal sealed record SampleStep(string Type, IReadOnlyList<SampleField> Fields, IReadOnlyList<SampleWay> Then, IReadOnlyList<SampleWay> Also);

/// <summary>A way on: to a step of the story, or to the start of another story that this one's subject is the parent of.</summary>
/// <param name="Story">The story.</param>
/// <param name="Step">The step in it.</param>
/// <param name="Chance">Of 10,000 times, how often.</param>
/// <param name="After">How much later.</param>
internal sealed record SampleWay(int Story, int Step, int Chance, SampleWait After);

/// <summary>What a field of a fact says.</summary>
/// <param name="Name">The field.</param>
/// <param name="Kind">Of a reference: the kind that it names, by index; else -1.</param>
/// <param name="Options">One of these, by weight.</param>
internal sealed record SampleField(string Name, int Kind, IReadOnlyList<SampleOption> Options)
{
    /// <summary>The name as bytes; names of fields need no escapes.</summary>
    public byte[] Key { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>The sum of all weights.</summary>
    public int Weight { get; } = Options.Sum(option => option.Weight);
}

/// <summary>One thing that a field may say.</summary>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="Who">What it is.</param>
/// <param name="Json">For a constant: its JSON.</param>
/// <param name="Days">For a date: how many days after the fact.</param>
internal sealed record SampleOption(int Weight, SampleWord Who, byte[] Json, int Days);

/// <summary>What a field may say.</summary>
internal enum SampleWord
{
    /// <summary>Nothing: it is not told.</summary>
    Nothing,

    /// <summary>Always the same.</summary>
    Constant,

    /// <summary>The member in whose name the story is told.</summary>
    Owner,

    /// <summary>Another member, the same in the whole story.</summary>
    Other,

    /// <summary>A third member, the same in the whole story.</summary>
    Another,

    /// <summary>The subject of the story that began this one.</summary>
    Parent,

    /// <summary>A day, so many days after the fact.</summary>
    Day,
}
