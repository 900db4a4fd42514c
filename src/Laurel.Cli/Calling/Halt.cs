namespace Laurel.Cli.Calling;

/// <summary>Ends a run with words for whoever called. Caught by the host; and where one of several things is asked for, so that the others go on.</summary>
internal sealed class Halt : Exception
{
    private Halt(ExitCode code, string message, string remedy) : base(message) => (Code, Remedy) = (code, remedy);

    /// <summary>What the shell is told.</summary>
    public ExitCode Code { get; }

    /// <summary>What to do about it; full sentences, or empty.</summary>
    public string Remedy { get; }

    /// <summary>Laurel was called wrongly.</summary>
    public static Halt Misuse(string message, string remedy) => new(ExitCode.Misuse, message, remedy);

    /// <summary>The program or the facts are wrong.</summary>
    public static Halt Wrong(string message, string remedy) => new(ExitCode.Wrong, message, remedy);
}
