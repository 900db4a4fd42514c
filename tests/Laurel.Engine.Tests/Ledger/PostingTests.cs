using System.Text;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>What stands in the ledger after a story of some facts.</summary>
public sealed class PostingTests
{
    private const string Vocabulary = """
        program: maple
        units: { points: {}, coins: {} }
        subjects: { site: { size: number } }
        facts: { site.created: { about: site, needs: [member, size] }, site.closed: { about: site } }
        ---
        edition: e1
        effective: 2024-01-01
        """;

    private const string Joined = "2024-01-01 member.joined member/ada";
    private const string First = "2024-02-02 site.created site/s1 member=ada size=100";

    [Fact]
    public void A_better_credit_of_another_subject_takes_the_place_of_the_one_before() => Posts(
        "rules: { site: { give: site.size points, when: site.created } }\nlimits: { best: { of: site, best: 1 } }",
        [Joined, First, "2024-02-03 site.created site/s2 member=ada size=300"],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f2: member/ada → rule/e1/site 100 of site/s1, from 2024-02-03T00:00:00Z until never",
        "f2: rule/e1/site → member/ada 300 of site/s2, from 2024-02-03T00:00:00Z until never");

    [Fact]
    public void What_waits_is_posted_with_its_release() => Posts(
        "rules: { site: { give: site.size points, when: site.created, after: 14 days } }",
        [Joined, First],
        "f1: rule/e1/site → member/ada/pending 100 of site/s1, from 2024-02-02T00:00:00Z until 2024-02-16T00:00:00Z",
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-16T00:00:00Z until never");

    [Fact]
    public void What_is_learnt_late_is_posted_when_it_is_learnt() => Posts(
        "rules: { site: { give: site.size points, when: site.created, unless: site.closed } }",
        [Joined, First, "2024-02-10 site.closed site/s1 (2024-05-01)"],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f2: member/ada → rule/e1/site 100 of site/s1, from 2024-02-10T00:00:00Z until never");

    [Fact]
    public void Who_joins_late_is_given_for_each_subject_by_name_an_entry_of_its_own() => Posts(
        "rules: { site: { give: site.size points, when: site.created } }",
        ["2024-02-02 site.created site/s2 member=ada size=200", First, "2024-01-01 member.joined member/ada (2024-03-01)"],
        "f2: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f2: rule/e1/site → member/ada 200 of site/s2, from 2024-02-02T00:00:00Z until never");

    [Fact]
    public void A_new_edition_closes_what_it_does_not_give_and_opens_what_it_does() => Posts(
        "rules: { site: { give: site.size points, to: member, while: site.size > 0 } }\n---\nedition: e2\neffective: 2025-01-01\nrules: { site: { give: 2 * site.size points, to: member, while: site.size > 0 } }"
            .Replace("to: member", "to: site.owner", StringComparison.Ordinal).Replace("rules:", "roles: { site.owner: { starts: site.created } }\nrules:", StringComparison.Ordinal),
        [Joined, First],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "edition/e2: member/ada → rule/e1/site 100 of site/s1, from 2025-01-01T00:00:00Z until never",
        "edition/e2: rule/e2/site → member/ada 200 of site/s1, from 2025-01-01T00:00:00Z until never");

    [Fact]
    public void What_names_a_member_through_others_follows_who_joins_and_who_changes_teams()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { person: { team: member }, certificate: { holder: person } }
            facts: { person.joined_team: { about: person, needs: [team] }, certificate.earned: { about: certificate, needs: [holder] } }
            ---
            edition: e1
            effective: 2024-01-01
            states: { certificate.held: { starts: certificate.earned } }
            rules: { certified: { give: 50 points, while: certificate.held, to: certificate.holder.team } }
            """,
            "2024-01-10 person.joined_team person/pia team=ada", "2024-01-11 certificate.earned certificate/c1 holder=pia", "2024-01-01 member.joined member/ada (2024-03-01)", "2024-01-02 member.joined member/ben (2024-03-02)", "2024-04-01 person.joined_team person/pia team=ben");
        Posts(
            told,
            "f2: rule/e1/certified → member/ada 50 of certificate/c1, from 2024-01-11T00:00:00Z until never",
            "f4: member/ada → rule/e1/certified 50 of certificate/c1, from 2024-04-01T00:00:00Z until never",
            "f4: rule/e1/certified → member/ben 50 of certificate/c1, from 2024-04-01T00:00:00Z until never");
    }

    [Fact]
    public void A_leaf_of_a_fact_has_the_salt_without_which_it_could_be_guessed()
    {
        var line = new FactLine("shop", "f1", "site.closed", "site/s1", Some.At("2024-02-02"), Some.At("2024-02-04"), "{}", Salt: "0f");
        Assert.Equal(
            """{"data":{},"id":"f1","recordedtime":"2024-02-04T00:00:00Z","salt":"0f","source":"shop","subject":"site/s1","time":"2024-02-02T00:00:00Z","type":"site.closed"}""",
            Encoding.UTF8.GetString(new LeafWriter().Of(line)));
    }

    [Fact]
    public void What_changes_on_the_day_of_an_edition_that_gives_the_same_is_posted_by_the_rule_as_it_was() => Posts(
        "roles: { site.owner: { starts: site.created } }\nrules: { site: { give: site.size points, to: site.owner, while: site.size > 0 } }\n---\nedition: e2\neffective: 2025-01-01\nroles: { site.owner: { starts: site.created } }\nrules: { site: { give: site.size points, to: site.owner, while: site.size > 0 } }",
        [Joined, First, "2025-01-01 site.created site/s1 member=ada size=300"],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f2: rule/e1/site → member/ada 200 of site/s1, from 2025-01-01T00:00:00Z until never");

    [Fact]
    public void A_limit_by_a_value_leaves_what_other_rules_give_alone() => Posts(
        "rules: { site: { give: site.size points, when: site.created }, fee: { give: -1 points, to: site.owner, when: site.closed } }\nroles: { site.owner: { starts: site.created } }\nlimits: { best: { of: site, per: site.size, best: 1 } }",
        [Joined, First, "2024-02-03 site.created site/s2 member=ada size=100", "2024-02-04 site.closed site/s1"],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f3: member/ada → rule/e1/fee 1 of site/s1, from 2024-02-04T00:00:00Z until never");

    [Fact]
    public void What_is_given_by_points_goes_by_those_of_each_member() => Posts(
        "rules: { site: { give: site.size points, when: site.created }, more: { give: 1 coins, when: site.created, where: points >= 150 } }",
        [Joined, "2024-01-01 member.joined member/ben", First, "2024-02-03 site.created site/s2 member=ada size=100", "2024-02-04 site.created site/s3 member=ben size=100", "2024-02-05 site.created site/s4 member=ben size=50"],
        "f2: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f3: rule/e1/site → member/ada 100 of site/s2, from 2024-02-03T00:00:00Z until never",
        "f3: rule/e1/more → member/ada 1 of site/s2, from 2024-02-03T00:00:00Z until never",
        "f4: rule/e1/site → member/ben 100 of site/s3, from 2024-02-04T00:00:00Z until never",
        "f5: rule/e1/site → member/ben 50 of site/s4, from 2024-02-05T00:00:00Z until never",
        "f5: rule/e1/more → member/ben 1 of site/s4, from 2024-02-05T00:00:00Z until never");

    [Fact]
    public void Facts_editions_and_entries_are_canonical_json()
    {
        var told = Told.Of($"{Vocabulary}\nrules: {{ site: {{ give: site.size points, when: site.created }} }}", Joined, $"{First} (2024-02-04)");
        var lines = new LedgerLines(told.Program, told.History, RuleBook.InForce(told.Program, Instant.Never));
        var posted = Posting.Run(told.Program, told.History, under: null, Instant.Never).ToList();
        Assert.Equal(
            [
                $$$"""{"data":{"edition":"e1","hash":"{{{told.Program.Editions[0].Hash}}}"},"id":"edition/e1","recordedtime":"2024-01-01T00:00:00Z","source":"laurel","subject":"program/maple","time":"2024-01-01T00:00:00Z","type":"edition.published"}""",
                """{"data":{},"id":"f0","recordedtime":"2024-01-01T00:00:00Z","source":"shop","subject":"member/ada","time":"2024-01-01T00:00:00Z","type":"member.joined"}""",
                """{"data":{"member":"ada","size":"100"},"id":"f1","recordedtime":"2024-02-04T00:00:00Z","source":"shop","subject":"site/s1","time":"2024-02-02T00:00:00Z","type":"site.created"}""",
            ],
            posted.Select(p => Encoding.UTF8.GetString(lines.LeafOf(p.Item))));
        var (cause, entries) = posted[^1];
        Assert.Equal(
            """{"amount":"100","cause":{"id":"f1","source":"shop"},"dated":"2024-02-02T00:00:00Z","edition":"e1","ends":"never","from":"rule/e1/site","member":"ada","position":"0","rule":"site","starts":"2024-02-02T00:00:00Z","subject":"site/s1","to":"member/ada","unit":"points"}""",
            Encoding.UTF8.GetString(lines.LeafOf(Assert.Single(entries), cause)));
    }

    [Fact]
    public void What_is_learnt_late_of_a_member_gives_what_its_rules_read()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { member: { country: text }, site: {} }
            facts: { member.moved: { about: member, needs: [country] }, site.sold: { about: site, needs: [member] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { sale: { give: 10 points, when: site.sold, where: member.country == "DE" } }
            """,
            Joined, "2024-02-01 site.sold site/s1 member=ada", "2024-01-05 member.moved member/ada country=DE (2024-03-01)", "2024-04-01 member.moved member/ada country=FR");
        Posts(told, "f2: rule/e1/sale → member/ada 10 of site/s1, from 2024-02-01T00:00:00Z until never");
    }

