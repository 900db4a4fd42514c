using System.Globalization;
using System.Text.Json;

namespace Laurel.Engine.Ledger;

/// <summary>The canonical form of a JSON value (RFC 8785): the same bytes for the same value, whoever wrote it and how.</summary>
public static class CanonicalJson
{
    /// <summary>The canonical bytes of a value.</summary>
    /// <param name="value">Any value; its numbers whole and within ±(2^53 - 1), however they are written but without point and exponent.</param>
    /// <exception cref="ArgumentException">A number is a fraction or too large, a name stands twice in an object, or a text is no Unicode.</exception>
    public static byte[] Of(JsonElement value)
    {
        var writer = new CanonicalJsonWriter();
        Write(value, writer);
        return writer.Written.ToArray();
    }

    /// <summary>Writes a value as part of a larger one.</summary>
    /// <inheritdoc cref="Of" path="/param|/exception"/>
    public static void Write(JsonElement value, CanonicalJsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(value, writer); break;
            case JsonValueKind.Array: WriteArray(value, writer); break;
            case JsonValueKind.String: writer.Text(TextOf(value)); break;
            case JsonValueKind.Number: writer.Whole(WholeOf(value)); break;
            case JsonValueKind.True: writer.Flag(true); break;
            case JsonValueKind.False: writer.Flag(false); break;
            case JsonValueKind.Null: writer.Null(); break;
            default: throw new ArgumentException("there is no value", nameof(value));
        }
    }

    private static void WriteObject(JsonElement value, CanonicalJsonWriter writer)
    {
        var properties = value.EnumerateObject().Select(property => (Name: NameOf(property), property.Value)).ToArray();
        Array.Sort(properties, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        writer.StartObject();
        for (var i = 0; i < properties.Length; i++)
        {
            if (i > 0 && properties[i - 1].Name == properties[i].Name) { throw new ArgumentException($"the name \"{properties[i].Name}\" stands twice in an object", nameof(value)); }
            writer.Name(properties[i].Name);
            Write(properties[i].Value, writer);
        }
        writer.EndObject();
    }

    private static void WriteArray(JsonElement value, CanonicalJsonWriter writer)
    {
        writer.StartArray();
        foreach (var element in value.EnumerateArray()) { Write(element, writer); }
        writer.EndArray();
    }

    private static long WholeOf(JsonElement value)
    {
        // RFC 8785 prints doubles. Laurel has none: amounts are whole, and what needs more than 53 bits is a text.
        var text = value.GetRawText();
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && Math.Abs((decimal)whole) <= CanonicalJsonWriter.LargestWhole
            ? whole
            : throw new ArgumentException($"the number {text} has no canonical form here: write it as a text", nameof(value));
    }

    private static string TextOf(JsonElement value) => Unicode(() => value.GetString()!);

    private static string NameOf(JsonProperty property) => Unicode(() => property.Name);

    // The reader says InvalidOperationException where an escape is half a surrogate pair.
    private static string Unicode(Func<string> read)
    {
        try { return read(); }
        catch (InvalidOperationException cause) { throw new ArgumentException("a text has half a surrogate pair", cause); }
    }
}
