using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// Reads one fact, a CloudEvents 1.0 object on a line, into its draft, checked against the vocabulary. All parts are looked at,
/// and of what is wrong the first in the order of <see cref="RefusalCode"/> is kept, so that the order of attributes in the text does not matter.
/// </summary>
/// <remarks>Attributes that Laurel does not know are left alone, as CloudEvents asks; an attribute that is null is one that is not there.</remarks>
internal sealed partial class FactReader
{
    /// <summary>The longest line, in bytes.</summary>
    public const int LineMax = 1 << 20;

    // While the log grows periods are closed and ranks are taken: those of thousands of years would be work without end for a slip of the pen. A day
    // before and after, so that the first and the last day are there in every zone.
    private static readonly Instant LearntFirst = new(-Instant.MicrosPerDay);
    private static readonly Instant LearntLast = new(4_102_531_200 * Instant.MicrosPerSecond);

    private readonly FactForms _forms;
    private readonly Complaint _complaint = new();

    // Where the values of the last line stand, in bytes from 0, for who has to be shown one.
    private readonly int[] _starts = new int[AttributeNames.Length];
    private int _amountStart;
    private Slice _subject;

    public FactReader(FactForms forms) => _forms = forms;

    /// <summary>The fact that was read last.</summary>
    public FactDraft Draft { get; } = new();

