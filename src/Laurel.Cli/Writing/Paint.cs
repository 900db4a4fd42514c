using Spectre.Console;

namespace Laurel.Cli.Writing;

/// <summary>Colours, where there is a terminal that has them and nobody asked for none (NO_COLOR).</summary>
internal sealed class Paint
{
    private static readonly Paint Off = new(on: false);
    private static readonly Paint On = new(on: true);
    private readonly bool _on;

    private Paint(bool on) => _on = on;

    /// <summary>The colours of a terminal.</summary>
    public static Paint For(IAnsiConsole? screen) =>
        screen is { Profile.Capabilities: { Ansi: true, ColorSystem: not ColorSystem.NoColors } } ? On : Off;

    /// <summary>A title.</summary>
    public string Title(string text) => Wrap("1", text);

    /// <summary>What matters less.</summary>
    public string Dim(string text) => Wrap("2", text);

    /// <summary>What is wrong.</summary>
    public string Bad(string text) => Wrap("1;31", text);

    /// <summary>What may be wrong.</summary>
    public string Warn(string text) => Wrap("33", text);

    /// <summary>What is right.</summary>
    public string Good(string text) => Wrap("32", text);

    private string Wrap(string code, string text) => _on ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
