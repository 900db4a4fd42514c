using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>What only the plain dialect has: conversions between types, and regular expressions.</summary>
internal static class PlainFunctions
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Overload> All { get; } =
    [
        new("size", CallForm.Either, [CelType.Bytes], CelType.Int, (_, x) => Value.Int(x[0].AsBytes.Length)),
        new("matches", CallForm.Either, [CelType.Text, CelType.Text], CelType.Bool, (_, x) => Matches(x[0].AsText, x[1].AsText)),
        new("type", CallForm.Function, [CelType.Dyn], CelType.Type, (_, x) => Value.TypeNamed(CelTypes.NameOf(x[0]))),
        Same("dyn", CelType.Dyn),
        Same("bool", CelType.Bool),
        new("bool", CallForm.Function, [CelType.Text], CelType.Bool, (_, x) => ReadBool(x[0].AsText)),
        Same("int", CelType.Int),
        new("int", CallForm.Function, [CelType.UInt], CelType.Int, (_, x) => x[0].AsUInt > long.MaxValue ? Range("int") : Value.Int((long)x[0].AsUInt)),
        // The bounds themselves are refused: the doubles nearest to them lie outside.
        new("int", CallForm.Function, [CelType.Double], CelType.Int, (_, x) => x[0].AsDouble is > -9223372036854775808d and < 9223372036854775808d ? Value.Int((long)x[0].AsDouble) : Range("int")),
        new("int", CallForm.Function, [CelType.Text], CelType.Int, (_, x) => long.TryParse(x[0].AsText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Value.Int(whole) : NoConversion(x[0], "int")),
        new("int", CallForm.Function, [CelType.Timestamp], CelType.Int, (_, x) => Value.Int(Seconds(x[0]))),
        Same("uint", CelType.UInt),
        new("uint", CallForm.Function, [CelType.Int], CelType.UInt, (_, x) => x[0].AsInt < 0 ? Range("uint") : Value.UInt((ulong)x[0].AsInt)),
        new("uint", CallForm.Function, [CelType.Double], CelType.UInt, (_, x) => x[0].AsDouble is > -1d and < 18446744073709551616d ? Value.UInt((ulong)x[0].AsDouble) : Range("uint")),
        new("uint", CallForm.Function, [CelType.Text], CelType.UInt, (_, x) => ulong.TryParse(x[0].AsText, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? Value.UInt(whole) : NoConversion(x[0], "uint")),
        Same("double", CelType.Double),
        new("double", CallForm.Function, [CelType.Int], CelType.Double, (_, x) => Value.Double(x[0].AsInt)),
        new("double", CallForm.Function, [CelType.UInt], CelType.Double, (_, x) => Value.Double(x[0].AsUInt)),
        new("double", CallForm.Function, [CelType.Text], CelType.Double, (_, x) => double.TryParse(x[0].AsText, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? Value.Double(real) : NoConversion(x[0], "double")),
        Same("string", CelType.Text),
        new("string", CallForm.Function, [CelType.Bool], CelType.Text, (_, x) => Value.Of(x[0].ToString())),
        new("string", CallForm.Function, [CelType.Int], CelType.Text, (_, x) => Value.Of(x[0].ToString())),
        new("string", CallForm.Function, [CelType.UInt], CelType.Text, (_, x) => Value.Of(x[0].AsUInt.ToString(CultureInfo.InvariantCulture))),
        new("string", CallForm.Function, [CelType.Double], CelType.Text, (_, x) => Value.Of(x[0].ToString())),
        new("string", CallForm.Function, [CelType.Timestamp], CelType.Text, (_, x) => Value.Of(x[0].ToString())),
        new("string", CallForm.Function, [CelType.Duration], CelType.Text, (_, x) => Value.Of(x[0].ToString())),
        new("string", CallForm.Function, [CelType.Bytes], CelType.Text, (_, x) => Decode(x[0].AsBytes)),
        Same("bytes", CelType.Bytes),
        new("bytes", CallForm.Function, [CelType.Text], CelType.Bytes, (_, x) => Value.Bytes(Encoding.UTF8.GetBytes(x[0].AsText))),
        Same("timestamp", CelType.Timestamp),
        new("timestamp", CallForm.Function, [CelType.Int], CelType.Timestamp, (_, x) => FromSeconds(x[0].AsInt)),
        Same("duration", CelType.Duration),
        .. TimeFunctions.All,
    ];

    private static Overload Same(string function, CelType type) => new(function, CallForm.Function, [type], type, (_, x) => x[0]);

    private static Value Range(string type) => Value.Error($"the number is out of the range of {type}");

    private static Value NoConversion(in Value value, string type) => Value.Error($"{value} cannot be converted to {type}");

    private static Value ReadBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => Value.True,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => Value.False,
        _ => NoConversion(Value.Of(text), "bool"),
    };

    private static long Seconds(in Value instant) => (long)Math.Floor((decimal)instant.AsInstant.Micros / Instant.MicrosPerSecond);

    private static Value FromSeconds(long seconds)
    {
        var inRange = seconds >= Instant.First.Micros / Instant.MicrosPerSecond && seconds <= Instant.Last.Micros / Instant.MicrosPerSecond;
        return inRange ? Value.Of(new Instant(seconds * Instant.MicrosPerSecond)) : Value.Error("the instant is out of range: outside the years 0001 to 9999");
    }

    private static Value Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Value.Of(_utf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Value.Error("the bytes are not valid UTF-8");
        }
    }

    /// <summary>Whether a regular expression is found in a text; in time proportional to the text, whatever the expression.</summary>
    private static Value Matches(string text, string pattern)
    {
        try
        {
            return Value.Of(Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return Value.Error($"\"{pattern}\" is not a regular expression that can be used here");
        }
    }
}
