using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Laurel.Engine.Expressions;

/// <summary>The functions of both dialects.</summary>
internal static class Functions
{
    private static readonly CelType _anyList = new CelType.List(CelType.Dyn);
    private static readonly CelType _anyMap = new CelType.Map(CelType.Dyn, CelType.Dyn);

    /// <summary>What both dialects have, but for the type that counts are of.</summary>
    private static IEnumerable<Overload> Shared(CelType count, Func<long, Value> counted) =>
    [
        new("size", CallForm.Either, [CelType.Text], count, (_, x) => counted(Characters(x[0].AsText))),
        new("size", CallForm.Either, [_anyList], count, (_, x) => counted(x[0].AsList.Count)),
        new("size", CallForm.Either, [_anyMap], count, (_, x) => counted(x[0].AsMap.Count)),
        new("contains", CallForm.Method, [CelType.Text, CelType.Text], CelType.Bool, (_, x) => Value.Of(x[0].AsText.Contains(x[1].AsText, StringComparison.Ordinal))),
        new("startsWith", CallForm.Method, [CelType.Text, CelType.Text], CelType.Bool, (_, x) => Value.Of(x[0].AsText.StartsWith(x[1].AsText, StringComparison.Ordinal))),
        new("endsWith", CallForm.Method, [CelType.Text, CelType.Text], CelType.Bool, (_, x) => Value.Of(x[0].AsText.EndsWith(x[1].AsText, StringComparison.Ordinal))),
        new("timestamp", CallForm.Function, [CelType.Text], CelType.Timestamp, (_, x) => TimeText.ReadInstant(x[0].AsText)),
        new("duration", CallForm.Function, [CelType.Text], CelType.Duration, (_, x) => TimeText.ReadDuration(x[0].AsText)),
    ];

    private static readonly FrozenDictionary<string, ImmutableArray<Overload>> _plain =
        ByName(Shared(CelType.Int, Value.Int).Concat(PlainFunctions.All));

    private static readonly FrozenDictionary<string, ImmutableArray<Overload>> _program =
        ByName(Shared(CelType.Number, static count => Value.Of((Values.Number)count)).Concat(ProgramFunctions.All));

    /// <summary>All forms of a function; none where the dialect has no function of that name.</summary>
    public static ImmutableArray<Overload> Named(string name, Dialect dialect) => In(dialect).TryGetValue(name, out var forms) ? forms : [];

    /// <summary>The names of all functions of a dialect, sorted.</summary>
    public static IEnumerable<string> Names(Dialect dialect) => In(dialect).Keys.Order(StringComparer.Ordinal);

    private static FrozenDictionary<string, ImmutableArray<Overload>> In(Dialect dialect) => dialect == Dialect.Plain ? _plain : _program;

    private static FrozenDictionary<string, ImmutableArray<Overload>> ByName(IEnumerable<Overload> overloads) =>
        overloads.GroupBy(overload => overload.Function).ToFrozenDictionary(forms => forms.Key, forms => forms.ToImmutableArray());

    /// <summary>How many characters a text has, each code point counted once.</summary>
    private static int Characters(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) { count--; }
        }
        return count;
    }
}
