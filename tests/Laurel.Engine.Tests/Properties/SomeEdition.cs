using System.Globalization;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Makes one edition after another.</summary>
internal sealed class SomeEdition
{
    private static readonly Dictionary<string, string[]> FactsOf = new()
    {
        ["member"] = ["member.praised", "member.blamed", "member.joined"],
        ["firm"] = ["firm.opened", "firm.closed", "firm.hired", "firm.fired"],
        ["person"] = ["person.joined_team", "person.left_team"],
        ["site"] = ["site.created", "site.moved", "site.helped", "site.dropped", "site.started", "site.stopped", "site.told"],
        ["certificate"] = ["certificate.earned", "certificate.revoked", "certificate.told"],
    };

    private static readonly Dictionary<string, string[]> Naming = new()
    {
        ["firm"] = ["firm.hired"],
        ["site"] = ["site.created", "site.moved", "site.helped"],
    };

    // The numbers that each fact may carry.
    private static readonly Dictionary<string, string> NumberOf = new()
    {
        ["site.helped"] = "size",
        ["site.started"] = "size",
        ["site.told"] = "size",
        ["certificate.earned"] = "score",
        ["certificate.told"] = "score",
        ["firm.opened"] = "rank",
        ["person.joined_team"] = "skill",
        ["member.praised"] = "stars",
    };

    private readonly Chance _chance;
    private readonly SomeEdition? _before;
    private readonly List<RuleFrame> _frames;
    private readonly Dictionary<string, string> _rules = [];
    private readonly List<string> _names = [];
    private readonly HashSet<string> _roleNames;
    private List<string> _states = [];
    private List<string> _roles = [];
    private readonly bool _takesStates;
    private readonly IReadOnlyList<string> _calendar;
    private readonly Features _features;
    private readonly IReadOnlyList<string> _payouts;
    private readonly IReadOnlyList<string> _statesOfMembers;

