using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Server.Working;

namespace Laurel.Cli.Backtests;

/// <summary>A backtest for people: what it comes to, who is moved, and who comes near.</summary>
internal sealed class BacktestText
{
    private const int NearestMax = 3;
    private const int MostlyMax = 2;

    private readonly Asked _asked;
    private readonly BacktestSides _sides;
    private readonly Compared _compared;
    private readonly IReadOnlyList<MemberDifference> _differences;
    private readonly BacktestReport _report;
    private readonly int _top;
    private readonly Terminal _terminal;
    private readonly TextWriter _text;
    private readonly IReadOnlyList<Unit> _units;

    private BacktestText(Asked asked, BacktestSides sides, Compared compared, IReadOnlyList<MemberDifference> differences, BacktestReport report, int top, Terminal terminal, TextWriter text)
    {
        (_asked, _sides, _compared, _differences, _report, _top, _terminal, _text) = (asked, sides, compared, differences, report, top, terminal, text);
        _units = compared.History.Vocabulary.Units;
    }

    private Backtest Backtest => _compared.Backtest;

    /// <summary>Writes the report.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="sides">What is compared.</param>
    /// <param name="compared">The backtest.</param>
    /// <param name="differences">Of each member.</param>
    /// <param name="report">What they come to.</param>
    /// <param name="top">How many members are named in each list.</param>
    /// <param name="terminal">Where.</param>
    public static void Write(Asked asked, BacktestSides sides, Compared compared, IReadOnlyList<MemberDifference> differences, BacktestReport report, int top, Terminal terminal)
    {
        using var text = terminal.OpenText();
        new BacktestText(asked, sides, compared, differences, report, top, terminal, text).Write();
    }

    private void Write()
    {
        _text.WriteLine(_terminal.Paint.Title(Headline.OfBacktest(_asked, _sides.Says)));
        _text.WriteLine();
        WriteSentences();
        WriteRules();
        WriteLevels();
        WriteBenefits();
        foreach (var unit in _units)
        {
            WriteMovers($"more {unit.Name}", unit, d => d.Amounts[unit.Index].Difference > 0);
            WriteMovers($"fewer {unit.Name}", unit, d => d.Amounts[unit.Index].Difference < 0);
        }
        for (var g = 0; g < Backtest.Groups.Count; g++) { WriteGroups(Backtest.Groups[g], _report.Groups[g]); }
        WriteNearMisses();
        WriteUnjudged();
    }

    /// <summary>What a human would say aloud.</summary>
    private void WriteSentences()
    {
        var all = _report.All;
        _text.WriteLine(
            all.Members == 0 ? "There are no members."
            : all.Changed == 0 ? $"No amount, level or benefit would change for any of {Shown.Count(all.Members, "member")}."
            : $"{Shown.Count(all.Changed)} of {Shown.Count(all.Members, "member")} would stand differently.");
        if (all.Changed == 0) { return; }
        foreach (var unit in Given())
        {
            var sum = all.Units[unit.Index];
            var amounts = sum.Amounts;
            var by = amounts.Difference == 0 ? "" : $" ({BacktestWords.Signed(amounts.Difference, unit)})";
            _text.WriteLine($"{unit.Name}: {Shown.Amount(amounts.Against, unit)} → {Shown.Amount(amounts.Draft, unit)}{by}; {Shown.Count(sum.Gaining)} would have more, {Shown.Count(sum.Losing)} fewer");
        }
        foreach (var unit in _units)
        {
            var amounts = all.Units[unit.Index].Amounts;
            if (amounts.AgainstPending != amounts.DraftPending) { _text.WriteLine($"{unit.Name} pending: {Shown.Amount(amounts.AgainstPending, unit)} → {Shown.Amount(amounts.DraftPending, unit)}"); }
        }
        for (var i = 0; i < Backtest.Ladders.Count; i++)
        {
            var ladder = all.Ladders[i];
            var other = ladder.Other == 0 ? "" : $", {Shown.Count(ladder.Other)} to or from a level that only one side has";
            _text.WriteLine($"{Backtest.Ladders[i].Name}: {Shown.Count(ladder.Up)} would rise, {Shown.Count(ladder.Down)} fall{other}");
        }
    }

    /// <summary>The units of which anybody has anything on either side.</summary>
    private IEnumerable<Unit> Given() => _units.Where(u => _report.All.Units[u.Index] is { Amounts: not { Against: 0, Draft: 0 } } or not { Gaining: 0, Losing: 0 });

    private Columns Table(params Column[] columns)
    {
        _text.WriteLine();
        return new(_text, _terminal.Paint, _terminal.Screen?.Profile.Width, columns);
    }

    private void WriteRules()
    {
        var rules = _report.All.Rules.Where(r => r.Against != r.Draft).ToList();
        if (rules.Count == 0) { return; }
        using var table = Table([new("rule"), new(_sides.AgainstName, Right: true), new(_sides.DraftName, Right: true), new("difference", Right: true), new("unit")]);
        foreach (var rule in rules)
        {
            var unit = _units[Backtest.Rules[rule.Rule].Unit];
            table.Add(Backtest.Rules[rule.Rule].Name, Shown.Amount(rule.Against, unit), Shown.Amount(rule.Draft, unit), BacktestWords.Signed(rule.Draft - rule.Against, unit), unit.Name);
        }
    }

