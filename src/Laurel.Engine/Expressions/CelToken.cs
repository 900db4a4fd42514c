namespace Laurel.Engine.Expressions;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, or a word such as <c>true</c> or <c>in</c>.</summary>
    Name,

    /// <summary>A name in backticks: only a field may be one.</summary>
    QuotedName,

    /// <summary>A number; its text is read by the parser, which knows the sign.</summary>
    Number,

    /// <summary>A text or bytes.</summary>
    Text,

    /// <summary>An operator or a bracket.</summary>
    Symbol,
}

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">Its characters; of a quoted name, those between the backticks.</param>
/// <param name="Value">The value of a text.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text, Value Value = default);
