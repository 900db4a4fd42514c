using System.Buffers;
using System.Globalization;
using System.Text;

namespace Laurel.Engine.Ledger;

/// <summary>
/// Writes JSON in the one form that RFC 8785 (JCS) allows: no spaces, names in the order of their UTF-16 code units, the
/// least escapes. It refuses what has no such form, and out-of-order names, so that what it wrote is canonical.
/// </summary>
/// <remarks>
/// Numbers are whole and within ±(2^53 - 1), what every JSON reader keeps exactly; 64-bit values and fractions are
/// written as texts by the caller. To be used again after <see cref="Clear"/>; by one caller at a time.
/// </remarks>
public sealed class CanonicalJsonWriter
{
    /// <summary>The largest whole number that may stand as a number; its negative is the smallest.</summary>
    public const long LargestWhole = 9_007_199_254_740_991;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\");

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<Level> _levels = new();
    private bool _named;

    /// <summary>What was written so far; valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _levels.Clear();
        _named = false;
    }

    /// <summary>Starts an object.</summary>
    public void StartObject() => Open('{', isObject: true);

    /// <summary>Ends the object.</summary>
    public void EndObject() => Close('}', isObject: true);

    /// <summary>Starts an array.</summary>
    public void StartArray() => Open('[', isObject: false);

    /// <summary>Ends the array.</summary>
    public void EndArray() => Close(']', isObject: false);

    /// <summary>Names the value that comes next.</summary>
    /// <param name="name">After the name before, by UTF-16 code units.</param>
    /// <exception cref="InvalidOperationException">The name is not after the one before, or no object is open.</exception>
    public void Name(string name)
    {
        if (_named || !_levels.TryPop(out var level) || !level.IsObject) { throw new InvalidOperationException($"the name \"{name}\" stands where no name can"); }
        if (level.LastName is { } before && string.CompareOrdinal(before, name) >= 0) { throw new InvalidOperationException($"the name \"{name}\" does not come after \"{before}\""); }
        if (level.LastName is not null) { Put(','); }
        _levels.Push(level with { LastName = name });
        WriteText(name);
        Put(':');
        _named = true;
    }

    /// <summary>Writes a text.</summary>
    /// <exception cref="ArgumentException">The text has half a surrogate pair, which UTF-8 cannot say.</exception>
    public void Text(string text)
    {
        BeginValue();
        WriteText(text);
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">Within ±<see cref="LargestWhole"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is beyond: write it as a text.</exception>
    public void Whole(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestWhole);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -LargestWhole);
        BeginValue();
        value.TryFormat(_bytes.GetSpan(20), out var length, default, CultureInfo.InvariantCulture);
        _bytes.Advance(length);
    }

    /// <summary>Writes true or false.</summary>
    public void Flag(bool value)
    {
        BeginValue();
        _bytes.Write(value ? "true"u8 : "false"u8);
    }

    /// <summary>Writes a value that another writer of this kind wrote.</summary>
    /// <param name="json">The value; it is not looked into.</param>
    public void Canonical(string json)
    {
        BeginValue();
        Utf8.GetBytes(json, _bytes);
    }

    /// <summary>Writes null.</summary>
    public void Null()
    {
        BeginValue();
        _bytes.Write("null"u8);
    }

    private void Open(char bracket, bool isObject)
    {
        BeginValue();
        Put(bracket);
        _levels.Push(new(isObject, LastName: null, IsEmpty: true));
    }

    private void Close(char bracket, bool isObject)
    {
        if (_named || !_levels.TryPop(out var level) || level.IsObject != isObject) { throw new InvalidOperationException($"'{bracket}' closes what is not open"); }
        Put(bracket);
    }

    private void BeginValue()
    {
        if (_named)
        {
            _named = false;
            return;
        }
        if (!_levels.TryPop(out var level))
        {
            if (_bytes.WrittenCount > 0) { throw new InvalidOperationException("a second value follows the whole one"); }
            return;
        }
        if (level.IsObject) { throw new InvalidOperationException("a value in an object needs a name"); }
        if (!level.IsEmpty) { Put(','); }
        _levels.Push(level with { IsEmpty = false });
    }

    private void WriteText(string text)
    {
        Put('"');
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            if (plain < 0) { plain = rest.Length; }
            Utf8.GetBytes(rest[..plain], _bytes);
            if (plain == rest.Length) { break; }
            WriteEscape(rest[plain]);
            rest = rest[(plain + 1)..];
        }
        Put('"');
    }

    private void WriteEscape(char character)
    {
        Put('\\');
        switch (character)
        {
            case '"' or '\\': Put(character); break;
            case '\b': Put('b'); break;
            case '\t': Put('t'); break;
            case '\n': Put('n'); break;
            case '\f': Put('f'); break;
            case '\r': Put('r'); break;
            default:
                _bytes.Write("u00"u8);
                Put("0123456789abcdef"[character >> 4]);
                Put("0123456789abcdef"[character & 15]);
                break;
        }
    }

    private void Put(char ascii)
    {
        _bytes.GetSpan(1)[0] = (byte)ascii;
        _bytes.Advance(1);
    }

    // An object that has a name yet, or an array that has an element yet, needs a comma before the next.
    private readonly record struct Level(bool IsObject, string? LastName, bool IsEmpty);
}
