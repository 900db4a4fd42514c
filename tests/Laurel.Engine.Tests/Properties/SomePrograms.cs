using System.Globalization;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Makes programs that read without errors, with what the language has in it.</summary>
internal sealed class SomePrograms
{
    private static readonly IReadOnlyList<string> Facts =
    [
        "member.praised: { about: member, may: [stars] }", "member.blamed: { about: member }",
        "person.joined_team: { about: person, needs: [team], may: [skill, works_at] }", "person.left_team: { about: person }",
        "firm.opened: { about: firm, may: [rank, owner] }", "firm.closed: { about: firm }", "firm.hired: { about: firm, needs: [member] }", "firm.fired: { about: firm, may: [member] }",
        "site.created: { about: site, needs: [member], may: [editor, firm] }", "site.moved: { about: site, needs: [member] }", "site.helped: { about: site, needs: [member], may: [size] }",
        "site.dropped: { about: site, may: [member] }", "site.started: { about: site, may: [size, ends_on, vip] }", "site.stopped: { about: site }", "site.told: { about: site, may: [editor, size, ends_on, vip, firm] }",
        "certificate.earned: { about: certificate, needs: [holder], may: [course, at, score] }", "certificate.revoked: { about: certificate }", "certificate.told: { about: certificate, may: [holder, course, at, score] }",
    ];

    private readonly Chance _chance;
    private readonly List<RuleFrame> _frames;
    private readonly Features _features;

    private SomePrograms(Chance chance)
    {
        _chance = chance;
        _features = new(chance);
        _frames = [.. Enumerable.Range(0, 7).Select(i => RuleFrame.Some(chance, _features, i))];
    }

    /// <summary>A program.</summary>
    public static ProgramText Some(Chance chance) => new SomePrograms(chance).Make();

    private ProgramText Make()
    {
        var zone = _chance.One("UTC", "UTC", "Europe/Berlin", "America/New_York");
        var vocabulary = string.Create(CultureInfo.InvariantCulture, $$"""
            program: maple
            time-zone: {{zone}}
            units: { points: {}, hours: { decimals: 1 }, usd: { decimals: 2, money: true } }
            subjects:
              member: { stars: number }
              firm: { owner: member, rank: number }
              person: { team: member, skill: number, works_at: firm }
              site: { editor: [classic, studio, velo], size: number, vip: flag, ends_on: instant, firm: firm }
              certificate: { holder: person, at: firm, course: [one, two], score: number }
            facts:
            {{string.Join("\n", _chance.Shuffled(Facts).Select(f => "  " + f))}}

            """);
        var dates = _chance.One<string[]>(["2024-01-01"], ["2024-01-01", "2024-03-01"], ["2023-12-31", "2024-02-29", "2024-06-15"], ["2024-01-10", "2024-03-31", "2024-04-01"]);
        // Each is published after those before it, ahead of its date or after it.
        var published = _chance.Percent(35) ? _chance.Some(["2023-09-01", "2023-11-11", "2024-02-01", "2024-05-05T12:00Z"], dates.Length, dates.Length) : null;
        var editions = new List<EditionText>();
        SomeEdition? before = null;
        for (var i = 0; i < dates.Length; i++)
        {
            var made = new SomeEdition(_chance, _frames, _features, before);
            editions.Add(made.Text($"e{i + 1}", dates[i], published?[i]));
            before = made;
        }
        return new(vocabulary, editions);
    }
}

/// <summary>What a rule is in every edition that has it: what it is about, what it gives, and whether at moments.</summary>
internal sealed record RuleFrame(string Name, string Kind, string Unit, bool AtMoments)
{
    public static RuleFrame Some(Chance chance, Features features, int place)
    {
        var kind = chance.One("site", "site", "site", "site", "certificate", "certificate", "firm", "person", "member", "member");
        // Money is owed also to who is not enrolled: what every member has from ever on is no credit that anybody means.
        var atMoments = chance.Percent(60);
        var paid = features.Has(Features.Budgets) || features.Has(Features.Payouts) || features.Has(Features.Stages);
        var unit = kind == "member" && !atMoments ? "points" : paid ? chance.One("points", "points", "hours", "usd", "usd") : chance.One("points", "points", "points", "hours", "usd");
        return new($"r{place}", kind, unit, atMoments);
    }
}
