using static Laurel.Engine.Tests.Deriving.Sites;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>Stories of what is given at moments: when there is one, who gets it, and what takes it back.</summary>
public sealed class MomentTests
{
    private const string Live = "2024-02-02 site.told site/s1 live=true";

    [Fact]
    public void A_condition_gives_when_it_becomes_true_and_another_takes_back() => Gives(
        "rules: { sale: { give: 10 points, to: site.owner, when: [site.live, site.size > 20], unless: ['site.size > 7', site.size < 3], after: 14 days } }",
        [Ada, Created, Live, "2024-02-10 site.told site/s1 size=9", "2024-03-01 site.told site/s1 live=false", "2024-03-02 site.told site/s1 live=true", "2024-04-01 site.told site/s1 size=4", "2024-04-02 site.told site/s1 size=2", "2024-05-01 site.told site/s1 size=30"],
        "ada sale points site/s1 2024-03-02T00:00:00Z Active from 2024-03-16T00:00:00Z until 2024-04-02T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-03-02T00:00:00Z Pending from 2024-03-02T00:00:00Z until 2024-03-16T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-05-01T00:00:00Z Active from 2024-05-15T00:00:00Z until never: 10, counts 10",
        "ada sale points site/s1 2024-05-01T00:00:00Z Pending from 2024-05-01T00:00:00Z until 2024-05-15T00:00:00Z: 10, counts 10");

    [Fact]
    public void One_fact_may_give_by_a_rule_and_take_back_by_another_where_its_condition_was_true() => Gives(
        """
        rules:
          told: { give: 3 points, to: site.owner, when: site.told, where: site.live }
          paid: { give: 10 points, to: site.owner, when: site.paid, unless: [site.told: site.size > 7, site.refunded] }
        """,
        [Ada, Created, Live, "2024-02-03 site.paid site/s1", "2024-02-05 site.told site/s1 size=9", "2024-02-10 site.told site/s1 live=false", "2024-02-12 site.told site/s1 size=6", "2024-02-13 site.paid site/s1"],
        "ada paid points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-10T00:00:00Z: 10, counts 10",
        "ada paid points site/s1 2024-02-13T00:00:00Z Active from 2024-02-13T00:00:00Z until never: 10, counts 10",
        "ada told points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 3, counts 3",
        "ada told points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until never: 3, counts 3");

