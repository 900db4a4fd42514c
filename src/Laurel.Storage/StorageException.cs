namespace Laurel.Storage;

/// <summary>Something about the database that a person has to put right.</summary>
public sealed class StorageException(StorageProblem problem, string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public StorageProblem Problem { get; } = problem;

    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;
}

/// <summary>What can be wrong with a database.</summary>
public enum StorageProblem
{
    /// <summary>The connection string names no database.</summary>
    BadConnectionString,

    /// <summary>It cannot be reached.</summary>
    Unreachable,

    /// <summary>Its file is no longer where it was opened: nothing more is written.</summary>
    Moved,

    /// <summary>The server's version is too old.</summary>
    TooOld,

    /// <summary>It was made, or last opened, by a newer Laurel.</summary>
    MadeByNewer,

    /// <summary>Its tables were made by other migrations than these.</summary>
    Foreign,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>What it has of a program is nothing that was ever written.</summary>
    BrokenProgram,
}
