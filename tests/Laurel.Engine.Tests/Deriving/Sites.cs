using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>What stories of sites have in common: sites of a size, in teams, in leagues.</summary>
internal static class Sites
{
    private const string Vocabulary = """
        program: maple
        units: { points: {}, eur: { decimals: 2, money: true } }
        subjects: { league: { open: flag }, team: { open: flag, lead: member, league: league }, site: { ends_on: instant, size: number, code: text, plan: [basic, pro], seat_ends: instant, live: flag, team: team, league: league } }
        facts:
          league.told: { about: league, needs: [open] }
          team.told: { about: team, needs: [open], may: [lead, league] }
          team.joined: { about: team, needs: [member] }
          team.left: { about: team, needs: [member] }
          site.created: { about: site, needs: [size, member], may: [ends_on, seat_ends, team] }
          site.shared: { about: site, needs: [size, member], may: [seat_ends] }
          site.told: { about: site, may: [size, code, plan, ends_on, seat_ends, live, team, league] }
          site.left: { about: site, needs: [size, member] }
          site.refunded: { about: site }
          site.paid: { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        roles: { site.owner: { starts: site.created, one: true } }
        """;

    public const string Ada = "2024-01-01 member.joined member/ada";
    public const string Ben = "2024-01-01 member.joined member/ben";
    public const string Created = "2024-02-01 site.created site/s1 size=5 member=ada";

    /// <summary>What rules give for facts, by the engine and as computed from the words of the language.</summary>
    /// <param name="rules">The edition's sections; without roles of its own, a site has the owner who created it last.</param>
    /// <param name="facts">The facts, a line each.</param>
    /// <param name="credits">The credits, a line each.</param>
    public static void Gives(string rules, string[] facts, params string[] credits) => Of(rules, facts).Gives(credits);

    /// <summary>A story of sites.</summary>
    /// <inheritdoc cref="Gives"/>
    public static Told Of(string rules, params string[] facts)
    {
        var edition = rules.Split("---")[0].Contains("roles:", StringComparison.Ordinal) ? Vocabulary[..Vocabulary.IndexOf("roles:", StringComparison.Ordinal)] : $"{Vocabulary}\n";
        return Told.Of($"{edition}{rules}", facts);
    }
}
