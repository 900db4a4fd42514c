using Laurel.Engine.Programs;

namespace Laurel.Engine.Tests.Programs;

/// <summary>An edition is identified by what it means, and nothing else.</summary>
public sealed class IdentityTests
{
    private static readonly PartnerProgram Maple = Folder.Program(Folder.Maple());

    [Theory]
    [InlineData("editions/2024.yaml", "says: 100 points for a site on a plan", "says: Other words", "says")]
    [InlineData("editions/2024.yaml", "source: https://example.org/2024", "source: https://example.org/other", "source")]
    [InlineData("editions/2024.yaml", "title: The first", "title: Another", "title")]
    [InlineData("editions/2024.yaml", "    give: 100 points\n", "    # a comment\n    give: \"100   points\"\n", "a comment, quotes, spaces")]
    [InlineData("editions/2024.yaml", "give: min(site.visits, 50) + 5 points", "give: (min( site.visits,50 )) + 5.0 points", "brackets and spaces of an expression")]
    [InlineData("editions/2024.yaml", "    to: (site.owner || site.helper) && !site.quiet\n    while: site.counts", "    while: site.counts\n    to: (site.owner || site.helper) && !site.quiet", "the order of keys")]
    [InlineData("editions/2024.yaml", "when: plan.bought", "when: [plan.bought]", "a list of one")]
    [InlineData("editions/2024.yaml", "after: 14 days", "after: 2 weeks", "the same length of time")]
    [InlineData("editions/2024.yaml", "  badge: level >= \"silver\"\n", "  badge: { while: level >= \"silver\", kind: on }\n", "a default written out")]
    [InlineData("editions/2024.yaml", "metrics:\n", "metrics:\n  answer: { sum: answer }\n", "a unit's own metric written out")]
    [InlineData("program.yaml", "facts:\n", "facts:\n  firm.closed: { about: firm, may: [member] }\n", "another type of fact")]
    [InlineData("program.yaml", "  firm: { name: text }", "  firm: { name: text, size: number }", "another field")]
    [InlineData("program.yaml", "units:\n", "units:\n  stars: {}\n", "another unit")]
    [InlineData("program.yaml", "  points: Points", "  points: Score", "a word")]
    [InlineData("program.yaml", "second-person-above: 1000", "second-person-above: 2000", "who may adjust")]
    public void What_changes_no_meaning_changes_no_hash(string file, string part, string by, string why)
    {
        var changed = Folder.Program(Folder.Changed(file, part, by));
        Assert.True(Maple.Editions[0].Hash == changed.Editions[0].Hash, why);
        Assert.Equal(Hashes(Maple.Editions[0]), Hashes(changed.Editions[0]));
    }

    [Theory]
    [InlineData("editions/2024.yaml", "give: 100 points", "give: 101 points", "hosting", "an amount")]
    [InlineData("editions/2024.yaml", "after: 14 days", "after: 15 days", "renewal", "a duration")]
    [InlineData("editions/2024.yaml", "ends: [plan.cancelled: site.trial, site.moved]", "ends: [plan.cancelled, site.moved]", "hosting renewal", "a state that is read, also through others")]
    [InlineData("editions/2024.yaml", "for: 2 years", "for: 3 years", "study", "a state's length")]
    [InlineData("editions/2024.yaml", "pro: 0.30", "pro: 0.31", "share", "a cell of a table")]
    [InlineData("editions/2024.yaml", "silver: points >= 100,", "silver: points >= 101,", "", "a rung")]
    [InlineData("editions/2024.yaml", "remind: 7 days", "remind: 8 days", "", "a request")]
    [InlineData("editions/2024.yaml", "desk: { while: league == \"yes\"", "desk: { while: league == \"no\"", "", "a benefit")]
    [InlineData("editions/2024.yaml", "counts-from: 2023-06-01", "counts-from: 2023-06-02", "", "what counts")]
    [InlineData("editions/2024.yaml", "effective: 2024-01-01", "effective: 2024-01-02", "", "its date")]
    [InlineData("editions/2024.yaml", "  best_site: { of: [hosting, growth], per: site, best: 1 }\n  courses: { of: study, per: [certificate.course, person], first: 5 }\n", "  courses: { of: study, per: [certificate.course, person], first: 5 }\n  best_site: { of: [hosting, growth], per: site, best: 1 }\n", "", "the order in which limits are settled")]
    [InlineData("program.yaml", "plan: [basic, pro, \"no plan\"]", "plan: [basic, pro, \"no plan\", max]", "hosting renewal share", "a list of values that is read")]
    [InlineData("program.yaml", "usd: { decimals: 2", "usd: { decimals: 3", "share", "a unit")]
    [InlineData("program.yaml", "time-zone: Europe/Berlin", "time-zone: Europe/Paris", "", "the zone of its days")]
    public void What_changes_the_meaning_changes_the_hash(string file, string part, string by, string rules, string why)
    {
        var changed = Folder.Program(Folder.Changed(file, part, by));
        Assert.False(Maple.Editions[0].Hash == changed.Editions[0].Hash, why);
        var (before, after) = (Hashes(Maple.Editions[0]), Hashes(changed.Editions[0]));
        Assert.True(rules == string.Join(' ', before.Keys.Where(rule => before[rule] != after[rule])), $"{why}: {string.Join(' ', before.Keys.Where(rule => before[rule] != after[rule]))}");
    }

