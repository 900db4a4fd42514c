using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What became of a fact that was sent. Given after the commit: what it says is durable.</summary>
public abstract record Receipt
{
    private Receipt() { }

    /// <summary>It is in the log, and what follows from it is posted.</summary>
    /// <param name="Position">Its place in the log, from 0.</param>
    /// <param name="At">When it was recorded.</param>
    public sealed record Recorded(long Position, Instant At) : Receipt;

    /// <summary>The log had the same fact already; nothing changed.</summary>
    /// <param name="Position">Its place in the log.</param>
    public sealed record Unchanged(long Position) : Receipt;

    /// <summary>It is not in the log, and nothing changed.</summary>
    public sealed record Refused(Refusal Refusal) : Receipt;

    /// <summary>It is not in the log: all or none were to be recorded, and another is refused.</summary>
    public sealed record LeftOut : Receipt;
}

/// <summary>Another server has the program's lane: nothing was written, and the caller may ask that one.</summary>
public sealed class LaneLostException(string program) : Exception($"another server writes {program}");

/// <summary>Another process has the program's lane: nothing was written, and the caller may ask that one.</summary>
public sealed class LaneElsewhereException(string program, string address) : Exception($"{program} is written {(address.Length > 0 ? $"at {address}" : "by another process")}")
{
    /// <summary>Where that process is reached; empty where nobody knows.</summary>
    public string Address { get; } = address;
}

/// <summary>What can be told of the program changed between reading facts and recording them: nothing was written, and the facts may be read again.</summary>
public sealed class RevisedException(string program) : Exception($"what can be told of {program} was revised at this moment");

/// <summary>The database takes nothing for now; nothing was written.</summary>
public sealed class StorageRefusedException(string program) : Exception($"the database takes nothing for {program}: its disk is full, it may only be read, or its file was moved");
