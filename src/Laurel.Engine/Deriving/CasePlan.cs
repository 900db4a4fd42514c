using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>
/// What tells the cases of a kind's subjects apart, where these are few: conditions read only what has few values, and rules hold for
/// stretches with a constant amount. What is left, times and members, no condition reads.
/// </summary>
internal sealed class CasePlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>Subjects that concern more members are folded.</summary>
    public const int RowsMax = 4;

    /// <summary>Subjects with more states that can end by themselves are folded.</summary>
    public const int TimedMax = 4;

    private const int SymbolsMax = 4096;

    /// <summary>The kind, compiled.</summary>
    public required KindPlan<TTrace> Kind { get; init; }

    /// <summary>The fields that conditions read.</summary>
    public required CaseField[] Fields { get; init; }

    /// <summary>By shape of fact: what of it matters; null where it does nothing to the subject.</summary>
    public required CaseShape?[] Shapes { get; init; }

    /// <summary>How many symbols there are: what can happen at an instant, as far as it matters.</summary>
    public required int SymbolCount { get; init; }

    /// <summary>Makes the plan.</summary>
    /// <returns>Null where a case can't be told by few values, or may give by more than stretches: then subjects are folded.</returns>
    public static CasePlan<TTrace>? Of(KindPlan<TTrace> kind, History history)
    {
        if (TTrace.On || !HasStretchesAlone(kind) || !ChangesByFewThings(kind)) { return null; }
        var read = new CaseReads(history.Vocabulary);
        if (!kind.Holdings.SelectMany(h => h.Rule.Starts.Concat(h.Rule.Ends).Select(t => t.Condition).Append(h.Rule.Condition))
            .Concat(kind.Rules.SelectMany(r => new[] { r.Rule.To, r.Rule.While })).OfType<Expression>().All(read.Add)) { return null; }
        var symbols = 1;
        var shapes = new CaseShape?[kind.Facts.Length];
        for (var shape = 0; shape < shapes.Length; shape++)
        {
            if (kind.Facts[shape] is not { } fact) { continue; }
            int[] who = [.. fact.Actions.Select(a => a.Who).Where(who => who >= 0).Distinct()];
            if (who.Length > 1) { return null; }
            var values = read.ValuesOf(history.Shapes[shape], fact.Slots);
            shapes[shape] = new(symbols, who is [var one] ? one : -1, values, KeptOf(kind, fact));
            symbols += values.Aggregate(who.Length == 0 ? 1 : RowsMax, (product, value) => Math.Min(product * value.Count, SymbolsMax));
            if (symbols << kind.Timed.Length > SymbolsMax) { return null; }
        }
        return new() { Kind = kind, Fields = read.Fields, Shapes = shapes, SymbolCount = symbols << kind.Timed.Length };
    }

    private static bool HasStretchesAlone(KindPlan<TTrace> kind) =>
        kind.Rules.Length is > 0 and <= 64
        && kind.Rules.All(r => r is { AtMoments: false, To: not null, Give: null, Rule.Unless.Count: 0 } && r.Keys.All(key => key.IsOwn))
        && kind.StageMost == 0;

    private static bool ChangesByFewThings(KindPlan<TTrace> kind) =>
        kind.Kind.Index != Vocabulary.MemberKind
        && kind.Followed.Length == 0 && !kind.ReadsBefore && !kind.Waits && !kind.WatchesMembers
        && kind.Timed.Length <= TimedMax && kind.Timed.All(h => !h.IsRole);

    /// <summary>The values that ends of states and keys of limits are read from.</summary>
    private static (int Place, int Slot)[] KeptOf(KindPlan<TTrace> kind, FactPlan<TTrace> fact)
    {
        var kept = kind.Timed.Select(h => h.Rule.Until).Concat(kind.Rules.SelectMany(r => r.Keys).Select(k => k.Slot)).ToHashSet();
        return [.. fact.Slots.Select((slot, place) => (place, slot)).Where(v => v.slot >= 0 && kept.Contains(v.slot))];
    }
}

/// <summary>A field that tells cases apart.</summary>
/// <param name="Slot">The field.</param>
/// <param name="ByValue">True where its value matters, false where only whether it was told does.</param>
internal readonly record struct CaseField(int Slot, bool ByValue);

/// <summary>What matters of a fact of a shape.</summary>
/// <param name="First">Its first symbol.</param>
/// <param name="Who">Where among its values the member stands; -1 for nowhere.</param>
/// <param name="Values">Its values that tell cases apart: where each stands, and how many there are.</param>
/// <param name="Kept">Its values that are remembered: where each stands, and the field that it tells.</param>
internal sealed record CaseShape(int First, int Who, (int Place, int Count)[] Values, (int Place, int Slot)[] Kept);

/// <summary>What conditions read, as far as it has few values.</summary>
internal sealed class CaseReads(Vocabulary vocabulary)
{
    private readonly HashSet<CaseField> _fields = [];
    private readonly HashSet<string> _facts = [];

    /// <summary>The fields of the subject that are read.</summary>
    public CaseField[] Fields => [.. _fields.OrderBy(f => f.Slot).ThenBy(f => f.ByValue)];

    /// <summary>Adds what a condition reads.</summary>
    /// <returns>False where it reads what may have many values.</returns>
    public bool Add(Expression condition)
    {
        var asked = Presences(condition.Root).ToHashSet();
        return condition.Bindings.All(b => Add(b.Value, asked.Contains(b.Key)));
    }

    /// <summary>The values of a fact that are read, from it or from the subject, with how many different ones there are.</summary>
    public (int Place, int Count)[] ValuesOf(FactShape shape, int[] slots)
    {
        var carries = vocabulary.FactTypes[shape.Type].Carries;
        return [.. Enumerable.Range(0, slots.Length)
            .Where(place => _facts.Contains(carries[shape.Fields[place]].Name) || _fields.Contains(new(slots[place], ByValue: true)))
            .Select(place => (place, carries[shape.Fields[place]].Type is FieldType.Choice choice ? choice.Values.Count : 2))];
    }

    private bool Add(Binding binding, bool presence)
    {
        switch (binding)
        {
            case SubjectBinding.OfState { Path.Count: 0, State: >= 0 } or SubjectBinding.OfRole { Path.Count: 0 } or TableBinding:
            case FactBinding { Field: not "time" } when presence:
                return true;
            case FactBinding fact when HasFew(fact.Type) && fact.Field != "time":
                _facts.Add(fact.Field);
                return true;
            case SubjectBinding.OfField { Path.Count: 0 } field when presence || HasFew(field.Type):
                _fields.Add(new(field.Slot, ByValue: !presence));
                return true;
            default:
                return false;
        }
    }

    private static bool HasFew(CelType type) => type is CelType.Choice || type == CelType.Bool;

    /// <summary>The nodes that ask only whether something was told.</summary>
    private static IEnumerable<int> Presences(Expr expr) =>
        (expr is Expr.Select { TestOnly: true } ? [expr.Id] : Enumerable.Empty<int>()).Concat(Programs.Reading.ExprParts.Of(expr).SelectMany(Presences));
}