    [Fact]
    public void A_moment_is_there_while_its_fact_is_looked_at_and_not_when_something_turns_later() => Gives(
        """
        states: { site.on: { starts: site.paid, for: 20 days } }
        rules: { sale: { give: 10 points, to: site.owner, when: site.paid, while: site.on, after: site.ends_on } }
        """,
        [Ada, Created, "2024-02-03 site.paid site/s1", "2024-02-05 site.told site/s1 ends_on=2024-02-20T00:00:00Z", "2024-02-10 site.told site/s1 ends_on=2024-02-15T00:00:00Z", "2024-02-16 site.told site/s1 ends_on=2024-02-18T00:00:00Z", "2024-03-01 site.paid site/s1", "2024-03-02 site.told site/s1 ends_on=2024-03-01T00:00:00Z", "2024-04-01 site.paid site/s1"],
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-15T00:00:00Z until 2024-02-23T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-02-03T00:00:00Z Pending from 2024-02-03T00:00:00Z until 2024-02-15T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until 2024-03-21T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-04-01T00:00:00Z Active from 2024-04-01T00:00:00Z until 2024-04-21T00:00:00Z: 10, counts 10");

    [Fact]
    public void Who_gains_the_role_later_gets_it_where_what_must_stay_true_is_true_then() => Gives(
        """
        roles: { site.mate: { starts: [site.created, site.shared], ends: site.left } }
        rules: { sale: { give: site.size points, to: site.mate, or-later: last 30 days, when: site.paid, while: site.live } }
        limits: { one: { of: sale, per: site.team, best: 1 } }
        """,
        [Ada, Ben, "2024-01-01 member.joined member/cat", "2024-01-01 member.joined member/dan", Created, "2024-02-02 site.told site/s1 live=true team=t1", "2024-02-03 site.paid site/s1", "2024-02-10 site.shared site/s1 size=6 member=ben", "2024-02-12 site.told site/s1 live=false", "2024-02-14 site.shared site/s1 size=6 member=cat", "2024-02-16 site.told site/s1 live=true", "2024-02-20 site.left site/s1 size=6 member=cat", "2024-02-22 site.shared site/s1 size=6 member=cat", "2024-03-04 site.shared site/s1 size=6 member=dan"],
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-12T00:00:00Z: 5, counts 5",
        "ben sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-10T00:00:00Z until 2024-02-12T00:00:00Z: 5, counts 5",
        "cat sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-22T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void What_is_taken_back_is_taken_back_from_who_would_have_gained_it_later_too() => Gives(
        """
        roles: { site.mate: { starts: [site.created, site.shared] } }
        rules: { sale: { give: site.size points, to: site.mate, or-later: this year, when: site.paid, unless: site.refunded, for: 60 days } }
        """,
        [Ada, Ben, Created, "2024-02-03 site.paid site/s1", "2024-02-04 site.refunded site/s1", "2024-02-10 site.shared site/s1 size=8 member=ben", "2024-02-11 site.paid site/s1", "2024-05-01 site.shared site/s1 size=9 member=cat", "2024-05-01 member.joined member/cat", "2024-05-02 site.refunded site/s1"],
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-04T00:00:00Z: 5, counts 5",
        "ada sale points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-04-11T00:00:00Z: 8, counts 8",
        "ben sale points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-04-11T00:00:00Z: 8, counts 8");

    [Fact]
    public void A_month_closes_for_whoever_is_in_the_role_just_before_its_end() => Gives(
        """
        roles: { team.mate: { starts: team.joined, ends: team.left } }
        rules: { rent: { give: site.size points, to: site.team.mate, when: each month, where: site.live, after: 10 days } }
        """,
        [Ada, Ben, "2024-01-10 team.told team/t1 open=true", "2024-01-15 team.joined team/t1 member=ben", $"{Created} team=t1", Live, "2024-03-01 site.told site/s1 size=7", "2024-03-31T21:00:00Z team.joined team/t1 member=ada", "2024-04-01 team.left team/t1 member=ben", "2024-04-20 site.told site/s1 live=false", "2024-06-01 site.told site/s1 live=true", "2024-07-01 site.told site/s1 live=false"],
        "ada rent points site/s1 2024-03-31T23:59:59.999999Z Active from 2024-04-11T00:00:00Z until never: 7, counts 7",
        "ada rent points site/s1 2024-03-31T23:59:59.999999Z Pending from 2024-04-01T00:00:00Z until 2024-04-11T00:00:00Z: 7, counts 7",
        "ada rent points site/s1 2024-06-30T23:59:59.999999Z Active from 2024-07-11T00:00:00Z until never: 7, counts 7",
        "ada rent points site/s1 2024-06-30T23:59:59.999999Z Pending from 2024-07-01T00:00:00Z until 2024-07-11T00:00:00Z: 7, counts 7",
        "ben rent points site/s1 2024-02-29T23:59:59.999999Z Active from 2024-03-11T00:00:00Z until never: 5, counts 5",
        "ben rent points site/s1 2024-02-29T23:59:59.999999Z Pending from 2024-03-01T00:00:00Z until 2024-03-11T00:00:00Z: 5, counts 5",
        "ben rent points site/s1 2024-03-31T23:59:59.999999Z Active from 2024-04-11T00:00:00Z until never: 7, counts 7",
        "ben rent points site/s1 2024-03-31T23:59:59.999999Z Pending from 2024-04-01T00:00:00Z until 2024-04-11T00:00:00Z: 7, counts 7");

    [Fact]
    public void A_condition_of_a_fact_sees_what_the_facts_of_its_instant_before_it_have_told() => Gives(
        """
        states: { site.big: site.size > 7 }
        rules: { sale: { give: 10 points, to: site.owner, when: site.paid, unless: [site.refunded: site.big] } }
        """,
        [Ada, Created, "2024-02-02 site.paid site/s1", "2024-03-01 site.told site/s1 size=9", "2024-03-01 site.refunded site/s1", "2024-04-01 site.told site/s1 size=5", "2024-04-01 site.paid site/s1", "2024-05-01 site.refunded site/s1"],
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-04-01T00:00:00Z Active from 2024-04-01T00:00:00Z until never: 10, counts 10");

    [Fact]
    public void A_moment_reads_the_points_that_its_own_instant_gives() => Gives(
        """
        rules:
          sale: { give: 10 points, to: site.owner, when: site.paid }
          bonus: { give: 1 eur, to: site.owner, when: site.told, where: points >= 10, unless: [site.told: site.live] }
        """,
        [Ada, Created, "2024-02-02 site.told site/s1 size=6", "2024-02-03 site.told site/s1 size=7", "2024-02-03 site.paid site/s1", "2024-03-01 site.told site/s1 live=true"],
        "ada bonus eur site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 100, counts 100",
        "ada bonus eur site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 100, counts 100",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 10, counts 10");

    [Fact]
    public void What_a_member_reaches_gives_at_that_instant() => Gives(
        """
        rules:
          sale: { give: 10 points, to: site.owner, when: site.paid, unless: site.refunded, within: 5 days }
          gold: { give: 1 eur, when: 'member.enrolled && points >= 20', unless: 'points < 15 && member.enrolled', within: 30 days }
        """,
        [Ada, Ben, Created, "2024-02-02 site.paid site/s1", "2024-02-03 site.paid site/s1", "2024-02-07T12:00:00Z site.refunded site/s1", "2024-03-01 site.paid site/s1", "2024-03-02 site.created site/s1 size=5 member=ben", "2024-03-03 site.paid site/s1"],
        "ada gold eur member/ada 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-07T12:00:00Z: 100, counts 100",
        "ada gold eur member/ada 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 100, counts 100",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 10, counts 10",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-07T12:00:00Z: 10, counts 10",
        "ada sale points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 10, counts 10",
        "ben sale points site/s1 2024-03-03T00:00:00Z Active from 2024-03-03T00:00:00Z until never: 10, counts 10");

    [Fact]
    public void A_fact_gives_to_the_member_that_it_names_where_no_role_is_asked_for() => Gives(
        "rules: { shared: { give: site.size points, when: [site.shared, site.left] }, led: { give: 2 points, to: site.team.lead, when: site.paid }, leads: { give: 1 points, to: site.team.lead, while: site.live } }",
        [Ada, Ben, Created, "2024-02-02 site.shared site/s1 size=4 member=ben", "2024-02-03 site.left site/s1 size=4 member=ben", "2024-02-04 site.paid site/s1", "2024-02-05 team.told team/t1 open=true lead=ben", "2024-02-06 site.told site/s1 live=true team=t1", "2024-02-07 site.left site/s1 size=3 member=ada", "2024-02-08 site.paid site/s1", "2024-03-01 team.told team/t1 open=true lead=ada", "2024-03-02 site.paid site/s1", "2024-04-01 site.told site/s1 live=false"],
        "ada leads points site/s1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until 2024-04-01T00:00:00Z: 1, counts 1",
        "ada led points site/s1 2024-03-02T00:00:00Z Active from 2024-03-02T00:00:00Z until never: 2, counts 2",
        "ada shared points site/s1 2024-02-07T00:00:00Z Active from 2024-02-07T00:00:00Z until never: 3, counts 3",
        "ben leads points site/s1 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until 2024-03-01T00:00:00Z: 1, counts 1",
        "ben led points site/s1 2024-02-08T00:00:00Z Active from 2024-02-08T00:00:00Z until never: 2, counts 2",
        "ben shared points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 4, counts 4",
        "ben shared points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 4, counts 4");

    [Fact]
    public void An_amount_that_is_too_large_gives_nothing() => Gives(
        """
        rules:
          sale: { give: 'site.size * 1000000000000 points', to: site.owner, when: site.paid }
          owned: { give: 'site.size * 1000000000000 points', to: site.owner, while: site.live }
        """,
        [Ada, "2024-02-01 site.created site/s1 size=1000 member=ada", Live, "2024-02-03 site.paid site/s1", "2024-02-04 site.told site/s1 size=1000.5", "2024-02-05 site.paid site/s1", "2024-02-06 site.told site/s1 size=-1000", "2024-02-07 site.paid site/s1", "2024-02-08 site.told site/s1 size=-1000.5", "2024-02-09 site.paid site/s1"],
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-04T00:00:00Z: 1000000000000000, counts 1000000000000000",
        "ada owned points site/s1 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until 2024-02-08T00:00:00Z: -1000000000000000, counts -1000000000000000",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 1000000000000000, counts 1000000000000000",
        "ada sale points site/s1 2024-02-07T00:00:00Z Active from 2024-02-07T00:00:00Z until never: -1000000000000000, counts -1000000000000000");

    [Fact]
    public void Twenty_members_have_each_role_and_get_what_each_moment_gives() => Gives(
        """
        roles: { site.guest: { starts: site.left }, site.seat: { starts: site.shared, ends: ["!site.live", site.refunded: "!site.mate"] }, site.mate: { starts: [site.created, site.shared], until: site.seat_ends } }
        rules: { sale: { give: site.size points, to: site.mate, when: site.paid }, mate: { give: 2 points, to: site.mate }, seat: { give: 3 points, to: site.seat, while: site.size > 20 }, guest: { give: 1 points, to: site.guest } }
        """,
        [
            .. Enumerable.Range(10, 20).Select(m => $"2024-01-01 member.joined member/m{m}"),
            Live,
            .. Enumerable.Range(10, 20).Select(m => $"2024-03-{m} site.shared site/s1 size=50 member=m{m} seat_ends=2024-06-01T00:00:00Z"),
            "2024-05-01 site.paid site/s1",
            "2024-05-02 site.refunded site/s1",
            "2024-07-01 site.told site/s1 live=false",
        ],
        [
            .. Enumerable.Range(10, 20).SelectMany(m => new[]
            {
                $"m{m} mate points site/s1 2024-03-{m}T00:00:00Z Active from 2024-03-{m}T00:00:00Z until 2024-06-01T00:00:00Z: 2, counts 2",
                $"m{m} sale points site/s1 2024-05-01T00:00:00Z Active from 2024-05-01T00:00:00Z until never: 50, counts 50",
                $"m{m} seat points site/s1 2024-03-{m}T00:00:00Z Active from 2024-03-{m}T00:00:00Z until 2024-07-01T00:00:00Z: 3, counts 3",
            }),
        ]);

    [Fact]
    public void What_has_been_so_for_long_enough_takes_back() => Gives(
        "rules: { sale: { give: site.size points, to: site.owner, when: site.paid, unless: '!site.live for 10 days' } }",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-02-03 site.paid site/s1", "2024-02-10 site.told site/s1 live=false"],
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-20T00:00:00Z: 5, counts 5");
}
