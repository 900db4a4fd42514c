using static Laurel.Engine.Tests.Deriving.Sites;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>Stories of credits that compete, and of editions whose limits differ.</summary>
public sealed class LimitTests
{
    private const string Next = "\n---\nedition: e2\neffective: 2025-01-01\nroles: { site.owner: { starts: site.created, one: true } }\n";

    [Fact]
    public void One_credit_alone_is_cut_by_the_limit_of_its_edition_and_by_none_of_the_next() => Gives(
        $"rules: {{ owned: {{ give: site.size points, to: site.owner, while: site.live }} }}\nlimits: {{ cap: {{ of: owned, at-most: 3 points }} }}{Next}rules: {{ owned: {{ give: site.size points, to: site.owner, while: site.live }} }}",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true"],
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-01-01T00:00:00Z: 5, counts 3",
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2025-01-01T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void A_limit_of_the_next_edition_leaves_what_was_before_it_as_it_was() => Gives(
        $"rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }}, extra: {{ give: 2 points, to: site.owner, when: site.paid }} }}{Next}rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }}, extra: {{ give: 2 points, to: site.owner, when: site.paid }} }}\nlimits: {{ best: {{ of: [sale, extra], per: site, best: 1 }} }}",
        [Ada, Created, "2024-02-02 site.paid site/s1"],
        "ada extra points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-01-01T00:00:00Z: 2, counts 2",
        "ada extra points site/s1 2024-02-02T00:00:00Z Active from 2025-01-01T00:00:00Z until never: 2, counts 0",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void A_limit_of_the_edition_before_holds_until_the_next_begins() => Gives(
        $"rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }}, extra: {{ give: 2 points, to: site.owner, when: site.paid }} }}\nlimits: {{ best: {{ of: [sale, extra], per: site, best: 1 }} }}{Next}rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }}, extra: {{ give: 2 points, to: site.owner, when: site.paid }} }}",
        [Ada, Created, "2024-02-02 site.paid site/s1"],
        "ada extra points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-01-01T00:00:00Z: 2, counts 0",
        "ada extra points site/s1 2024-02-02T00:00:00Z Active from 2025-01-01T00:00:00Z until never: 2, counts 2",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void What_waits_comes_after_what_counts_though_both_are_there_for_the_same_days() => Gives(
        """
        rules:
          later: { give: 10 points, to: site.owner, when: site.paid, after: 14 days }
          now: { give: 5 points, to: site.owner, when: site.paid, for: 14 days }
        limits: { best: { of: [later, now], per: site, best: 1 } }
        """,
        [Ada, Created, "2024-02-02 site.paid site/s1", "2024-02-10 member.left member/ada"],
        "ada later points site/s1 2024-02-02T00:00:00Z Pending from 2024-02-02T00:00:00Z until 2024-02-10T00:00:00Z: 10, counts 0",
        "ada now points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-10T00:00:00Z: 5, counts 5");

    [Fact]
    public void A_limit_per_site_after_one_of_the_member_s_goes_by_what_that_left() => Gives(
        """
        rules:
          sale: { give: site.size points, to: site.owner, when: site.paid }
          extra: { give: 4 points, to: site.owner, when: site.told }
          other: { give: 1 points, to: site.owner, when: site.refunded }
        limits:
          few: { of: sale, per: month, first: 1 }
          best: { of: [sale, extra], per: site, best: 1 }
          once: { of: other, per: site, first: 1 }
        """,
        [Ada, Created, "2024-02-01 site.created site/s2 size=9 member=ada", "2024-02-02 site.paid site/s1", "2024-02-03 site.paid site/s2", "2024-02-04 site.told site/s1 live=true", "2024-02-04 site.told site/s2 live=true", "2024-02-05 site.refunded site/s1", "2024-02-06 site.refunded site/s1", "2024-02-07 site.refunded site/s2"],
        "ada extra points site/s1 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until never: 4, counts 0",
        "ada extra points site/s2 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until never: 4, counts 4",
        "ada other points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until never: 1, counts 1",
        "ada other points site/s1 2024-02-06T00:00:00Z Active from 2024-02-06T00:00:00Z until never: 1, counts 0",
        "ada other points site/s2 2024-02-07T00:00:00Z Active from 2024-02-07T00:00:00Z until never: 1, counts 1",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s2 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until never: 9, counts 0");

    [Fact]
    public void Twenty_sites_compete_as_two_do() => Gives(
        """
        rules: { sale: { give: site.size points, to: site.owner, when: site.paid }, extra: { give: 3 points, to: site.owner, when: site.paid } }
        limits: { third: { of: sale, from: 3 }, cap: { of: [sale, extra], per: rule, at-most: 40 points } }
        """,
        [Ada, .. Enumerable.Range(10, 15).SelectMany(s => new[] { $"2024-02-{s} site.created site/s{s} size=7 member=ada", $"2024-03-{s} site.paid site/s{s}" })],
        [
            .. Enumerable.Range(10, 15).SelectMany(s => new[]
            {
                $"ada extra points site/s{s} 2024-03-{s}T00:00:00Z Active from 2024-03-{s}T00:00:00Z until never: 3, counts {Math.Clamp(40 - (3 * (s - 10)), 0, 3)}",
                $"ada sale points site/s{s} 2024-03-{s}T00:00:00Z Active from 2024-03-{s}T00:00:00Z until never: 7, counts {(s < 12 ? 0 : Math.Clamp(40 - (7 * (s - 12)), 0, 7))}",
            }).Order(StringComparer.Ordinal),
        ]);

    [Fact]
    public void Whoever_joins_when_the_edition_of_a_kept_credit_has_ended_does_not_get_it() => Gives(
        $"rules: {{ owned: {{ give: site.size points, to: site.owner, while: site.live }} }}{Next}rules: {{ other: {{ give: 1 points, to: site.owner, when: site.paid }} }}\ntransition: {{ owned: keep }}",
        [Ada, Created, "2024-02-02 site.told site/s1 live=true", "2024-02-01 site.created site/s2 size=3 member=ben", "2024-02-02 site.told site/s2 live=true", "2025-01-01 member.joined member/ben", "2024-02-01 site.created site/s3 size=4 member=cat", "2024-02-02 site.told site/s3 live=true", "2024-12-31 member.joined member/cat"],
        "ada owned points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5",
        "cat owned points site/s3 2024-12-31T00:00:00Z Active from 2024-12-31T00:00:00Z until never: 4, counts 4");

    [Fact]
    public void An_amount_for_one_site_is_shared_by_what_is_given_at_once() => Gives(
        """
        rules: { sale: { give: site.size points, to: site.owner, when: site.paid }, extra: { give: 4 points, to: site.owner, when: site.paid }, less: { give: -3 points, to: site.owner, when: site.paid } }
        limits: { cap: { of: [sale, extra, less], per: site, at-most: 7 points } }
        """,
        [Ada, Created, "2024-02-02 site.paid site/s1"],
        "ada extra points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 4, counts 2",
        "ada less points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: -3, counts -3",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void The_first_of_an_edition_is_found_among_those_before_and_leaves_what_they_were() => Gives(
        $"rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }} }}{Next}rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }} }}\nlimits: {{ once: {{ of: sale, per: site, first: 1 }} }}\n---\nedition: e3\neffective: 2026-01-01\nroles: {{ site.owner: {{ starts: site.created, one: true }} }}\nrules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid }} }}",
        [Ada, Created, "2024-02-02 site.paid site/s1", "2024-02-03 site.paid site/s1", "2025-01-01 site.paid site/s1"],
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2024-02-03T00:00:00Z until 2025-01-01T00:00:00Z: 5, counts 5",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2025-01-01T00:00:00Z until 2026-01-01T00:00:00Z: 5, counts 0",
        "ada sale points site/s1 2024-02-03T00:00:00Z Active from 2026-01-01T00:00:00Z until never: 5, counts 5",
        "ada sale points site/s1 2025-01-01T00:00:00Z Active from 2025-01-01T00:00:00Z until 2026-01-01T00:00:00Z: 5, counts 0",
        "ada sale points site/s1 2025-01-01T00:00:00Z Active from 2026-01-01T00:00:00Z until never: 5, counts 5");

    [Fact]
    public void A_credit_that_ended_with_its_edition_is_not_taken_over() => Gives(
        $"rules: {{ sale: {{ give: site.size points, to: site.owner, when: site.paid, for: 11 months }} }}{Next}rules: {{ trade: {{ give: 2 points, to: site.owner, when: site.paid, for: 2 years }} }}\ntransition: {{ sale: trade }}",
        [Ada, Created, "2024-02-01 site.paid site/s1", "2024-02-02 site.paid site/s1"],
        "ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2025-01-01T00:00:00Z: 5, counts 5",
        "ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2025-01-01T00:00:00Z: 5, counts 5",
        "ada trade points site/s1 2024-02-02T00:00:00Z Active from 2025-01-01T00:00:00Z until 2026-02-02T00:00:00Z: 2, counts 2");

    [Fact]
    public void So_many_compete_as_few_do_each_among_its_own() => Gives(
        "rules: { sale: { give: 7 points, to: site.owner, when: site.paid } }\nlimits: { one_a_code: { of: sale, per: site.code, best: 1 } }",
        [Ada, .. Enumerable.Range(0, 67).SelectMany(s => new[] { $"2024-02-01 site.created site/s{100 + s} size=1 member=ada", $"2024-02-01 site.told site/s{100 + s} code=c{s % 65}", $"{Day(s)} site.paid site/s{100 + s}" })],
        [.. Enumerable.Range(0, 67).Select(s => $"ada sale points site/s{100 + s} {Day(s)}T00:00:00Z Active from {Day(s)}T00:00:00Z until never: 7, counts {(s < 65 ? 7 : 0)}")]);

    [Fact]
    public void What_begins_to_count_later_comes_after_what_counts_already()
    {
        // The best two leave the sale of 3 out for as long as there is the extra.
        var told = Of(
            """
            rules:
              sale: { give: fact.size points, to: site.owner, when: site.told }
              extra: { give: 9 points, to: site.owner, when: site.paid, for: 10 days }
            limits: { two: { of: [sale, extra], best: 2 }, cap: { of: sale, at-most: 6 points } }
            """,
            Ada, Created, "2024-02-02 site.told site/s1 size=5", "2024-02-02 site.told site/s1 size=3", "2024-02-02 site.paid site/s1");
        var credits = told.Scoring.Derive().ForThread().CreditsOf(told.Scoring.Members.Single());
        Assert.Equal(["3 from 2024-02-02: 0", "3 from 2024-02-12: 1", "5 from 2024-02-02: 5", "9 from 2024-02-02: 9"], credits.Select(c => $"{c.Amount} from {c.Starts.ToString()[..10]}: {c.Counted}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_two_that_nothing_tells_apart_the_one_that_was_told_first_counts()
    {
        var told = Of("rules: { sale: { give: site.size points, to: site.owner, when: site.paid } }\nlimits: { best: { of: sale, best: 1 } }", Ada, Created, "2024-02-02 site.paid site/s1", "2024-02-02 site.paid site/s1");
        var credits = told.Scoring.Derive().ForThread().CreditsOf(told.Scoring.Members.Single());
        Assert.Equal([5, 0], credits.OrderBy(c => told.History.Position[c.Fact]).Select(c => c.Counted));
    }

    private static string Day(int number) => $"{new DateOnly(2024, 3, 1).AddDays(number):yyyy-MM-dd}";
}
