using System.Globalization;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Makes conditions that may read what stands below them.</summary>
/// <param name="chance">The choices.</param>
/// <param name="states">The states that can be read, by full name.</param>
/// <param name="roles">The roles that can be read, by full name.</param>
internal sealed class SomeConditions(Chance chance, IReadOnlyList<string> states, IReadOnlyList<string> roles)
{
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["member"] = [],
        ["firm"] = ["owner"],
        ["person"] = ["team", "works_at", "works_at.owner"],
        ["site"] = ["firm", "firm", "firm.owner"],
        ["certificate"] = ["holder", "holder", "holder.team", "at", "at.owner", "holder.works_at"],
    };

    /// <summary>A condition about a subject.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="withRoles">True where somebody is in question.</param>
    /// <param name="fact">Numbers that the fact at hand may carry.</param>
    /// <param name="moment">True at a moment: the member and what was before can be read.</param>
    public string Some(string kind, bool withRoles, IReadOnlyList<string>? fact = null, bool moment = false)
    {
        var one = Atom(kind, withRoles, fact ?? [], moment);
        return chance.Below(8) switch
        {
            0 => $"!{Closed(one)}",
            1 => $"{Closed(one)} && {Closed(Atom(kind, withRoles, fact ?? [], moment))}",
            2 => $"{Closed(one)} || {Closed(Atom(kind, withRoles, fact ?? [], moment))}",
            _ => one,
        };
    }

    /// <summary>A condition about what follows for a member.</summary>
    /// <param name="of">What it may read, each a condition.</param>
    public string Standing(IReadOnlyList<string> of) =>
        chance.Below(5) switch { 0 => $"!({chance.One(of)})", 1 => $"({chance.One(of)}) && ({chance.One(of)})", 2 => $"({chance.One(of)}) || ({chance.One(of)})", _ => chance.One(of) };

    /// <summary>Who gets it: always somebody in a role.</summary>
    public string Role(string kind)
    {
        var own = roles.Where(r => r.StartsWith(kind + ".", StringComparison.Ordinal)).Concat(Along(kind, roles)).ToList();
        return chance.Below(4) switch
        {
            0 => $"{chance.One(own)} || {chance.One(own)}",
            1 => $"{chance.One(own)} && {Closed(Some(kind, withRoles: true))}",
            _ => chance.One(own),
        };
    }

    /// <summary>True where a kind, or what it refers to, has a role.</summary>
    public bool HasRole(string kind) => roles.Any(r => r.StartsWith(kind + ".", StringComparison.Ordinal)) || Along(kind, roles).Any();

    private string Atom(string kind, bool withRoles, IReadOnlyList<string> fact, bool moment)
    {
        var own = states.Where(s => s.StartsWith(kind + ".", StringComparison.Ordinal)).ToList();
        var along = Along(kind, states).ToList();
        var ownRoles = withRoles ? roles.Where(s => s.StartsWith(kind + ".", StringComparison.Ordinal)).Concat(Along(kind, roles)).ToList() : [];
        if (fact.Count > 0 && chance.Percent(40)) { return chance.Percent(30) ? $"has(fact.{chance.One(fact)})" : Compare($"fact.{chance.One(fact)}"); }
        if (moment && chance.Percent(15)) { return "member.enrolled"; }
        if (moment && fact.Count > 0 && own.Count > 0 && chance.Percent(25)) { return $"before.{chance.One(own)}"; }
        if (own.Count > 0 && chance.Percent(60)) { return chance.One(own); }
        if (along.Count > 0 && chance.Percent(35)) { return chance.One(along); }
        if (ownRoles.Count > 0 && chance.Percent(30)) { return chance.One(ownRoles); }
        return Field(kind);
    }

    private string Field(string kind) => kind switch
    {
        "member" => chance.Percent(30) ? "member.enrolled" : Compare("member.stars"),
        "firm" => Compare("firm.rank"),
        "person" => chance.One(Compare("person.skill"), Compare("person.works_at.rank")),
        "site" => chance.One(
            "site.editor == 'classic'", "site.editor in ['studio', 'velo']", Compare("site.size"), Compare("site.size"), "site.vip", "!site.vip", "has(site.ends_on)", "site.ends_on > date('2024-03-01')",
            Compare("site.firm.rank"), "year(site.ends_on) == 2024"),
        _ => chance.One("certificate.course == 'one'", Compare("certificate.score"), Compare("certificate.holder.skill"), Compare("certificate.at.rank")),
    };

    private string Compare(string number) => string.Create(CultureInfo.InvariantCulture, $"{number} {chance.One(">= 0", ">= 9", "< 10", "== 10", "> 2.5", "!= 11", "<= 11")}");

    /// <summary>What the subjects that a kind refers to have: by the whole path.</summary>
    private static IEnumerable<string> Along(string kind, IReadOnlyList<string> names) =>
        from path in References[kind]
        let target = KindOf(kind, path)
        from name in names
        where name.StartsWith(target + ".", StringComparison.Ordinal)
        select $"{kind}.{path}.{name[(target.Length + 1)..]}";

    private static string KindOf(string kind, string path) => path.Split('.')[^1] switch
    {
        "holder" => "person",
        "owner" or "team" => "member",
        _ => "firm",
    };

    private static string Closed(string condition) => condition.Contains(' ', StringComparison.Ordinal) ? $"({condition})" : condition;
}
