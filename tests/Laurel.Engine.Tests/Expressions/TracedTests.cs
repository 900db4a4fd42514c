using Laurel.Engine.Expressions;
using Xunit.Abstractions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>There is one evaluator: with a trace or without, as a value or as a condition, it answers the same.</summary>
public sealed class TracedTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_expressions_answer_the_same_in_every_way_of_asking()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (missing, told) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var text = Condition(random, depth: 5);
            var about = $"seed {seed}, expression {text}";
            var expression = Some.Read(text, expected: CelType.Bool);
            var plain = Some.Names().Evaluate<NoTrace>(expression, default);
            var trace = Noted.New();
            var traced = Some.Names().Evaluate(expression, trace);
            Assert.True(plain == traced && plain.ToString() == traced.ToString(), $"{about}: {plain} without a trace, {traced} with one");
            Assert.True(trace.Results[expression.Root.Id].ToString() == traced.ToString(), about);
            Assert.True(Some.Names().Test<NoTrace>(expression, default) == plain.Truth, $"{about}: as a condition");
            Assert.True(Some.Names().Test(expression, Noted.New()) == plain.Truth, $"{about}: as a condition with a trace");
            Assert.True(Some.Names(fast: true).Evaluate<NoTrace>(expression, default).ToString() == plain.ToString(), $"{about}: with faster leaves");
            Assert.True(Some.Names(fast: true).Test<NoTrace>(expression, default) == plain.Truth, $"{about}: with faster leaves, as a condition");
            if (plain.IsMissing) { missing++; } else { told++; }
        }
        // Edges must be met: a generator that makes only one kind of answer would prove little.
        Assert.True(missing > 200 && told > 200, $"seed {seed}: {missing} missing, {told} told");
    }

    private static string Condition(Random random, int depth) => random.Next(depth <= 0 ? 6 : 14) switch
    {
        0 => Pick(random, "site.premium", "site.trial", "true", "false"),
        1 => Pick(random, "has(site.price)", "has(site.editor)", "has(by_area.video)"),
        2 => $"{Pick(random, "site.editor", "site.second_editor")} {Pick(random, "==", "!=")} {Pick(random, "\"studio\"", "\"classic\"", "site.editor")}",
        3 => $"{Pick(random, "site.editor", "site.second_editor")} in [{Pick(random, "\"studio\", \"classic\"", "\"classic\"", "site.editor", "")}]",
        4 => $"level {Pick(random, "<", "<=", ">", ">=", "==", "!=")} {Pick(random, "\"creator\"", "\"icon\"", "level")}",
        5 => $"\"{Pick(random, "studio", "classic")}\" == site.editor",
        6 or 7 => $"({Condition(random, depth - 1)} && {Condition(random, depth - 1)})",
        8 or 9 => $"({Condition(random, depth - 1)} || {Condition(random, depth - 1)})",
        10 => $"!({Condition(random, depth - 1)})",
        11 => $"({Condition(random, depth - 1)} ? {Condition(random, depth - 1)} : {Condition(random, depth - 1)})",
        12 => $"hours.{Pick(random, "all", "exists", "exists_one")}(h, h {Pick(random, "<", ">", "==")} {Amount(random, depth - 2)} || {Condition(random, depth - 3)})",
        _ => $"{Amount(random, depth - 1)} {Pick(random, "<", "<=", ">", ">=", "==", "!=")} {Amount(random, depth - 1)}",
    };

    // A zero that is written out is refused.
    private static string Divisor(string amount) => amount == "0" ? "(1 - 1)" : amount;

    private static string Amount(Random random, int depth) => random.Next(depth <= 0 ? 4 : 9) switch
    {
        0 => Pick(random, "points", "site.price", "hours[1]", "by_area[\"video\"]", "hours[7]"),
        1 or 2 => Pick(random, "0", "1", "-1", "0.5", "420", "419", "421", "9223372036854775807"),
        3 => Pick(random, "sum(hours)", "max(by_area)", "size(site.note)", "year(site.starts_on)"),
        4 => $"({Amount(random, depth - 1)} + {Amount(random, depth - 1)})",
        5 => $"({Amount(random, depth - 1)} - {Amount(random, depth - 1)})",
        6 => $"({Amount(random, depth - 1)} * {Amount(random, depth - 1)})",
        7 => $"({Amount(random, depth - 1)} / {Divisor(Amount(random, depth - 1))})",
        _ => $"({Condition(random, depth - 1)} ? {Amount(random, depth - 1)} : {Amount(random, depth - 1)})",
    };

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
