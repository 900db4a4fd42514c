using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <content>Takes facts over that were read before, without their lines.</content>
internal sealed partial class FactReader
{
    /// <summary>Takes a fact over as it is, where nothing is wrong with it.</summary>
    /// <returns>False where something may be: its line has to be read then.</returns>
    public bool TryTake(Fact fact)
    {
        if (fact.Type.Order >= _forms.Types.Count || _forms.Types[fact.Type.Order] is not { Type.BuiltIn: not BuiltIn.Published } type || !ReferenceEquals(type.Type, fact.Type)) { return false; }
        _complaint.Clear();
        Draft.Clear(MostBytesOf(fact));
        (Draft.Type, Draft.At, Draft.Recorded) = (type, fact.Time.Micros, fact.Recorded?.Micros);
        return fact.Time.IsReal && IsInRange(new(Draft.Recorded ?? Draft.At))
            && TryTake(FactAttribute.Source, fact.Source) && TryTake(FactAttribute.Id, fact.Id) && TryTakeSubject(fact, type) && TryTakeData(fact, type);
    }

    private static int MostBytesOf(Fact fact)
    {
        var most = fact.Source.Length + fact.Id.Length + (fact.Subject is { } subject ? subject.Kind.Length + 1 + subject.Name.Length : 0);
        for (var i = 0; i < fact.Data.Count; i++) { most += TextOf(fact.Data[i].Value)?.Length ?? 0; }
        return Encoding.UTF8.GetMaxByteCount(most);
    }

    private static string? TextOf(FactValue value) => value switch
    {
        FactValue.Text text => text.Value,
        FactValue.Choice choice => choice.Value,
        FactValue.Reference reference => reference.Name,
        _ => null,
    };

    private bool TryTake(FactAttribute attribute, string text)
    {
        var slice = Take(text);
        return Check(attribute, slice, Draft[slice]) is null;
    }

    private bool TryTakeSubject(Fact fact, TypeReader type)
    {
        if (type.IsRetraction) { return true; }
        if (fact.Subject is not { } subject) { return false; }
        var (kind, slash, name) = (Take(subject.Kind), Take("/"), Take(subject.Name));
        _subject = new(kind.Start, kind.Length + slash.Length + name.Length);
        return CheckSubject(type.Type) is null;
    }

    private bool TryTakeData(Fact fact, TypeReader type)
    {
        var index = 0;
        for (var i = 0; i < fact.Data.Count; i++)
        {
            var (name, value) = fact.Data[i];
            while (index < type.Fields.Length && type.Fields[index].Field.Name != name) { index++; }
            if (index == type.Fields.Length || !TryTake(type.Fields[index], index, value)) { return false; }
            Draft.Present |= 1UL << index++;
        }
        CheckFields(type, start: 0);
        return !_complaint.Any;
    }

    private bool TryTake(FieldReader field, int index, FactValue value)
    {
        switch ((field.Field.Type, value))
        {
            case (FieldType.Flag, FactValue.Flag flag):
                Draft.Bits[index] = flag.Value ? 1 : 0;
                return true;
            case (FieldType.Instant, FactValue.Instant { Value: var instant }):
                Draft.Bits[index] = instant.Micros;
                return instant.IsReal;
            case (FieldType.Money money, FactValue.Money told):
                Draft.Bits[index] = told.Parts;
                return told.Unit == money.Unit && told.Parts is >= -Scales.AmountMax and <= Scales.AmountMax;
            case (FieldType.Number, FactValue.Number { Value: var number }):
                Draft.Numbers[index] = number;
                return DecimalText.IsShort(number);
            case (FieldType.Text, FactValue.Text) or (FieldType.Choice, FactValue.Choice) or (FieldType.Reference, FactValue.Reference):
                var prefix = KeepPrefix(field);
                return Keep(field, index, prefix, Take(TextOf(value)!)) is null;
            default:
                return false;
        }
    }

    private Slice Take(string text) => Draft.Keep(Encoding.UTF8.GetBytes(text, Draft.Free));
}
