using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>The names that one condition may use.</summary>
/// <param name="Names">All names of the edition.</param>
/// <param name="Subject">The kind of subject in question; null where there is none.</param>
/// <param name="Facts">The facts, of which one is at hand; empty where none is.</param>
/// <param name="Before">True where <c>before.…</c> can be read.</param>
/// <param name="Standing">True where the member, metrics and levels can be read.</param>
/// <param name="Why">Why what can't be read here can't; a sentence.</param>
internal sealed record ConditionScope(Symbols Names, SubjectKind? Subject, IReadOnlyList<FactType> Facts, bool Before, bool Standing, string Why) : IScope
{
    /// <summary>The key of <c>per</c>, with its type; null where there is none.</summary>
    public (string Path, CelType Type)? Key { get; init; }

    /// <inheritdoc/>
    public Binding? Resolve(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 1;
        problem = "";
        var first = path[0];
        if (Key is { } key && key.Path.Split('.') is var names && path.Take(names.Length).SequenceEqual(names))
        {
            used = names.Length;
            return new KeyBinding(key.Type, key.Path);
        }
        if (Subject is not null && first == Subject.Name) { return new SubjectPaths(Names).Resolve(path, 0, Subject, before: false, out used, out problem); }
        switch (first)
        {
            case "before": return ResolveBefore(path, out used, out problem);
            case "fact": return ResolveFact(path, out used, out problem);
            case "tables": return ResolveTable(path, out used, out problem);
        }
        if (ResolveStanding(path, out used, out problem) is { } standing) { return standing; }
        if (problem.Length == 0) { problem = Unknown(first); }
        return null;
    }

    /// <inheritdoc/>
    public Binding? ResolveCall(string function, Binding? of, string? text, out string problem)
    {
        if (function == "since")
        {
            problem = "`since` takes a state that starts and ends. It tells when the present stretch began: `since(site.premium)`.";
            return of is SubjectBinding.OfState { State: >= 0 } state && text is null ? new SubjectBinding.Since(state.Root, state.Path, state.Before, state.State) : null;
        }
        problem = "`ago` takes a number about the member and a length of time. It tells what the number was then: `ago(points, \"12 months\")`.";
        if (of is not MetricBinding metric || metric.Type != CelType.Number || text is null || !Values.Duration.TryParse(text, out var length) || length.IsZero) { return null; }
        return new AgoBinding(metric.Type, metric.Metric, length, metric.Before);
    }

    private Binding? ResolveBefore(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 1;
        problem = Before
            ? $"after `before.` comes `{Subject?.Name}`, `member`, a metric or a level: what it was like just before."
            : Facts.Count > 0 ? "`before` can't be read here: the condition is tested just before the fact anyway." : "`before` can't be read here: no fact is at hand.";
        if (!Before || Subject is null || path.Count < 2) { return null; }
        if (path[1] == Subject.Name) { return new SubjectPaths(Names).Resolve(path, 1, Subject, before: true, out used, out problem); }
        if (ResolveStanding([.. path.Skip(1)], out var read, out var why) is not StandingBinding standing)
        {
            problem = why.Length > 0 ? why : problem;
            return null;
        }
        used = read + 1;
        return standing with { Before = true };
    }

    /// <summary>A metric, a level, or something of the member; null for none, and a problem where it is one that can't be read here.</summary>
    private Binding? ResolveStanding(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 1;
        problem = "";
        if (path[0] == "member") { return ResolveMember(path, out used, out problem); }
        if (Names.Metrics.TryGetValue(path[0], out var metric))
        {
            if (Standing) { return new MetricBinding(metric.Type, metric.Index); }
            problem = $"`{path[0]}` is a number about the member, and can't be read here. {Why}";
        }
        else if (Names.Ladders.TryGetValue(path[0], out var ladder))
        {
            if (Standing) { return new LevelBinding(ladder.Type, ladder.Index); }
            problem = $"`{path[0]}` is the member's level, and can't be read here. {Why}";
        }
        else if (Names.Obligations.TryGetValue(path[0], out var obligation)) { return ResolveObligation(path, obligation.Index, out used, out problem); }
        return null;
    }

    private ObligationBinding? ResolveObligation(IReadOnlyList<string> path, int obligation, out int used, out string problem)
    {
        used = 2;
        var known = path.Count > 1 && path[1] is "missed" or "kept";
        problem = !known ? $"of an obligation write `{path[0]}.missed` or `{path[0]}.kept`: how many periods in a row." :
            Standing ? "" : $"`{path[0]}` is about the member, and can't be read here. {Why}";
        return known && Standing ? new(obligation, path[1] == "missed") : null;
    }

