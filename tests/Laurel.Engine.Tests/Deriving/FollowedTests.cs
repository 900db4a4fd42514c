using static Laurel.Engine.Tests.Deriving.Sites;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>Stories of subjects whose conditions read what they refer to, and of roles that conditions end.</summary>
public sealed class FollowedTests
{
    [Fact]
    public void What_is_referred_to_is_settled_first_over_two_steps() => Gives(
        """
        states:
          league.fine: league.open
          team.fine: team.league.fine && team.open
          site.fine: site.team.fine && site.size > 3
        rules: { fine: { give: 10 points, to: site.owner, while: site.fine }, less: { give: 1 points, to: site.owner, when: "!site.fine" } }
        roles: { site.owner: { starts: site.created, one: true } }
        """,
        [Ada, "2024-01-05 league.told league/l1 open=true", "2024-01-06 team.told team/t1 open=true league=l1", $"{Created} team=t1", "2024-03-01 league.told league/l1 open=false", "2024-04-01 league.told league/l1 open=true", "2024-05-01 team.told team/t1 open=false league=l1", "2024-05-02 team.told team/t1 open=true league=l1", "2024-06-01 site.told site/s1 team=t2"],
        "ada fine points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ada fine points site/s1 2024-04-01T00:00:00Z Active from 2024-04-01T00:00:00Z until 2024-05-01T00:00:00Z: 10, counts 10",
        "ada fine points site/s1 2024-05-02T00:00:00Z Active from 2024-05-02T00:00:00Z until 2024-06-01T00:00:00Z: 10, counts 10",
        "ada less points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 1, counts 1",
        "ada less points site/s1 2024-05-01T00:00:00Z Active from 2024-05-01T00:00:00Z until never: 1, counts 1",
        "ada less points site/s1 2024-06-01T00:00:00Z Active from 2024-06-01T00:00:00Z until never: 1, counts 1");

    [Fact]
    public void What_was_true_for_a_member_all_along_does_not_become_true_when_it_is_named() => Gives(
        """
        states: { site.fine: { starts: site.paid, ends: site.refunded } }
        roles:
          site.mate: { starts: site.created, ends: site.left }
          site.lead: { starts: site.shared, ends: ["!site.fine", "!site.mate"] }
        rules: { lead: { give: 10 points, to: site.lead, while: site.size > 0 } }
        """,
        [Ada, Ben, "2024-02-01 site.shared site/s1 size=6 member=ben", "2024-02-02 site.created site/s1 size=6 member=ada", "2024-02-05 site.created site/s1 size=6 member=ben", "2024-02-10 site.shared site/s1 size=6 member=ada", "2024-03-01 site.left site/s1 size=6 member=ben", "2024-03-05 site.paid site/s1", "2024-04-01 site.refunded site/s1"],
        "ada lead points site/s1 2024-02-10T00:00:00Z Active from 2024-02-10T00:00:00Z until 2024-04-01T00:00:00Z: 10, counts 10",
        "ben lead points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void Who_is_a_mate_no_more_for_ten_days_loses_the_lead() => Gives(
        """
        roles:
          site.mate: { starts: site.created, ends: site.left }
          site.lead: { starts: site.shared, ends: "!site.mate for 10 days" }
        rules: { lead: { give: 10 points, to: site.lead, while: site.size > 0 } }
        """,
        [Ada, Ben, "2024-01-20 site.shared site/s1 size=6 member=ben", Created, "2024-02-10 site.shared site/s1 size=6 member=ada", "2024-02-11 site.shared site/s1 size=6 member=cat", "2024-02-11 site.shared site/s1 size=6 member=dan", "2024-02-12 site.created site/s1 size=6 member=ben", "2024-03-01 site.left site/s1 size=6 member=ada", "2024-03-05 site.created site/s1 size=6 member=ada", "2024-04-01 site.left site/s1 size=6 member=ada", "2024-04-03 site.left site/s1 size=6 member=ben"],
        "ada lead points site/s1 2024-02-10T00:00:00Z Active from 2024-02-10T00:00:00Z until 2024-04-11T00:00:00Z: 10, counts 10",
        "ben lead points site/s1 2024-01-20T00:00:00Z Active from 2024-01-20T00:00:00Z until 2024-04-13T00:00:00Z: 10, counts 10");

    [Fact]
    public void A_team_s_mates_lose_the_lead_with_the_team_s_own_conditions() => Gives(
        """
        roles:
          team.mate: { starts: team.joined, ends: team.left }
          team.head: { starts: [team.joined: team.open], ends: ["!team.mate", "!team.open for 5 days"] }
        rules: { lead: { give: 10 points, to: site.team.head, while: site.size > 0 }, sale: { give: 1 points, to: site.team.mate, when: site.paid, or-later: last 20 days } }
        """,
        [Ada, Ben, "2024-01-20 team.joined team/t1 member=ben", "2024-01-21 team.told team/t1 open=true", "2024-01-22 team.joined team/t1 member=ada", $"{Created} team=t1", "2024-02-03 site.paid site/s1", "2024-02-10 team.left team/t1 member=ada", "2024-02-11 team.joined team/t1 member=cat", "2024-02-11 member.joined member/cat", "2024-03-01 team.told team/t1 open=false", "2024-03-04 team.told team/t1 open=true", "2024-04-01 team.told team/t1 open=false", "2024-04-20 team.joined team/t1 member=ada"],
        "ada lead points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-02-10T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 1, counts 1",
        "ben sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 1, counts 1",
        "cat lead points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-04-06T00:00:00Z: 10, counts 10",
        "cat sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-11T00:00:00Z until never: 1, counts 1");

    [Fact]
    public void What_any_subject_of_a_team_is_given_follows_the_team_that_it_is_in() => Gives(
        """
        states: { team.fine: team.open }
        roles: { team.mate: { starts: team.joined, ends: team.left }, site.owner: { starts: site.created, one: true } }
        rules:
          team: { give: 2 points, to: team.mate, while: team.fine }
          site: { give: 10 points, to: site.owner, while: site.team.fine && site.code != "x" }
        """,
        [Ada, Ben, "2024-01-20 team.joined team/t1 member=ben", "2024-01-21 team.told team/t1 open=true", $"{Created} team=t1", "2024-02-02 site.told site/s1 code=y", "2024-02-10 site.told site/s1 team=t2", "2024-02-20 team.told team/t2 open=true", "2024-02-21 site.told site/s1 code=x", "2024-02-22 site.told site/s1 code=z", "2024-03-01 team.told team/t2 open=false", "2024-04-01 team.left team/t1 member=ben"],
        "ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-10T00:00:00Z: 10, counts 10",
        "ada site points site/s1 2024-02-20T00:00:00Z Active from 2024-02-20T00:00:00Z until 2024-02-21T00:00:00Z: 10, counts 10",
        "ada site points site/s1 2024-02-22T00:00:00Z Active from 2024-02-22T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ben team points team/t1 2024-01-21T00:00:00Z Active from 2024-01-21T00:00:00Z until 2024-04-01T00:00:00Z: 2, counts 2");

    [Fact]
    public void What_was_not_told_refers_to_nothing() => Gives(
        """
        rules:
          near: { give: 1 points, to: site.owner, while: site.league.open }
          far: { give: 2 points, to: site.owner, while: site.team.league.open }
        """,
        ["2024-01-01 league.told league/l1 open=true", Ada, Created, "2024-01-01 team.told team/t1 open=true", "2024-02-02 site.told site/s1 team=t1 league=l1"],
        "ada near points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 1, counts 1");
}
