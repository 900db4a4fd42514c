namespace Laurel.Engine.Expressions;

/// <summary>What reading an expression came to.</summary>
/// <param name="Root">Its tree; null where there are problems.</param>
/// <param name="NodeCount">How many nodes the tree has.</param>
/// <param name="Problems">What is wrong with it.</param>
public sealed record ParseResult(Expr? Root, int NodeCount, IReadOnlyList<CelProblem> Problems);

/// <summary>
/// Reads the text of an expression into a tree. It never throws: what is wrong comes back as problems, all that can be told
/// of characters, texts and numbers, and the first thing that stands where it cannot stand.
/// </summary>
public sealed class CelParser
{
    // INVARIANT: whatever walks a tree recursively has stack for these many steps; a text can't be written that overflows it.
    private const int NestingMax = 100;
    private const int DepthMax = 250;

    private static readonly string[] _reserved =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    private readonly IReadOnlyList<Token> _tokens;
    private readonly Dialect _dialect;
    private readonly List<CelProblem> _problems;
    private readonly List<int> _depths = [];
    private int _at;
    private int _nesting;
    private bool _failed;

    private CelParser(IReadOnlyList<Token> tokens, Dialect dialect, List<CelProblem> problems) =>
        (_tokens, _dialect, _problems) = (tokens, dialect, problems);

    /// <summary>Reads an expression.</summary>
    public static ParseResult Parse(string text, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new List<CelProblem>();
        var parser = new CelParser(CelLexer.Read(text, problems), dialect, problems);
        var root = parser.Whole();
        return problems.Count == 0
            ? new(root, parser._depths.Count, problems)
            : new(null, 0, [.. problems.OrderBy(problem => problem.Start)]);
    }

    private Token Now => _tokens[_at];

    private Token Next => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    private bool Is(string symbol) => Now.Kind == TokenKind.Symbol && Now.Text == symbol;

    private bool Take(string symbol)
    {
        if (!Is(symbol)) { return false; }
        _at++;
        return true;
    }

    private Expr Whole()
    {
        var root = Conditional();
        if (Now.Kind != TokenKind.End) { Unexpected("the end of the expression"); }
        return root;
    }

    /// <summary>Where what was read last ends: brackets belong to the whole that they stand in.</summary>
    private int Ended => _at > 0 ? _tokens[_at - 1].End : 0;

    private Expr Conditional()
    {
        var start = Now.Start;
        if (++_nesting > NestingMax) { Fail(CelProblemKind.TooDeep, Now, "the expression is nested too deeply", $"Write it with at most {NestingMax} brackets inside each other."); }
        var condition = Chain("||", static parser => parser.Chain("&&", static inner => inner.Relation()));
        if (Take("?"))
        {
            var yes = Chain("||", static parser => parser.Chain("&&", static inner => inner.Relation()));
            Expect(":");
            var no = Conditional();
            condition = Call("_?_:_", start, Ended, null, [condition, yes, no]);
        }
        _nesting--;
        return condition;
    }

    /// <summary>Terms joined by <c>&amp;&amp;</c> or <c>||</c>, as a balanced tree: a long condition is not a deep one.</summary>
    private Expr Chain(string symbol, Func<CelParser, Expr> term)
    {
        // Balanced trees need their terms first, and parts are numbered before the whole: so all terms, then all joints.
        var terms = new List<(Expr Term, int Start, int End)>();
        do
        {
            var start = Now.Start;
            var read = term(this);
            terms.Add((read, start, Ended));
        }
        while (Take(symbol));
        return Join(symbol == "&&" ? "_&&_" : "_||_", terms, 0, terms.Count);
    }

    private Expr Join(string function, List<(Expr Term, int Start, int End)> terms, int from, int count)
    {
        if (count == 1) { return terms[from].Term; }
        var half = (count + 1) / 2;
        var left = Join(function, terms, from, half);
        var right = Join(function, terms, from + half, count - half);
        return Call(function, terms[from].Start, terms[from + count - 1].End, null, [left, right]);
    }

    private Expr Relation()
    {
        var start = Now.Start;
        var left = Sum();
        while (Relational() is { } function)
        {
            _at++;
            var right = Sum();
            left = Call(function, start, Ended, null, [left, right]);
        }
        return left;
    }

    private string? Relational() => Now.Kind switch
    {
        TokenKind.Symbol when Now.Text is "==" or "!=" or "<" or "<=" or ">" or ">=" => $"_{Now.Text}_",
        TokenKind.Name when Now.Text == "in" => "@in",
        _ => null,
    };

    private Expr Sum()
    {
        var start = Now.Start;
        var left = Product();
        while (Is("+") || Is("-"))
        {
            var function = $"_{Now.Text}_";
            _at++;
            var right = Product();
            left = Call(function, start, Ended, null, [left, right]);
        }
        return left;
    }

    private Expr Product()
    {
        var start = Now.Start;
        var left = Unary();
        while (Is("*") || Is("/") || Is("%"))
        {
            var function = $"_{Now.Text}_";
            _at++;
            var right = Unary();
            left = Call(function, start, Ended, null, [left, right]);
        }
        return left;
    }

