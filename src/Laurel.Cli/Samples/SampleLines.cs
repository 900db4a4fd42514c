using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Laurel.Cli.Samples;

/// <summary>Writes facts as lines of JSON, without garbage but for the lines that are kept to be told again.</summary>
internal sealed class SampleLines
{
    // Longer than any line: a fact has at most 64 fields, and a constant of the plan at most 200 characters.
    private const int LineRoom = 1 << 16;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[4 * LineRoom];
    private readonly SamplePlan _plan;
    private readonly byte[] _source;
    private readonly byte[][][] _types;
    private readonly byte[][] _names;
    private readonly byte[][] _kinds;
    private readonly Dictionary<long, byte[]> _kept = [];

    private int _used;
    private int _lineStart;
    private long _keptCount;

    public SampleLines(Stream stream, SamplePlan plan)
    {
        (_stream, _plan, _source) = (stream, plan, Encode(plan.Source));
        _types = [.. plan.Stories.Select(story => story.Steps.Select(step => Encode(step.Type)).ToArray())];
        _names = [.. plan.Names.Select(Encode)];
        _kinds = [.. plan.Kinds.Select(Encode)];
    }

    /// <summary>How many lines were written.</summary>
    public long Count { get; private set; }

    /// <summary>The number in the id of the last fact.</summary>
    public long LastId { get; private set; }

    /// <summary>Writes the fact of a step.</summary>
    public void Write(SampleNews news, SampleStep step, long recorded, ref SampleChance chance)
    {
        Start(++LastId, _types[news.Story][news.Step]);
        var kind = _plan.Stories[news.Story].Kind;
        Put(",\"subject\":\""u8);
        Put(_kinds[kind]);
        Put("/"u8);
        PutName(kind, news.Subject);
        Put("\""u8);
        PutTime(",\"time\":\""u8, news.At);
        if (recorded != news.At) { PutTime(",\"recordedtime\":\""u8, recorded); }
        var told = 0;
        foreach (var field in step.Fields)
        {
            if (PutField(field, news, told == 0 ? ",\"data\":{\""u8 : ",\""u8, ref chance)) { told++; }
        }
        Put(told > 0 ? "}}\n"u8 : "}\n"u8);
        Count++;
    }

    /// <summary>Keeps the last line to be told again.</summary>
    public SampleNews KeepForAgain()
    {
        _kept.Add(++_keptCount, _buffer[_lineStart.._used]);
        return new(SampleWhat.Repetition, 0, 0, 0, 0, 0, 0, 0, _keptCount);
    }

    /// <summary>Writes a line that was kept, or the retraction of a fact.</summary>
    public void WriteMore(SampleNews news, long recorded)
    {
        if (news.What == SampleWhat.Repetition)
        {
            MakeRoom();
            _kept.Remove(news.More, out var line);
            Put(line);
        }
        else
        {
            Start(++LastId, "fact.retracted"u8);
            PutTime(",\"time\":\""u8, recorded);
            Put(",\"data\":{\"source\":\""u8);
            Put(_source);
            Put("\",\"id\":\"f"u8);
            PutNumber(news.More, 6);
            Put("\"}}\n"u8);
        }
        Count++;
    }

    /// <summary>Hands the last lines to the stream.</summary>
    public void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = _lineStart = 0;
    }

    private void Start(long id, ReadOnlySpan<byte> type)
    {
        MakeRoom();
        Put("{\"specversion\":\"1.0\",\"id\":\"f"u8);
        PutNumber(id, 6);
        Put("\",\"source\":\""u8);
        Put(_source);
        Put("\",\"type\":\""u8);
        Put(type);
        Put("\""u8);
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _used < LineRoom) { Flush(); }
        _lineStart = _used;
    }

    private bool PutField(SampleField field, SampleNews news, ReadOnlySpan<byte> before, ref SampleChance chance)
    {
        var pick = field.Weight == field.Options[0].Weight ? 0 : chance.Below(field.Weight);
        var at = 0;
        while (pick >= field.Options[at].Weight) { pick -= field.Options[at++].Weight; }
        var option = field.Options[at];
        if (option.Who == SampleWord.Nothing) { return false; }
        Put(before);
        Put(field.Key);
        Put("\":"u8);
        switch (option.Who)
        {
            case SampleWord.Constant:
                Put(option.Json);
                return true;
            case SampleWord.Day:
                Put("\""u8);
                Put(new DateTime((news.At - FirstMicros + (option.Days * 86_400_000_000L)) * 10), "yyyy-MM-dd");
                break;
            default:
                Put("\""u8);
                PutName(field.Kind, option.Who switch { SampleWord.Owner => news.Owner, SampleWord.Other => news.Other, SampleWord.Another => news.Another, _ => news.More });
                break;
        }
        Put("\""u8);
        return true;
    }

    private void PutName(int kind, long number)
    {
        Put(_names[kind]);
        PutNumber(number + 1, 1);
    }

    private void PutTime(ReadOnlySpan<byte> before, long micros)
    {
        Put(before);
        Put(new DateTime((micros - FirstMicros) * 10), "yyyy-MM-dd'T'HH:mm:ss'Z'");
        Put("\""u8);
    }

    private void PutNumber(long number, int digits)
    {
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_used), out var written, new('D', (byte)digits));
        _used += written;
    }

    private void Put(DateTime time, string format)
    {
        time.TryFormat(_buffer.AsSpan(_used), out var written, format, CultureInfo.InvariantCulture);
        _used += written;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    private static readonly long FirstMicros = Engine.Values.Instant.First.Micros;

    private static byte[] Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
}
