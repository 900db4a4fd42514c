using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>Reads facts one by one, each a CloudEvents 1.0 object as JSON, checked against a vocabulary. For one thread.</summary>
public sealed class FactParser
{
    private readonly Vocabulary _vocabulary;
    private readonly FactReader _reader;

    /// <summary>Reads by a vocabulary.</summary>
    public FactParser(Vocabulary vocabulary)
        : this(new FactForms(vocabulary))
    {
    }

    /// <summary>Reads by a vocabulary that was made ready.</summary>
    public FactParser(FactForms forms)
    {
        ArgumentNullException.ThrowIfNull(forms);
        (_vocabulary, _reader) = (forms.Vocabulary, new(forms));
    }

    /// <summary>Reads a fact.</summary>
    /// <param name="utf8Json">The object; at most 1 MiB.</param>
    /// <param name="line">Its line in its file, from 1; 0 where it is of no file.</param>
    /// <param name="refusal">Why it is refused; null where it is not.</param>
    /// <returns>Null where it is refused.</returns>
    public Fact? Read(ReadOnlySpan<byte> utf8Json, long line, out Refusal? refusal)
    {
        refusal = _reader.TryRead(utf8Json) ? null : _reader.Refuse(utf8Json, line);
        return refusal is null ? FactOf(_reader.Draft) : null;
    }

    /// <summary>Why a fact is refused whose source and id another fact has, which says something else.</summary>
    public Refusal RefuseReused(Fact fact) => Refuse(fact, RefusalCode.FactIdReused);

    /// <summary>Why a fact is refused with which what a member gets would add up to too much.</summary>
    public Refusal RefuseTotal(Fact fact) => Refuse(fact, RefusalCode.TotalOutOfRange);

    /// <summary>Why a fact is refused that enrols a member when none may be.</summary>
    public Refusal RefuseEnrolment(Fact fact) => Refuse(fact, RefusalCode.EnrolmentClosed) with { Field = "time" };

    private Refusal Refuse(Fact fact, RefusalCode code)
    {
        var json = FactJson.Write(fact, _vocabulary);
        _reader.TryRead(json);
        return _reader.Refuse(code, json, 0);
    }

    private Fact FactOf(FactDraft draft)
    {
        var fields = draft.Type!.Fields;
        var data = new List<KeyValuePair<string, FactValue>>();
        for (var field = 0; field < fields.Length; field++)
        {
            if ((draft.Present & (1UL << field)) != 0) { data.Add(new(fields[field].Field.Name, ValueOf(draft, field))); }
        }
        SubjectName? subject = draft.Subject.Length == 0 ? null : new(_vocabulary.Kinds[draft[draft.Subject][0]].Name, Text(draft[draft.Subject][1..]));
        return new(Text(draft[draft.Source]), Text(draft[draft.Id]), draft.Type.Type, subject, new(draft.At), draft.Recorded is { } recorded ? new(recorded) : null, data);
    }

    private static FactValue ValueOf(FactDraft draft, int field) => draft.Type!.Fields[field].Field.Type switch
    {
        FieldType.Text => new FactValue.Text(Text(draft[draft.Texts[field]])),
        FieldType.Reference => new FactValue.Reference(Text(draft[draft.Texts[field]][1..])),
        FieldType.Number => new FactValue.Number(draft.Numbers[field]),
        FieldType.Flag => new FactValue.Flag(draft.Bits[field] != 0),
        FieldType.Instant => new FactValue.Instant(new(draft.Bits[field])),
        FieldType.Choice choice => new FactValue.Choice(choice.Values[(int)draft.Bits[field]]),
        FieldType.Money money => new FactValue.Money(draft.Bits[field], money.Unit),
        var type => throw new ArgumentOutOfRangeException(nameof(draft), type, "no such type of field"),
    };

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