    private void WriteLevels()
    {
        for (var i = 0; i < Backtest.Ladders.Count; i++)
        {
            var (ladder, place) = (Backtest.Ladders[i], i);
            var moved = _report.All.Ladders[i].Pairs.Where(p => ladder.WayOf(p.Pair) != LevelWay.Same).ToList();
            if (moved.Count == 0) { continue; }
            using var table = Table([new(ladder.Name), new("members", Right: true), new("who")]);
            foreach (var (pair, members) in moved)
            {
                var names = _differences.Where(d => d.Levels[place] == pair).Take(_top).Select(NameOf);
                table.Add($"{BacktestWords.Level(ladder.Against, pair.Against)} → {BacktestWords.Level(ladder.Draft, pair.Draft)}", Shown.Count(members), Listed(names, members));
            }
        }
    }

    private void WriteBenefits()
    {
        var benefits = _report.All.Benefits.Select((sum, i) => (Sum: sum, Name: Backtest.Benefits[i])).Where(b => b.Sum.Gained + b.Sum.Lost > 0).ToList();
        if (benefits.Count == 0) { return; }
        using var table = Table([new("benefit"), new("opens for", Right: true), new("closes for", Right: true)]);
        foreach (var (sum, name) in benefits) { table.Add(name, Shown.Count(sum.Gained), Shown.Count(sum.Lost)); }
    }

    /// <summary>Those who gain or lose most of a unit; of equals the one who was told first.</summary>
    private void WriteMovers(string title, Unit unit, Func<MemberDifference, bool> moves)
    {
        var moved = _differences.Where(moves).OrderByDescending(d => Math.Abs(d.Amounts[unit.Index].Difference)).Take(_top).ToList();
        if (moved.Count == 0) { return; }
        using var table = Table(
            [new(title), new(_sides.AgainstName, Right: true), new(_sides.DraftName, Right: true), new("difference", Right: true), .. Backtest.Ladders.Select(l => new Column(l.Name)), new("by")]);
        foreach (var difference in moved)
        {
            var amounts = difference.Amounts[unit.Index];
            table.Add([
                NameOf(difference), Shown.Amount(amounts.Against, unit), Shown.Amount(amounts.Draft, unit), BacktestWords.Signed(amounts.Difference, unit),
                .. Backtest.Ladders.Select((l, i) => Levels(l, difference.Levels[i])), Mostly(difference, unit)]);
        }
    }

    private static string Levels(BacktestLadder ladder, LevelPair pair)
    {
        var now = BacktestWords.Level(ladder.Draft, pair.Draft);
        return ladder.WayOf(pair) == LevelWay.Same ? now : $"{BacktestWords.Level(ladder.Against, pair.Against)} → {now}";
    }

    /// <summary>The rules that make most of the difference.</summary>
    private string Mostly(MemberDifference difference, Unit unit)
    {
        var rules = difference.Rules.Where(r => r.Against != r.Draft && Backtest.Rules[r.Rule].Unit == unit.Index).OrderByDescending(r => Math.Abs(r.Draft - r.Against)).ToList();
        var most = rules.Take(MostlyMax).Select(r => $"{Backtest.Rules[r.Rule].Name} {BacktestWords.Signed(r.Draft - r.Against, unit)}");
        return string.Join(", ", rules.Count > MostlyMax ? most.Append("…") : most);
    }

    private void WriteGroups(BacktestGroup group, IReadOnlyList<BacktestGroupSum> sums)
    {
        if (_report.All.Changed == 0) { return; }
        using var table = Table([
            new($"by {group.Name}"), new("members", Right: true), new("changed", Right: true),
            .. Backtest.Ladders.SelectMany(l => (Column[])[new($"{l.Name} up", Right: true), new("down", Right: true)]), .. Given().Select(u => new Column(u.Name, Right: true))]);
        foreach (var (key, sum) in sums)
        {
            table.Add([
                BacktestWords.KeyOf(group, key), Shown.Count(sum.Members), Shown.Count(sum.Changed),
                .. sum.Ladders.SelectMany(l => (string[])[Shown.Count(l.Up), Shown.Count(l.Down)]), .. Given().Select(u => BacktestWords.Signed(sum.Units[u.Index].Amounts.Difference, u))]);
        }
    }

    private void WriteNearMisses()
    {
        var near = _report.NearMisses.Where(g => g.Missing.Count > 0).ToList();
        if (near.Count == 0) { return; }
        var book = PhraseBook.In("", _compared.History.Vocabulary);
        using var table = Table([new("one gate short of"), new("members", Right: true), new("gate"), new("nearest")]);
        foreach (var gate in near)
        {
            var names = gate.Missing.Take(NearestMax).Select(m => m.Missing is { } missing ? $"{Name(m.Member)} ({Shown.Of(missing)} more)" : Name(m.Member));
            table.Add(Backtest.DraftEdition.Ladders.Count == 1 ? gate.Rung.Name : $"{gate.Ladder.Name} {gate.Rung.Name}", Shown.Count(gate.Missing.Count), book.Say(gate.Says), Listed(names, gate.Missing.Count));
        }
    }

    private void WriteUnjudged()
    {
        if (_report.Unjudged.Count == 0) { return; }
        using var table = Table([new("not judged"), new("subjects", Right: true), new("members", Right: true)]);
        foreach (var sum in _report.Unjudged) { table.Add(BacktestWords.Of(sum.What), Shown.Count(sum.Subjects), Shown.Count(sum.Members)); }
    }

    private string NameOf(MemberDifference difference) => Name(difference.Member);

    private string Name(int member) => _compared.History.NameOf(member);

    private static string Listed(IEnumerable<string> names, int of)
    {
        var named = names.ToList();
        return string.Join(", ", named.Count < of ? named.Append("…") : named);
    }
}
