using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>Of all that is wrong with the line at hand, what will be reported: the first code, and of equals the first place.</summary>
internal sealed class Complaint
{
    private const int ValueMax = 60;
    private const int ExcerptMax = 160;

    private RefusalCode? _code;
    private string _field = "";
    private string _value = "";
    private int _start;

    /// <summary>Forgets the line before.</summary>
    public void Clear() => _code = null;

    /// <summary>True where something is wrong.</summary>
    public bool Any => _code is not null;

    /// <summary>The code that will be reported.</summary>
    public RefusalCode? Code => _code;

    /// <summary>Something is wrong.</summary>
    /// <param name="code">What.</param>
    /// <param name="field">The attribute, or "data." and the field; empty for the line as a whole.</param>
    /// <param name="value">What stands there.</param>
    /// <param name="start">Where in the line, in bytes from 0; -1 for the line as a whole.</param>
    public void Add(RefusalCode code, string field, string value, int start = -1)
    {
        if (_code <= code) { return; }
        (_code, _field, _value, _start) = (code, field, Shorten(value), start);
    }

    /// <summary>What is wrong, for people.</summary>
    public Refusal ToRefusal(ReadOnlySpan<byte> line, long number, FactType? type, Vocabulary vocabulary)
    {
        if (_code is not { } code) { throw new InvalidOperationException("nothing is wrong"); }
        var (column, excerpt, excerptColumn) = (0, "", 0);
        // What is refused is shown and logged; what is personal is neither.
        var carries = type?.Carries ?? [];
        var value = carries.Any(f => f.Personal && _field == $"data.{f.Name}") ? "a personal value" : _value;
        if (_start >= 0) { column = Encoding.UTF8.GetCharCount(line[.._start]) + 1; }
        if (_start >= 0 && !carries.Any(f => f.Personal))
        {
            var text = Clean(Encoding.UTF8.GetString(line));
            var from = text.Length <= ExcerptMax ? 0 : Math.Clamp(column - (ExcerptMax / 2), 0, text.Length - ExcerptMax);
            (excerpt, excerptColumn) = (text.Substring(from, Math.Min(ExcerptMax, text.Length)), column - from);
        }
        return new(code, number, column, _field, value, RefusalText.Message(code, _field, value, type), RefusalText.Remedy(code, _field, type, vocabulary), excerpt, excerptColumn);
    }

    private static string Shorten(string value) => Clean(value.Length <= ValueMax ? value : string.Concat(value.AsSpan(0, ValueMax - 1), "…"));

    // What comes from outside is shown on terminals: control characters would speak to them.
    private static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
