namespace Laurel.Engine.Expressions;

/// <summary>Something wrong with an expression: where in its text, what, and what to do.</summary>
/// <param name="Start">Where the part in question starts, in characters from the start of the text.</param>
/// <param name="Length">How long it is; at least 1, also at the end of the text.</param>
/// <param name="Message">What is wrong; one sentence without a full stop.</param>
/// <param name="Remedy">What to do about it; full sentences.</param>
public sealed record CelProblem(int Start, int Length, string Message, string Remedy)
{
    /// <summary>What kind of problem it is.</summary>
    public required CelProblemKind Kind { get; init; }
}

/// <summary>The kinds of problems that an expression can have.</summary>
public enum CelProblemKind
{
    /// <summary>A character that no expression has, such as a lone <c>=</c> or a curly quote.</summary>
    BadCharacter,

    /// <summary>A text whose closing quote is missing.</summary>
    OpenText,

    /// <summary>A backslash in a text followed by something that means nothing.</summary>
    BadEscape,

    /// <summary>A number that cannot be read, or does not fit.</summary>
    BadNumber,

    /// <summary>Something stands where something else was expected; or the text ends too early.</summary>
    Unexpected,

    /// <summary>Parts inside parts inside parts, beyond what is allowed.</summary>
    TooDeep,

    /// <summary>A word that the language keeps for itself stands where a name is expected.</summary>
    Reserved,

    /// <summary>Something of the language that this dialect does not have.</summary>
    NotInDialect,

    /// <summary>A macro (<c>has</c>, <c>all</c>, <c>map</c> …) whose arguments have the wrong form.</summary>
    BadMacro,

    /// <summary>A protocol buffer message is written out; there are none here.</summary>
    Message,

    /// <summary>A name that nothing here has.</summary>
    UnknownName,

    /// <summary>A function that does not exist.</summary>
    UnknownFunction,

    /// <summary>An operator or function does not take operands of these types.</summary>
    NoOverload,

    /// <summary>A choice is compared with a value that it cannot have.</summary>
    NotAChoice,

    /// <summary>A choice whose values have no order is compared by order.</summary>
    NoOrder,

    /// <summary>A text that must be a date, an instant or a duration is none; or a zero is divided by.</summary>
    BadConstant,

    /// <summary>The whole expression is not of the type that is needed.</summary>
    WrongResult,
}
