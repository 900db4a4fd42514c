using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>Periods are foreseen until a year after the last fact was learnt. Asked as known earlier, a fact learnt later moved that on.</summary>
public sealed class Bug_0015_a_horizon_that_was_not_known
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { size: number } }
        facts: { site.created: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { month: { give: 1 points, to: site.owner, when: each month, while: site.owner } }
        """;

    [Fact]
    public void What_was_learnt_later_changes_nothing()
    {
        string[] known = ["2024-01-01 member.joined member/ada", "2024-02-02 site.created site/s1 member=ada"];
        var (before, after) = (Told.Of(Program, known), Told.Of(Program, [.. known, "2029-01-01 member.joined member/ben"]));
        var lines = CreditLines.Of(new Scoring(before.Program, before.History, under: null, Some.At("2024-06-01")), before.History);
        Assert.Equal(12, lines.Count);
        Same.Lines(lines, CreditLines.Of(new Scoring(after.Program, after.History, under: null, Some.At("2024-06-01")), after.History), "credits");
    }
}
