namespace Laurel.Engine.Facts;

/// <summary>What became of a fact that was told.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>It is in the log.</summary>
    public sealed record Recorded : Verdict;

    /// <summary>The log had the same fact already; nothing changed.</summary>
    public sealed record Unchanged : Verdict;

    /// <summary>It is not in the log, and nothing changed.</summary>
    public sealed record Refused(Refusal Refusal) : Verdict;

    internal static readonly Verdict WasRecorded = new Recorded();

    internal static readonly Verdict WasUnchanged = new Unchanged();
}
