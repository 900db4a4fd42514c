using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Reads what an answer must say.</summary>
internal sealed class ExpectedReader(ProgramNames names, ProblemList problems)
{
    private static readonly IReadOnlyList<string> About = ["at", "known", "under", "from", "member", "rule"];

    private readonly PlainValues _plain = new(problems);

    /// <summary>Reads all of an expectation's answers.</summary>
    /// <param name="map">The expectation.</param>
    /// <param name="subject">The kind of the subject asked about; null for none.</param>
    /// <param name="ofRule">True where a rule's credits are asked about.</param>
    public IReadOnlyList<Expected> Read(YamlNode.Map map, string? subject, bool ofRule)
    {
        var answers = new List<Expected>();
        foreach (var entry in map.Entries.Where(e => !About.Contains(e.Name) && (names.Kind(e.Name) is null)))
        {
            switch (entry.Name)
            {
                case "pending":
                    if (NumberOf(entry.Value, "`pending`") is var (pending, at)) { answers.Add(new Expected.Pending(pending, at.Place, LineOf(at))); }
                    break;
                case "paid":
                    foreach (var one in _plain.Named(entry.Value, "`paid`"))
                    {
                        if (names.Unit(one.Name) is not { Money: true } unit) { problems.Error("unknown-unit", one.Key.Place, $"there is no unit of money `{one.Name}`", Spelling.Suggest(one.Name, names.Vocabulary.Units.Where(u => u.Money).Select(u => u.Name), "Units of money are")); }
                        else if (NumberOf(one.Value, $"`{one.Name}`") is var (paid, of)) { answers.Add(new Expected.Paid(unit.Index, paid, of.Place, LineOf(of))); }
                    }
                    break;
                case "next":
                    if (NextOf(entry.Value) is { } next) { answers.Add(next); }
                    break;
                case "benefits":
                    foreach (var (name, value) in Flags(entry, "benefit", names.Benefits)) { answers.Add(new Expected.Benefit(name.Text, value, name.Place, LineOf(name))); }
                    break;
                case "states":
                    foreach (var (name, value) in Flags(entry, "state", names.States.Keys))
                    {
                        if (IsOf(name, names.States[name.Text], subject)) { answers.Add(new Expected.State(name.Text, value, name.Place, LineOf(name))); }
                    }
                    break;
                case "roles":
                    foreach (var (name, value) in Flags(entry, "role", names.Roles.Keys))
                    {
                        if (IsOf(name, names.Roles[name.Text], subject)) { answers.Add(new Expected.Role(name.Text, value, name.Place, LineOf(name))); }
                    }
                    break;
                case var ladder when names.LadderKeys.Contains(ladder):
                    answers.AddRange(LevelsOf(entry));
                    break;
                default:
                    if (Named(entry, subject, ofRule) is { } answer) { answers.Add(answer); }
                    break;
            }
        }
        return answers;
    }

    private Expected? Named(YamlNode.Entry entry, string? subject, bool ofRule)
    {
        if (ofRule && names.Unit(entry.Name) is { } unit)
        {
            return NumberOf(entry.Value, $"`{unit.Name}`") is var (given, at) ? new Expected.Given(unit.Name, unit.Index, given, at.Place, LineOf(at)) : null;
        }
        if (names.Metrics.Contains(entry.Name)) { return MetricOf(entry); }
        if (names.Obligations.Contains(entry.Name)) { return ObligationOf(entry); }
        if (names.Rungs.Contains(entry.Name)) { return LevelOf(entry); }
        if (names.Requests.TryGetValue(entry.Name, out var request))
        {
            if (!IsOf(entry.Key, request.About, subject)) { return null; }
            var statuses = Enum.GetValues<RequestStatus>().ToDictionary(StatusText.Of);
            return _plain.OneOf(entry.Value, $"`{entry.Name}`", [.. statuses.Keys]) is { } status ? new Expected.Request(entry.Name, statuses[status], entry.Value.Place, LineOf(entry.Key)) : null;
        }
        problems.Error("unknown-key", entry.Key.Place, $"an expectation has no key `{entry.Name}`", Spelling.Suggest(entry.Name, names.Keys, "The keys here are"));
        return null;
    }

    private Expected? MetricOf(YamlNode.Entry entry)
    {
        var maps = names.Metrics[entry.Name].Select(m => m.IsMap).Distinct().ToList();
        if (entry.Value is YamlNode.Map map && maps.Contains(true))
        {
            var values = new List<KeyValuePair<string, Number>>();
            foreach (var one in map.Entries)
            {
                if (NumberOf(one.Value, $"`{entry.Name}` of `{one.Name}`") is var (each, _)) { values.Add(new(one.Name, each)); }
            }
            return new Expected.Metrics(entry.Name, values, entry.Key.Place, LineOf(entry.Key));
        }
        if (!maps.Contains(false))
        {
            problems.Error("not-a-map", entry.Value.Place, $"`{entry.Name}` is a number for each value of something, and this is {entry.Value.What}", $"Write `{entry.Name}: {{ \"2020\": 100 }}`.");
            return null;
        }
        return NumberOf(entry.Value, $"`{entry.Name}`") is var (number, at) ? new Expected.Metric(entry.Name, number, at.Place, LineOf(at)) : null;
    }

