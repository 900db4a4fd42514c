namespace Laurel.Engine.Tests.Bugs;

/// <summary>Of credits that go on as another rule's, the second took the moment of the first, and one that had ended came back.</summary>
public sealed class Bug_0010_credits_that_go_on_as_another_rule
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: {} }
        facts: { site.sold: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 100 points, when: site.sold FOR } }
        ---
        edition: e2
        effective: 2024-03-01
        rules: { order: { give: 70 points, when: site.sold } }
        transition: { sale: order }
        """;

    [Fact]
    public void Each_keeps_its_moment() => Told.Of(
        Program.Replace("FOR", "", StringComparison.Ordinal), "2024-01-01 member.joined member/ada", "2024-02-01 site.sold site/s1 member=ada", "2024-02-02 site.sold site/s1 member=ada").Gives(
        "ada order points site/s1 2024-02-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 70, counts 70",
        "ada order points site/s1 2024-02-02T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 70, counts 70",
        "ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 100, counts 100",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 100, counts 100");

    [Fact]
    public void One_that_has_ended_does_not_come_back() => Told.Of(
        Program.Replace("FOR", ", for: 14 days", StringComparison.Ordinal), "2024-01-01 member.joined member/ada", "2024-02-01 site.sold site/s1 member=ada")
        .Gives("ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-02-15T00:00:00Z: 100, counts 100");
}
