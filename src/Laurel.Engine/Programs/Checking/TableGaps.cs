using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds values that are looked up in a table that does not have them, and rows and columns that nothing looks up.</summary>
internal static class TableGaps
{
    private const string Else = "else";

    /// <summary>Looks at all look-ups of an edition whose keys are among a list of values.</summary>
    public static void Check(Edition edition, Remarks remarks)
    {
        var lookups = EditionExpressions.Of(edition).SelectMany(e => LookupsIn(e, e.Root)).ToList();
        foreach (var of in lookups.GroupBy(l => l.Table.Name))
        {
            var table = of.First().Table;
            var rows = of.Select(l => l.Row).ToList();
            Tell(table, $"the table `{table.Name}`", "row", table.Rows.Keys, rows, remarks);
            foreach (var (row, cells) in table.Rows.Where(_ => table.Keys == 2)) { Tell(table, $"the row `{row}` of the table `{table.Name}`", "column", cells.Keys, [.. of.Select(l => l.Column)], remarks); }
        }
    }

    private static void Tell(Table table, string where, string what, IEnumerable<string> written, List<CelType.Choice?> keys, Remarks remarks)
    {
        var there = written.ToHashSet(StringComparer.Ordinal);
        var missing = there.Contains(Else) ? [] : keys.OfType<CelType.Choice>().SelectMany(k => k.Values.Where(v => !there.Contains(v)).Select(v => (v, k.Name))).Distinct().ToList();
        foreach (var (value, name) in missing)
        {
            remarks.Warning("table-gap", table.Doc, $"{where} has no {what} for `{value}` of `{name}`", "What is not in a table gives nothing. Write it, or `else`.");
        }
        if (keys.Count == 0 || keys.Contains(null)) { return; }
        foreach (var odd in there.Where(w => w != Else && !keys.Exists(k => k!.Values.Contains(w))))
        {
            remarks.Warning(
                "table-unread", table.Doc, $"nothing looks up the {what} `{odd}` of {where}",
                Spelling.Suggest(odd, keys.SelectMany(k => k!.Values).Distinct(), "What is looked up is one of"));
        }
    }

    private static IEnumerable<(Table Table, CelType.Choice? Row, CelType.Choice? Column)> LookupsIn(Expression expression, Expr at)
    {
        if (at is Expr.Call { Function: "_[_]", Arguments: [var of, var key] })
        {
            if (TableOf(expression, of) is { Keys: 1 } one) { yield return (one, ValuesOf(expression, key), null); }
            if (of is Expr.Call { Function: "_[_]", Arguments: [var inner, var row] } && TableOf(expression, inner) is { } two) { yield return (two, ValuesOf(expression, row), ValuesOf(expression, key)); }
        }
        foreach (var found in ExprParts.Of(at).SelectMany(part => LookupsIn(expression, part))) { yield return found; }
    }

    private static Table? TableOf(Expression expression, Expr at) => (expression.Bindings.GetValueOrDefault(at.Id) as TableBinding)?.Table;

    private static CelType.Choice? ValuesOf(Expression expression, Expr at) => at is Expr.Literal { Value.Kind: ValueKind.Text } text
        ? new CelType.Choice(text.Value.AsText, [text.Value.AsText], Ordered: false)
        : expression.Types[at.Id] as CelType.Choice;
}
