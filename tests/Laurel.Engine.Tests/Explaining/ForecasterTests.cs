using Laurel.Engine.Explaining;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Explaining;

/// <summary>How far ahead a forecast looks.</summary>
public sealed class ForecasterTests
{
    private const string Program = """
        program: maple
        units: { hours: {} }
        facts: { hours.given: { about: member } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { hour: { give: 1 hours, when: hours.given } }
        obligations: { giving: { at-least: 1 hours, each: year } }
        """;

    [Theory]
    [InlineData("2024-02-15", "2044-02-15", 19, "each whole year until twenty years ahead")]
    [InlineData("2040-06-01", "2060-06-01", 4, "those that are foreseen, from a time far ahead")]
    [InlineData("9979-06-01", "9999-06-01", 0, "nothing where nothing is foreseen")]
    public void Foresees_what_closes_within_twenty_years_of_what_is_known(string at, string until, int closes, string why)
    {
        var told = Told.Of(Program, "2024-02-01 member.joined member/ada");
        var forecast = new Forecaster(told.Program, told.History, under: null, Instant.Last, "ada", Some.At(at), Some.At(until)).Will();
        Assert.True(closes == forecast.Steps.Count, $"{why}: {forecast.Steps.Count}");
    }
}
