using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>What a refusal says to people: a message that names the field and the value, and a remedy.</summary>
internal static class RefusalText
{
    /// <summary>What is wrong; one sentence without a full stop.</summary>
    public static string Message(RefusalCode code, string field, string value, FactType? type) => code switch
    {
        RefusalCode.LineTooLong => "the line is longer than 1 MiB",
        RefusalCode.Truncated => "the last line ends in the middle",
        RefusalCode.NotUtf8 => $"the line is not UTF-8: {value}",
        RefusalCode.NotJson => $"the line is not JSON{(value.Length > 0 ? $": {value}" : "")}",
        RefusalCode.NotAnObject => $"a fact is a JSON object; here stands {value}",
        RefusalCode.Repeated => $"`{field}` is written twice",
        RefusalCode.UnknownVersion => $"`{field}` is {value}, not \"1.0\"",
        RefusalCode.MissingAttribute => $"the attribute `{field}` is not there",
        RefusalCode.WrongAttributeType => $"`{field}` is {value}, not a text",
        RefusalCode.InvalidId => $"`{field}` is {value}, which is no id",
        RefusalCode.InvalidSource => $"`{field}` is {value}, which is no source",
        RefusalCode.UnknownType => $"the program knows no fact {value}",
        RefusalCode.ReservedType => $"{value} is written by the program itself only",
        RefusalCode.InvalidSubject => $"`{field}` is {value}, not a kind, a slash and a name",
        RefusalCode.WrongKind => $"`{field}` is {value}, and `{type?.Name}` is not about that kind",
        RefusalCode.InvalidTime => $"`{field}` is {value}, which is no time",
        RefusalCode.TimeWithoutZone => $"`{field}` is {value}, a time without its offset from UTC",
        RefusalCode.TimeTooFine => $"`{field}` is {value}, finer than a microsecond",
        RefusalCode.TimeOutOfRange => $"`{field}` is {value}, outside the years 0001 to 9999",
        RefusalCode.LearntOutOfRange when field == "time" => $"`time` is {value}, and nothing says that it was learnt at another time: nobody learns anything outside the years 1970 to 2099",
        RefusalCode.LearntOutOfRange => $"`{field}` is {value}: nobody learns anything outside the years 1970 to 2099",
        RefusalCode.DataNotAnObject => $"`{field}` is not a JSON object",
        RefusalCode.UnknownField => $"`{type?.Name}` carries no field `{Bare(field)}`",
        RefusalCode.MissingField => $"`{type?.Name}` needs the field `{Bare(field)}`",
        RefusalCode.WrongType => $"`{field}` is {value}, not {Wanted(type, field)}",
        RefusalCode.UnknownValue => $"`{field}` is {value}, which is none of its values",
        RefusalCode.InvalidText => $"`{field}` is {value}, which can't be kept",
        RefusalCode.NumberOutOfRange => $"`{field}` is {value}, which does not fit an exact number of 64 bits",
        RefusalCode.TooManyDecimals => $"`{field}` is {value}, finer than the smallest part of its unit",
        RefusalCode.AmountOutOfRange => $"`{field}` is {value}, more than 1,000,000,000,000,000 smallest parts of its unit",
        RefusalCode.TooManyShapes => $"`{type?.Name}` comes in too many combinations of optional fields",
        RefusalCode.FactIdReused => $"the id {value} is taken by a fact that says something else",
        RefusalCode.TotalOutOfRange => $"with the fact {value} what a member gets would add up to more than 64 bits hold",
        RefusalCode.EnrolmentClosed => $"the fact {value} enrols a member at a time at which none may be enrolled",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    /// <summary>What is wrong with a fact that came first and was learnt later than one with its identity.</summary>
    public static string Displaced(string id, Instant learnt) =>
        $"the id {id} was told before by a fact that says something else, and was learnt later, {learnt}: that one is refused, this one stays";

    /// <summary>What to do about it; full sentences.</summary>
    public static string Remedy(RefusalCode code, string field, FactType? type, Vocabulary vocabulary) => code switch
    {
        RefusalCode.LineTooLong => "Write one fact on a line.",
        RefusalCode.Truncated => "The file was cut off: get it again. The facts before this line are kept.",
        RefusalCode.NotUtf8 => "Save the file as UTF-8.",
        RefusalCode.NotJson => "Write each fact as one JSON object on one line.",
        RefusalCode.NotAnObject => "Write each fact as a JSON object with id, source, type, subject, time and data.",
        RefusalCode.Repeated => "Write it once.",
        RefusalCode.UnknownVersion => "Write \"1.0\", or leave it out.",
        RefusalCode.MissingAttribute => "Add it. A fact needs id, source, type, subject and time.",
        RefusalCode.WrongAttributeType => "Write it in quotes.",
        RefusalCode.InvalidId => "Give an id of 1 to 255 bytes without the character U+0000.",
        RefusalCode.InvalidSource => "Give a source of 1 to 1,024 bytes without the character U+0000.",
        RefusalCode.UnknownType => $"Use one of the program's facts: {List(vocabulary.FactTypes.Where(t => t.BuiltIn != BuiltIn.Published).Select(t => t.Name))}.",
        RefusalCode.ReservedType => "Leave it out.",
        RefusalCode.InvalidSubject or RefusalCode.WrongKind when type is not null => $"Write \"{vocabulary.Kinds[type.About].Name}/\" and the name, 1 to 255 bytes.",
        RefusalCode.InvalidSubject or RefusalCode.WrongKind => "Write the kind, a slash and the name, 1 to 255 bytes.",
        RefusalCode.InvalidTime => "Write a date such as \"2024-06-01\", or a time such as \"2024-06-01T09:00:00Z\": a day that its month has, hours to 23, seconds to 59, an offset of at most 14 hours.",
        RefusalCode.TimeWithoutZone => "Add \"Z\" for UTC, or an offset such as \"+02:00\".",
        RefusalCode.TimeTooFine => "Write at most six digits after the point of the second.",
        RefusalCode.TimeOutOfRange => "Write a time of the years 0001 to 9999, or leave the field out where it is not known.",
        RefusalCode.LearntOutOfRange => "Write as `recordedtime` when it was learnt; and look at `time`, whether it did happen then.",
        RefusalCode.DataNotAnObject => "Write an object of fields and values, or leave it out where there are none.",
        RefusalCode.UnknownField => type is { Carries.Count: > 0 } ? $"It may carry {List(type.Carries.Select(f => f.Name))}." : "Leave it out: this fact carries no fields.",
        RefusalCode.MissingField => $"Add it: {Wanted(type, field)}.",
        RefusalCode.WrongType => "Write the value as that type. Leave the field out where there is no value.",
        RefusalCode.UnknownValue => $"Use one of {List(Values(type, field, vocabulary))}.",
        RefusalCode.InvalidText => "A text has at most 4,096 bytes, a name 1 to 255; the reason of an adjustment, and who made it, are not empty. None has the character U+0000.",
        RefusalCode.NumberOutOfRange => "Write a decimal of at most 60 digits whose fraction in lowest terms has parts below 9,223,372,036,854,775,808.",
        RefusalCode.TooManyDecimals => "Round it to the unit's smallest part before sending it.",
        RefusalCode.AmountOutOfRange => "Check the amount: it is told in whole units, not in smallest parts.",
        RefusalCode.TooManyShapes => "Send the same optional fields with each fact of the type.",
        RefusalCode.FactIdReused => "Give every fact an id of its own. To correct a fact, retract it and tell the right one under a new id.",
        RefusalCode.TotalOutOfRange => "Look for a wrong amount, in this fact or in those before it, and retract that first.",
        RefusalCode.EnrolmentClosed => "Reading the program says from when until when members may be enrolled; whoever operates it can say otherwise.",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static string Bare(string field) => field.StartsWith("data.", StringComparison.Ordinal) ? field[5..] : field;

    private static FieldType? TypeOf(FactType? type, string field) => type?.Carries.FirstOrDefault(f => f.Name == Bare(field))?.Type;

    private static string Wanted(FactType? type, string field) => TypeOf(type, field) switch
    {
        FieldType.Text => "a text in quotes",
        FieldType.Number => "a number",
        FieldType.Flag => "true or false",
        FieldType.Instant => "a date or a time in quotes",
        FieldType.Choice choice => $"one of {List(choice.Values)} in quotes",
        FieldType.Money => "an amount in whole units, a number or a decimal in quotes",
        FieldType.Reference => "a name in quotes",
        _ => "what is wanted here",
    };

    private static IEnumerable<string> Values(FactType? type, string field, Vocabulary vocabulary) =>
        TypeOf(type, field) is FieldType.Choice choice ? choice.Values : vocabulary.Units.Select(unit => unit.Name);

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(40).Select(name => $"`{name}`"));
        return all.Count > 40 ? $"{shown} and others" : shown;
    }
}
