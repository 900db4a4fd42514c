namespace Laurel.Engine.Expressions;

/// <summary>The types that operators take and give.</summary>
/// <param name="dialect">The dialect.</param>
/// <param name="report">Takes what is wrong: the node, the kind, the message and the remedy.</param>
internal sealed class OperatorTypes(Dialect dialect, Action<Expr, CelProblemKind, string, string> report)
{
    /// <summary>True for the names that CEL gives to operators: they can't be written as functions.</summary>
    public static bool IsOperator(string function) => function[0] is '_' or '@' or '!' or '-';

    /// <summary>The type of an operator's value; what does not fit is reported.</summary>
    /// <param name="call">The operator.</param>
    /// <param name="types">The types of its operands.</param>
    public CelType Of(Expr.Call call, List<CelType> types)
    {
        switch (call.Function)
        {
            case "_&&_" or "_||_" or "!_":
                for (var i = 0; i < types.Count; i++) { CheckIsBool(call.Arguments[i], types[i]); }
                return CelType.Bool;
            case "_?_:_": return OfConditional(call, types);
            case "_==_" or "_!=_":
                CheckEquality(call, types);
                return CelType.Bool;
            case "_<_" or "_<=_" or "_>_" or "_>=_":
                CheckOrder(call, types);
                return CelType.Bool;
            case "@in":
                CheckIn(call, types);
                return CelType.Bool;
            case "_[_]": return OfIndex(call, types);
            case "-_": return OfNegation(call, types[0]);
            default: return OfArithmetic(call, types[0], types[1]);
        }
    }

    /// <summary>Reports a node that is no condition.</summary>
    public void CheckIsBool(Expr node, CelType type)
    {
        if (type == CelType.Bool || type == CelType.Dyn) { return; }
        report(node, CelProblemKind.NoOverload, $"this is {CelTypes.Describe(type)}, and a condition is needed here", "Compare it with something, or leave it out.");
    }

    /// <summary>Reports a text that is none of a choice's values.</summary>
    public void CheckIsAmong(Expr node, string text, CelType.Choice choice)
    {
        if (choice.Values.Contains(text)) { return; }
        var nearest = Nearest.To(text, choice.Values);
        var listed = string.Join(", ", choice.Values.Select(value => $"\"{value}\""));
        report(node, CelProblemKind.NotAChoice, $"{choice.Name} is never \"{text}\"", nearest is null ? $"It is one of {listed}." : $"Did you mean \"{nearest}\"? It is one of {listed}.");
    }

    private CelType OfConditional(Expr.Call call, List<CelType> types)
    {
        CheckIsBool(call.Arguments[0], types[0]);
        var joined = CelTypes.Join(types[1], types[2]);
        if (joined == CelType.Dyn && types[1] != CelType.Dyn && types[2] != CelType.Dyn)
        {
            report(call.Arguments[2], CelProblemKind.NoOverload, $"one side of ? : is {CelTypes.Describe(types[1])}, the other {CelTypes.Describe(types[2])}", "Write two sides of the same type.");
        }
        return joined;
    }

    private void CheckEquality(Expr.Call call, List<CelType> types)
    {
        var (left, right) = (call.Arguments[0], call.Arguments[1]);
        if (CheckChoice(types[0], right) || CheckChoice(types[1], left) || CelTypes.MayEqual(types[0], types[1], dialect)) { return; }
        report(call, CelProblemKind.NoOverload, $"{CelTypes.Describe(types[0])} is never equal to {CelTypes.Describe(types[1])}", "Compare things of the same type.");
    }

    /// <summary>Checks a literal beside a choice, or each literal of a list.</summary>
    /// <returns>False where there is nothing to check: no choice, or no literal.</returns>
    private bool CheckChoice(CelType type, Expr other)
    {
        if (type is not CelType.Choice choice || other is not Expr.Literal { Value.Kind: ValueKind.Text } literal) { return false; }
        CheckIsAmong(literal, literal.Value.AsText, choice);
        return true;
    }

    private void CheckOrder(Expr.Call call, List<CelType> types)
    {
        var (left, right) = (types[0], types[1]);
        if (left is CelType.Choice || right is CelType.Choice)
        {
            CheckChoiceOrder(call, left, right);
            return;
        }
        if (left == CelType.Dyn || right == CelType.Dyn)
        {
            if (IsOrdered(left) && IsOrdered(right)) { return; }
        }
        else if ((left == right && IsOrdered(left)) || (IsPlainNumber(left) && IsPlainNumber(right))) { return; }
        ReportOperator(call, left, right, "Compare two numbers, two texts, two instants or two durations.");
    }

    private void CheckChoiceOrder(Expr.Call call, CelType left, CelType right)
    {
        var choice = left as CelType.Choice ?? (CelType.Choice)right;
        if (!choice.Ordered)
        {
            report(call, CelProblemKind.NoOrder, $"the values of {choice.Name} have no order", "Compare with ==, or with in [\"…\", \"…\"].");
        }
        else if (!(left is CelType.Choice && CheckChoice(left, call.Arguments[1])) && !CheckChoice(right, call.Arguments[0]) && left != right && left != CelType.Dyn && right != CelType.Dyn)
        {
            ReportOperator(call, left, right, $"Compare {choice.Name} with one of its own values, written out.");
        }
    }

