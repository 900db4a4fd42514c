using static Laurel.Engine.Tests.Deriving.Sites;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>Stories of what is given for as long as something holds.</summary>
public sealed class StretchTests
{
    [Fact]
    public void Of_two_states_the_one_ends_first_here_and_the_other_there() => Gives(
        """
        states:
          site.premium: { starts: site.paid, ends: site.refunded, until: site.ends_on }
          site.fresh: { starts: site.created, for: 30 days }
        rules:
          premium: { give: 10 points, to: site.owner, while: site.premium }
          fresh: { give: 1 points, to: site.owner, while: site.fresh }
        """,
        [
            Ada, Ben,
            Created, "2024-02-01 site.created site/s2 size=5 member=ada", "2024-02-01 site.created site/s3 size=5 member=ada",
            "2024-02-02 site.paid site/s1", "2024-02-02 site.paid site/s2", "2024-02-02 site.paid site/s3",
            "2024-02-03 site.told site/s1 ends_on=2024-02-20T00:00:00Z", "2024-02-03 site.told site/s2 ends_on=2024-03-20T00:00:00Z", "2024-02-03 site.told site/s3 ends_on=2024-03-02T00:00:00Z",
            "2024-02-05 site.created site/s4 size=5 member=ada", "2024-02-06 site.paid site/s4", "2024-02-07 site.told site/s4 ends_on=2024-02-25T00:00:00Z",
            "2024-02-05 site.created site/s5 size=5 member=ada", "2024-02-06 site.paid site/s5", "2024-02-07 site.told site/s5 ends_on=2024-03-25T00:00:00Z",
            "2024-02-20 site.paid site/s1", "2024-03-01 site.told site/s1 ends_on=2024-03-02T00:00:00Z", "2024-03-02 site.created site/s1 size=5 member=ben", "2024-03-02 site.refunded site/s2", "2024-03-02 site.refunded site/s3",
        ],
        "ada fresh points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-02T00:00:00Z: 1, counts 1",
        "ada fresh points site/s2 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-02T00:00:00Z: 1, counts 1",
        "ada fresh points site/s3 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-02T00:00:00Z: 1, counts 1",
        "ada fresh points site/s4 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-03-06T00:00:00Z: 1, counts 1",
        "ada fresh points site/s5 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-03-06T00:00:00Z: 1, counts 1",
        "ada premium points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-02T00:00:00Z: 10, counts 10",
        "ada premium points site/s2 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-02T00:00:00Z: 10, counts 10",
        "ada premium points site/s3 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-02T00:00:00Z: 10, counts 10",
        "ada premium points site/s4 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until 2024-02-25T00:00:00Z: 10, counts 10",
        "ada premium points site/s5 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until 2024-03-25T00:00:00Z: 10, counts 10",
        "ben fresh points site/s1 2024-03-02T00:00:00Z Active from 2024-03-02T00:00:00Z until 2024-04-01T00:00:00Z: 1, counts 1");

