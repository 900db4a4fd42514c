using System.Globalization;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Storage;

/// <summary>A fact as the log has it.</summary>
internal sealed class FactRow
{
    public long Position { get; set; }

    public long? Subject { get; set; }

    public long At { get; set; }

    public long Recorded { get; set; }

    public long Source { get; set; }

    public long Type { get; set; }

    public byte[]? Salt { get; set; }

    public string Id { get; set; } = "";

    public string? Data { get; set; }
}

/// <summary>Facts with the numbers of subjects instead of their names: what the log holds, and what is hashed. Names can be erased, the log can't.</summary>
internal static class FactForm
{
    /// <summary>The fact with numbers for names.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="subject">The number of its subject; of a retraction that of the fact that it names, null where nobody told that.</param>
    /// <param name="numberOf">The number of a subject by the index of its kind and its name.</param>
    public static Fact Numbered(Fact fact, long? subject, Vocabulary vocabulary, Func<int, string, long> numberOf)
    {
        var data = new List<KeyValuePair<string, FactValue>>(fact.Data.Count);
        foreach (var (name, value) in fact.Data)
        {
            var kind = value is FactValue.Reference ? KindOf(fact.Type, name) : -1;
            data.Add(new(name, kind < 0 ? value : new FactValue.Reference(Text(numberOf(kind, ((FactValue.Reference)value).Name)))));
        }
        SubjectName? named = subject is { } number ? new(fact.Subject?.Kind ?? "fact", Text(number)) : null;
        return fact with { Subject = named, Data = data };
    }

    /// <summary>The subjects that a fact names besides the one that it is about: kind and name.</summary>
    public static IEnumerable<(int Kind, string Name)> Named(Fact fact)
    {
        foreach (var (name, value) in fact.Data)
        {
            if (value is FactValue.Reference reference) { yield return (KindOf(fact.Type, name), reference.Name); }
        }
    }

    /// <summary>The numbers of subjects that a row names.</summary>
    public static IEnumerable<long> Named(FactRow row, FactType type)
    {
        if (row.Data is null || !type.Carries.Any(f => f.Type is FieldType.Reference)) { yield break; }
        using var data = JsonDocument.Parse(row.Data);
        foreach (var field in type.Carries)
        {
            if (field.Type is FieldType.Reference && data.RootElement.TryGetProperty(field.Name, out var value)) { yield return long.Parse(value.GetString()!, CultureInfo.InvariantCulture); }
        }
    }

    /// <summary>The fact of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="type">Its type.</param>
    /// <param name="source">Its source.</param>
    /// <param name="nameOf">The name of a subject, by its number.</param>
    public static Fact Read(FactRow row, FactType type, string source, Vocabulary vocabulary, Func<long, string> nameOf)
    {
        var values = new List<KeyValuePair<string, FactValue>>();
        using var data = row.Data is null ? null : JsonDocument.Parse(row.Data);
        foreach (var field in type.Carries)
        {
            if (data is not null && data.RootElement.TryGetProperty(field.Name, out var value)) { values.Add(new(field.Name, Value(field, value, vocabulary, nameOf))); }
        }
        SubjectName? subject = type.BuiltIn == BuiltIn.Retracted || row.Subject is not { } number ? null : new(vocabulary.Kinds[type.About].Name, nameOf(number));
        return new(source, row.Id, type, subject, new(row.At), new(row.Recorded), values);
    }

    private static FactValue Value(FactField field, JsonElement value, Vocabulary vocabulary, Func<long, string> nameOf) => field.Type switch
    {
        FieldType.Flag => new FactValue.Flag(value.GetBoolean()),
        FieldType.Reference => new FactValue.Reference(nameOf(long.Parse(value.GetString()!, CultureInfo.InvariantCulture))),
        FieldType.Money money => new FactValue.Money(long.Parse(value.GetString()!, CultureInfo.InvariantCulture), money.Unit),
        _ => FactValue.Read(field, value.GetString()!, vocabulary, out var wrong) ?? throw new InvalidDataException($"the log has `{value}` as {field.Name}: {wrong}"),
    };

    private static int KindOf(FactType type, string field) => type.Carries.First(f => f.Name == field).Type is FieldType.Reference reference ? reference.Kind : -1;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
