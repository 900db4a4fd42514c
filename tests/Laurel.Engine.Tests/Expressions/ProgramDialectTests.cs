using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>What an expression of a program comes to.</summary>
public sealed class ProgramDialectTests
{
    [Theory]
    [InlineData("7 / 10", "0.7")]
    [InlineData("0.1 + 0.2 == 0.3", "true")]
    [InlineData("1 / 3 * 3", "1")]
    [InlineData("2 - 2.25", "-0.25")]
    [InlineData("-points", "-420")]
    [InlineData("- -3", "3")]
    [InlineData("10 % 3", "1")]
    [InlineData("-10 % 3", "-1")]
    [InlineData("0x10 + 1e3", "1016")]
    [InlineData("20 * min(1, 5 / 10)", "10")]
    [InlineData("min(3, 1, 2)", "1")]
    [InlineData("max(3)", "3")]
    [InlineData("max(hours)", "4")]
    [InlineData("min(by_area)", "3")]
    [InlineData("sum(hours)", "7.5")]
    [InlineData("sum(by_area)", "7")]
    [InlineData("sum([])", "0")]
    [InlineData("size(hours)", "3")]
    [InlineData("hours.size()", "3")]
    [InlineData("size(\"naïve\")", "5")]
    [InlineData("floor(-2.5)", "-3")]
    [InlineData("ceil(-2.5)", "-2")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("round(2.4999)", "2")]
    [InlineData("hours[1]", "2.5")]
    [InlineData("by_area[\"video\"]", "3")]
    [InlineData("by_area.text", "4")]
    [InlineData("by_area[\"unseen\"]", "0")]
    [InlineData("\"unseen\" in by_area", "false")]
    [InlineData("has(by_area.video) && !has(by_area.unseen)", "true")]
    [InlineData("site.premium ? 3 : 5", "3")]
    [InlineData("hours.filter(h, h > 2).map(h, h * points)", "[1050, 1680]")]
    [InlineData("hours.map(h, h > 2, hours.filter(g, g < h).size())", "[1, 2]")]
    [InlineData("\"a\" + \"b\"", "\"ab\"")]
    [InlineData("site.note.startsWith(\"he\") && site.note.contains(\"ll\") && site.note.endsWith(\"o\")", "true")]
    [InlineData("site.editor.startsWith(\"stu\")", "true")]
    [InlineData("site.holder == site.creator", "true")]
    public void Comes_to(string text, string expected) => Assert.Equal(expected, Evaluate(text).ToString());

    [Theory]
    [InlineData("level >= \"creator\"", true)]
    [InlineData("level > \"creator\"", false)]
    [InlineData("level < \"icon\"", true)]
    [InlineData("\"pioneer\" <= level", true)]
    [InlineData("level >= level", true)]
    [InlineData("level == \"creator\"", true)]
    [InlineData("level != \"creator\"", false)]
    [InlineData("level in [\"icon\", \"creator\"]", true)]
    [InlineData("level in [\"icon\", \"explorer\"]", false)]
    public void A_choice_compares_by_its_order_not_by_its_letters(string text, bool expected)
    {
        Assert.Equal(Value.Of(expected), Evaluate(text));
        Assert.Equal(expected ? Truth.True : Truth.False, Some.Names().Test<NoTrace>(Some.Read(text), default));
    }

    [Fact]
    public void A_value_that_is_not_in_the_list_of_its_choice_cannot_be_judged()
    {
        var names = Some.Names().Add("level", Some.Level, Value.Of("retired"));
        Assert.Equal("error: \"retired\" is not a value of level", names.Evaluate<NoTrace>(Some.Read("level >= \"icon\"", names), default).ToString());
    }