    private Expr Unary()
    {
        var signs = new Stack<Token>();
        while (Is("!") || (Is("-") && Next.Kind != TokenKind.Number))
        {
            signs.Push(Now);
            _at++;
        }
        var operand = Member();
        while (signs.TryPop(out var sign))
        {
            operand = Call(sign.Text == "!" ? "!_" : "-_", sign.Start, Ended, null, [operand]);
        }
        return operand;
    }

    private Expr Member()
    {
        var member = Primary();
        while (!_failed)
        {
            if (Take("."))
            {
                if (Now.Kind is not (TokenKind.Name or TokenKind.QuotedName) || (Now.Kind == TokenKind.Name && IsKeyword(Now.Text))) { Unexpected("the name of a field or function"); return member; }
                var name = Now;
                _at++;
                member = name.Kind == TokenKind.Name && Is("(") ? Method(member, name) : Add(new Expr.Select(_depths.Count, member.Start, name.End, member, name.Text, TestOnly: false), member);
            }
            else if (Take("["))
            {
                var index = Conditional();
                var end = Expect("]");
                member = Call("_[_]", member.Start, end, null, [member, index]);
            }
            else
            {
                if (Is("{") && member is Expr.Ident or Expr.Select) { Fail(CelProblemKind.Message, Now, "a message is written out here, and there are none", "Write a map {\"key\": value}, or leave the braces out."); }
                break;
            }
        }
        return member;
    }

    private Expr Method(Expr target, Token name)
    {
        _at++;
        if (CelMacro.Of(name.Text) is { } macro && Now.Kind == TokenKind.Name && Next is { Kind: TokenKind.Symbol, Text: "," }) { return Macro(target, name, macro); }
        var arguments = List(")", Conditional, out var end);
        if (CelMacro.Of(name.Text) is not null)
        {
            Report(CelProblemKind.BadMacro, name, $"`{name.Text}` needs a name for each element, and then what is asked of it", $"Write it like this: list.{name.Text}(x, x > 0).");
        }
        return Call(name.Text, target.Start, end, target, arguments);
    }

    private Expr Macro(Expr range, Token name, CelMacro macro)
    {
        var variable = Now;
        if (IsKeyword(variable.Text) || _reserved.Contains(variable.Text)) { ReportReserved(variable); }
        _at += 2;
        var parts = List(")", Conditional, out var end);
        if (parts.Count < 1 || parts.Count > macro.PartsMax)
        {
            Report(CelProblemKind.BadMacro, name, $"`{name.Text}` takes a name and {(macro.PartsMax == 1 ? "one expression" : "one or two expressions")}, not {parts.Count}", $"Write it like this: list.{name.Text}(x, x > 0).");
            return range;
        }
        var filter = parts.Count == 2 ? parts[0] : null;
        return Add(new Expr.Comprehension(_depths.Count, range.Start, end, macro.Name, range, variable.Text, filter, parts[^1]), [range, .. parts]);
    }

    private Expr Primary()
    {
        var token = Now;
        switch (token.Kind)
        {
            case TokenKind.Name: return NameOrCall();
            case TokenKind.Number:
                _at++;
                return Number(token, token.Start, negative: false);
            case TokenKind.Symbol when token.Text == "-" && Next.Kind == TokenKind.Number:
                _at += 2;
                return Number(_tokens[_at - 1], token.Start, negative: true);
            case TokenKind.Text:
                _at++;
                if (_dialect == Dialect.Program && token.Value.Kind == ValueKind.Bytes) { Report(CelProblemKind.NotInDialect, token, "there are no bytes in a program", "Write a text without the letter b before its quote."); }
                return Literal(token.Start, token.End, token.Value);
            case TokenKind.Symbol when token.Text == "(":
                return InBrackets();
            case TokenKind.Symbol when token.Text == "[":
                _at++;
                var elements = List("]", Conditional, out var listEnd);
                return Add(new Expr.ListOf(_depths.Count, token.Start, listEnd, elements), elements);
            case TokenKind.Symbol when token.Text == "{":
                return Map();
            case TokenKind.Symbol when token.Text == "." && Next.Kind == TokenKind.Name:
                if (_dialect == Dialect.Program) { Report(CelProblemKind.NotInDialect, token, "no name starts with a dot here", "Leave the dot out."); }
                _at++;
                return NameOrCall(absolute: true);
            default:
                Unexpected("a value");
                return Literal(token.Start, token.End, Value.Null);
        }
    }

    private Expr InBrackets()
    {
        _at++;
        var inner = Conditional();
        Expect(")");
        return inner;
    }

