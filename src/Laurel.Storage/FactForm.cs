using System.Globalization;
using System.Text;
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
    /// <param name="commitmentOf">What the log has of a personal value, by its field and its text.</param>
    public static Fact Numbered(Fact fact, long? subject, Func<int, string, long> numberOf, Func<string, string, string> commitmentOf)
    {
        var data = new List<KeyValuePair<string, FactValue>>(fact.Data.Count);
        foreach (var (name, value) in fact.Data)
        {
            data.Add(new(name, value switch
            {
                FactValue.Reference { Name: var named } => new FactValue.Reference(Text(numberOf(KindOf(fact.Type, name), named))),
                _ when FieldOf(fact.Type, name).Personal => new FactValue.Text(commitmentOf(name, value.ToString())),
                _ => value,
            }));
        }
        SubjectName? about = subject is { } number ? new(fact.Subject?.Kind ?? "fact", Text(number)) : null;
        return fact with { Subject = about, Data = data };
    }

    /// <summary>The fact without what is personal.</summary>
    public static Fact Public(Fact fact) => IsPersonal(fact.Type) ? fact with { Data = [.. fact.Data.Where(d => !FieldOf(fact.Type, d.Key).Personal)] } : fact;

    /// <summary>The subjects that a fact names besides the one that it is about: kind and name.</summary>
    public static IEnumerable<(int Kind, string Name)> Named(Fact fact)
    {
        foreach (var (name, value) in fact.Data)
        {
            if (value is FactValue.Reference reference) { yield return (KindOf(fact.Type, name), reference.Name); }
        }
    }

    /// <summary>The subjects that a row names besides the one that it is about: kind and number.</summary>
    public static IEnumerable<(int Kind, long Number)> Named(FactRow row, FactType type)
    {
        if (!type.Carries.Any(f => f.Type is FieldType.Reference)) { yield break; }
        var told = Told(row, type);
        for (var i = 0; i < told.Length; i++)
        {
            if (type.Carries[i].Type is FieldType.Reference { Kind: var kind } && told[i] is { } number) { yield return (kind, long.Parse(number, CultureInfo.InvariantCulture)); }
        }
    }

    /// <summary>True for a type of which something personal can be told.</summary>
    public static bool IsPersonal(FactType type) => type.Carries.Any(f => f.Personal);

    /// <summary>What a row has of personal values: their fields, each with its commitment.</summary>
    public static IReadOnlyList<(string Field, string Commitment)> Personal(FactRow row, FactType type)
    {
        if (!IsPersonal(type)) { return []; }
        return [.. type.Carries.Zip(Told(row, type)).Where(f => f.First.Personal && f.Second is not null).Select(f => (f.First.Name, f.Second!))];
    }

    /// <summary>The numbers of all subjects that a row speaks of.</summary>
    public static IEnumerable<long> Subjects(FactRow row, FactType type)
    {
        foreach (var (_, number) in Named(row, type)) { yield return number; }
        if (row.Subject is { } about) { yield return about; }
    }

    /// <summary>The fact of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="type">Its type.</param>
    /// <param name="source">Its source.</param>
    /// <param name="nameOf">The name of a subject, by its number.</param>
    /// <param name="personalOf">The text of a personal value by its field; null for one that is left out.</param>
    public static Fact Read(FactRow row, FactType type, string source, Vocabulary vocabulary, Func<long, string> nameOf, Func<string, string?> personalOf)
    {
        var (told, values) = (Told(row, type), new List<KeyValuePair<string, FactValue>>(type.Carries.Count));
        for (var i = 0; i < told.Length; i++)
        {
            var field = type.Carries[i];
            if (told[i] is not { } kept || (field.Personal ? personalOf(field.Name) : kept) is not { } text) { continue; }
            values.Add(new(field.Name, field.Type is FieldType.Reference ? new FactValue.Reference(nameOf(long.Parse(text, CultureInfo.InvariantCulture))) : Value(field, text, vocabulary)));
        }
        SubjectName? subject = type.BuiltIn == BuiltIn.Retracted || row.Subject is not { } number ? null : new(vocabulary.Kinds[type.About].Name, nameOf(number));
        return new(source, row.Id, type, subject, new(row.At), new(row.Recorded), values);
    }

    /// <summary>What a row carries, by the fields of its type; null for what it does not.</summary>
    private static string?[] Told(FactRow row, FactType type)
    {
        var told = new string?[type.Carries.Count];
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(row.Data ?? "{}"));
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName) { continue; }
            var place = 0;
            while (place < told.Length && !json.ValueTextEquals(type.Carries[place].Name)) { place++; }
            json.Read();
            if (place < told.Length) { told[place] = json.TokenType switch { JsonTokenType.True => "true", JsonTokenType.False => "false", _ => json.GetString() }; }
        }
        return told;
    }

    private static FactValue Value(FactField field, string text, Vocabulary vocabulary) => field.Type is FieldType.Money money
        ? new FactValue.Money(long.Parse(text, CultureInfo.InvariantCulture), money.Unit)
        : FactValue.Read(field, text, vocabulary, out var wrong) ?? throw new InvalidDataException($"what is kept as {field.Name} can't be read: {wrong}");

    private static int KindOf(FactType type, string field) => FieldOf(type, field).Type is FieldType.Reference reference ? reference.Kind : -1;

    private static FactField FieldOf(FactType type, string name)
    {
        var place = 0;
        while (type.Carries[place].Name != name) { place++; }
        return type.Carries[place];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
