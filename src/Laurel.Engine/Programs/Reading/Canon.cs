using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Canonical JSON (RFC 8785): keys sorted, no white space, only what must be escaped is. Parts are texts of JSON.</summary>
internal static class Canon
{
    /// <summary>An object; what is null is left out.</summary>
    public static string Object(params IEnumerable<(string Key, string? Json)> members) =>
        "{" + string.Join(",", members.Where(m => m.Json is not null).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{Text(m.Key)}:{m.Json}")) + "}";

    /// <summary>A list; null where it is empty.</summary>
    public static string? List(IEnumerable<string> items) => items.ToList() is { Count: > 0 } list ? "[" + string.Join(",", list) + "]" : null;

    /// <summary>A list whose order means nothing; null where it is empty.</summary>
    public static string? Set(IEnumerable<string> items) => List(items.Order(StringComparer.Ordinal));

    /// <summary>A text; null for null.</summary>
    public static string? TextOrNull(string? text) => text is null ? null : Text(text);

    /// <summary>A text.</summary>
    public static string Text(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\b': json.Append("\\b"); break;
                case '\f': json.Append("\\f"); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case < ' ': json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: json.Append(c); break;
            }
        }
        return json.Append('"').ToString();
    }

    /// <summary>A whole number, as a text: JSON's own numbers lose digits.</summary>
    public static string Whole(long number) => Text(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number, as a text.</summary>
    public static string Exact(Number number) =>
        Text(number.IsWhole ? number.Numerator.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{number.Numerator}/{number.Denominator}"));

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>An expression as a text that does not depend on white space or brackets.</summary>
    public static string Expression(Expr expr) => expr switch
    {
        Expr.Literal literal => Literal(literal.Value),
        Expr.Ident ident => ident.Name,
        Expr.Select select => select.TestOnly ? $"has({Expression(select.Of)}.{select.Field})" : $"{Expression(select.Of)}.{select.Field}",
        Expr.Call call => $"{call.Function}({string.Join(",", ExprParts.Of(call).Select(Expression))})",
        Expr.ListOf list => $"[{string.Join(",", list.Elements.Select(Expression))}]",
        Expr.MapOf map => $"{{{string.Join(",", map.Entries.Select(e => $"{Expression(e.Key)}:{Expression(e.Value)}"))}}}",
        Expr.Comprehension each => $"{each.Macro}({each.Variable};{string.Join(";", ExprParts.Of(each).Select(Expression))})",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Literal(Value value) => value.Kind switch
    {
        ValueKind.Bool => value.Truth == Truth.True ? "true" : "false",
        ValueKind.Number => Exact(value.AsNumber),
        ValueKind.Text => $"'{Text(value.AsText)}'",
        _ => $"{value.Kind} {value}",
    };
}