    private Expr NameOrCall(bool absolute = false)
    {
        var name = Now;
        switch (name.Text)
        {
            case "true" or "false" when !absolute:
                _at++;
                return Literal(name.Start, name.End, Value.Of(name.Text == "true"));
            case "null" when !absolute:
                _at++;
                return Literal(name.Start, name.End, Value.Null);
            case "in":
                Unexpected("a value");
                return Literal(name.Start, name.End, Value.Null);
        }
        if (_reserved.Contains(name.Text)) { ReportReserved(name); }
        _at++;
        if (!Is("(")) { return Add(new Expr.Ident(_depths.Count, name.Start, name.End, absolute ? "." + name.Text : name.Text)); }
        _at++;
        if (name.Text == "has" && !absolute) { return Has(name); }
        var arguments = List(")", Conditional, out var end);
        return Call(name.Text, name.Start, end, null, arguments);
    }

    private Expr Has(Token name)
    {
        var arguments = List(")", Conditional, out var end);
        if (arguments is [Expr.Select { TestOnly: false } field]) { return new Expr.Select(field.Id, name.Start, end, field.Of, field.Field, TestOnly: true); }
        Report(CelProblemKind.BadMacro, name, "`has` asks whether one field was told", "Write it like this: has(site.editor).");
        return Literal(name.Start, end, Value.False);
    }

    private Expr Map()
    {
        var start = Now.Start;
        _at++;
        var parts = new List<Expr>();
        List("}", () =>
        {
            parts.Add(Conditional());
            Expect(":");
            parts.Add(Conditional());
            return parts[^1];
        }, out var end);
        var entries = new KeyValuePair<Expr, Expr>[parts.Count / 2];
        for (var i = 0; i < entries.Length; i++) { entries[i] = new(parts[2 * i], parts[(2 * i) + 1]); }
        return Add(new Expr.MapOf(_depths.Count, start, end, entries), [.. parts]);
    }

    /// <summary>What stands between brackets, with commas; a comma before the closing bracket is fine in lists and maps.</summary>
    private List<Expr> List(string close, Func<Expr> element, out int end)
    {
        var elements = new List<Expr>();
        while (!Is(close) && !_failed)
        {
            elements.Add(element());
            if (!Take(",")) { break; }
            if (Is(close) && close == ")") { Unexpected("another argument"); }
        }
        end = Expect(close);
        return elements;
    }

    private Expr.Literal Number(Token token, int start, bool negative)
    {
        if (!CelNumber.TryRead(token.Text, negative, _dialect, out var value, out var problem))
        {
            _problems.Add(new(start, token.End - start, problem.Message, problem.Remedy) { Kind = problem.Kind });
        }
        return Literal(start, token.End, value);
    }

    private Expr.Literal Literal(int start, int end, Value value) => (Expr.Literal)Add(new Expr.Literal(_depths.Count, start, end, value));

    private Expr Call(string function, int start, int end, Expr? target, IReadOnlyList<Expr> arguments) =>
        Add(new Expr.Call(_depths.Count, start, end, function, target, arguments), target is null ? [.. arguments] : [target, .. arguments]);

    /// <summary>Counts a new node in. INVARIANT: its number is the count of the nodes before it.</summary>
    private Expr Add(Expr node, params IReadOnlyList<Expr> parts)
    {
        var depth = 0;
        foreach (var part in parts) { depth = Math.Max(depth, _depths[part.Id]); }
        _depths.Add(depth + 1);
        if (depth >= DepthMax)
        {
            Fail(CelProblemKind.TooDeep, new(TokenKind.Symbol, node.Start, node.End, ""), "the expression is too long a chain", $"Write it with at most {DepthMax} steps one after another, or give a part of it a name of its own.");
        }
        return node;
    }

    private static bool IsKeyword(string name) => name is "true" or "false" or "null" or "in";

    private int Expect(string symbol)
    {
        var end = Now.End;
        if (!Take(symbol)) { Unexpected($"`{symbol}`"); }
        return end;
    }

    private void ReportReserved(Token name) =>
        Report(CelProblemKind.Reserved, name, $"`{name.Text}` is a word that the language keeps for itself", "Use another name.");

    private void Unexpected(string wanted)
    {
        var found = Now.Kind == TokenKind.End ? "the expression ends" : $"`{Now.Text}` stands";
        var remedy = Now.Text switch
        {
            "and" => "Write && for \"and\".",
            "or" => "Write || for \"or\".",
            "not" => "Write ! for \"not\".",
            "is" or "equals" => "Write == to compare.",
            ")" or "]" or "}" => $"Take the `{Now.Text}` out, or write what is missing before it.",
            _ when Now.Kind == TokenKind.End => $"Write {wanted} here, or take out what asks for it.",
            _ => $"Put {wanted} here.",
        };
        Fail(CelProblemKind.Unexpected, Now, $"{found} where {wanted} should be", remedy);
    }

    /// <summary>Tells the first thing that makes the rest unreadable, and goes to the end: what comes after would only be guessed.</summary>
    private void Fail(CelProblemKind kind, Token token, string message, string remedy)
    {
        if (!_failed) { Report(kind, token, message, remedy); }
        _failed = true;
        _at = _tokens.Count - 1;
    }

    private void Report(CelProblemKind kind, Token token, string message, string remedy)
    {
        if (!_failed) { _problems.Add(new(token.Start, Math.Max(1, token.End - token.Start), message, remedy) { Kind = kind }); }
    }
}
