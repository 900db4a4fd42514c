namespace Laurel.Cli.Calling;

/// <summary>What a run tells the shell.</summary>
internal enum ExitCode
{
    /// <summary>Fine.</summary>
    Fine = 0,

    /// <summary>The program or the facts are wrong.</summary>
    Wrong = 1,

    /// <summary>Laurel was called wrongly.</summary>
    Misuse = 2,

    /// <summary>Somebody interrupted it.</summary>
    Stopped = 130,
}
