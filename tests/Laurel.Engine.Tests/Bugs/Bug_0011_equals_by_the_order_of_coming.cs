namespace Laurel.Engine.Tests.Bugs;

/// <summary>Of credits of one moment the one counted whose subject was told first: a late fact ended otherwise than the same fact in time.</summary>
public sealed class Bug_0011_equals_by_the_order_of_coming
{
    [Theory]
    [InlineData("s1", "s2")]
    [InlineData("s2", "s1")]
    public void Of_equals_the_first_by_name_counts(string told, string late) => Told.Of(
        """
        program: maple
        units: { points: {} }
        subjects: { site: { size: number } }
        facts: { site.sold: { about: site, needs: [member, size] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: fact.size points, when: site.sold } }
        limits: { one: { of: sale, first: 1 } }
        """,
        "2024-01-01 member.joined member/ada", $"2024-02-01 site.sold site/{told} member=ada size={told[1]}", $"2024-02-01 site.sold site/{late} member=ada size={late[1]} (2024-02-05)").Gives(
        "ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until never: 1, counts 1",
        "ada sale points site/s2 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until never: 2, counts 0");
}
