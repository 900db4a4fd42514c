namespace Laurel.Engine.Tests.Bugs;

/// <summary>Joining sets no field and changes no state, so rules that read only whether a member is enrolled were never looked at.</summary>
public sealed class Bug_0001_being_enrolled_gave_nothing
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { member: { stars: number } }
        facts: { member.praised: { about: member, may: [stars] } }
        ---
        edition: e1
        effective: 2024-01-01
        states:
          member.starred: { starts: member.praised, ends: { member.joined: member.enrolled } }
          member.plain: member.enrolled && !member.starred
        rules:
          welcome: { give: 100 points, while: member.enrolled }
          quiet: { give: 10 points, while: "!member.starred" }
          plain: { give: 1 points, while: member.plain }
        """;

    [Fact]
    public void Gives_to_whoever_is_enrolled() => Told.Of(Program, "2024-02-01 member.joined member/ada", "2024-03-01 member.left member/ada").Gives(
        "ada plain points member/ada 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 1, counts 1",
        "ada quiet points member/ada 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ada welcome points member/ada 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 100, counts 100");

    [Fact]
    public void Just_before_joining_nobody_is_enrolled() => Told.Of(Program, "2024-01-15 member.praised member/ada", "2024-02-01 member.joined member/ada").Gives(
        "ada welcome points member/ada 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until never: 100, counts 100");
}
