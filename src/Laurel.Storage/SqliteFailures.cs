using Microsoft.Data.Sqlite;

namespace Laurel.Storage;

/// <summary>What SQLite's failures mean to whoever has to put them right. <see href="https://www.sqlite.org/rescode.html"/></summary>
internal static class SqliteFailures
{
    public const int Constraint = 19;
    public const int Full = 13;
    public const int ReadOnly = 8;
    public const int InputOutput = 10;
    private const int Locked = 5;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    // A page that ends before its end: the file was cut.
    private const int ShortRead = InputOutput | (2 << 8);

    private const string Restore = "Restore the last backup of which `laurel verify` finds all right.";

    /// <summary>What a failure means; null for those that are about a statement, not about the file.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="file">The file, as people call it.</param>
    public static StorageException? Of(SqliteException failure, string file) => failure switch
    {
        { SqliteErrorCode: ReadOnly } => MayOnlyBeRead(file, failure),
        { SqliteErrorCode: Corrupt } or { SqliteExtendedErrorCode: ShortRead } => Damaged(file, failure.Message, failure),
        { SqliteErrorCode: InputOutput } => Unreachable($"the disk of {file} takes nothing more, or has a fault: {failure.Message}", "Make room there; and look whether the disk is well.", failure),
        { SqliteErrorCode: Full } => Unreachable($"the disk of {file} is full", "Make room there.", failure),
        { SqliteErrorCode: Locked } => Unreachable($"{file} is locked by another process", "Let that one end, and try again.", failure),
        { SqliteErrorCode: CannotOpen } => Unreachable($"{file} cannot be opened, or the log beside it", "Give this user the right to read the file, and to write in its folder.", failure),
        { SqliteErrorCode: NoDatabase } => new(StorageProblem.Foreign, $"{file} is no SQLite database, or damaged", $"Name the file that laurel serve writes. Where that is the one: {char.ToLowerInvariant(Restore[0])}{Restore[1..]}", failure),
        _ => null,
    };

    /// <summary>What a failure to open a file means: of what is in the way SQLite says nothing.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="path">The file.</param>
    /// <param name="create">True where it was to be made.</param>
    public static StorageException OfOpening(SqliteException failure, string path, bool create) =>
        failure.SqliteErrorCode != CannotOpen ? Of(failure, path) ?? Unreachable($"SQLite cannot open {path}: {failure.Message}", "Name another file.", failure)
        : Directory.Exists(path) ? Unreachable($"{path} is a folder, and a SQLite database is a file", "Name the file.", failure)
        : File.Exists(path) ? MayRead(path) ? Of(failure, path)! : Unreachable($"this user may not read {path}", "Give it the right to, or call as the user who has it.", failure)
        : create && !Directory.Exists(Path.GetDirectoryName(path)) ? NoFolder(path)
        : create ? Unreachable($"{path} cannot be made", "Give this user the right to write in its folder, or name another file.", failure)
        : Unreachable($"there is no file {path}", "Name the file that laurel serve writes: \"Data Source=FILE\".", failure);

    /// <summary>The folder of a file is not there.</summary>
    public static StorageException NoFolder(string path) => Unreachable($"there is no folder {Path.GetDirectoryName(path)}", "Make it, or name a file in another one.", inner: null);

    /// <summary>The file's content is not what SQLite wrote.</summary>
    public static StorageException Damaged(string file, string how, Exception? inner = null) => new(StorageProblem.Foreign, $"{file} is damaged: {how}", Restore, inner);

    /// <summary>The file can't be written.</summary>
    public static StorageException MayOnlyBeRead(string file, Exception? inner = null) => Unreachable($"{file} may only be read", "Give this user the right to write it, and in its folder.", inner);

    private static StorageException Unreachable(string message, string remedy, Exception? inner) => new(StorageProblem.Unreachable, message, remedy, inner);

    private static bool MayRead(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }
}
