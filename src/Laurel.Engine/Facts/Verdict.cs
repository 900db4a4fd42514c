namespace Laurel.Engine.Facts;

/// <summary>What became of a fact that was told.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>It is in the log.</summary>
    /// <param name="Displaced">
    /// Why the fact that had its identity until now is in the log no more; null where there was none: of two that say something else,
    /// the one that was learnt first stays, whichever came first.
    /// </param>
    public sealed record Recorded(Refusal? Displaced) : Verdict;

    /// <summary>The log had the same fact already; nothing changed.</summary>
    public sealed record Unchanged : Verdict;

    /// <summary>It is not in the log, and nothing changed.</summary>
    public sealed record Refused(Refusal Refusal) : Verdict;

    internal static readonly Verdict WasRecorded = new Recorded(Displaced: null);

    internal static readonly Verdict WasUnchanged = new Unchanged();
}
