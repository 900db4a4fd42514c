using Laurel.Engine.Expressions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>What is wrong with an expression is told at its place, with a remedy.</summary>
public sealed class ProblemTests
{
    // The part in question stands between ‹ and ›.
    public static TheoryData<CelProblemKind, string, string, string> Cases() => new()
    {
        { CelProblemKind.BadCharacter, "points ‹=› 3", "`=` does not belong in an expression", "Write == to compare." },
        { CelProblemKind.BadCharacter, "site.premium ‹&› site.trial", "`&` does not belong in an expression", "Write && for \"and\"." },
        { CelProblemKind.BadCharacter, "points ‹≥› 3", "`≥` does not belong in an expression", "Write >= for \"at least\"." },
        { CelProblemKind.BadCharacter, "site.note == ‹“›hello”", "`“` does not belong in an expression", "Write texts in straight quotes: \"…\" or '…'." },
        { CelProblemKind.BadCharacter, "points > 3‹;›", "`;` does not belong in an expression", "Leave it out: an expression is one formula." },
        { CelProblemKind.BadCharacter, "‹é›tat", "`é` does not belong in an expression", "Leave it out. Names are of letters without accents, digits and underscores; anything may stand in a text in quotes." },
        { CelProblemKind.OpenText, "site.note == ‹\"›hello", "a text is not closed", "Write \" at its end." },
        { CelProblemKind.OpenText, "site.‹`›note", "a name in backticks is not closed", "Write a second backtick after the name." },
        { CelProblemKind.BadEscape, "site.note == \"C:‹\\d›\"", "`\\d` is no escape that means anything here", @"Write \\ for a backslash. Escapes are \n \t \r \"" \' \\ \xFF \377, and in texts \uFFFF and \U0010FFFF for one character." },
        { CelProblemKind.BadNumber, "points > ‹30d›", "`30d` is no number, or has more digits than fit", "Write it like 300 or 0.25, with at most 18 digits." },
        { CelProblemKind.BadNumber, "points > ‹99999999999999999999›", "`99999999999999999999` is no number, or has more digits than fit", "Write it like 300 or 0.25, with at most 18 digits." },
        { CelProblemKind.Unexpected, "points >‹›", "the expression ends where a value should be", "Write a value here, or take out what asks for it." },
        { CelProblemKind.Unexpected, "points > 3 ‹and› site.premium", "`and` stands where the end of the expression should be", "Write && for \"and\"." },
        { CelProblemKind.Unexpected, "points > 3‹)›", "`)` stands where the end of the expression should be", "Take the `)` out, or write what is missing before it." },
        { CelProblemKind.Unexpected, "min(1, 2‹›", "the expression ends where `)` should be", "Write `)` here, or take out what asks for it." },
        { CelProblemKind.Unexpected, "site.‹true›", "`true` stands where the name of a field or function should be", "Put the name of a field or function here." },
        { CelProblemKind.Unexpected, "‹in› [1]", "`in` stands where a value should be", "Put a value here." },
        { CelProblemKind.Unexpected, "‹›", "the expression ends where a value should be", "Write a value here, or take out what asks for it." },
        { CelProblemKind.Reserved, "‹while› > 3", "`while` is a word that the language keeps for itself", "Use another name." },
        { CelProblemKind.Reserved, "hours.all(‹for›, true)", "`for` is a word that the language keeps for itself", "Use another name." },
        { CelProblemKind.NotInDialect, "points > ‹3u›", "`3u` is an unsigned number, and there are none in a program", "Leave the u out: all numbers are exact here." },
        { CelProblemKind.NotInDialect, "site.note == ‹b\"x\"›", "there are no bytes in a program", "Write a text without the letter b before its quote." },
        { CelProblemKind.NotInDialect, "‹.›points > 3", "no name starts with a dot here", "Leave the dot out." },
        { CelProblemKind.NotInDialect, "site.note == ‹null›", "nothing is ever null in a program", "Ask with has(…) whether a field was told." },
        { CelProblemKind.NotInDialect, "‹site.note.matches(\"h.*\")›", "there is no function `matches` in a program", "Compare with ==, startsWith, endsWith or contains." },
        { CelProblemKind.BadMacro, "hours.‹all›(points > 3, true)", "`all` needs a name for each element, and then what is asked of it", "Write it like this: list.all(x, x > 0)." },
        { CelProblemKind.BadMacro, "hours.‹exists›(h, true, true)", "`exists` takes a name and one expression, not 2", "Write it like this: list.exists(x, x > 0)." },
        { CelProblemKind.BadMacro, "‹has›(points)", "`has` asks whether one field was told", "Write it like this: has(site.editor)." },
        { CelProblemKind.Message, "site.note‹{›a: 1}", "a message is written out here, and there are none", "Write a map {\"key\": value}, or leave the braces out." },
        { CelProblemKind.UnknownName, "‹site.edtor› == \"studio\"", "`site.edtor` is not known here", "Known are: site.editor, site.second_editor, site.premium, site.trial, site.note, site.price, site.starts_on, site.holder, site.creator, site.firm, level, points, by_area, share, hours." },
        { CelProblemKind.UnknownFunction, "‹rond(points)›", "there is no function `rond`", "Did you mean `round`?" },
        { CelProblemKind.UnknownFunction, "‹now()›", "there is no function `now`", "Functions here are: ceil, contains, date, duration, endsWith, floor, max, min, month, round, size, startsWith, sum, timestamp, year." },
        { CelProblemKind.NoOverload, "‹points + site.note› == 3", "`+` does not go between a number and a text", "Add two numbers, two texts, two lists, or an instant and a duration." },
        { CelProblemKind.NoOverload, "‹points - site.note› == 3", "`-` does not go between a number and a text", "Put numbers on both sides." },
        { CelProblemKind.NoOverload, "‹points == \"3\"›", "a number is never equal to a text", "Compare things of the same type." },
        { CelProblemKind.NoOverload, "‹site.holder == site.firm›", "a person is never equal to a firm", "Compare things of the same type." },
        { CelProblemKind.NoOverload, "‹site.editor == points›", "a value of site.editor is never equal to a number", "Compare things of the same type." },
        { CelProblemKind.NoOverload, "‹points < site.starts_on›", "`<` does not go between a number and an instant", "Compare two numbers, two texts, two instants or two durations." },
        { CelProblemKind.NoOverload, "‹level < site.note›", "`<` does not go between a value of level and a text", "Compare level with one of its own values, written out." },
        { CelProblemKind.NoOverload, "‹points in 3›", "`in` does not go between a number and a number", "Write a list in square brackets after `in`." },
        { CelProblemKind.NoOverload, "‹points in [\"a\"]›", "`in` does not go between a number and a list of texts", "Look for things of the type that is in there." },
        { CelProblemKind.NoOverload, "‹-site.premium›", "`-` does not take a condition", "Write ! for \"not\"." },
        { CelProblemKind.NoOverload, "‹hours[\"a\"]› > 3", "a list of numbers cannot be looked up by a text", "Look up a list by a number, a map by one of its keys." },
        { CelProblemKind.NoOverload, "‹points.size()› > 3", "`size` does not take a number", "It is called like this: size(a text), or size(a list), or size(a map)." },
        { CelProblemKind.NoOverload, "‹points› && site.premium", "this is a number, and a condition is needed here", "Compare it with something, or leave it out." },
        { CelProblemKind.NoOverload, "site.premium ? 3 : ‹\"a\"›", "one side of ? : is a number, the other a text", "Write two sides of the same type." },
        { CelProblemKind.NoOverload, "‹points›.all(x, true)", "`all` takes a list or a map, and this is a number", "Name a list or a map before it." },
        { CelProblemKind.NoOverload, "‹points.value› > 3", "a number has no field `value`", "Take it out, or name something that has fields." },
        { CelProblemKind.NotAChoice, "site.editor == ‹\"studo\"›", "site.editor is never \"studo\"", "Did you mean \"studio\"? It is one of \"classic\", \"studio\", \"editor-x\"." },
        { CelProblemKind.NotAChoice, "site.editor in [\"studio\", ‹\"velo\"›]", "site.editor is never \"velo\"", "It is one of \"classic\", \"studio\", \"editor-x\"." },
        { CelProblemKind.NotAChoice, "level >= ‹\"legend\"›", "level is never \"legend\"", "It is one of \"explorer\", \"pioneer\", \"creator\", \"icon\"." },
        { CelProblemKind.NotAChoice, "share[‹\"icn\"›] > 3", "level is never \"icn\"", "Did you mean \"icon\"? It is one of \"explorer\", \"pioneer\", \"creator\", \"icon\"." },
        { CelProblemKind.NotAChoice, "‹share.icn› > 3", "level is never \"icn\"", "Did you mean \"icon\"? It is one of \"explorer\", \"pioneer\", \"creator\", \"icon\"." },
        { CelProblemKind.NoOrder, "‹site.editor > \"classic\"›", "the values of site.editor have no order", "Compare with ==, or with in [\"…\", \"…\"]." },
        { CelProblemKind.BadConstant, "site.starts_on < date(‹\"2024-02-30\"›)", "\"2024-02-30\" is not a date such as 2024-02-27", "Write it in that form." },
        { CelProblemKind.BadConstant, "site.starts_on < timestamp(‹\"yesterday\"›)", "\"yesterday\" is not an instant in the range of the years 0001 to 9999, such as 2024-06-01T09:00:00Z", "Write it in that form." },
        { CelProblemKind.BadConstant, "points / ‹0› > 1", "nothing can be divided by zero", "Divide by another number." },
        { CelProblemKind.WrongResult, "‹points + 1›", "this is a number, and a condition is needed here", "Write an expression that gives a condition." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_problem_is_told_at_its_place(CelProblemKind kind, string marked, string message, string remedy)
    {
        var text = marked.Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal);
        var problems = CelReader.Read(text, Some.Names(), Dialect.Program, CelType.Bool, out var expression);
        Assert.Null(expression);
        var problem = Assert.Single(problems);
        var start = marked.IndexOf('‹', StringComparison.Ordinal);
        var length = marked.IndexOf('›', StringComparison.Ordinal) - start - 1;
        Assert.Equal((kind, message, remedy), (problem.Kind, problem.Message, problem.Remedy));
        Assert.Equal((start, Math.Max(1, length)), (problem.Start, problem.Length));
    }

    [Fact]
    public void All_problems_of_an_expression_are_told_from_left_to_right()
    {
        var problems = CelReader.Read("site.editor == \"velo\" && pints > 3 || rond(points) < site.note", Some.Names(), Dialect.Program, CelType.Bool, out _);
        Assert.Equal([CelProblemKind.NotAChoice, CelProblemKind.UnknownName, CelProblemKind.UnknownFunction], problems.Select(problem => problem.Kind));
        problems = CelReader.Read("points = 3u & site.note == \"\\d", Some.Names(), Dialect.Program, CelType.Bool, out _);
        Assert.Equal([CelProblemKind.BadCharacter, CelProblemKind.NotInDialect, CelProblemKind.BadCharacter, CelProblemKind.OpenText, CelProblemKind.BadEscape], problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void A_macros_variable_written_wrongly_is_suggested()
    {
        var names = new Names().Add("hours", new CelType.List(CelType.Number), Value.List([]));
        var scope = new Silent(names);
        var problem = Assert.Single(CelReader.Read("hours.all(hour, huor > 3)", scope, Dialect.Program, CelType.Bool, out _));
        Assert.Equal("Did you mean `hour`?", problem.Remedy);
    }

    [Fact]
    public void Every_kind_of_problem_is_provoked_here()
    {
        var provoked = Cases().Select(row => (CelProblemKind)((object[])row)[0]).Append(CelProblemKind.TooDeep);
        Assert.Equal(Enum.GetValues<CelProblemKind>().Order(), provoked.Distinct().Order());
    }

    /// <summary>A scope that says no more than that a name is unknown.</summary>
    private sealed class Silent(IScope inner) : IScope
    {
        public Binding? Resolve(IReadOnlyList<string> path, out int used, out string problem)
        {
            var binding = inner.Resolve(path, out used, out _);
            problem = binding is null ? $"`{path[0]}` is not known here" : "";
            return binding;
        }
    }
}