    [Fact]
    public void A_case_of_two_choices_is_another_one_with_each_of_them() => Gives(
        "rules: { pro: { give: 10 points, to: site.owner, while: 'site.live && site.plan == \"pro\"' }, other: { give: 1 points, to: site.owner, while: '!site.live || site.plan != \"pro\"' }, rest: { give: 2 points, to: site.owner, while: '!site.live && site.plan == \"pro\"' } }",
        [Ada, "2024-01-10 site.created site/s6 size=5 member=ada", "2024-01-11 site.told site/s6 plan=pro", "2024-01-10 site.created site/s7 size=5 member=ada", "2024-01-11 site.told site/s7 live=false", "2024-01-12 site.told site/s7 plan=pro", "2024-01-10 site.created site/s0 size=5 member=ada", "2024-01-11 site.told site/s0 live=true", "2024-01-10 site.created site/s9 size=5 member=ada", "2024-01-11 site.told site/s9 plan=basic", "2024-01-12 site.told site/s9 live=true", Created, "2024-02-02 site.told site/s1 plan=pro", "2024-02-03 site.told site/s1 live=true", "2024-02-04 site.told site/s1 plan=basic", "2024-02-05 site.told site/s1 live=false plan=pro", "2024-02-06 site.told site/s1 live=true", "2024-03-01 site.created site/s2 size=5 member=ada", "2024-03-02 site.told site/s2 live=true", "2024-03-03 site.told site/s2 plan=basic"],
        "ada other points site/s1 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until 2024-02-06T00:00:00Z: 1, counts 1",
        "ada other points site/s2 2024-03-03T00:00:00Z Active from 2024-03-03T00:00:00Z until never: 1, counts 1",
        "ada other points site/s7 2024-01-11T00:00:00Z Active from 2024-01-11T00:00:00Z until never: 1, counts 1",
        "ada other points site/s9 2024-01-11T00:00:00Z Active from 2024-01-11T00:00:00Z until never: 1, counts 1",
        "ada pro points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-04T00:00:00Z: 10, counts 10",
        "ada pro points site/s1 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until never: 10, counts 10",
        "ada rest points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-02-06T00:00:00Z: 2, counts 2",
        "ada rest points site/s7 2024-01-12T00:00:00Z Active from 2024-01-12T00:00:00Z until never: 2, counts 2");

    [Fact]
    public void What_nobody_told_is_no_value_not_even_the_first() => Gives(
        """
        rules:
          basic: { give: 10 points, to: site.owner, when: site.paid, where: 'site.plan == "basic"' }
          code: { give: site.size points, to: site.owner, while: 'site.code == "b"' }
          plan: { give: site.size points, to: site.owner, while: 'site.plan == "basic"' }
        """,
        [Ada, Created, "2024-02-02 site.told site/s1 plan=basic code=b", "2024-02-03 site.paid site/s1", "2024-02-04 site.told site/s1 plan=pro code=a", "2024-02-05 site.paid site/s1", "2024-03-01 site.created site/s2 size=6 member=ada", "2024-03-02 site.paid site/s2"],
        "ada basic points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 10, counts 10",
        "ada code points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-04T00:00:00Z: 5, counts 5",
        "ada plan points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-04T00:00:00Z: 5, counts 5");

    [Fact]
    public void What_ends_a_state_may_be_told_of_a_team_alone() => Gives(
        "states: { site.fine: { starts: site.paid, ends: '!site.team.open' } }\nrules: { fine: { give: 10 points, to: site.owner, while: site.fine } }",
        [Ada, "2024-01-10 team.told team/t1 open=true", $"{Created} team=t1", "2024-02-02 site.paid site/s1", "2024-03-01 team.told team/t1 open=false", "2024-04-01 team.told team/t1 open=true", "2024-04-02 site.paid site/s1"],
        "ada fine points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ada fine points site/s1 2024-04-02T00:00:00Z Active from 2024-04-02T00:00:00Z until never: 10, counts 10");

    [Fact]
    public void What_takes_back_may_be_told_of_a_team_alone() => Gives(
        "rules: { sale: { give: 1 points, to: site.owner, when: site.paid, unless: '!site.team.open' } }",
        [Ada, "2024-01-10 team.told team/t1 open=true", $"{Created} team=t1", "2024-02-02 site.paid site/s1", "2024-03-01 team.told team/t1 open=false", "2024-04-01 team.told team/t1 open=true", "2024-04-02 site.paid site/s1"],
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 1, counts 1",
        "ada sale points site/s1 2024-04-02T00:00:00Z Active from 2024-04-02T00:00:00Z until never: 1, counts 1");

    [Fact]
    public void A_fact_s_own_values_decide_what_it_starts_and_ends() => Gives(
        """
        states: { site.fine: { starts: { site.told: fact.live }, ends: [site.told: '!fact.live || has(fact.code)'] } }
        rules: { fine: { give: 10 points, to: site.owner, while: site.fine } }
        """,
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-02-03 site.told site/s1 size=6", "2024-02-04 site.told site/s1 code=a", "2024-02-05 site.told site/s1 live=true", "2024-02-06 site.told site/s1 live=false"],
        "ada fine points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-04T00:00:00Z: 10, counts 10",
        "ada fine points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until 2024-02-06T00:00:00Z: 10, counts 10");