    /// <summary>`weekly_slack: missed`, or `weekly_slack: { last: missed, missed: 1 }`.</summary>
    private Expected.Obligation? ObligationOf(YamlNode.Entry entry)
    {
        var what = $"`{entry.Name}`";
        if (entry.Value is not YamlNode.Map) { return _plain.OneOf(entry.Value, what, PeriodText.All) is { } one ? new(entry.Name, one, null, null, null, null, entry.Value.Place, LineOf(entry.Key)) : null; }
        var keys = Keyed.Of(entry.Value, entry.Key.Place, "what is expected of an obligation", ScenarioKeys.Obligation, problems)!;
        Number? Count(string key) => keys.Find(key) is { } node ? NumberOf(node, $"`{key}`")?.Value : null;
        var last = _plain.OneOf(keys.Find("last"), "`last`", PeriodText.All);
        bool? counts = keys.Find("counts") is { } flag ? _plain.Flag(flag, "`counts`") : null;
        return new(entry.Name, last, Count("missed"), Count("kept"), Count("so-far"), counts, entry.Key.Place, LineOf(entry.Key));
    }

    private Expected.Level? LevelOf(YamlNode.Entry entry) =>
        _plain.OneOf(entry.Value, $"`{entry.Name}`", [.. names.Rungs[entry.Name].Distinct()]) is { } rung ? new(entry.Name, rung, entry.Value.Place, LineOf(entry.Key)) : null;

    /// <summary>`skill: { azure: expert }`.</summary>
    private List<Expected.Level> LevelsOf(YamlNode.Entry entry)
    {
        var (levels, known) = (new List<Expected.Level>(), names.LadderKeys[entry.Name].ToList());
        if (entry.Value is not YamlNode.Map map)
        {
            problems.Error("not-a-map", entry.Value.Place, $"`{entry.Name}` is a level for each value of something, and this is {entry.Value.What}", $"Write `{entry.Name}: {{ {known[0]}: {names.Rungs[entry.Name].First()} }}`.");
            return levels;
        }
        foreach (var one in map.Entries)
        {
            if (!known.Contains(one.Name)) { problems.Error("unknown-word", one.Key.Place, $"there is no level on `{entry.Name}` for `{one.Name}`", Spelling.Suggest(one.Name, known, "There is one for")); }
            else if (_plain.OneOf(one.Value, $"`{one.Name}`", [.. names.Rungs[entry.Name].Distinct()]) is { } rung) { levels.Add(new($"{entry.Name}[\"{one.Name}\"]", rung, one.Value.Place, LineOf(one.Key))); }
        }
        return levels;
    }

    private Expected.Next? NextOf(YamlNode node)
    {
        if (_plain.Scalar(node, "`next`") is not { } text) { return null; }
        if (text.Text == "never") { return new(null, null, "never", text.Place, LineOf(text)); }
        var zone = names.Vocabulary.Zone;
        if (_plain.At(text, "`next`", zone) is not { } at) { return null; }
        var until = zone.TryParse(text.Text, out _, out var isDate) && isDate ? zone.EndOfDay(zone.DateOf(at)) : at;
        return new(at, until, text.Text, text.Place, LineOf(text));
    }

    private (Number Value, YamlNode.Scalar At)? NumberOf(YamlNode node, string what)
    {
        if (_plain.Scalar(node, what) is not { } text) { return null; }
        if (Number.TryParse(text.Text, out var number)) { return (number, text); }
        problems.Error("not-a-number", text.Place, $"{what} can't be `{text.Text}`", "Write a number, such as 100 or 0.5.");
        return null;
    }

    /// <summary>A map from names to true or false.</summary>
    private List<(YamlNode.Scalar Name, bool Value)> Flags(YamlNode.Entry entry, string what, IEnumerable<string> known)
    {
        var flags = new List<(YamlNode.Scalar, bool)>();
        foreach (var one in _plain.Named(entry.Value, $"`{entry.Name}`"))
        {
            if (!known.Contains(one.Name)) { problems.Error($"unknown-{what}", one.Key.Place, $"there is no {what} `{one.Name}`", Spelling.Suggest(one.Name, known, $"The {what}s are")); }
            else if (_plain.OneOf(one.Value, $"`{one.Name}`", "true", "false") is { } value) { flags.Add((one.Key, value == "true")); }
        }
        return flags;
    }

    private bool IsOf(YamlNode.Scalar name, int kind, string? subject)
    {
        var about = names.Vocabulary.Kinds[kind].Name;
        if (kind == Vocabulary.MemberKind || about == subject) { return true; }
        problems.Error("missing-subject", name.Place, $"`{name.Text}` is about a {about}, and the expectation is not", $"Write `{about}: name` beside it.");
        return false;
    }

    private static string LineOf(YamlNode.Scalar at) => at.Source.Line(at.Place.Line);
}

/// <summary>What files and pages call the status of a request.</summary>
internal static class StatusText
{
    /// <summary>The status in one word of lower-case letters.</summary>
    public static string Of(RequestStatus status) => status switch
    {
        RequestStatus.None => "none",
        RequestStatus.Refused => "refused",
        RequestStatus.Open => "open",
        RequestStatus.Reminded => "reminded",
        RequestStatus.Escalated => "escalated",
        RequestStatus.Expired => "expired",
        RequestStatus.Approved => "approved",
        RequestStatus.Declined => "declined",
        RequestStatus.Reopened => "reopened",
        RequestStatus.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}

/// <summary>What files call the way in which a period of an obligation went.</summary>
internal static class PeriodText
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = ["none", "met", "late", "missed", "not-counted"];

    /// <summary>Of a closed period; of none.</summary>
    public static string Of(ClosedPeriod? closed) => closed switch
    {
        null => "none",
        { IsCounted: false } => "not-counted",
        { IsMissed: true } => "missed",
        { IsLate: true } => "late",
        _ => "met",
    };
}