    [Fact]
    public void Who_loses_by_one_limit_leaves_a_place_in_another()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { site: { plan: text, country: text, size: number } }
            facts: { site.sold: { about: site, needs: [member, plan, country, size] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { sale: { give: site.size points, when: site.sold } }
            limits: { one_a_plan: { of: sale, per: site.plan, best: 1 }, one_a_country: { of: sale, per: site.country, best: 1 } }
            """,
            Joined, "2024-02-01 site.sold site/s1 member=ada plan=pro country=DE size=50", "2024-02-02 site.sold site/s2 member=ada plan=basic country=DE size=30", "2024-02-03 site.sold site/s3 member=ada plan=pro country=FR size=70");
        Posts(
            told,
            "f1: rule/e1/sale → member/ada 50 of site/s1, from 2024-02-01T00:00:00Z until never",
            "f3: member/ada → rule/e1/sale 50 of site/s1, from 2024-02-03T00:00:00Z until never",
            "f3: rule/e1/sale → member/ada 30 of site/s2, from 2024-02-03T00:00:00Z until never",
            "f3: rule/e1/sale → member/ada 70 of site/s3, from 2024-02-03T00:00:00Z until never");
    }

    [Fact]
    public void What_is_owed_is_paid_at_the_close_and_carries_over_where_it_is_too_little()
    {
        var told = Told.Of(
            """
            program: maple
            units: { usd: { money: true } }
            subjects: { site: {} }
            facts: { site.sold: { about: site, needs: [member] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { sale: { give: 30 usd, when: site.sold } }
            payouts: { usd: { each: month, at-least: 50 } }
            """,
            Joined, "2024-01-10 site.sold site/s1 member=ada", "2024-02-10 site.sold site/s2 member=ada", "2024-04-10 member.joined member/ben");
        Posts(
            told,
            "f1: rule/e1/sale → member/ada 30 of site/s1, from 2024-01-10T00:00:00Z until never",
            "f2: rule/e1/sale → member/ada 30 of site/s2, from 2024-02-10T00:00:00Z until never",
            "closed/2024-03-01T00:00:00Z: member/ada → member/ada/paid 60 of member/ada, from 2024-03-01T00:00:00Z until never");
        // At the close of March nothing is owed: nothing is told of it.
        var (_, steps) = Posting.RunWithPayouts(told.Program, told.History, under: null, Instant.Never, Instant.Ever);
        Assert.Equal(["2024-02-01 30 TooLittle", "2024-03-01 60 Paid"], steps.Select(s => $"{s.Close.ToString()[..10]} {s.Owed} {s.Status}"));
    }

    [Fact]
    public void Nothing_closes_before_the_first_fact()
    {
        var told = Told.Of(
            "program: maple\nunits: { usd: { money: true } }\n---\nedition: e1\neffective: 2024-01-01\npayouts: { usd: { each: month } }\n---\nedition: e2\neffective: 2024-03-10\nbased-on: e1",
            "2024-05-15 member.joined member/ada", "2024-06-15 member.left member/ada");
        Assert.Equal(["edition/e1", "edition/e2", "f0", "closed/2024-06-01T00:00:00Z", "f1"], Ids(told));
    }

    [Fact]
    public void A_rank_concerns_every_member()
    {
        var told = Told.Of(
            "program: maple\nunits: { points: {} }\n---\nedition: e1\neffective: 2024-01-01\nmetrics: { top: { rank: points, at: month } }",
            Joined, "2024-01-02 member.joined member/ben", "2024-02-15 member.joined member/cleo");
        var posting = new Posting(told.Program, told.History, under: null);
        var concerned = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).Select(item =>
        {
            posting.Post(item);
            return string.Join(' ', posting.Concerned.Select(told.History.NameOf));
        });
        Assert.Equal(["ada ben cleo", "ada", "ben", "ada ben", "cleo"], concerned);
    }

    [Fact]
    public void An_edition_that_changes_nothing_leaves_what_competes_as_it_is() => Posts(
        "rules: { site: { give: site.size points, when: site.created } }\nlimits: { cap: { of: site, at-most: 150 points } }\n---\nedition: e2\neffective: 2025-01-01\npublished: 2024-06-01\nbased-on: e1",
        [Joined, First, "2024-02-03 site.created site/s2 member=ada size=70", "2024-07-01 site.created site/s3 member=ada size=80"],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "f2: rule/e1/site → member/ada 50 of site/s2, from 2024-02-03T00:00:00Z until never");

    [Fact]
    public void What_was_announced_is_posted_when_the_rank_is_taken_that_it_waits_for() => Posts(
        "roles: { site.owner: { starts: site.created } }\nrules: { site: { give: site.size points, when: site.created }, prize: { give: 5 coins, to: site.owner, when: site.closed, where: top.place == 1 } }\nmetrics: { top: { rank: points, at: month } }",
        [Joined, "2024-01-01 member.joined member/ben", "2024-01-10 site.created site/s0 member=ben size=50", First, "2024-03-15 site.closed site/s1 (2024-02-10)", "2024-03-20 member.joined member/cleo"],
        "f2: rule/e1/site → member/ben 50 of site/s0, from 2024-01-10T00:00:00Z until never",
        "f3: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "closed/2024-03-01T00:00:00Z: rule/e1/prize → member/ada 5 of site/s1, from 2024-03-15T00:00:00Z until never");

    [Fact]
    public void Under_one_edition_all_is_posted_as_if_it_alone_had_always_been_in_force()
    {
        var told = Told.Of($"{Vocabulary}\nrules: {{ site: {{ give: site.size points, when: site.created }} }}\n---\nedition: e2\neffective: 2025-01-01\nrules: {{ site: {{ give: 2 * site.size points, when: site.created }} }}", Joined, First);
        Assert.Equal([200], Posting.Run(told.Program, told.History, under: told.Program.Find("e2"), Instant.Never).SelectMany(p => p.Entries).Select(e => e.Amount));
    }

    [Fact]
    public void What_follows_by_itself_is_foreseen_for_a_year_from_when_it_is_asked()
    {
        var told = Told.Of($"{Vocabulary}\nobligations: {{ monthly: {{ at-least: 1 points, each: month }} }}", Joined);
        var posting = new Posting(told.Program, told.History, under: null);
        foreach (var item in Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever)) { posting.Post(item); }
        Assert.Equal([12, 36], "2024-01-01 2026-01-01".Split(' ').Select(at => posting.TimelineOf(told.History.SubjectOf(Engine.Programs.Vocabulary.MemberKind, "ada")!.Value, Some.At(at), Some.At(at)).Closed.Count));
    }

    private static IEnumerable<string> Ids(Told told)
    {
        var lines = new LedgerLines(told.Program, told.History, RuleBook.InForce(told.Program, Instant.Never));
        return Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).Select(item => lines.KeyOf(item).Id);
    }

    private static void Posts(string rules, string[] facts, params string[] entries) => Posts(Told.Of($"{Vocabulary}\n{rules}", facts), entries);

    private static void Posts(Told told, params string[] entries)
    {
        var lines = new LedgerLines(told.Program, told.History, RuleBook.InForce(told.Program, Instant.Never));
        var posted = Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(posted => posted.Entries.Select(entry =>
            $"{lines.KeyOf(posted.Item).Id}: {lines.AccountOf(entry, entry.From)} → {lines.AccountOf(entry, entry.To)} {entry.Amount} of {lines.SubjectOf(entry.Subject)}, from {entry.Starts} until {entry.Ends}"));
        Same.Lines(entries, [.. posted], "entries");
    }
}