    public SomeEdition(Chance chance, IReadOnlyList<RuleFrame> frames, Features features, SomeEdition? before)
    {
        _chance = chance;
        _before = before;
        _takesStates = before is not null && chance.Percent(50);
        _features = features;
        _payouts = features.Has(Features.Payouts) ? [$"usd: {Keyed([$"each: {chance.One("month", "quarter")}", .. chance.One<string[]>([], ["at-least: 20"], ["after: 10 days"]), .. chance.One<string[]>([], ["where: m0 >= 100"], ["where: \"level >= 'mid'\""])])}"] : [];
        _statesOfMembers = _takesStates ? before!._statesOfMembers : StatesOfMembers();
        _frames = chance.Some(frames, 2, 5);
        _roleNames = [];
        _calendar =
        [
            $"weekend: [{_chance.One("saturday, sunday", "friday", "")}]", $"holidays: [{string.Join(", ", _chance.Some(["2023-12-25", "2024-01-01", "2024-01-31", "2024-02-29", "2024-03-29", "2024-04-01", "2024-05-01"], 0, 7))}]",
            $"years: {{ own_year: {{ starts: {_chance.One("02-01", "03-31", "12-31")}{(_features.Has(Features.Cutoff) ? $"{EditionText.KeyEnd}cutoff: {_chance.One("01-15", "12-01", "05-01")}" : "")} }} }}",
            $"runs: {{ monthly: {{ each: month{EditionText.KeyEnd}day: {_chance.One("1", "15", "31")}{EditionText.KeyEnd}roll: next business day{EditionText.KeyEnd}covers: {_chance.One("2 days", "1 business day")} }}{EditionText.KeyEnd}often: {{ each: {_chance.One("month", "quarter")}{EditionText.KeyEnd}day: 30 }} }}",
        ];
        if (_takesStates)
        {
            (_states, _roles, _names, _roleNames) = (before!._states, before._roles, before._names, before._roleNames);
        }
        else { MakeStates(); }
        var conditions = Conditions(_names.Count);
        foreach (var frame in _frames)
        {
            var old = before?._rules.GetValueOrDefault(frame.Name);
            _rules[frame.Name] = _takesStates && old is not null && chance.Percent(60) ? old : Rule(frame, conditions);
        }
    }

    /// <param name="published">When it becomes known; null for its date.</param>
    public EditionText Text(string name, string date, string? published)
    {
        var head = $"edition: {name}\neffective: {date}\n";
        if (_before is null && _chance.Percent(30)) { head += "counts-from: 2023-10-01\n"; }
        if (published is not null) { head += $"published: {published}\n"; }
        var sections = new List<(string, IReadOnlyList<string>)> { ("calendar", _calendar), ("tables", ["share: { classic: 3, studio: 2.5, else: 1 }"]) };
        if (_takesStates) { head += $"based-on: e{int.Parse(name[1..], CultureInfo.InvariantCulture) - 1}\n"; }
        else
        {
            sections.Add(("states", [.. _states, .. _statesOfMembers]));
            sections.Add(("roles", _roles));
        }
        sections.Add(("rules", [.. _frames.Select(f => _rules[f.Name])]));
        sections.Add(("limits", Limits()));
        sections.Add(("metrics", Metrics()));
        sections.Add(("ladders", Ladders()));
        sections.Add(("benefits", ["perk: \"member.enrolled && level >= 'mid'\"", "badge_of_honour: \"badge == 'yes' || m5['2024-03'] > 0\"", .. Benefits()]));
        sections.Add(("payouts", _payouts));
        sections.Add(("transition", Transition()));
        return new(name, head, sections);
    }

    private IEnumerable<string> Benefits()
    {
        if (_features.Has(Features.Keys)) { yield return "crafty: \"craft['one'] >= 'some' || m8['2024-03'] > 1\""; }
        if (_features.Has(Features.Ranks)) { yield return "podium: \"top.place <= 1 && top.of >= 2\""; }
        if (_features.Has(Features.Stages)) { yield return "stated: member.t0 || member.t1"; }
    }

    /// <summary>Conditions that read only what points come to, and states of members that do.</summary>
    private List<string> OfPoints()
    {
        var of = new List<string> { "m0 >= 100", "m0 < 200", "m1 >= 2" };
        if (_features.Has(Features.Stages)) { of.AddRange(["member.t0", "member.t0"]); }
        if (_features.Has(Features.Folds)) { of.AddRange(["m7 > 50", "m10 >= 1", "m12 > 0"]); }
        if (_features.Has(Features.Ranks)) { of.AddRange(["top.place <= 1", "top.of >= 2", "top.place * 2 <= top.of"]); }
        return of;
    }

    /// <summary>Conditions that read anything that follows for a member, but money.</summary>
    private List<string> OfAll()
    {
        List<string> of = [.. OfPoints(), "m3 > 110", "hours >= 1", "level >= 'mid'", "badge == 'yes'", "member.enrolled", "member.stars > 2.5"];
        if (_features.Has(Features.Stages)) { of.Add("member.t1"); }
        if (_features.Has(Features.Folds)) { of.Add("m9 >= 1"); }
        if (_features.Has(Features.Keys)) { of.AddRange(["craft['one'] >= 'some'", "m8['2024-03'] > 1"]); }
        return of;
    }

    /// <summary>States of members that read numbers: one of what points come to, one of all but money.</summary>
    private List<string> StatesOfMembers()
    {
        if (!_features.Has(Features.Stages)) { return []; }
        var conditions = new SomeConditions(_chance, [], []);
        var points = OfPoints().FindAll(c => c != "member.t0");
        var all = OfAll().FindAll(c => c != "member.t1");
        return [State("t0", points), State("t1", all)];

        string State(string name, List<string> of) => $"member.{name}: {_chance.Below(4) switch
        {
            0 => Quoted(conditions.Standing(of)),
            1 => Keyed([$"starts: [{Quoted(conditions.Standing(of))}]", $"for: {_chance.One("14 days", "1 month", "2 business days")}"]),
            2 => Keyed([$"starts: [{Quoted($"({conditions.Standing(of)}) for {_chance.One("3 days", "1 month")}")}, member.praised]", $"ends: [{Quoted(conditions.Standing(of))}]"]),
            _ => Keyed([$"starts: [{{ member.praised: {Quoted(conditions.Standing(of))} }}]", $"ends: [member.blamed, {Quoted(conditions.Standing(of))}]"]),
        }}";
    }

    private SomeConditions Conditions(int below) =>
        new(_chance, [.. _names.Take(below).Where(n => !_roleNames.Contains(n))], [.. _names.Take(below).Where(_roleNames.Contains)]);

    private void MakeStates()
    {
        foreach (var kind in new[] { "member", "firm", "person", "site", "certificate" })
        {
            for (var i = 0; i < (kind == "site" ? 1 + _chance.Below(4) : _chance.Below(3)); i++) { _names.Add($"{kind}.s{i}"); }
            var roles = kind switch { "site" => 1 + _chance.Below(3), "firm" => _chance.Below(3), _ => 0 };
            for (var i = 0; i < roles; i++)
            {
                _names.Add($"{kind}.o{i}");
                _roleNames.Add($"{kind}.o{i}");
            }
        }
        _states = [];
        _roles = [];
        for (var i = 0; i < _names.Count; i++)
        {
            var kind = _names[i][.._names[i].IndexOf('.', StringComparison.Ordinal)];
            if (_roleNames.Contains(_names[i])) { _roles.Add($"{_names[i]}: {Holding(kind, i, role: true)}"); }
            else { _states.Add($"{_names[i]}: {(_chance.Percent(25) ? Quoted(Conditions(i).Some(kind, withRoles: _chance.Percent(15))) : Holding(kind, i, role: false))}"); }
        }
    }

    private string Holding(string kind, int place, bool role)
    {
        var starts = _chance.Some(role ? Naming[kind] : FactsOf[kind], 1, 2).Select(f => Item(kind, f, role)).ToList();
        if (!role && _chance.Percent(12)) { starts[0] = Watched(kind, place, role); }
        var ends = _chance.Some(FactsOf[kind], 0, 2).Select(f => Item(kind, f, role)).ToList();
        if (_chance.Percent(20)) { ends.Add(Watched(kind, place, role)); }
        var keys = new List<string> { $"starts: [{string.Join(", ", starts)}]" };
        if (ends.Count > 0) { keys.Add($"ends: [{string.Join(", ", ends)}]"); }
        if (_chance.Percent(25)) { keys.Add($"for: {_chance.One("14 days", "1 month", "36 hours", "1 day", "2 business days")}"); }
        if (kind == "site" && _chance.Percent(25)) { keys.Add("until: site.ends_on"); }
        if (role && _chance.Percent(40)) { keys.Add("one: true"); }
        return Keyed(keys);
    }

    /// <summary>A fact, perhaps under a condition; which may read anything, since it is tested just before the fact.</summary>
    private string Item(string kind, string fact, bool role)
    {
        if (!_chance.Percent(20)) { return fact; }
        return $"{{ {fact}: {Quoted(Conditions(_names.Count).Some(kind, role, NumberOf.TryGetValue(fact, out var number) ? [number] : []))} }}";
    }

    private string Watched(string kind, int place, bool role) =>
        Quoted(Conditions(place).Some(kind, role) is var condition && _chance.Percent(35) ? $"{Closed(condition)} for {_chance.One("3 days", "1 month", "1 day", "1 business day")}" : condition);

    private string Rule(RuleFrame frame, SomeConditions conditions)
    {
        var keys = new List<string>();
        var when = new List<string>();
        var watches = false;
        if (frame.AtMoments)
        {
            watches = _chance.Percent(12);
            if (_features.Has(Features.Closes) && _chance.Percent(60)) { return $"{frame.Name}: {Keyed(Close(frame, conditions))}"; }
            var named = Naming.GetValueOrDefault(frame.Kind);
            when.AddRange(watches ? [] : _chance.Some(named is not null && _chance.Percent(40) ? named : FactsOf[frame.Kind], 1, 2));
        }
        var to = To(frame, conditions, when);
        keys.Add($"give: {Quoted(Give(frame, when))}");
        if (to is not null) { keys.Add($"to: {Quoted(to)}"); }
        if (frame.AtMoments) { AddMoments(keys, frame, conditions, when, watches, to); }
        if (!frame.AtMoments || _chance.Percent(30)) { keys.Add($"while: {Quoted(conditions.Some(frame.Kind, withRoles: to is not null))}"); }
        if (_chance.Percent(30)) { keys.Add($"after: {(frame is { Kind: "site", AtMoments: true } && _chance.Percent(20) ? "site.ends_on" : _chance.One("14 days", "1 day", "1 month", "2 hours", "3 business days", "1 business day 2 hours", "monthly", "often"))}"); }
        if (_chance.Percent(25)) { keys.Add($"for: {_chance.One("2 months", "1 year", "45 days", "20 business days")}"); }
        return $"{frame.Name}: {Keyed(keys)}";
    }

    /// <summary>What is given at the close of periods.</summary>
    private List<string> Close(RuleFrame frame, SomeConditions conditions)
    {
        var keys = new List<string> { $"give: {Quoted(frame.Unit == "usd" ? _chance.One("10.50 usd", "min(m0, 500) usd", "min(m0, 500) / 7 usd") : Give(frame, []))}" };
        if (To(frame, conditions, []) is { } to) { keys.Add($"to: {Quoted(to)}"); }
        keys.Add($"when: each {_chance.One("month", "month", "quarter", "half-year", frame.Kind == "member" ? "week" : "month")}");
        if (Follows(frame) is { } of && _chance.Percent(60)) { keys.Add($"where: {Quoted(conditions.Standing(of))}"); }
        if (frame.Kind == "site" && _chance.Percent(40)) { keys.Add($"while: {Quoted(conditions.Some(frame.Kind, withRoles: false))}"); }
        if (_chance.Percent(20)) { keys.Add($"after: {_chance.One("14 days", "1 month", "3 business days")}"); }
        if (_chance.Percent(20)) { keys.Add($"for: {_chance.One("2 months", "45 days")}"); }
        return keys;
    }

    /// <summary>What a rule may read of what follows for a member, so that nothing follows from itself; null for nothing.</summary>
    private List<string>? Follows(RuleFrame frame) => !_features.Has(Features.Stages) ? null : frame.Unit switch { "usd" => OfAll(), "hours" => OfPoints(), _ => null };

    private void AddMoments(List<string> keys, RuleFrame frame, SomeConditions conditions, List<string> when, bool watches, string? to)
    {
        keys.Add($"when: [{(watches ? Quoted(_chance.Percent(40) ? $"{Closed(conditions.Some(frame.Kind, false))} for 3 days" : conditions.Some(frame.Kind, false)) : string.Join(", ", when))}]");
        if (Follows(frame) is { } of && _chance.Percent(60))
        {
            if (!watches && frame.Unit == "usd") { of.AddRange(["before.m0 < 200", "before.level == 'low'", "level > before.level"]); }
            keys.Add($"where: {Quoted(conditions.Standing(of))}");
        }
        else if (_chance.Percent(35)) { keys.Add($"where: {Quoted(conditions.Some(frame.Kind, to is not null, [.. when.Select(f => NumberOf.GetValueOrDefault(f)).OfType<string>().Distinct()], moment: true))}"); }
        if (to is not null && IsRole(to) && _chance.Percent(80)) { keys.Add($"or-later: {_chance.One("this year", "this year", "last 60 days", "this month", "these 2 months", "this own_year", "last 9 business days")}"); }
        if (!_chance.Percent(45)) { return; }
        var unless = _chance.Some(FactsOf[frame.Kind], 1, 2).Select(f => Item(frame.Kind, f, role: false)).ToList();
        if (_chance.Percent(20)) { unless.Add(Quoted(conditions.Some(frame.Kind, false))); }
        keys.Add($"unless: [{string.Join(", ", unless)}]");
        if (_chance.Percent(50)) { keys.Add($"within: {_chance.One("14 days", "1 month", "5 business days")}"); }
    }

    private string? To(RuleFrame frame, SomeConditions conditions, List<string> when)
    {
        if (frame.Kind == "member") { return null; }
        if (frame.AtMoments && when.Count > 0 && when.TrueForAll(f => Naming.GetValueOrDefault(frame.Kind)?.Contains(f) == true) && _chance.Percent(50)) { return null; }
        if (conditions.HasRole(frame.Kind) && _chance.Percent(70)) { return conditions.Role(frame.Kind); }
        return frame.Kind switch
        {
            "site" => "site.firm.owner",
            "firm" => "firm.owner",
            "person" => _chance.One("person.team", "person.works_at.owner"),
            _ => _chance.One("certificate.holder.team", "certificate.at.owner", "certificate.holder.works_at.owner"),
        };
    }

    private string Give(RuleFrame frame, List<string> when)
    {
        if (frame.Unit == "usd") { return $"{(frame.AtMoments && _features.Has(Features.Stages) ? _chance.One("10.50", "100", "min(m0, 500) / 7") : _chance.One("10.50", "100", "30000000"))} usd"; }
        var number = frame.Kind switch
        {
            "site" => _chance.One("site.size", "tables.share[site.editor]", "(site.vip ? 300 : 100)", "min(site.size * 10, 105)"),
            "firm" => "firm.rank * 3",
            "person" => "person.skill",
            "certificate" => _chance.One("certificate.score", "max(certificate.score, certificate.holder.skill)"),
            _ => "member.stars + 1",
        };
        var carried = when.Where(NumberOf.ContainsKey).Select(f => NumberOf[f]).ToList();
        if (carried.Count > 0 && _chance.Percent(40)) { number = $"fact.{_chance.One(carried)}"; }
        return $"{(_chance.Percent(60) ? _chance.One("100", "300", "100", "7") : number)} {frame.Unit}";
    }

    private List<string> Limits()
    {
        var limits = new List<string>();
        for (var i = _chance.Below(4); i > 0; i--)
        {
            var unit = _chance.One(_frames).Unit;
            var of = _chance.Some([.. _frames.Where(f => f.Unit == unit)], 1, 3);
            var kinds = of.Select(f => f.Kind).Distinct().ToList();
            var per = new List<string>();
            if (kinds is [var kind])
            {
                IReadOnlyList<string> own = kind switch
                {
                    "site" => ["site", "site", "site.editor", "site.firm", "site.size"],
                    "certificate" => ["certificate", "person", "certificate.course", "certificate.holder"],
                    "person" => ["person", "person.works_at"],
                    _ => [kind],
                };
                per.AddRange(_chance.Some(own, 0, 2).Distinct());
            }
            per.AddRange(_chance.Some(["year", "month", "rule", "own_year"], 0, 1));
            var way = _chance.One("best: 1", "best: 2", "best: 1", "first: 1", "first: 2", "from: 2", $"at-most: {_chance.One("150", "250", "5")} {unit}");
            limits.Add($"l{i}: {Keyed([$"of: [{string.Join(", ", of.Select(f => f.Name))}]", .. per.Count > 0 ? [$"per: [{string.Join(", ", per)}]"] : Array.Empty<string>(), way])}");
        }
        // Budgets come last, and no rule reads what they leave of money.
        var money = _frames.Where(f => f.Unit == "usd").ToList();
        if (money.Count > 0 && _features.Has(Features.Budgets)) { limits.Add($"b0: {Keyed([$"of: [{string.Join(", ", money.Select(f => f.Name))}]", .. _chance.One<string[]>([], ["per: month"], ["per: [year, rule]"], ["per: own_year"]), $"budget: {_chance.One("150", "15.25", "20")} usd"])}"); }
        if (money.Count > 0 && _features.Has(Features.Budgets) && _chance.Percent(40)) { limits.Add($"b1: {Keyed([$"of: {_chance.One(money).Name}", "budget: 205 usd"])}"); }
        return limits;
    }

    private List<string> Metrics()
    {
        var window = () => _chance.One("", $"{EditionText.KeyEnd}in: this year", $"{EditionText.KeyEnd}in: last 30 days", $"{EditionText.KeyEnd}in: these 2 months", $"{EditionText.KeyEnd}in: this month", $"{EditionText.KeyEnd}in: this own_year", $"{EditionText.KeyEnd}in: last 7 business days");
        var metrics = new List<string>
        {
            $"m0: {{ sum: points{window()} }}", $"m1: {{ count: points{window()} }}", $"m2: {{ sum: points{EditionText.KeyEnd}per: rule{window()} }}",
            "m3: m0 + 2 * m1 - hours", $"m4: \"max(m0, m2['{_frames[0].Name}'])\"", $"m5: {{ sum: hours{EditionText.KeyEnd}per: month }}", $"m6: {{ sum: points{EditionText.KeyEnd}per: own_year }}",
        };
        if (_features.Has(Features.Folds))
        {
            metrics.AddRange([
                $"m7: {{ median: points{window()} }}", $"m9: {{ runs: {_chance.One("2", "3", "1")} points{_chance.One("", $"{EditionText.KeyEnd}broken-by: hours")}{window()} }}",
                $"m10: {{ {_chance.One("sum", "count", "median")}: points{EditionText.KeyEnd}in: since {_chance.One("member.praised", "member.joined")} }}", $"m12: \"m0 - ago(m0, '{_chance.One("1 month", "40 days", "3 business days")}')\"",
            ]);
        }
        if (_features.Has(Features.Keys)) { metrics.AddRange([$"m8: {{ is: \"m5[month] + m3\"{EditionText.KeyEnd}per: month }}", $"m11: {{ is: \"m2[rule] * 2 - m1\"{EditionText.KeyEnd}per: rule }}"]); }
        if (_features.Has(Features.Ranks))
        {
            metrics.Add($"top: {{ rank: {_chance.One("m0", "[m1, m0]", "[m4, m0]")}{_chance.One("", $"{EditionText.KeyEnd}among: m1 >= 1", $"{EditionText.KeyEnd}among: \"level >= 'mid' || member.stars > 2.5\"")}{EditionText.KeyEnd}at: {_chance.One("quarter", "[03-01, 07-15]", "own_year")} }}");
        }
        if (_chance.Percent(40)) { metrics.Insert(0, $"points: {{ sum: points{window()} }}"); }
        return [.. metrics];
    }

    private List<string> Ladders()
    {
        var starred = _names.Where(n => n.StartsWith("member.", StringComparison.Ordinal)).Select(n => $"m0 >= 300 || {n}").Append("m0 >= 200").Concat(_features.Has(Features.Stages) ? ["member.t0", "m0 >= 300 || member.t0"] : []).ToList();
        var down = _chance.One("", "{ at: [05-31], best: last 3 months }", "at once", "never", "month", "{ at: [01-01, 03-01], best: this year }", "{ at: own_year, best: this own_year }", "{ at: month, best: last 10 business days }", "{ at: month, best: last 2 months }", "{ at: quarter, best: these 2 months }");
        var up = _chance.One("", "at once", "month", "[02-28, 04-01]", "never");
        var keys = new List<string> { $"rungs: [low, {{ mid: {_chance.One("m0 >= 100", "points >= 10")} }}, {{ high: {_chance.One("m0 >= 300", "points >= 300 && m1 >= 2", "m3 > 110", _chance.One(starred))} }}]" };
        if (up.Length > 0) { keys.Add($"up: {up}"); }
        if (down.Length > 0) { keys.Add($"down: {down}"); }
        List<string> ladders = [$"level: {Keyed(keys)}", $"badge: {Keyed(["rungs: [\"no\", { \"yes\": \"level >= 'mid' && m1 >= 1\" }]"])}"];
        if (_features.Has(Features.Keys)) { ladders.Add($"craft: {Keyed(["per: certificate.course", $"rungs: [none, {{ some: \"m1 >= 1 && certificate.course == 'one'\" }}, {{ all: \"m0 >= 200\" }}]", .. _chance.One<string[]>([], ["up: month"], ["down: never"])])}"); }
        return ladders;
    }

    private List<string> Transition()
    {
        if (_before is null) { return []; }
        var lines = new List<string>();
        var fresh = _frames.Where(f => !_before._rules.ContainsKey(f.Name)).ToList();
        foreach (var gone in _before._frames.Where(f => !_rules.ContainsKey(f.Name)))
        {
            var heirs = fresh.Where(f => f.Kind == gone.Kind && f.Unit == gone.Unit && f.AtMoments == gone.AtMoments).ToList();
            if (heirs.Count > 0 && _chance.Percent(50))
            {
                lines.Add($"{gone.Name}: {heirs[0].Name}");
                fresh.Remove(heirs[0]);
            }
            else { lines.Add($"{gone.Name}: {(gone.Unit == "usd" || _chance.Percent(50) ? "keep" : "end")}"); }
        }
        foreach (var old in _before._before?._frames.Where(f => !_rules.ContainsKey(f.Name) && !_before._rules.ContainsKey(f.Name)) ?? [])
        {
            if (old.Unit != "usd" && _chance.Percent(30)) { lines.Add($"{old.Name}: end"); }
        }
        foreach (var same in _frames.Where(f => f.AtMoments && f.Unit != "usd" && _before._rules.ContainsKey(f.Name)))
        {
            if (_chance.Percent(15)) { lines.Add($"{same.Name}: end"); }
        }
        return lines;
    }

    /// <summary>True for a condition over roles; a path to a member has no role's name in it.</summary>
    private bool IsRole(string to) => _roleNames.Any(r => to.Contains(r[r.IndexOf('.', StringComparison.Ordinal)..], StringComparison.Ordinal));

    private static string Keyed(IEnumerable<string> keys) => $"{{ {string.Join(EditionText.KeyEnd, keys)} }}";

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Closed(string condition) => condition.Contains(' ', StringComparison.Ordinal) ? $"({condition})" : condition;
}

/// <summary>What a program has beside the plain things; a few at a time, so that a case stays small.</summary>
internal sealed class Features(Chance chance)
{
    public const string Stages = "stages", Closes = "closes", Folds = "folds", Keys = "keys", Cutoff = "cutoff", Ranks = "ranks", Budgets = "budgets", Payouts = "payouts";

    private readonly List<string> _has = chance.Percent(30) ? [] : chance.Some([Stages, Closes, Folds, Keys, Cutoff, Ranks, Budgets, Payouts], 1, 3);

    public bool Has(string feature) => _has.Contains(feature);
}