    private FactBinding? ResolveFact(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 2;
        problem = "";
        if (Facts.Count == 0)
        {
            problem = "`fact` can't be read here: no fact is at hand.";
            return null;
        }
        if (path.Count < 2)
        {
            problem = "`fact` alone is no value: write `fact.time`, or `fact.` and a field that it carries.";
            return null;
        }
        if (path[1] == "time") { return new(CelType.Timestamp, "time"); }
        var found = (From: (FactType?)null, Type: (CelType?)null);
        foreach (var fact in Facts)
        {
            if (fact.Carries.FirstOrDefault(f => f.Name == path[1]) is not { } field) { continue; }
            if (field.Personal)
            {
                problem = SubjectPaths.Personal($"fact.{path[1]}");
                return null;
            }
            var type = Names.TypeOf(field.Type, field.Slot < 0 ? fact.Name : Names.Vocabulary.Kinds[fact.About].Name, field.Name);
            if (found.Type is not null && found.Type != type)
            {
                problem = $"`fact.{path[1]}` is of type {found.Type} in `{found.From!.Name}` and of type {type} in `{fact.Name}`. Write a rule for each.";
                return null;
            }
            found = (fact, type);
        }
        if (found.Type is not null) { return new(found.Type, path[1]); }
        var known = Facts.SelectMany(f => f.Carries).Select(f => f.Name).Distinct().Append("time").ToList();
        var facts = string.Join(", ", Facts.Select(f => $"`{f.Name}`"));
        problem = $"{(Facts.Count == 1 ? $"{facts} does not carry" : $"none of {facts} carries")} `{path[1]}`. {Spelling.Suggest(path[1], known, Facts.Count == 1 ? "It carries" : "Together they carry")}";
        return null;
    }

    private TableBinding? ResolveTable(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 2;
        problem = "";
        if (path.Count > 1 && Names.Tables.TryGetValue(path[1], out var table))
        {
            CelType cells = new CelType.Map(CelType.Text, CelType.Number);
            return new(table.Keys == 1 ? cells : new CelType.Map(CelType.Text, cells), table);
        }
        problem = path.Count > 1
            ? $"there is no table `{path[1]}`. {Spelling.Suggest(path[1], Names.Tables.Keys, "The tables are")}"
            : "`tables` alone is no value: write the table's name after a point.";
        return null;
    }

    private Binding? ResolveMember(IReadOnlyList<string> path, out int used, out string problem)
    {
        used = 2;
        problem = "";
        if (!Standing)
        {
            problem = $"the member can't be read here. {Why}";
            return null;
        }
        if (path.Count < 2)
        {
            problem = "`member` alone is no value here: write a field or a state of it after a point.";
            return null;
        }
        var kind = Names.Vocabulary.Kinds[Vocabulary.MemberKind];
        if (path[1] == SubjectPaths.Enrolled) { return new MemberStateBinding(-1); }
        if (Names.States.TryGetValue($"member.{path[1]}", out var state)) { return new MemberStateBinding(state.Index); }
        if (kind.Fields.FirstOrDefault(f => f.Name == path[1]) is { Personal: false } field)
        {
            return new MemberFieldBinding(Names.TypeOf(field.Type, kind.Name, field.Name), field.Slot);
        }
        new SubjectPaths(Names).Resolve(path, 0, kind, before: false, out _, out problem);
        return null;
    }

    private string Unknown(string name)
    {
        if (Names.Kind(name) is not null)
        {
            return Subject is null
                ? $"`{name}` can't be read here. {Why}"
                : $"`{name}` can't be read here: the condition is about `{Subject.Name}`, and reads that and what it refers to.";
        }
        foreach (var kind in new[] { Subject, Standing ? Names.Vocabulary.Kinds[Vocabulary.MemberKind] : null }.OfType<SubjectKind>())
        {
            if (kind.Fields.Any(f => f.Name == name && !f.Personal) || Names.States.ContainsKey($"{kind.Name}.{name}")) { return $"there is no `{name}`. Did you mean `{kind.Name}.{name}`? What is true of a {kind.Name} is written with a point."; }
        }
        var known = new List<string>();
        if (Subject is not null) { known.Add(Subject.Name); }
        if (Facts.Count > 0) { known.Add("fact"); }
        if (Before) { known.Add("before"); }
        if (Names.Tables.Count > 0) { known.Add("tables"); }
        if (Standing) { known.AddRange(Names.Metrics.Keys.Concat(Names.Obligations.Keys).Concat(Names.Ladders.Keys).Append("member")); }
        return $"there is no `{name}`. {Spelling.Suggest(name, known.Distinct(), "Here one can read")}";
    }
}
