namespace Laurel.Storage;

/// <summary>Writes rows of several tables, all or none. For one thread.</summary>
internal abstract class Writer : IDisposable
{
    /// <summary>Writes rows, table by table, in one transaction, and returns when they are durable.</summary>
    /// <exception cref="System.Data.Common.DbException">Nothing was written, or nobody knows: see <see cref="Database.FailureOf"/>.</exception>
    /// <exception cref="StorageException">The database can't be reached, or not be used: nothing was written.</exception>
    public abstract Task Write(IReadOnlyList<Rows> tables);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Why rows were not written.</summary>
internal enum WriteFailure
{
    /// <summary>A row with this key is there, or the row that it follows is not.</summary>
    Conflict,

    /// <summary>The database takes nothing more for now: its disk is full, or it is shutting down.</summary>
    Refused,

    /// <summary>The answer was lost: they may have been written.</summary>
    Unknown,

    /// <summary>Something else: a fault of ours.</summary>
    Other,
}

/// <summary>Rows of one table, column by column: written, or removed. Or a statement that writes what the database itself finds.</summary>
/// <param name="table">The table.</param>
/// <param name="count">How many rows.</param>
/// <param name="key">The columns whose values an existing row may have, which is then replaced; none where rows are only added.</param>
internal sealed class Rows(string table, int count, params string[] key)
{
    private readonly List<(string Name, Array Values)> _columns = [];

    /// <summary>A statement that is run once.</summary>
    /// <param name="statement">Its text, for both databases; what of it is a comment of one is not looked at.</param>
    /// <param name="parameters">Its parameters by name.</param>
    public static Rows Of(string statement, params (string Name, long Value)[] parameters)
    {
        var rows = new Rows("", 1) { Statement = statement };
        foreach (var (name, value) in parameters) { rows.With(name, value); }
        return rows;
    }

    /// <summary>The statement, where it is one: its parameters are the columns.</summary>
    public string? Statement { get; private init; }

    public string Table { get; } = table;

    public int Count { get; } = count;

    public IReadOnlyList<string> Key { get; } = key;

    /// <summary>True where the rows that have these values go; false where these are written.</summary>
    public bool Removes { get; init; }

    public IReadOnlyList<(string Name, Array Values)> Columns => _columns;

    /// <summary>The values of a column that it has.</summary>
    public Array this[string column] => _columns.Find(c => c.Name == column).Values;

    /// <summary>A column of numbers.</summary>
    public Rows With(string column, long[] values) => Add(column, values);

    /// <summary>A column of numbers that may be absent.</summary>
    public Rows With(string column, long?[] values) => Add(column, values);

    /// <summary>A column of texts that may be absent.</summary>
    public Rows With(string column, string?[] values) => Add(column, values);

    /// <summary>A column of bytes that may be absent.</summary>
    public Rows With(string column, byte[]?[] values) => Add(column, values);

    /// <summary>A column with one number in all rows.</summary>
    public Rows With(string column, long value)
    {
        var values = new long[Count];
        Array.Fill(values, value);
        return Add(column, values);
    }

    /// <summary>The end of the statement where rows may be replaced.</summary>
    public string OnConflict()
    {
        if (Key.Count == 0) { return ""; }
        var others = _columns.Select(c => c.Name).Except(Key).Select(name => $"{name} = excluded.{name}").ToList();
        return $" ON CONFLICT ({string.Join(", ", Key)}) DO " + (others.Count == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", others)}");
    }

    private Rows Add(string column, Array values)
    {
        if (values.Length != Count) { throw new ArgumentException($"{Table}.{column} has {values.Length} values for {Count} rows", nameof(values)); }
        _columns.Add((column, values));
        return this;
    }
}
