namespace Laurel.Engine.Tests.Bugs;

/// <summary>A number by key answers nought for what it has not seen; the greatest of one that had seen nothing was an error, and every new member's score with it.</summary>
public sealed class Bug_0021_the_greatest_of_nothing_was_an_error
{
    private static readonly Told Told = Told.Of(
        """
        program: maple
        units: { sites: {} }
        subjects: { site: { region: text } }
        facts:
          site.created: { about: site, needs: [member, region] }
          site.closed:  { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        states: { site.open: { starts: site.created, ends: site.closed } }
        roles: { site.owner: { starts: site.created } }
        rules: { site: { give: 1 sites, to: site.owner, while: site.open } }
        metrics:
          by_region: { sum: sites, per: site.region }
          best:  max(by_region)
          least: min(by_region)
          all:   sum(by_region)
        """,
        "2024-01-15 member.joined member/ada", "2024-02-01 site.created site/s1 member=ada region=north",
        "2024-02-02 site.created site/s2 member=ada region=north", "2024-03-01 site.created site/s3 member=ada region=south", "2024-04-01 site.closed site/s1",
        "2024-04-01 site.closed site/s2", "2024-04-01 site.closed site/s3");

    [Theory]
    [InlineData("2024-01-20", 0, 0, 0)]
    [InlineData("2024-02-10", 2, 2, 2)]
    [InlineData("2024-03-10", 2, 1, 3)]
    [InlineData("2024-04-10", 0, 0, 0)]
    public void It_is_nought(string at, int best, int least, int all)
    {
        var standing = Told.At("ada", at);
        Assert.Equal([best.ToString(), least.ToString(), all.ToString()], ((string[])["best", "least", "all"]).Select(name => standing.MetricOf(name).ToString()));
    }
}