    [Fact]
    public void What_cannot_be_judged_is_neither_true_nor_false() => Gives(
        """
        states: { team.fine: { starts: team.told, ends: team.left } }
        roles: { team.mate: { starts: team.joined, ends: team.left }, site.owner: { starts: site.created, one: true } }
        rules:
          fine: { give: '(site.team.fine == site.live ? 10 : 1) points', to: site.owner, while: site.size > 0 }
          mate: { give: 2 points, to: site.owner && (site.team.mate == site.live), while: site.size > 0 }
        """,
        [Ada, Created, "2024-02-02 site.told site/s1 live=false", "2024-02-10 team.told team/t1 open=true", "2024-02-11 site.told site/s1 team=t1", "2024-02-12 site.told site/s1 live=true", "2024-02-13 team.joined team/t1 member=ada", "2024-03-01 team.left team/t1 member=ada"],
        "ada fine points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-02-12T00:00:00Z: 1, counts 1",
        "ada fine points site/s1 2024-02-11T00:00:00Z Active from 2024-02-12T00:00:00Z until 2024-03-01T00:00:00Z: 10, counts 10",
        "ada fine points site/s1 2024-02-11T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 1, counts 1",
        "ada mate points site/s1 2024-02-11T00:00:00Z Active from 2024-02-11T00:00:00Z until 2024-02-12T00:00:00Z: 2, counts 2",
        "ada mate points site/s1 2024-02-13T00:00:00Z Active from 2024-02-13T00:00:00Z until 2024-03-01T00:00:00Z: 2, counts 2");

    [Fact]
    public void A_site_goes_live_and_rests_twenty_times() => Gives(
        "rules: { live: { give: 10 points, to: site.owner, while: site.live } }",
        [Ada, "2024-01-01 site.created site/s1 size=5 member=ada", .. Enumerable.Range(10, 20).SelectMany(d => new[] { $"2024-01-{d} site.told site/s1 live=true", $"2024-01-{d}T12:00:00Z site.told site/s1 live=false" })],
        [.. Enumerable.Range(10, 20).Select(d => $"ada live points site/s1 2024-01-{d}T00:00:00Z Active from 2024-01-{d}T00:00:00Z until 2024-01-{d}T12:00:00Z: 10, counts 10")]);

    [Fact]
    public void What_held_before_the_rule_came_counts_from_its_first_edition_s_beginning() => Gives(
        "rules: { live: { give: 10 points, to: site.owner, while: site.live, after: 7 days } }\n---\nedition: e2\neffective: 2025-01-01\nroles: { site.owner: { starts: site.created, one: true } }\nrules: { live: { give: 10 points, to: site.owner, while: site.live, after: 7 days }, more: { give: 1 points, to: site.owner, while: site.live, after: 7 days } }",
        ["2023-01-01 member.joined member/ada", "2023-02-01 site.created site/s1 size=5 member=ada", "2023-02-02 site.told site/s1 live=true"],
        "ada live points site/s1 2024-01-01T00:00:00Z Active from 2024-01-08T00:00:00Z until never: 10, counts 10",
        "ada live points site/s1 2024-01-01T00:00:00Z Pending from 2024-01-01T00:00:00Z until 2024-01-08T00:00:00Z: 10, counts 10",
        "ada more points site/s1 2025-01-01T00:00:00Z Active from 2025-01-08T00:00:00Z until never: 1, counts 1",
        "ada more points site/s1 2025-01-01T00:00:00Z Pending from 2025-01-01T00:00:00Z until 2025-01-08T00:00:00Z: 1, counts 1");