    [Theory]
    [InlineData("2024-12-25]", "2024-12-25, 2024-12-31]", "job_expired job_answered", "a holiday, for what counts business days")]
    [InlineData("  years:", "  weekend: [sunday]\n  years:", "job_expired job_answered", "the weekend")]
    [InlineData("  years:", "  weekend: [sunday, saturday]\n  years:", null, "the weekend as it is without a word")]
    [InlineData("day: 15", "day: 16", "job_answered", "the day of a run")]
    [InlineData("covers: 2 days", "covers: 3 days", "job_answered", "what a run covers")]
    [InlineData("starts: 02-01", "starts: 03-01", "", "the first day of a year that limits, metrics and ladders name")]
    [InlineData("awards", "payday", null, "what a run is called")]
    [InlineData("after: job.settles_on", "after: 14 days", "job_settled", "what a rule waits for")]
    public void A_calendar_is_part_of_what_reads_it(string part, string by, string? rules, string why)
    {
        var files = Folder.Read("tests/Laurel.Engine.Tests/Programs/Good/marketplace/");
        var before = Folder.Program(files).Editions[0];
        Assert.Contains(part, files["editions/m1.yaml"], StringComparison.Ordinal);
        files["editions/m1.yaml"] = files["editions/m1.yaml"].Replace(part, by, StringComparison.Ordinal);
        var after = Folder.Program(files).Editions[0];
        Assert.True(rules is null == (before.Hash == after.Hash), why);
        Assert.Equal(rules ?? "", string.Join(' ', before.Rules.Select(r => r.Name).Where(rule => Hashes(before)[rule] != Hashes(after)[rule])));
    }

    [Fact]
    public void The_order_of_facts_that_are_used_is_part_of_the_meaning()
    {
        const string cancelled = "  plan.cancelled: { about: site }\n";
        var files = Folder.Changed("program.yaml", cancelled, "");
        files["program.yaml"] = files["program.yaml"].Replace("facts:\n", "facts:\n" + cancelled, StringComparison.Ordinal);
        Assert.NotEqual(Maple.Editions[0].Hash, Folder.Program(files).Editions[0].Hash);
    }

    [Fact]
    public void A_rule_that_is_the_same_in_two_editions_has_one_hash()
    {
        var files = Folder.Maple();
        files["editions/2025.yaml"] = "edition: 2025\neffective: 2025-01-01\nbased-on: 2024\n";
        files.Remove("drafts/next.yaml");
        files.Remove("drafts/after.yaml");
        var program = Folder.Program(files);
        Assert.Equal(Hashes(program.Editions[0]), Hashes(program.Editions[1]));
        Assert.NotEqual(program.Editions[0].Hash, program.Editions[1].Hash);
    }

    [Fact]
    public void A_hash_is_64_lower_case_hexadecimal_digits() =>
        Assert.All(Maple.Editions.Select(e => e.Hash).Concat(Maple.Editions.SelectMany(e => e.Rules).Select(r => r.Hash)), hash => Assert.Matches("^[0-9a-f]{64}$", hash));

    private static Dictionary<string, string> Hashes(Edition edition) => edition.Rules.ToDictionary(rule => rule.Name, rule => rule.Hash);
}
