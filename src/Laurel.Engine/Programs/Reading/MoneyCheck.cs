using System.Collections.Frozen;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Sees to it that money is never added to, or compared with, anything else, nor multiplied by money.</summary>
internal sealed class MoneyCheck
{
    private static readonly FrozenSet<string> Alike = FrozenSet.Create("_+_", "_-_", "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "min", "max");

    private readonly Edition _edition;
    private readonly ReadingContext _context;
    private readonly Dictionary<int, string> _metrics;

    private MoneyCheck(Edition edition, ReadingContext context)
    {
        (_edition, _context) = (edition, context);
        _metrics = context.Names.Metrics.Values.ToDictionary(m => m.Index, m => m.Name);
    }

    /// <summary>Looks at all expressions of an edition.</summary>
    public static void Check(Edition edition, ReadingContext context)
    {
        var check = new MoneyCheck(edition, context);
        foreach (var condition in context.Conditions.All)
        {
            var unit = check.UnitOf(condition.Expression.Root, condition);
            if (!condition.Owner.StartsWith("rule ", StringComparison.Ordinal) || unit is not { Money: true }) { continue; }
            var rule = edition.Rules.FirstOrDefault(r => "rule " + r.Name == condition.Owner && r.Give.Source == condition.Expression.Source && condition.Expression.Type == CelType.Number);
            var given = rule is null ? null : context.Names.Vocabulary.Units[rule.Unit];
            if (given is { Money: true } && given != unit)
            {
                context.Error("money-mixed", condition.Text.Place, $"an amount of {unit.Name} is given as {given.Name}", $"Nothing converts by itself: multiply by a rate from a table, or give {unit.Name}.");
            }
        }
    }

    // The unit of what an expression comes to; null for a plain number, or where it can't be told.
    private Unit? UnitOf(Expr at, ReadCondition condition)
    {
        if (condition.Expression.Bindings.TryGetValue(at.Id, out var binding)) { return UnitOf(binding); }
        var units = ExprParts.Of(at).Select(p => UnitOf(p, condition)).ToList();
        if (at is not Expr.Call call) { return null; }
        if (call.Function == "_?_:_") { units.RemoveAt(0); }
        else if (call.Function == "_[_]") { return units[0]; }
        else if (call.Function is "_*_") { return Multiplied(at, units, condition); }
        else if (call.Function is "_/_") { return units is [{ } of, null] ? of : null; }
        else if (call.Function is "floor" or "ceil" or "round" or "sum" or "-_") { return units.FirstOrDefault(); }
        else if (!Alike.Contains(call.Function)) { return null; }
        var different = units.OfType<Unit>().Distinct().ToList();
        if (different.Count > 1 && different.Exists(u => u.Money))
        {
            _context.Error(
                "money-mixed", condition.Text.PlaceOf(condition.Offset + at.Start, at.End - at.Start), $"{different[0].Name} and {different[1].Name} are mixed",
                "Money is never added to, or compared with, another unit: multiply by a rate from a table first.");
        }
        return call.Function is "_+_" or "_-_" or "min" or "max" or "_?_:_" ? different.FirstOrDefault() : null;
    }

    private Unit? Multiplied(Expr at, List<Unit?> units, ReadCondition condition)
    {
        if (units is [{ Money: true } left, { Money: true } right])
        {
            _context.Error(
                "money-mixed", condition.Text.PlaceOf(condition.Offset + at.Start, at.End - at.Start), $"{left.Name} and {right.Name} are multiplied",
                "Money times money is no amount: multiply by a number, such as a rate from a table, or divide money by money first.");
        }
        return units is [null, _] or [_, null] ? units[0] ?? units[1] : null;
    }

    private Unit? UnitOf(Binding binding)
    {
        var vocabulary = _context.Names.Vocabulary;
        switch (binding)
        {
            case SubjectBinding.OfField field:
                var kind = field.Root;
                foreach (var step in field.Path) { kind = vocabulary.Kinds[step.Kind].Fields[step.Slot].Type is FieldType.Reference reference ? reference.Kind : kind; }
                return Money(vocabulary.Kinds[kind].Fields[field.Slot].Type);
            case MemberFieldBinding field:
                return Money(vocabulary.Kinds[Vocabulary.MemberKind].Fields[field.Slot].Type);
            case FactBinding fact:
                var types = vocabulary.FactTypes.SelectMany(f => f.Carries).Where(c => c.Name == fact.Field).Select(c => Money(c.Type)).Distinct().ToList();
                return types.Count == 1 ? types[0] : null;
            case MetricBinding metric:
                var found = _edition.Metrics.FirstOrDefault(m => m.Name == _metrics.GetValueOrDefault(metric.Metric));
                return found is { Kind: MetricKind.Sum, Unit: >= 0 } ? vocabulary.Units[found.Unit] : null;
            default:
                return null;
        }
    }

    private Unit? Money(FieldType type) => type is FieldType.Money money ? _context.Names.Vocabulary.Units[money.Unit] : null;
}
