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
    public void A_new_edition_closes_what_it_does_not_give_and_opens_what_it_does() => Posts(
        "rules: { site: { give: site.size points, to: member, while: site.size > 0 } }\n---\nedition: e2\neffective: 2025-01-01\nrules: { site: { give: 2 * site.size points, to: member, while: site.size > 0 } }"
            .Replace("to: member", "to: site.owner", StringComparison.Ordinal).Replace("rules:", "roles: { site.owner: { starts: site.created } }\nrules:", StringComparison.Ordinal),
        [Joined, First],
        "f1: rule/e1/site → member/ada 100 of site/s1, from 2024-02-02T00:00:00Z until never",
        "edition/e2: member/ada → rule/e1/site 100 of site/s1, from 2025-01-01T00:00:00Z until never",
        "edition/e2: rule/e2/site → member/ada 200 of site/s1, from 2025-01-01T00:00:00Z until never");

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

    private static void Posts(string rules, string[] facts, params string[] entries)
    {
        var told = Told.Of($"{Vocabulary}\n{rules}", facts);
        var lines = new LedgerLines(told.Program, told.History, RuleBook.InForce(told.Program, Instant.Never));
        var posted = Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(posted => posted.Entries.Select(entry =>
            $"{lines.KeyOf(posted.Item).Id}: {lines.AccountOf(entry, entry.From)} → {lines.AccountOf(entry, entry.To)} {entry.Amount} of {lines.SubjectOf(entry.Subject)}, from {entry.Starts} until {entry.Ends}"));
        Same.Lines(entries, [.. posted], "entries");
    }
}
