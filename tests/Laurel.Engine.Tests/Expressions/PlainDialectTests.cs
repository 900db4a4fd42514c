using Laurel.Engine.Expressions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>What the conformance files leave open about the plain dialect.</summary>
public sealed class PlainDialectTests
{
    [Theory]
    [InlineData("1 + 1u")]
    [InlineData("1 == 1.0")]
    [InlineData("1u - 1")]
    [InlineData("1.5 % 1.0")]
    [InlineData("-1u")]
    [InlineData("!1")]
    [InlineData("[1] < [2]")]
    [InlineData("null < null")]
    [InlineData("true ? 1 : 'a'")]
    [InlineData("1 && true")]
    [InlineData("'a' in [1]")]
    [InlineData("unheard_of")]
    [InlineData("unheard_of(1)")]
    [InlineData("size(1)")]
    [InlineData("[1]['a']")]
    [InlineData("'a'.b")]
    [InlineData("1.map(x, x)")]
    [InlineData("min(1, 2)")]
    [InlineData("'a'.matches(1)")]
    public void Types_that_do_not_go_together_are_refused_before_anything_runs(string text)
    {
        Assert.NotEmpty(CelReader.Read(text, new Names(), Dialect.Plain, expected: null, out var expression));
        Assert.Null(expression);
    }

    [Theory]
    [InlineData("1 < 2.5", "true")]
    [InlineData("'\\U0001F431' > '\\uFFFB'", "true")]
    [InlineData("'\\uFFFB' < '\\U0001F431'", "true")]
    [InlineData("[2, 3, 4].existsOne(x, x > 3)", "true")]
    [InlineData("{'a-b': 1}.`a-b`", "1")]
    [InlineData("['x'].map(y, .y)", "[7]")]
    [InlineData("duration('1h30m') == duration('5400s')", "true")]
    [InlineData("string(duration('-1.5s'))", "\"-1.5s\"")]
    [InlineData("duration('1.5h').getMinutes()", "90")]
    [InlineData("timestamp('2024-01-01T00:30:00+01:00')", "2023-12-31T23:30:00Z")]
    [InlineData("timestamp('2024-01-01T00:00:00.000000001Z') > timestamp('2024-01-01T00:00:00Z')", "true")]
    [InlineData("int(timestamp('1969-12-31T23:59:59.5Z'))", "-1")]
    [InlineData("timestamp(1.0 == 1.0 ? 0 : 1)", "1970-01-01T00:00:00Z")]
    [InlineData("{1: 'a'}[dyn(1.0)] + {1: 'b'}[dyn(1u)]", "\"ab\"")]
    [InlineData("dyn(1) in {1u: 0} && !(dyn('1') in {1u: 0})", "true")]
    public void Comes_to(string text, string expected)
    {
        var names = new Names().Add("y", CelType.Int, Value.Int(7));
        var problems = CelReader.Read(text, names, Dialect.Plain, expected: null, out var expression);
        Assert.Empty(problems);
        Assert.Equal(expected, names.Evaluate<NoTrace>(expression!, default).ToString());
    }

    [Theory]
    [InlineData("timestamp('9999-12-31T23:30:00Z').getFullYear('+01:00')")]
    [InlineData("timestamp('2024-01-01T00:00:00Z').getHours('Nowhere/Land')")]
    [InlineData("timestamp('2024-01-01')")]
    [InlineData("duration('1 h')")]
    [InlineData("duration('')")]
    [InlineData("duration('-')")]
    [InlineData("duration('s')")]
    [InlineData("'a'.matches('(')")]
    [InlineData("'a'.matches('(?=a)')")]
    [InlineData("[dyn(1.5)].map(x, {x: 1})")]
    [InlineData("uint('-1')")]
    [InlineData("int('1.5')")]
    public void What_cannot_be_computed_is_an_error(string text)
    {
        Assert.Empty(CelReader.Read(text, new Names(), Dialect.Plain, expected: null, out var expression));
        var value = new Names().Evaluate<NoTrace>(expression!, default);
        Assert.True(value.Kind == ValueKind.Error, $"{text} gives {value}");
    }

    [Fact]
    public void A_regular_expression_takes_no_longer_than_its_text_is_long()
    {
        // With an engine that goes back, this one would take longer than anybody waits.
        var names = new Names().Add("x", CelType.Text, Value.Of(new string('a', 50_000) + "!"));
        Assert.Empty(CelReader.Read("x.matches('^(a+)+$')", names, Dialect.Plain, CelType.Bool, out var expression));
        Assert.Equal(Value.False, names.Evaluate<NoTrace>(expression!, default));
    }
}
