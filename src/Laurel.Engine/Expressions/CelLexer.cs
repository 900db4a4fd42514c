namespace Laurel.Engine.Expressions;

/// <summary>Cuts an expression into tokens. What it cannot read it reports, and reads on with what was probably meant.</summary>
internal sealed class CelLexer
{
    private static readonly string[] _symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}"];

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<CelProblem> _problems;
    private int _at;

    private CelLexer(string text, List<CelProblem> problems) => (_text, _problems) = (text, problems);

    /// <summary>The tokens; the last one is the end.</summary>
    public static IReadOnlyList<Token> Read(string text, List<CelProblem> problems)
    {
        var lexer = new CelLexer(text, problems);
        while (lexer.SkipSpace()) { lexer.ReadToken(); }
        lexer._tokens.Add(new(TokenKind.End, text.Length, text.Length, ""));
        return lexer._tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    /// <summary>Skips white space and comments.</summary>
    /// <returns>False at the end of the text.</returns>
    private bool SkipSpace()
    {
        while (_at < _text.Length)
        {
            if (Peek() is ' ' or '\t' or '\n' or '\r' or '\f') { _at++; }
            else if (Peek() == '/' && Peek(1) == '/') { while (_at < _text.Length && Peek() != '\n') { _at++; } }
            else { return true; }
        }
        return false;
    }

    private void ReadToken()
    {
        var first = Peek();
        if (CelText.PrefixLength(_text, _at) is var prefix and >= 0)
        {
            var start = _at;
            var value = CelText.Read(_text, prefix, ref _at, _problems);
            _tokens.Add(new(TokenKind.Text, start, _at, _text[start.._at], value));
        }
        else if (IsNameStart(first)) { Add(TokenKind.Name, Run(IsNamePart)); }
        else if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Peek(1)))) { Add(TokenKind.Number, NumberLength()); }
        else if (first == '`') { ReadQuotedName(); }
        else if (Array.Find(_symbols, symbol => string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0) is { } symbol) { Add(TokenKind.Symbol, symbol.Length); }
        else { ReadStranger(first); }
    }

    private void Add(TokenKind kind, int length)
    {
        _tokens.Add(new(kind, _at, _at + length, _text.Substring(_at, length)));
        _at += length;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private int Run(Func<char, bool> belongs, int from = 0)
    {
        var length = from;
        while (_at + length < _text.Length && belongs(_text[_at + length])) { length++; }
        return length;
    }

    private int NumberLength()
    {
        if (Peek() == '0' && Peek(1) is 'x' or 'X') { return Run(IsNamePart); }
        var length = Run(char.IsAsciiDigit);
        if (Peek(length) == '.' && char.IsAsciiDigit(Peek(length + 1))) { length = Run(char.IsAsciiDigit, length + 1); }
        if (Peek(length) is 'e' or 'E')
        {
            var sign = Peek(length + 1) is '+' or '-' ? 1 : 0;
            if (char.IsAsciiDigit(Peek(length + 1 + sign))) { length = Run(char.IsAsciiDigit, length + 1 + sign); }
        }
        // Letters that follow at once belong to it: the suffix u, or a slip such as 30d, which is told as one word.
        return Run(IsNamePart, length);
    }

    private void ReadQuotedName()
    {
        var close = _text.IndexOf('`', _at + 1);
        if (close < 0)
        {
            Report(CelProblemKind.OpenText, 1, "a name in backticks is not closed", "Write a second backtick after the name.");
            _tokens.Add(new(TokenKind.QuotedName, _at, _text.Length, _text[(_at + 1)..]));
            _at = _text.Length;
            return;
        }
        _tokens.Add(new(TokenKind.QuotedName, _at, close + 1, _text[(_at + 1)..close]));
        _at = close + 1;
    }

    private void ReadStranger(char first)
    {
        var (meant, remedy) = first switch
        {
            '=' => ("==", "Write == to compare."),
            '&' => ("&&", "Write && for \"and\"."),
            '|' => ("||", "Write || for \"or\"."),
            '≤' => ("<=", "Write <= for \"at most\"."),
            '≥' => (">=", "Write >= for \"at least\"."),
            '≠' => ("!=", "Write != for \"is not\"."),
            '“' or '”' or '„' or '‘' or '’' => ("", "Write texts in straight quotes: \"…\" or '…'."),
            '#' => ("", "Write comments after //."),
            ';' => ("", "Leave it out: an expression is one formula."),
            _ => ("", "Leave it out. Names are of letters without accents, digits and underscores; anything may stand in a text in quotes."),
        };
        var length = char.IsSurrogatePair(_text, _at) ? 2 : 1;
        Report(CelProblemKind.BadCharacter, length, $"`{_text.Substring(_at, length)}` does not belong in an expression", remedy);
        if (meant.Length > 0) { _tokens.Add(new(TokenKind.Symbol, _at, _at + 1, meant)); }
        _at += length;
        if (first is '“' or '„' or '‘' or '’') { SkipCurlyText(); }
    }

    /// <summary>A text in curly quotes is taken for the text that it was meant to be, so that its words are no problems of their own.</summary>
    private void SkipCurlyText()
    {
        var start = _at;
        var close = _text.AsSpan(_at).IndexOfAny("“”’");
        if (close < 0) { return; }
        _tokens.Add(new(TokenKind.Text, start - 1, start + close + 1, _text[(start - 1)..(start + close + 1)], Value.Of(_text.Substring(start, close))));
        _at = start + close + 1;
    }

    private void Report(CelProblemKind kind, int length, string message, string remedy) =>
        _problems.Add(new(_at, length, message, remedy) { Kind = kind });
}
