using System.Text;

namespace Laurel.Cli.Calling;

/// <summary>What a verb's help says.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Does">What it does, in half a line.</param>
/// <param name="Usage">Its arguments.</param>
/// <param name="About">A sentence or two.</param>
/// <param name="Options">Each option with what it means.</param>
/// <param name="Example">A call that works in a clean clone, without the name of the executable; may go on after a backslash at the end of a line.</param>
internal sealed record VerbHelp(string Name, string Does, string Usage, string About, IReadOnlyList<(string Option, string Means)> Options, string Example)
{
    private const int Width = 80;

    /// <summary>The options that all questions have.</summary>
    public static IReadOnlyList<(string Option, string Means)> OfQuestions(params string[] formats) =>
    [
        ("--at WHEN", "when it is asked for; default: now"),
        ("--known WHEN", "leave out what was learnt later; default: nothing"),
        ("--under EDITION", "as if that edition or draft had always been in force"),
        ("--format FORMAT", string.Join(", ", formats)),
        ("--strict", "give no answer where a fact is refused"),
        ("--refusals FILE", "write every refused fact there, as JSON lines"),
    ];

    /// <summary>The help of the verb.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("laurel ").Append(Name).Append(": ").Append(Does).Append("\n\nUsage: laurel ").Append(Name).Append(' ').Append(Usage).Append("\n\n");
        foreach (var line in Writing.Columns.Fold(About, Width)) { text.Append(line).Append('\n'); }
        if (Options.Count > 0)
        {
            text.Append("\nOptions:\n");
            var wide = Options.Max(o => o.Option.Length);
            foreach (var (option, means) in Options) { text.Append("  ").Append(option.PadRight(wide)).Append("  ").Append(means).Append('\n'); }
        }
        return text.Append("\nExample:\n  laurel ").Append(Example).Append('\n').ToString();
    }
}
