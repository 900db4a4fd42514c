using static Laurel.Engine.Tests.Deriving.Sites;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>Stories of a few facts: who gets credits, and over which time.</summary>
public sealed class CreditTests
{
    [Fact]
    public void Each_has_a_role_until_the_time_that_was_told_last() => Gives(
        """
        roles: { site.seat: { starts: [site.created, site.shared], until: site.seat_ends } }
        rules: { seat: { give: 10 points, to: site.seat, while: site.size > 0 } }
        """,
        [Ada, Ben, $"{Created} seat_ends=2024-05-01T00:00:00Z", "2024-02-10 site.shared site/s1 size=6 member=ben", "2024-04-01 site.told site/s1 seat_ends=2024-06-01T00:00:00Z", "2024-07-01 site.shared site/s1 size=6 member=ben seat_ends=2024-08-01T00:00:00Z"],
        "ada seat points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-06-01T00:00:00Z: 10, counts 10",
        "ben seat points site/s1 2024-02-10T00:00:00Z Active from 2024-02-10T00:00:00Z until 2024-06-01T00:00:00Z: 10, counts 10",
        "ben seat points site/s1 2024-07-01T00:00:00Z Active from 2024-07-01T00:00:00Z until 2024-08-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void Each_has_a_role_for_so_long_after_it_started() => Gives(
        """
        roles: { site.seat: { starts: [site.created, site.shared], for: 30 days } }
        rules: { seat: { give: 10 points, to: site.seat, while: site.size > 0 } }
        """,
        [Ada, Ben, Created, "2024-02-11 site.shared site/s1 size=6 member=ben", "2024-02-20 site.shared site/s1 size=6 member=ada"],
        "ada seat points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-21T00:00:00Z: 10, counts 10",
        "ben seat points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-03-12T00:00:00Z: 10, counts 10");

    [Fact]
    public void Who_ceases_to_fulfil_a_condition_loses_the_role_and_nobody_else() => Gives(
        """
        roles:
          site.mate: { starts: [site.created, site.shared], ends: site.left }
          site.lead: { starts: [site.created, site.shared], ends: ["!site.mate", "!site.live"] }
        rules: { lead: { give: 10 points, to: site.lead, while: site.size > 0 } }
        """,
        [Ada, Ben, "2024-01-20 site.told site/s1 live=true", Created, "2024-02-11 site.shared site/s1 size=6 member=ben", "2024-03-01 site.left site/s1 size=6 member=ada", "2024-03-15 site.shared site/s1 size=6 member=cat", "2024-03-15 member.joined member/cat", "2024-04-01 site.told site/s1 live=false", "2024-05-01 site.shared site/s1 size=2 member=ben"],
        "ada lead points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ben lead points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-04-01T00:00:00Z: 10, counts 10",
        "ben lead points site/s1 2024-05-01T00:00:00Z Active from 2024-05-01T00:00:00Z until never: 10, counts 10",
        "cat lead points site/s1 2024-03-15T00:00:00Z Active from 2024-03-15T00:00:00Z until 2024-04-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void A_condition_on_a_fact_reads_the_member_that_it_names() => Gives(
        """
        roles:
          site.mate: { starts: site.created }
          site.lead: { starts: [site.shared: site.mate], ends: [site.told] }
        rules: { lead: { give: 10 points, to: site.lead, while: site.size > 0 } }
        """,
        [Ada, Ben, Created, "2024-02-02 site.created site/s1 size=7 member=ben", "2024-03-01 site.shared site/s1 size=6 member=ben", "2024-01-01 member.joined member/cat", "2024-03-02 site.shared site/s1 size=6 member=cat", "2024-04-01 site.told site/s1 live=true"],
        "ben lead points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until 2024-04-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void What_a_subject_refers_to_ends_by_time() => Gives(
        """
        states: { team.fresh: { starts: team.told, for: 60 days }, team.settled: { starts: team.open for 20 days, ends: "!team.open" } }
        roles: { team.mate: { starts: team.joined, ends: team.left } }
        rules:
          fresh: { give: 10 points, to: site.team.mate, while: site.team.fresh && site.size > 0 }
          settled: { give: 20 points, to: site.team.mate, while: site.team.settled && site.size > 0 }
        """,
        [Ada, Ben, "2024-01-10 team.told team/t1 open=true", "2024-01-15 team.joined team/t1 member=ben", $"{Created} team=t1", "2024-03-20 team.told team/t1 open=false", "2024-04-20 team.told team/t2 open=true", "2024-04-21 site.told site/s1 team=t2", "2024-04-22 team.joined team/t2 member=ada"],
        "ada fresh points site/s1 2024-04-22T00:00:00Z Active from 2024-04-22T00:00:00Z until 2024-06-19T00:00:00Z: 10, counts 10",
        "ada settled points site/s1 2024-05-10T00:00:00Z Active from 2024-05-10T00:00:00Z until never: 20, counts 20",
        "ben fresh points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-10T00:00:00Z: 10, counts 10",
        "ben fresh points site/s1 2024-03-20T00:00:00Z Active from 2024-03-20T00:00:00Z until 2024-04-21T00:00:00Z: 10, counts 10",
        "ben settled points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-20T00:00:00Z: 20, counts 20");