    [Theory]
    // Berlin is an hour ahead in winter, two in summer.
    [InlineData("year(timestamp(\"2023-12-31T22:59:59Z\"))", "2023")]
    [InlineData("year(timestamp(\"2023-12-31T23:00:00Z\"))", "2024")]
    [InlineData("month(timestamp(\"2024-06-30T22:00:00Z\"))", "7")]
    [InlineData("date(\"2024-02-27\")", "2024-02-26T23:00:00Z")]
    [InlineData("date(timestamp(\"2024-07-01T23:00:00Z\"))", "2024-07-01T22:00:00Z")]
    [InlineData("date(\"2024-03-31\") + duration(\"24h\") == date(\"2024-04-01\")", "false")]
    [InlineData("date(\"2024-04-01\") - date(\"2024-03-31\") == duration(\"23h\")", "true")]
    [InlineData("max(date(\"2024-02-27\"), site.starts_on)", "2024-06-01T09:00:00Z")]
    public void Dates_are_those_of_the_programs_zone(string text, string expected) =>
        Assert.Equal(expected, Some.Names().Evaluate<NoTrace>(Some.Read(text), default, Zone.Find("Europe/Berlin")).ToString());

    [Fact]
    public void The_ends_of_time_have_no_date_and_raise_nothing()
    {
        foreach (var at in new[] { Instant.Ever, Instant.Never, Instant.First, Instant.Last })
        {
            var names = new Names().Add("at", CelType.Timestamp, Value.Of(at));
            foreach (var zone in new[] { "Asia/Tokyo", "America/Los_Angeles", "UTC" })
            {
                foreach (var text in new[] { "year(at)", "date(at)", "at + duration(\"1h\")", "at - duration(\"1h\")", "at - date(\"2024-01-01\")" })
                {
                    var value = names.Evaluate<NoTrace>(Some.Read(text, names), default, Zone.Find(zone));
                    Assert.True(value.Kind is ValueKind.Error or ValueKind.Number or ValueKind.Timestamp or ValueKind.Duration, $"{text} at {at} in {zone}");
                    if (!at.IsReal && !text.Contains("- date", StringComparison.Ordinal)) { Assert.Equal(ValueKind.Error, value.Kind); }
                }
            }
        }
    }

    [Theory]
    [InlineData("site.trial", "site.trial: not told")]
    [InlineData("!site.trial", "site.trial: not told")]
    [InlineData("site.trial && site.premium", "site.trial: not told")]
    [InlineData("site.premium && site.trial", "site.trial: not told")]
    [InlineData("site.trial && !site.premium", "false")]
    [InlineData("site.trial || site.premium", "true")]
    [InlineData("site.trial ? 1 : 2", "site.trial: not told")]
    [InlineData("site.premium ? 1 : site.price", "1")]
    [InlineData("site.price > 3", "site.price: not told")]
    [InlineData("site.price + 1", "site.price: not told")]
    [InlineData("site.second_editor == \"studio\"", "site.second_editor: not told")]
    [InlineData("site.second_editor in [\"studio\"]", "site.second_editor: not told")]
    [InlineData("max(1, site.price)", "site.price: not told")]
    [InlineData("[site.price].size()", "site.price: not told")]
    [InlineData("hours.all(h, h > 3 && site.trial)", "false")]
    [InlineData("hours.exists(h, h > 3 || site.trial)", "true")]
    [InlineData("has(site.trial)", "false")]
    [InlineData("has(site.premium)", "true")]
    [InlineData("!has(site.price) || site.price > 3", "true")]
    [InlineData("has(site.price) && site.price > 3", "false")]
    public void What_nobody_told_passes_through_but_where_it_does_not_matter(string text, string expected) =>
        Assert.Equal(expected, Evaluate(text).ToString());

