using Dapper;

namespace Laurel.Storage;

/// <summary>A program's words: the names that rows carry as numbers. Grows; a number never means another word. For one thread, or many that only read.</summary>
internal sealed class Words
{
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _kept;

    /// <summary>The words that a database has of a program.</summary>
    public static async Task<Words> Of(Database database, int program, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var words = new Words();
        foreach (var text in await connection.QueryAsync<string>("SELECT text FROM words WHERE program = @program ORDER BY word", new { program }).ConfigureAwait(false)) { words.NumberOf(text); }
        words._kept = words._texts.Count;
        return words;
    }

    /// <summary>The word of a number.</summary>
    public string this[long number] => _texts[(int)number];

    /// <summary>The number of a word; a new one where there is none.</summary>
    public int NumberOf(string text)
    {
        if (_numbers.TryGetValue(text, out var number)) { return number; }
        _texts.Add(text);
        return _numbers[text] = _texts.Count - 1;
    }

    /// <summary>How many there are.</summary>
    public int Count => _texts.Count;

    /// <summary>The number of a word; -1 where there is none.</summary>
    public int Find(string text) => _numbers.GetValueOrDefault(text, -1);

    /// <summary>True where there is such a word.</summary>
    public bool Has(string text) => _numbers.ContainsKey(text);

    /// <summary>The rows of words that the database does not have yet.</summary>
    public Rows New(int program)
    {
        var rows = new Rows("words", _texts.Count - _kept);
        return rows.With("program", program).With("word", [.. Enumerable.Range(_kept, rows.Count).Select(n => (long)n)]).With("text", [.. _texts.Skip(_kept)]);
    }

    /// <summary>The new words were written.</summary>
    public void Keep() => _kept = _texts.Count;

    /// <summary>The new words were not written.</summary>
    public void Forget()
    {
        foreach (var text in _texts.Skip(_kept)) { _numbers.Remove(text); }
        _texts.RemoveRange(_kept, _texts.Count - _kept);
    }
}