    [Fact]
    public void Who_joins_and_leaves_at_one_instant_has_left() => Gives(
        "rules: { owned: { give: 5 points, to: site.owner, while: site.live } }",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-03-01 member.left member/ada", "2024-03-01 member.joined member/ada", "2024-04-01 member.left member/ada", "2024-05-01 member.joined member/ada", "2024-06-01 member.left member/ada", "2024-06-02 member.left member/ada", "2024-07-01 member.joined member/ada", "2024-07-02 member.joined member/ada"],
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s1 2024-05-01T00:00:00Z Active from 2024-05-01T00:00:00Z until 2024-06-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s1 2024-07-01T00:00:00Z Active from 2024-07-01T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void What_a_person_gave_or_took_counts_while_the_member_is_enrolled_and_money_always() => Gives(
        "rules: { sale: { give: 10 points, to: site.owner, when: site.paid } }",
        [Ada, "2024-02-01 member.adjusted member/ada unit=points amount=7 reason=kind by=tom", "2024-02-02 member.migrated member/ada unit=points amount=-3 reason=before by=tom", "2024-03-01 member.left member/ada", "2024-03-02 member.adjusted member/ada unit=points amount=1 reason=kind by=tom", "2024-03-03 member.adjusted member/ada unit=eur amount=2.5 reason=kind by=tom", "2024-03-04 member.migrated member/ada unit=eur amount=4 reason=before by=tom (2024-03-05)", "2024-04-01 member.joined member/ada"],
        "ada adjusted eur member/ada 2024-03-03T00:00:00Z Active from 2024-03-03T00:00:00Z until never: 250, counts 250",
        "ada adjusted points member/ada 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2024-03-01T00:00:00Z: 7, counts 7",
        "ada adjusted points member/ada 2024-02-01T00:00:00Z Active from 2024-04-01T00:00:00Z until never: 7, counts 7",
        "ada adjusted points member/ada 2024-03-02T00:00:00Z Active from 2024-04-01T00:00:00Z until never: 1, counts 1",
        "ada migrated eur member/ada 2024-03-04T00:00:00Z Active from 2024-03-04T00:00:00Z until never: 400, counts 400",
        "ada migrated points member/ada 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: -3, counts -3",
        "ada migrated points member/ada 2024-02-02T00:00:00Z Active from 2024-04-01T00:00:00Z until never: -3, counts -3");

    [Fact]
    public void Four_work_on_a_site_each_for_so_long() => Gives(
        "roles: { site.worker: { starts: site.shared, for: 10 days } }\nrules: { worked: { give: 1 points, to: site.worker, while: site.size > 0 } }",
        [.. "ada ben cyd dan".Split(' ').SelectMany((member, day) => new[] { $"2024-01-01 member.joined member/{member}", $"2024-02-0{1 + day} site.shared site/s1 size=3 member={member}" })],
        [.. "ada ben cyd dan".Split(' ').Select((member, day) => $"{member} worked points site/s1 2024-02-0{1 + day}T00:00:00Z Active from 2024-02-0{1 + day}T00:00:00Z until 2024-02-{11 + day}T00:00:00Z: 1, counts 1")]);

    [Fact]
    public void What_has_been_so_for_long_enough_begins() => Gives(
        "roles: { site.owner: { starts: site.created } }\nstates: { site.settled: { starts: site.live for 10 days, ends: '!site.live' } }\nrules: { settled: { give: 5 points, to: site.owner, while: site.settled } }",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-03-01 site.told site/s1 live=false"],
        "ada settled points site/s1 2024-02-12T00:00:00Z Active from 2024-02-12T00:00:00Z until 2024-03-01T00:00:00Z: 5, counts 5");

    [Fact]
    public void What_a_fact_must_say_is_asked_of_each() => Gives(
        "roles: { site.owner: { starts: site.created } }\nstates: { site.big: { starts: [{ site.told: fact.size >= 3 }], ends: site.refunded } }\nrules: { big: { give: 5 points, to: site.owner, while: site.big } }",
        [Ada, Created, "2024-02-02 site.told site/s1 size=2", "2024-02-03 site.told site/s1 size=4", "2024-02-04 site.refunded site/s1", "2024-02-05 site.told site/s1 size=1", "2024-02-06 site.told site/s1 size=7"],
        "ada big points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2024-02-04T00:00:00Z: 5, counts 5",
        "ada big points site/s1 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until never: 5, counts 5");
}