    [Theory]
    [InlineData("points / (points - 420)", "division by zero")]
    [InlineData("points % (points - 420)", "division by zero: a remainder modulo zero")]
    [InlineData("2.5 % points", "% takes whole numbers only")]
    [InlineData("points * 999999999999999999", "overflow: the result needs more than 64 bits")]
    [InlineData("9223372036854775807 + points", "overflow: the result needs more than 64 bits")]
    [InlineData("-9223372036854775808 - points", "overflow: the result needs more than 64 bits")]
    [InlineData("-(-9223372036854775807 - 1)", "overflow: the result needs more than 64 bits")]
    [InlineData("-9223372036854775808 / -1", "overflow: the result needs more than 64 bits")]
    [InlineData("hours[3]", "the list has no place 3, only 0 to 2")]
    [InlineData("hours[0.5]", "0.5 is no place in a list")]
    [InlineData("share[level]", "no such key: \"creator\"")]
    [InlineData("max(hours.filter(h, h > 9))", "there is nothing to take the least or the greatest of")]
    [InlineData("{\"a\": 1, \"a\": 2}", "a map has the same key twice")]
    [InlineData("date(site.note)", "\"hello\" is not a date such as 2024-02-27")]
    public void What_cannot_be_computed_is_an_error_that_says_why(string text, string message)
    {
        var value = Evaluate(text);
        Assert.Equal(ValueKind.Error, value.Kind);
        Assert.Equal(message, value.AsText);
        Assert.Equal(Truth.Unknown, value.Truth);
    }

    [Fact]
    public void A_condition_is_read_no_further_than_needed_without_a_trace_and_wholly_with_one()
    {
        var text = "!site.premium && points > 3 || (site.premium ? points > 5 : level == \"icon\")";
        var names = Some.Names();
        names.Evaluate<NoTrace>(Some.Read(text), default);
        Assert.Equal([("points", 1), ("site.premium", 2)], Counts(names));

        var traced = Some.Names();
        traced.Evaluate(Some.Read(text), Noted.New());
        Assert.Equal([("level", 1), ("points", 2), ("site.premium", 2)], Counts(traced));

        static IEnumerable<(string, int)> Counts(Names names) => names.Reads.OrderBy(read => read.Key, StringComparer.Ordinal).Select(read => (read.Key, read.Value));
    }

    [Fact]
    public void A_trace_has_the_value_of_every_node_but_the_beginnings_of_a_path_that_is_one_thing()
    {
        var expression = Some.Read("site.premium && (points >= 500 || site.price * 2 > 10)");
        var trace = Noted.New();
        Some.Names().Evaluate(expression, trace);
        Assert.Equal(expression.NodeCount - 2, trace.Results.Count);
        var texts = trace.Results.OrderBy(note => note.Key).Select(note => note.Value.ToString());
        Assert.Equal(["true", "420", "500", "false", "site.price: not told", "2", "site.price: not told", "10", "site.price: not told", "site.price: not told", "site.price: not told"], texts);
    }

    [Fact]
    public void The_variable_of_a_macro_hides_a_name_outside_until_the_macro_ends() =>
        Assert.Equal("[1, 2.5, 4, 420]", Evaluate("hours.map(points, points) + [points]").ToString());

    [Fact]
    public void One_compiled_expression_serves_many_threads()
    {
        var node = CelCompiler<Names, NoTrace>.Compile(Some.Read("[1, 2, 3, 4, 5].all(a, [10, 20, 30].all(b, a < b || a == b / 2 + 0 * a)) ? 1 : [1, 2].map(a, a * 2)[1]"), Zone.Utc, (_, _) => throw new InvalidOperationException());
        var results = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(4).Select(_ =>
        {
            var trace = default(NoTrace);
            return Enumerable.Range(0, 200).Select(_ => node.Evaluate(new Names(), ref trace)).Distinct().Single();
        });
        Assert.All(results, value => Assert.Equal(Value.Of((Number)1), value));
    }

    private static Value Evaluate(string text)
    {
        var expression = Some.Read(text);
        var value = Some.Names().Evaluate<NoTrace>(expression, default);
        var traced = Some.Names().Evaluate(expression, Noted.New());
        Assert.Equal(value.ToString(), traced.ToString());
        Assert.Equal(value.Truth, Some.Names().Test<NoTrace>(expression, default));
        return value;
    }
}
