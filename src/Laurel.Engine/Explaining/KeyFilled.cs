using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Explaining;

/// <summary>Reads a condition that is written once for many keys as if it were written for one: <c>sites["studio"] &gt;= 1</c> for <c>sites[site.editor] &gt;= 1</c>.</summary>
internal static class KeyFilled
{
    /// <summary>The condition with a value where the key is named; its nodes keep their numbers, so that it goes with every evaluation of the one that was written.</summary>
    public static Expression Of(Expression condition, Value key) => condition with
    {
        Root = Fill(condition.Root, condition.Bindings, key),
        Bindings = condition.Bindings.Where(b => b.Value is not KeyBinding).ToDictionary(b => b.Key, b => b.Value),
    };

    private static Expr Fill(Expr at, IReadOnlyDictionary<int, Binding> bindings, Value key)
    {
        if (bindings.GetValueOrDefault(at.Id) is KeyBinding) { return new Expr.Literal(at.Id, at.Start, at.End, key); }
        return at switch
        {
            Expr.Select select => select with { Of = Filled(select.Of) },
            Expr.Call call => call with { Target = call.Target is null ? null : Filled(call.Target), Arguments = [.. call.Arguments.Select(Filled)] },
            Expr.ListOf list => list with { Elements = [.. list.Elements.Select(Filled)] },
            Expr.MapOf map => map with { Entries = [.. map.Entries.Select(e => KeyValuePair.Create(Filled(e.Key), Filled(e.Value)))] },
            Expr.Comprehension each => each with { Range = Filled(each.Range), Filter = each.Filter is null ? null : Filled(each.Filter), Body = Filled(each.Body) },
            _ => at,
        };

        Expr Filled(Expr part) => Fill(part, bindings, key);
    }
}
