namespace Laurel.Engine.Tests.Bugs;

/// <summary>Credits of a rule that only an earlier edition has go on where its transition keeps them; a metric by rule could not be asked for them.</summary>
public sealed class Bug_0014_a_kept_rule_could_not_be_read
{
    [Fact]
    public void What_is_kept_is_read_by_its_name()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { site: { size: number } }
            facts: { site.created: { about: site, needs: [member], may: [size] } }
            ---
            edition: e1
            effective: 2024-01-01
            roles: { site.owner: { starts: site.created } }
            rules: { old: { give: 7 points, to: site.owner } }
            ---
            edition: e2
            effective: 2024-03-01
            roles: { site.owner: { starts: site.created } }
            rules: { sized: { give: site.size points, to: site.owner } }
            metrics: { by_rule: { sum: points, per: rule } }
            ladders: { level: { rungs: [low, high: 'by_rule["old"] >= 7'] } }
            transition: { old: keep }
            """,
            "2024-01-01 member.joined member/ada", "2024-02-02 site.created site/s1 member=ada");
        Assert.Equal("high", told.At("ada", "2024-04-01").LevelOn(told.Program.Editions[1].Ladders[0]));
    }
}
