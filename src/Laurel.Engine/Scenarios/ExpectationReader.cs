using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Reads what a scenario expects.</summary>
internal sealed class ExpectationReader
{
    private readonly ProgramNames _names;
    private readonly ProblemList _problems;
    private readonly PlainValues _plain;
    private readonly ExpectedReader _answers;
    private readonly History _history;
    private readonly bool _whole;

    /// <summary>Prepares to read.</summary>
    /// <param name="names">The program's names.</param>
    /// <param name="history">The scenario's facts.</param>
    /// <param name="whole">True where all facts could be read: then a name that none tells is a slip.</param>
    /// <param name="problems">What is wrong.</param>
    public ExpectationReader(ProgramNames names, History history, bool whole, ProblemList problems)
    {
        (_names, _history, _whole, _problems) = (names, history, whole, problems);
        _plain = new(problems);
        _answers = new(names, problems);
    }

    /// <summary>Reads a list of expectations; those in which something is wrong are left out.</summary>
    public IReadOnlyList<Expectation> Read(YamlNode node)
    {
        var expectations = new List<Expectation>();
        foreach (var item in PlainValues.Items(node))
        {
            if (item is YamlNode.Scalar { Refused: true }) { continue; }
            if (item is YamlNode.Map map) { expectations.AddRange(ReadOne(map) is { } read ? [read] : []); }
            else { _problems.Error("not-a-map", item.Place, $"an expectation is a map of keys, and this is {item.What}", "Write `{ at: 2024-06-01, member: ada, … }`."); }
        }
        return expectations;
    }

    private Expectation? ReadOne(YamlNode.Map map)
    {
        var before = _problems.ErrorCount;
        if (map.Find("at") is null) { _problems.Error("missing-key", map.Place, "an expectation needs the key `at`", "Write `at: 2024-06-01`: the day that is asked about."); }
        var (at, known) = (ReadAt(map.Find("at"), "`at`"), ReadAt(map.Find("known"), "`known`"));
        var under = ReadEdition(map.Find("under"));
        var from = _plain.At(map.Find("from"), "`from`", _names.Vocabulary.Zone);
        if (map.Find("from") is { } dated && map.Find("under") is null)
        {
            _problems.Error("needs-under", dated.Place, "`from` stands without `under`", "Write `under: edition`: it is as if that were published on this date.");
        }
        var member = ReadMember(map);
        var subject = ReadSubject(map);
        var rule = ReadRule(map.Find("rule"));
        var answers = _answers.Read(map, subject?.Kind, rule is not null);
        if (answers.Count == 0 && _problems.ErrorCount == before)
        {
            _problems.Error("nothing-expected", map.Place, "this asks, and does not say what the answer must be", "Write for instance `points: 300` or `level: gold`.");
        }
        if (member is null && map.Find("member") is null && answers.FirstOrDefault(a => a is not Expected.State || subject is null || IsOfMember(a.Name)) is { } about)
        {
            _problems.Error("missing-key", map.Place, $"`{about.Name}` is of a member, and the expectation does not say of which", "Write `member: name` here.");
        }
        if (_problems.ErrorCount > before || at is not { } instant) { return null; }
        return new(instant, ((YamlNode.Scalar)map.Find("at")!).Text, known, under, from, member, subject, rule, answers, map.Place);
    }

    /// <summary>True for a state of members.</summary>
    internal static bool IsOfMember(string state) => state.StartsWith("member.", StringComparison.Ordinal);

    /// <summary>A date is the last instant of its day.</summary>
    private Instant? ReadAt(YamlNode? node, string what)
    {
        if (_plain.At(node, what, _names.Vocabulary.Zone) is not { } at) { return null; }
        return _names.Vocabulary.Zone.TryParse(((YamlNode.Scalar)node!).Text, out _, out var isDate) && isDate ? _names.Vocabulary.Zone.EndOfDay(_names.Vocabulary.Zone.DateOf(at)) : at;
    }

    private Edition? ReadEdition(YamlNode? node)
    {
        if (node is null || _plain.Scalar(node, "`under`") is not { } name) { return null; }
        if (_names.Program.Find(name.Text) is { } edition) { return edition; }
        _problems.Error("unknown-edition", name.Place, $"there is no edition `{name.Text}`", Spelling.Suggest(name.Text, _names.Editions, "There is"));
        return null;
    }

    private string? ReadMember(YamlNode.Map map) =>
        map.Find("member") is { } node && _plain.Scalar(node, "`member`") is { } name && IsTold(name, Vocabulary.MemberKind) ? name.Text : null;

    private SubjectName? ReadSubject(YamlNode.Map map)
    {
        SubjectName? subject = null;
        foreach (var entry in map.Entries)
        {
            if (entry.Name == "member" || _names.Kind(entry.Name) is not { } kind || _plain.Scalar(entry.Value, $"`{kind.Name}`") is not { } name) { continue; }
            if (subject is not null) { _problems.Error("two-subjects", entry.Key.Place, "an expectation asks about two subjects", "Write an expectation for each."); }
            else
            {
                IsTold(name, kind.Index);
                subject = new(kind.Name, name.Text);
            }
        }
        return subject;
    }

    private bool IsTold(YamlNode.Scalar name, int kind)
    {
        if (_history.SubjectOf(kind, name.Text) is not null || !_whole) { return true; }
        var what = _names.Vocabulary.Kinds[kind].Name;
        _problems.Error($"unknown-{(kind == Vocabulary.MemberKind ? "member" : "subject")}", name.Place, $"no fact of the scenario tells of a {what} `{name.Text}`", Spelling.Suggest(name.Text, _history.SubjectsOf(kind).Select(_history.NameOf), "It tells of"));
        return false;
    }

    private string? ReadRule(YamlNode? node)
    {
        if (node is null || _plain.Scalar(node, "`rule`") is not { } name) { return null; }
        if (_names.Rules.Contains(name.Text)) { return name.Text; }
        _problems.Error("unknown-rule", name.Place, $"there is no rule `{name.Text}`", Spelling.Suggest(name.Text, _names.Rules, "The rules are"));
        return null;
    }
}
