using Laurel.Engine.Expressions;
using Xunit.Abstractions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>No text, however made, throws or overflows the stack.</summary>
public sealed class HostileTests(ITestOutputHelper output)
{
    private const int Many = 20_000;

    public static TheoryData<string, string> Bombs() => new()
    {
        { "brackets", new string('(', Many) + "1" + new string(')', Many) },
        { "open brackets", new string('(', Many) },
        { "lists", new string('[', Many) + new string(']', Many) },
        { "maps", string.Concat(Enumerable.Repeat("{1:", Many)) },
        { "signs", new string('-', Many) + "points" },
        { "nots", new string('!', Many) + "site.premium" },
        { "sums", "1" + string.Concat(Enumerable.Repeat(" + 1", Many)) },
        { "comparisons", "1" + string.Concat(Enumerable.Repeat(" == 1", Many)) },
        { "fields", "site" + string.Concat(Enumerable.Repeat(".site", Many)) },
        { "indexes", "hours" + string.Concat(Enumerable.Repeat("[0]", Many)) },
        { "methods", "hours" + string.Concat(Enumerable.Repeat(".size()", Many)) },
        { "functions", string.Concat(Enumerable.Repeat("min(", Many)) },
        { "conditionals", string.Concat(Enumerable.Repeat("true ? 1 : ", Many)) + "1" },
        { "macros", string.Concat(Enumerable.Repeat("hours.all(h, ", Many)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_refused_as_too_deep(string what, string text)
    {
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            var problem = Assert.Single(CelReader.Read(text, Some.Names(), dialect, expected: null, out _));
            Assert.True(problem.Kind == CelProblemKind.TooDeep, $"{what}: {problem.Message}");
        }
    }

    [Fact]
    public void A_long_condition_is_not_a_deep_one()
    {
        var text = string.Join(" || ", Enumerable.Range(0, 5000).Select(i => $"points == {i} && site.premium"));
        Assert.Equal(Value.True, Some.Names().Evaluate<NoTrace>(Some.Read(text), default));
        Assert.Equal(Value.True, Some.Names().Evaluate(Some.Read(text), Noted.New()));
    }

    [Fact]
    public void As_deep_as_is_allowed_can_be_read_checked_and_evaluated()
    {
        var text = string.Concat(Enumerable.Repeat("(", 90)) + "1" + string.Concat(Enumerable.Repeat(" + 1)", 90)) + string.Concat(Enumerable.Repeat(" + 1", 150));
        Assert.Equal("241", Some.Names().Evaluate(Some.Read(text), Noted.New()).ToString());
        text = string.Concat(Enumerable.Repeat("[1].map(x, ", 90)) + "points" + new string(')', 90);
        Assert.Equal(90, Some.Names().Evaluate(Some.Read(text), Noted.New()).ToString().Count(character => character == '['));
    }

    [Fact]
    public void Random_texts_are_refused_or_evaluated_and_never_throw()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] words = ["points", "site", ".", "editor", "level", "hours", "(", ")", "[", "]", "{", "}", ",", "?", ":", "&&", "||", "!", "-", "+", "*", "/", "%", "==", "!=", "<", ">=", "in", " ",
            "has", "all", "map", "min", "size", "date", "\"studio\"", "'", "\"", "\\", "r\"", "b'", "`", "1", "0.5", "1u", "1e9", "0x", "9223372036854775807", "true", "null", "while", "é", "😀", "\ud83d", "//", "\n", "=", "x"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => words[random.Next(words.Length)]));
            var dialect = (Dialect)random.Next(2);
            try
            {
                var problems = CelReader.Read(text, Some.Names(), dialect, expected: null, out var expression);
                Assert.Equal(expression is null, problems.Count > 0);
                Assert.All(problems, problem => Assert.True(problem.Start >= 0 && problem.Length >= 1 && problem.Start <= text.Length && problem.Message.Length > 0 && problem.Remedy.Length > 0));
                if (expression is not null) { Some.Names().Evaluate<NoTrace>(expression, default); }
            }
            catch (Exception thrown) when (thrown is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, text {text}: {thrown}");
            }
        }
    }
}