    private static bool IsOrdered(CelType type) => type == CelType.Dyn || IsPlainNumber(type) || type == CelType.Number || type == CelType.Text || type == CelType.Bytes
        || type == CelType.Bool || type == CelType.Timestamp || type == CelType.Duration;

    private static bool IsPlainNumber(CelType type) => type == CelType.Int || type == CelType.UInt || type == CelType.Double;

    private void CheckIn(Expr.Call call, List<CelType> types)
    {
        var element = types[1] switch
        {
            CelType.List list => list.Element,
            CelType.Map map => map.Key,
            _ => types[1] == CelType.Dyn ? CelType.Dyn : null,
        };
        if (element is null) { ReportOperator(call, types[0], types[1], "Write a list in square brackets after `in`."); }
        else if (types[0] is CelType.Choice && call.Arguments[1] is Expr.ListOf { Elements: var elements })
        {
            foreach (var each in elements) { CheckChoice(types[0], each); }
            if (!CelTypes.IsText(element) && element != CelType.Dyn) { ReportOperator(call, types[0], types[1], "List texts."); }
        }
        else if (!CheckChoice(element, call.Arguments[0]) && !CelTypes.MayEqual(types[0], element, dialect)) { ReportOperator(call, types[0], types[1], "Look for things of the type that is in there."); }
    }

    private CelType OfIndex(Expr.Call call, List<CelType> types)
    {
        switch (types[0])
        {
            case CelType.List list:
                if (types[1] == CelType.Dyn || types[1] == (dialect == Dialect.Plain ? CelType.Int : CelType.Number)) { return list.Element; }
                break;
            case CelType.Map map:
                if (CheckChoice(map.Key, call.Arguments[1]) || CelTypes.MayEqual(types[1], map.Key, dialect)) { return map.Value; }
                break;
            default:
                if (types[0] == CelType.Dyn) { return CelType.Dyn; }
                break;
        }
        report(call, CelProblemKind.NoOverload, $"{CelTypes.Describe(types[0])} cannot be looked up by {CelTypes.Describe(types[1])}", "Look up a list by a number, a map by one of its keys.");
        return CelType.Dyn;
    }

    private CelType OfNegation(Expr.Call call, CelType type)
    {
        if (type == CelType.Number || type == CelType.Int || type == CelType.Double || type == CelType.Dyn) { return type; }
        report(call, CelProblemKind.NoOverload, $"`-` does not take {CelTypes.Describe(type)}", type == CelType.Bool ? "Write ! for \"not\"." : "Put a number behind it.");
        return CelType.Dyn;
    }

    private CelType OfArithmetic(Expr.Call call, CelType left, CelType right)
    {
        if (dialect == Dialect.Program && call is { Function: "_/_" or "_%_", Arguments: [_, Expr.Literal { Value: { Kind: ValueKind.Number, AsNumber.Numerator: 0 } } zero] })
        {
            report(zero, CelProblemKind.BadConstant, "nothing can be divided by zero", "Divide by another number.");
        }
        if (left is CelType.List a && right is CelType.List b && call.Function == "_+_") { return CelTypes.Join(a, b); }
        CelType? result = null;
        foreach (var (x, y, gives) in Forms(call.Function))
        {
            if (!CelTypes.Fits(left, x) || !CelTypes.Fits(right, y)) { continue; }
            result = result is null || result == gives ? gives : CelType.Dyn;
        }
        if (result is not null) { return call.Function == "_+_" && left == CelType.Dyn && right == CelType.Dyn ? CelType.Dyn : result; }
        if (left == CelType.Dyn || right == CelType.Dyn) { return CelType.Dyn; }
        ReportOperator(call, left, right, call.Function == "_+_" ? "Add two numbers, two texts, two lists, or an instant and a duration." : "Put numbers on both sides.");
        return CelType.Dyn;
    }

    private IEnumerable<(CelType Left, CelType Right, CelType Result)> Forms(string function)
    {
        if (dialect == Dialect.Program) { yield return (CelType.Number, CelType.Number, CelType.Number); }
        else
        {
            yield return (CelType.Int, CelType.Int, CelType.Int);
            yield return (CelType.UInt, CelType.UInt, CelType.UInt);
            if (function != "_%_") { yield return (CelType.Double, CelType.Double, CelType.Double); }
        }
        if (function is "_+_" or "_-_")
        {
            yield return (CelType.Duration, CelType.Duration, CelType.Duration);
            yield return (CelType.Timestamp, CelType.Duration, CelType.Timestamp);
        }
        if (function == "_-_") { yield return (CelType.Timestamp, CelType.Timestamp, CelType.Duration); }
        if (function != "_+_") { yield break; }
        yield return (CelType.Duration, CelType.Timestamp, CelType.Timestamp);
        yield return (CelType.Text, CelType.Text, CelType.Text);
        if (dialect == Dialect.Plain) { yield return (CelType.Bytes, CelType.Bytes, CelType.Bytes); }
    }

    private void ReportOperator(Expr.Call call, CelType left, CelType right, string remedy)
    {
        var name = call.Function == "@in" ? "in" : call.Function.Trim('_');
        report(call, CelProblemKind.NoOverload, $"`{name}` does not go between {CelTypes.Describe(left)} and {CelTypes.Describe(right)}", remedy);
    }
}
