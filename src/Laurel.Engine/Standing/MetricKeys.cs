using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Standing;

/// <summary>The keys under which metrics with <c>per</c> count credits.</summary>
internal sealed class MetricKeys(RuleBook book, History history)
{
    /// <summary>The key of a credit.</summary>
    /// <param name="metric">A metric with <c>per</c>.</param>
    /// <param name="credit">The credit.</param>
    /// <param name="keys">The values that metrics group by, where the credit points.</param>
    public Value Of(Metric metric, in Credit credit, IReadOnlyList<long> keys) => metric.Per switch
    {
        LimitKey.Rule => Value.Of(book.NameOf(credit.Rule)),
        LimitKey.Period period => Value.Of(Periods.Name(period.Kind, period.Year, credit.Moment, history.Vocabulary.Zone)),
        LimitKey.Path path => OfPath(path, credit, keys),
        _ => Value.Of(""),
    };

    private Value OfPath(LimitKey.Path path, in Credit credit, IReadOnlyList<long> keys)
    {
        var place = credit.Key < 0 ? -1 : book.KeyPlace(credit.Rule, path.Text);
        if (place < 0) { return Value.Of(""); }
        var bits = keys[credit.Key + place];
        if (bits <= long.MinValue + int.MaxValue) { return Value.Of(""); }
        // The path by which the key was read may be an earlier edition's: this one may know no such rule any more.
        var type = KeyReader.TypeOf(book.KeyPaths(credit.Rule)[place], book.Rule(credit.Rule)!.Kind, history.Vocabulary);
        return type is null or FieldType.Reference ? Value.Of(history.NameOf((int)bits)) : FactValues.Of(bits, type, history);
    }
}
