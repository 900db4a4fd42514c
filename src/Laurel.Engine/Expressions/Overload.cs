using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>What a function does with its operands, none of which is missing and all of which have the overload's types.</summary>
/// <param name="zone">The program's zone.</param>
/// <param name="operands">The operands; the target of a method first.</param>
internal delegate Value Work(Zone zone, ReadOnlySpan<Value> operands);

/// <summary>One form of a function: what it takes, what it gives.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Form">Whether it stands before its operands, or after the first with a dot.</param>
/// <param name="Operands">The types of its operands.</param>
/// <param name="Result">The type of its value.</param>
/// <param name="Work">What it does.</param>
internal sealed record Overload(string Function, CallForm Form, IReadOnlyList<CelType> Operands, CelType Result, Work Work)
{
    /// <summary>True where the last operand may be told any number of times.</summary>
    public bool Repeats { get; init; }

    /// <summary>The type of the operand of a number; null where there are too many.</summary>
    public CelType? Operand(int index) => index < Operands.Count ? Operands[index] : Repeats ? Operands[^1] : null;

    /// <summary>True where so many operands can be told.</summary>
    public bool Takes(int count) => Repeats ? count >= Operands.Count : count == Operands.Count;

    /// <summary>True where it can be called in this form.</summary>
    public bool IsCalled(bool method) => Form == CallForm.Either || method == (Form == CallForm.Method);

    /// <summary>The overload as a person would write it: "startsWith(a text, a text)".</summary>
    public override string ToString()
    {
        var operands = Operands.Select(CelTypes.Describe).ToList();
        if (Repeats) { operands.Add("…"); }
        return Form == CallForm.Method ? $"({operands[0]}).{Function}({string.Join(", ", operands.Skip(1))})" : $"{Function}({string.Join(", ", operands)})";
    }
}

/// <summary>How a function is called.</summary>
internal enum CallForm
{
    /// <summary>f(x).</summary>
    Function,

    /// <summary>x.f().</summary>
    Method,

    /// <summary>Both ways.</summary>
    Either,
}