    [Theory]
    [InlineData("2024-02-14T23:59:59Z")]
    [InlineData("2024-02-15", "ada sale points site/s1 2024-02-01T00:00:00Z Pending from 2024-02-01T00:00:00Z until 2024-02-15T00:00:00Z: 10, counts 10")]
    [InlineData(
        "2024-02-20",
        "ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-15T00:00:00Z until 2024-02-20T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-02-01T00:00:00Z Pending from 2024-02-01T00:00:00Z until 2024-02-15T00:00:00Z: 10, counts 10")]
    public void What_waits_is_taken_back_without_a_trace_and_what_was_released_ends(string refunded, params string[] credits) => Gives(
        "rules: { sale: { give: 10 points, to: site.owner, when: site.paid, after: 14 days, unless: site.refunded, within: 30 days } }",
        [Ada, Created, "2024-02-01 site.paid site/s1", $"{refunded} site.refunded site/s1"],
        credits);

    [Fact]
    public void Each_moment_has_its_own_time_in_which_it_can_be_taken_back() => Gives(
        "rules: { sale: { give: site.size points, to: site.owner, when: [site.paid, site.shared], where: site.live, after: 14 days, unless: site.refunded, within: 30 days } }",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-02-03 site.paid site/s1", "2024-02-20 site.shared site/s1 size=8 member=ben", "2024-02-20 site.paid site/s1", "2024-03-04T12:00:00Z site.refunded site/s1", "2024-04-01 site.told site/s1 live=false", "2024-04-02 site.paid site/s1"],
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-17T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s1 2024-02-03T00:00:00Z Pending from 2024-02-03T00:00:00Z until 2024-02-17T00:00:00Z: 5, counts 5");

    [Fact]
    public void A_moment_after_which_somebody_gains_the_role_waits_as_long_as_for_the_others() => Gives(
        """
        roles: { site.mate: { starts: [site.created, site.shared] } }
        rules: { sale: { give: 10 points, to: site.mate, or-later: this year, when: site.paid, after: 14 days, unless: site.refunded } }
        """,
        [Ada, Ben, Created, "2024-02-02 site.paid site/s1", "2024-02-10 site.shared site/s1 size=6 member=ben", "2024-03-01 site.shared site/s1 size=6 member=cat", "2024-03-02 member.joined member/cat", "2024-05-01 site.refunded site/s1", "2024-06-01 site.shared site/s1 size=6 member=dan"],
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-16T00:00:00Z until 2024-05-01T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-02-02T00:00:00Z Pending from 2024-02-02T00:00:00Z until 2024-02-16T00:00:00Z: 10, counts 10",
        "ben sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-16T00:00:00Z until 2024-05-01T00:00:00Z: 10, counts 10",
        "ben sale points site/s1 2024-02-02T00:00:00Z Pending from 2024-02-10T00:00:00Z until 2024-02-16T00:00:00Z: 10, counts 10",
        "cat sale points site/s1 2024-02-02T00:00:00Z Active from 2024-03-02T00:00:00Z until 2024-05-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void Who_joins_and_leaves_has_credits_while_a_member() => Gives(
        "rules: { owned: { give: site.size points, to: site.owner, while: site.live } }",
        [Created, "2024-02-02 site.told site/s1 live=true", "2024-03-01 member.joined member/ada", "2024-04-01 site.told site/s1 size=9", "2024-05-01 member.left member/ada", "2024-06-01 member.joined member/ada", "2024-07-01 site.told site/s1 live=false"],
        "ada owned points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until 2024-04-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s1 2024-03-01T00:00:00Z Active from 2024-04-01T00:00:00Z until 2024-05-01T00:00:00Z: 9, counts 9",
        "ada owned points site/s1 2024-06-01T00:00:00Z Active from 2024-06-01T00:00:00Z until 2024-07-01T00:00:00Z: 9, counts 9");

    [Fact]
    public void A_credit_goes_on_over_a_new_edition_that_gives_the_same() => Gives(
        """
        rules: { owned: { give: site.size points, to: site.owner, while: site.live }, other: { give: 3 points, to: site.owner, while: site.live } }
        ---
        edition: e2
        effective: 2025-01-01
        roles: { site.owner: { starts: site.created, one: true } }
        rules: { owned: { give: site.size points, to: site.owner, while: site.live }, other: { give: 4 points, to: site.owner, while: site.live } }
        """,
        [Ada, Ben, Created, "2024-02-02 site.told site/s1 live=true", "2025-02-01 site.created site/s1 size=6 member=ben", "2025-01-01 site.created site/s2 size=3 member=ada", "2025-01-01 site.told site/s2 live=true"],
        "ada other points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-01-01T00:00:00Z: 3, counts 3",
        "ada other points site/s1 2024-02-02T00:00:00Z Active from 2025-01-01T00:00:00Z until 2025-02-01T00:00:00Z: 4, counts 4",
        "ada other points site/s2 2025-01-01T00:00:00Z Active from 2025-01-01T00:00:00Z until never: 4, counts 4",
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-02-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s2 2025-01-01T00:00:00Z Active from 2025-01-01T00:00:00Z until never: 3, counts 3",
        "ben other points site/s1 2025-02-01T00:00:00Z Active from 2025-02-01T00:00:00Z until never: 4, counts 4",
        "ben owned points site/s1 2025-02-01T00:00:00Z Active from 2025-02-01T00:00:00Z until never: 6, counts 6");

    [Fact]
    public void A_state_that_ends_and_starts_at_one_instant_goes_on() => Gives(
        """
        states: { site.on: { starts: site.paid, ends: site.refunded }, site.long_on: { starts: site.on for 40 days, ends: "!site.on" } }
        rules: { long: { give: 10 points, to: site.owner, while: site.long_on } }
        """,
        [Ada, Created, "2024-02-02 site.paid site/s1", "2024-03-01 site.refunded site/s1", "2024-03-01 site.paid site/s1", "2024-05-01 site.refunded site/s1"],
        "ada long points site/s1 2024-03-13T00:00:00Z Active from 2024-03-13T00:00:00Z until 2024-05-01T00:00:00Z: 10, counts 10");

    [Fact]
    public void The_best_of_equals_and_of_three_counts() => Gives(
        "rules: { owned: { give: site.size points, to: site.owner, while: site.live } }\nlimits: { two: { of: owned, best: 2 } }",
        [Ada, Created, "2024-02-01 site.created site/s2 size=5 member=ada", "2024-02-03 site.created site/s3 size=8 member=ada", "2024-02-05 site.told site/s1 live=true", "2024-02-05 site.told site/s2 live=true", "2024-02-07 site.told site/s3 live=true", "2024-03-01 site.told site/s2 size=9"],
        "ada owned points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-03-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s1 2024-02-05T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 5, counts 0",
        "ada owned points site/s2 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-02-07T00:00:00Z: 5, counts 5",
        "ada owned points site/s2 2024-02-05T00:00:00Z Active from 2024-02-07T00:00:00Z until 2024-03-01T00:00:00Z: 5, counts 0",
        "ada owned points site/s2 2024-02-05T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 9, counts 9",
        "ada owned points site/s3 2024-02-07T00:00:00Z Active from 2024-02-07T00:00:00Z until never: 8, counts 8");

    [Fact]
    public void A_limit_by_a_key_that_another_subject_says() => Gives(
        "rules: { owned: { give: site.size points, to: site.owner, while: site.live } }\nlimits: { one_a_team: { of: owned, per: site.team, best: 1 } }",
        [Ada, $"{Created} team=t1", "2024-02-01 site.created site/s2 size=7 member=ada team=t1", "2024-02-03 site.created site/s3 size=8 member=ada team=t2", "2024-02-05 site.told site/s1 live=true", "2024-02-05 site.told site/s2 live=true", "2024-02-07 site.told site/s3 live=true", "2024-03-01 site.told site/s3 team=t1"],
        "ada owned points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until never: 5, counts 0",
        "ada owned points site/s2 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until never: 7, counts 7",
        "ada owned points site/s3 2024-02-07T00:00:00Z Active from 2024-02-07T00:00:00Z until never: 8, counts 8");

    [Fact]
    public void So_many_may_count_a_month_however_they_are_spread() => Gives(
        "rules: { sale: { give: site.size points, to: site.owner, when: site.paid, unless: site.refunded } }\nlimits: { month: { of: sale, per: month, at-most: 12 points } }",
        [Ada, Created, "2024-02-01 site.created site/s2 size=9 member=ada", "2024-02-02 site.paid site/s1", "2024-02-03 site.paid site/s2", "2024-02-04 site.paid site/s1", "2024-02-20 site.refunded site/s2", "2024-03-01 site.paid site/s1"],
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s1 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until 2024-02-20T00:00:00Z: 5, counts 0",
        "ada sale points site/s1 2024-02-04T00:00:00Z Active from 2024-02-20T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s2 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-20T00:00:00Z: 9, counts 7");
}