    /// <summary>Reads a line.</summary>
    /// <returns>True where nothing is wrong.</returns>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        _complaint.Clear();
        Draft.Clear(line.Length);
        if (line.Length > LineMax) { _complaint.Add(RefusalCode.LineTooLong, "", "", start: 0); }
        else if (!Utf8.IsValid(line)) { AddNotUtf8(line); }
        else { ReadJson(line); }
        return !_complaint.Any;
    }

    /// <summary>Why the last line is refused.</summary>
    public Refusal Refuse(ReadOnlySpan<byte> line, long number) => _complaint.ToRefusal(line, number, Draft.Type?.Type, _forms.Vocabulary);

    /// <summary>Why the last line is refused, where it was read well.</summary>
    public Refusal Refuse(RefusalCode code, ReadOnlySpan<byte> line, long number)
    {
        var attribute = code == RefusalCode.TooManyShapes ? FactAttribute.Type : FactAttribute.Id;
        _complaint.Add(code, NameOf(attribute), $"\"{Encoding.UTF8.GetString(Draft[Draft.Id])}\"", _starts[(int)attribute]);
        return Refuse(line, number);
    }

    /// <summary>Why the fact that had the identity of the last line is refused: it was learnt later, and says something else.</summary>
    public Refusal RefuseDisplaced(Instant learnt, ReadOnlySpan<byte> line, long number)
    {
        var refusal = Refuse(RefusalCode.FactIdReused, line, number);
        return refusal with { Message = RefusalText.Displaced(refusal.Value, learnt) };
    }

    private void AddNotUtf8(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out var length) == OperationStatus.Done) { at += length; }
        _complaint.Add(RefusalCode.NotUtf8, "", string.Create(CultureInfo.InvariantCulture, $"byte 0x{line[at]:X2}"), at);
    }

    private void ReadJson(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) { ReadFact(ref reader, line); }
            else
            {
                _complaint.Add(RefusalCode.NotAnObject, "", Shown(ref reader, line), (int)reader.TokenStartIndex);
                reader.Skip();
                reader.Read();
            }
        }
        catch (JsonException e)
        {
            var message = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            _complaint.Add(RefusalCode.NotJson, "", message, e.LineNumber == 0 && e.BytePositionInLine is { } at && at <= line.Length ? (int)at : -1);
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's only other complaint about well-formed UTF-8 is an escape such as \uD800 without its partner.
            _complaint.Add(RefusalCode.NotJson, "", "half a surrogate pair", (int)reader.TokenStartIndex);
        }
    }

    private void ReadFact(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        Utf8JsonReader data = default;
        var (seen, dataIsLater) = (0, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var attribute = AttributeOf(ref reader);
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            if (attribute == FactAttribute.Other)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.Null) { continue; }
            var bit = 1 << (int)attribute;
            if ((seen & bit) != 0) { _complaint.Add(RefusalCode.Repeated, NameOf(attribute), "", start); }
            seen |= bit;
            _starts[(int)attribute] = (int)reader.TokenStartIndex;
            if (attribute == FactAttribute.Data && Draft.Type is null)
            {
                data = reader;
                dataIsLater = true;
                reader.Skip();
            }
            else if (attribute == FactAttribute.Data) { ReadData(ref reader, line); }
            else { ReadAttribute(attribute, ref reader, line); }
        }
        reader.Read();
        CheckWhole(seen);
        if (dataIsLater && Draft.Type is not null) { ReadData(ref data, line); }
        if (Draft.Type is { } type) { CheckFields(type, _starts[(int)((seen & (1 << (int)FactAttribute.Data)) != 0 ? FactAttribute.Data : FactAttribute.Type)]); }
    }

    private void ReadAttribute(FactAttribute attribute, ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (attribute == FactAttribute.DataBase64 || reader.TokenType != JsonTokenType.String)
        {
            _complaint.Add(attribute == FactAttribute.DataBase64 ? RefusalCode.DataNotAnObject : RefusalCode.WrongAttributeType, NameOf(attribute), Shown(ref reader, line), (int)reader.TokenStartIndex);
            reader.Skip();
            return;
        }
        var slice = Take(ref reader);
        var text = (ReadOnlySpan<byte>)Draft[slice];
        if (Check(attribute, slice, text) is { } code) { _complaint.Add(code, NameOf(attribute), Shown(ref reader, line), (int)reader.TokenStartIndex); }
    }

    private RefusalCode? Check(FactAttribute attribute, Slice slice, ReadOnlySpan<byte> text)
    {
        switch (attribute)
        {
            case FactAttribute.SpecVersion:
                return text.SequenceEqual("1.0"u8) ? null : RefusalCode.UnknownVersion;
            case FactAttribute.Id:
                Draft.Id = slice;
                return text.Length is 0 or > FactKey.IdMax || text.Contains((byte)0) ? RefusalCode.InvalidId : null;
            case FactAttribute.Source:
                Draft.Source = slice;
                return text.Length is 0 or > FactKey.SourceMax || text.Contains((byte)0) ? RefusalCode.InvalidSource : null;
            case FactAttribute.Type:
                var type = _forms.TypeNames.Find(text);
                if (type < 0) { return RefusalCode.UnknownType; }
                Draft.Type = _forms.Types[type];
                return Draft.Type.Type.BuiltIn == BuiltIn.Published ? RefusalCode.ReservedType : null;
            case FactAttribute.Subject:
                _subject = slice;
                return null;
            case FactAttribute.Time:
                var wrong = TimeText.Read(text, _forms.Vocabulary.Zone, out var at);
                Draft.At = at;
                return wrong;
            default:
                wrong = TimeText.Read(text, _forms.Vocabulary.Zone, out var recorded);
                Draft.Recorded = recorded;
                return wrong;
        }
    }

    private void CheckWhole(int seen)
    {
        Span<FactAttribute> needed = [FactAttribute.Id, FactAttribute.Source, FactAttribute.Type, FactAttribute.Subject, FactAttribute.Time];
        foreach (var attribute in needed)
        {
            if ((seen & (1 << (int)attribute)) != 0 || (attribute == FactAttribute.Subject && Draft.Type is { IsRetraction: true })) { continue; }
            _complaint.Add(RefusalCode.MissingAttribute, NameOf(attribute), "", start: 0);
        }
        if (new Instant(Draft.Recorded ?? Draft.At) is var learnt && !IsInRange(learnt))
        {
            var by = Draft.Recorded is null ? FactAttribute.Time : FactAttribute.RecordedTime;
            _complaint.Add(RefusalCode.LearntOutOfRange, NameOf(by), $"\"{learnt}\"", _starts[(int)by]);
        }
        if (Draft.Type is { IsRetraction: false } type && (seen & (1 << (int)FactAttribute.Subject)) != 0 && CheckSubject(type.Type) is { } code)
        {
            _complaint.Add(code, NameOf(FactAttribute.Subject), $"\"{Encoding.UTF8.GetString(Draft[_subject])}\"", _starts[(int)FactAttribute.Subject]);
        }
    }

    private static bool IsInRange(Instant learnt) => learnt >= LearntFirst && learnt <= LearntLast;

    private RefusalCode? CheckSubject(FactType type)
    {
        var text = Draft[_subject];
        var slash = text.IndexOf((byte)'/');
        var name = text.Length - slash - 1;
        if (slash < 1 || name is 0 or > FieldReader.NameMax || text.Contains((byte)0)) { return RefusalCode.InvalidSubject; }
        if (_forms.KindNames.Find(text[..slash]) != type.About) { return RefusalCode.WrongKind; }
        text[slash] = (byte)type.About;
        Draft.Subject = new(_subject.Start + slash, name + 1);
        return null;
    }

    private void ReadData(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _complaint.Add(RefusalCode.DataNotAnObject, "data", "", (int)reader.TokenStartIndex);
            reader.Skip();
            return;
        }
        var fields = Draft.Type!.Fields;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = 0;
            while (index < fields.Length && !reader.ValueTextEquals(fields[index].Name)) { index++; }
            var start = (int)reader.TokenStartIndex;
            if (index == fields.Length)
            {
                var name = reader.GetString();
                _complaint.Add(RefusalCode.UnknownField, $"data.{name}", name!, start);
                reader.Read();
                reader.Skip();
                continue;
            }
            if ((Draft.Present & (1UL << index)) != 0) { _complaint.Add(RefusalCode.Repeated, fields[index].Path, "", start); }
            Draft.Present |= 1UL << index;
            reader.Read();
            if (fields[index].Role == FieldRole.Amount) { _amountStart = (int)reader.TokenStartIndex; }
            if (ReadField(fields[index], index, ref reader) is { } code) { _complaint.Add(code, fields[index].Path, Shown(ref reader, line), (int)reader.TokenStartIndex); }
            reader.Skip();
        }
    }

    private RefusalCode? ReadField(FieldReader field, int index, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False when field.Field.Type is FieldType.Flag:
                Draft.Bits[index] = reader.TokenType == JsonTokenType.True ? 1 : 0;
                return null;
            case JsonTokenType.Number when field.Field.Type is FieldType.Number or FieldType.Money:
                return field.Read(reader.ValueSpan, out Draft.Bits[index], out Draft.Numbers[index]);
            case JsonTokenType.String:
                var prefix = KeepPrefix(field);
                return Keep(field, index, prefix, Take(ref reader));
            default:
                return RefusalCode.WrongType;
        }
    }

    /// <summary>Keeps what comes before a field's text: of a reference its kind.</summary>
    /// <returns>How many bytes.</returns>
    private int KeepPrefix(FieldReader field)
    {
        if (field.Field.Type is not FieldType.Reference reference) { return 0; }
        Draft.Free[0] = (byte)reference.Kind;
        return Draft.Keep(1).Length;
    }

    private RefusalCode? Keep(FieldReader field, int index, int prefix, Slice text)
    {
        Draft.Texts[index] = new(text.Start - prefix, text.Length + prefix);
        return field.Read(Draft[text], out Draft.Bits[index], out Draft.Numbers[index]);
    }

    /// <param name="type">The type.</param>
    /// <param name="start">Where the data stand, or where they should.</param>
    private void CheckFields(TypeReader type, int start)
    {
        var missing = type.Needed & ~Draft.Present;
        if (missing != 0) { _complaint.Add(RefusalCode.MissingField, type.Fields[BitOperations.TrailingZeroCount(missing)].Path, "", start); }
        if (_complaint.Any || type.Unit < 0 || type.Amount < 0) { return; }
        var amount = Draft.Numbers[type.Amount];
        var decimals = _forms.Vocabulary.Units[(int)Draft.Bits[type.Unit]].Decimals;
        if (DecimalText.ToParts(amount, decimals, out _) is { } code) { _complaint.Add(code, type.Fields[type.Amount].Path, DecimalText.Write(amount), _amountStart); }
    }

    private Slice Take(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped) { return Draft.Keep(reader.CopyString(Draft.Free)); }
        reader.ValueSpan.CopyTo(Draft.Free);
        return Draft.Keep(reader.ValueSpan.Length);
    }

    private static string Shown(ref Utf8JsonReader reader, ReadOnlySpan<byte> line) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => Encoding.UTF8.GetString(line[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]),
    };

    private static FactAttribute AttributeOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < AttributeNames.Length; i++)
        {
            if (reader.ValueTextEquals(AttributeNames[i])) { return (FactAttribute)i; }
        }
        return FactAttribute.Other;
    }

    private static string NameOf(FactAttribute attribute) => Encoding.UTF8.GetString(AttributeNames[(int)attribute]);

    private static readonly byte[][] AttributeNames =
    [
        .. new[] { "specversion", "id", "source", "type", "subject", "time", "data", "recordedtime", "data_base64" }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>The attributes that Laurel reads.</summary>
    private enum FactAttribute
    {
        SpecVersion,
        Id,
        Source,
        Type,
        Subject,
        Time,
        Data,
        RecordedTime,
        DataBase64,
        Other,
    }
}
