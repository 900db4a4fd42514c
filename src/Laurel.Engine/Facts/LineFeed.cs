using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// Reads a file of facts, one on a line, in pieces of any size. Blank lines, both kinds of line ends and a byte order mark are fine;
/// a line that is refused stops nothing.
/// </summary>
public abstract class LineFeed
{
    private readonly List<byte> _carry = [];
    private bool _skipping;

    /// <summary>How many lines were read, blank ones included.</summary>
    public long Lines { get; private set; }

    /// <summary>Reads the next piece of the file.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        while (piece.Length > 0)
        {
            var end = piece.IndexOf((byte)'\n');
            var part = end < 0 ? piece : piece[..end];
            if (end >= 0 && _carry.Count == 0 && !_skipping) { Read(part, ended: true); }
            else
            {
                Carry(part);
                if (end >= 0) { ReadCarry(ended: true); }
            }
            piece = end < 0 ? [] : piece[(end + 1)..];
        }
    }

    /// <summary>Reads what is left after the last piece: a last line without its end.</summary>
    public void Finish()
    {
        if (_carry.Count > 0 || _skipping) { ReadCarry(ended: false); }
    }

    private void Carry(ReadOnlySpan<byte> part)
    {
        if (_skipping) { return; }

        // One byte for the end of the line before its newline, three for a byte order mark, and one more tell that a line is too long.
        var room = FactReader.LineMax + 5 - _carry.Count;
        _carry.AddRange(part.Length <= room ? part : part[..room]);
        _skipping = part.Length > room;
    }

    private void ReadCarry(bool ended)
    {
        var line = CollectionsMarshal.AsSpan(_carry);
        Read(line, ended);
        _carry.Clear();
        if (_carry.Capacity > FactReader.LineMax) { _carry.Capacity = 0; }
        _skipping = false;
    }

    private void Read(ReadOnlySpan<byte> line, bool ended)
    {
        Lines++;
        if (Lines == 1 && line.StartsWith("\uFEFF"u8)) { line = line[3..]; }
        if (line.EndsWith("\r"u8)) { line = line[..^1]; }
        if (line.IndexOfAnyExcept(" \t"u8) >= 0) { Take(line, ended); }
    }

    /// <summary>Takes a line that is not blank.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="ended">False for a last line that has no end: it may have been cut off.</param>
    protected abstract void Take(ReadOnlySpan<byte> line, bool ended);

    /// <summary>Why a line is refused: of one that was cut off, that it was.</summary>
    private protected static Refusal Told(Refusal refusal, ReadOnlySpan<byte> line, bool ended, Vocabulary vocabulary)
    {
        const RefusalCode Code = RefusalCode.Truncated;
        return ended || !IsCutOff(refusal, line) ? refusal : refusal with { Code = Code, Message = RefusalText.Message(Code, "", "", null), Remedy = RefusalText.Remedy(Code, "", null, vocabulary) };
    }

    /// <summary>True where the line is the start of some JSON.</summary>
    private static bool IsCutOff(Refusal refusal, ReadOnlySpan<byte> line)
    {
        if (refusal.Code == RefusalCode.NotUtf8)
        {
            // A character of several bytes may be cut as well.
            for (var cut = 1; cut <= Math.Min(3, line.Length); cut++)
            {
                if (Utf8.IsValid(line[..^cut])) { return true; }
            }
            return false;
        }
        if (refusal.Code != RefusalCode.NotJson) { return false; }
        var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
        try
        {
            while (reader.Read()) { }
            return reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
