using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Standings;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Backtests;

/// <summary>A backtest as one JSON document. Amounts are texts, since they may need more than 53 bits; counts of things are numbers.</summary>
internal sealed class BacktestJson
{
    private const int FlushBytes = 1 << 16;

    private readonly Compared _compared;
    private readonly Utf8JsonWriter _json;

    private BacktestJson(Compared compared, Utf8JsonWriter json) => (_compared, _json) = (compared, json);

    private Backtest Backtest => _compared.Backtest;

    /// <summary>Writes the document; members are written as they come.</summary>
    /// <param name="compared">The backtest.</param>
    /// <param name="report">What it comes to; null where one member alone was asked for.</param>
    /// <param name="members">The members that changed, each with its explanation where that was asked for.</param>
    /// <param name="book">Says explanations.</param>
    /// <param name="terminal">Where.</param>
    public static void Write(Compared compared, BacktestReport? report, IEnumerable<(MemberDifference Difference, Explanation? Explained)> members, PhraseBook book, Terminal terminal)
    {
        using (var json = new Utf8JsonWriter(terminal.Output, StandingsJson.Options))
        {
            var form = new BacktestJson(compared, json);
            json.WriteStartObject();
            form.WriteQuestion();
            if (report is not null) { form.WriteReport(report); }
            json.WriteStartArray("members");
            foreach (var (difference, explained) in members)
            {
                form.WriteMember(difference, explained, book);
                if (json.BytesPending > FlushBytes) { json.Flush(); }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    private void WriteQuestion()
    {
        var asked = _compared.Sides.Asked;
        _json.WriteString("program", asked.Program.Name);
        _json.WriteString("at", asked.At.ToString());
        _json.WriteString("known", asked.Known.ToString());
        _json.WriteString("compares", _compared.Sides.Says);
        WriteSide("against", Backtest.Against);
        WriteSide("draft", Backtest.Draft);
    }

    private void WriteSide(string name, Engine.Standing.Scoring scoring)
    {
        _json.WriteStartArray(name);
        foreach (var span in scoring.Plan.Book.Editions)
        {
            _json.WriteStartObject();
            _json.WriteString("edition", span.Edition.Name);
            _json.WriteString("hash", span.Edition.Hash);
            _json.WriteString("from", span.InForce.Starts.ToString());
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteReport(BacktestReport report)
    {
        _json.WriteStartObject("totals");
        WriteSum(report.All);
        _json.WriteEndObject();
        _json.WriteStartArray("groups");
        for (var g = 0; g < report.Groups.Count; g++)
        {
            foreach (var (key, sum) in report.Groups[g])
            {
                _json.WriteStartObject();
                _json.WriteString("by", BacktestWords.NameOf(Backtest.Groups[g]));
                _json.WriteString("key", BacktestWords.Plain(Backtest.Groups[g], key));
                WriteSum(sum);
                _json.WriteEndObject();
            }
        }
        _json.WriteEndArray();
        WriteNearMisses(report);
        _json.WriteStartArray("not_judged");
        foreach (var sum in report.Unjudged)
        {
            _json.WriteStartObject();
            _json.WriteString("what", sum.What.Of.ToString().ToLowerInvariant());
            _json.WriteString("name", sum.What.Name);
            _json.WriteString("field", sum.What.Field);
            _json.WriteNumber("subjects", sum.Subjects);
            _json.WriteNumber("members", sum.Members);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteNearMisses(BacktestReport report)
    {
        _json.WriteStartArray("near_misses");
        foreach (var gate in report.NearMisses.Where(g => g.Missing.Count > 0))
        {
            _json.WriteStartObject();
            _json.WriteString("ladder", gate.Ladder.Name);
            _json.WriteString("rung", gate.Rung.Name);
            _json.WriteString("gate", gate.Source);
            _json.WriteStartArray("members");
            foreach (var (member, missing) in gate.Missing)
            {
                _json.WriteStartObject();
                _json.WriteString("member", _compared.History.NameOf(member));
                _json.WriteString("missing", missing?.ToString());
                _json.WriteEndObject();
            }
            _json.WriteEndArray();
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteSum(BacktestSum sum)
    {
        _json.WriteNumber("members", sum.Members);
        _json.WriteNumber("enrolled", sum.Enrolled);
        _json.WriteNumber("changed", sum.Changed);
        _json.WriteStartObject("units");
        foreach (var unit in _compared.History.Vocabulary.Units)
        {
            _json.WriteStartObject(unit.Name);
            WriteAmounts(sum.Units[unit.Index].Amounts, unit);
            _json.WriteNumber("gaining", sum.Units[unit.Index].Gaining);
            _json.WriteNumber("losing", sum.Units[unit.Index].Losing);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
        WriteRules(sum.Rules);
        _json.WriteStartObject("levels");
        for (var i = 0; i < Backtest.Ladders.Count; i++) { WriteLadder(Backtest.Ladders[i], sum.Ladders[i]); }
        _json.WriteEndObject();
        _json.WriteStartObject("benefits");
        for (var i = 0; i < Backtest.Benefits.Count; i++)
        {
            _json.WriteStartObject(Backtest.Benefits[i]);
            _json.WriteNumber("gained", sum.Benefits[i].Gained);
            _json.WriteNumber("lost", sum.Benefits[i].Lost);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
    }

    private void WriteLadder(BacktestLadder ladder, LadderSum sum)
    {
        _json.WriteStartObject(ladder.Name);
        _json.WriteNumber("up", sum.Up);
        _json.WriteNumber("down", sum.Down);
        _json.WriteNumber("other", sum.Other);
        _json.WriteStartArray("members");
        foreach (var (pair, members) in sum.Pairs)
        {
            _json.WriteStartObject();
            WriteLevels(ladder, pair);
            _json.WriteNumber("members", members);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteMember(MemberDifference difference, Explanation? explained, PhraseBook book)
    {
        _json.WriteStartObject();
        _json.WriteString("member", _compared.History.NameOf(difference.Member));
        _json.WriteBoolean("enrolled", difference.Enrolled);
        _json.WriteStartObject("units");
        foreach (var unit in _compared.History.Vocabulary.Units)
        {
            _json.WriteStartObject(unit.Name);
            WriteAmounts(difference.Amounts[unit.Index], unit);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
        WriteRules(difference.Rules.Where(r => r.Against != r.Draft));
        _json.WriteStartObject("levels");
        for (var i = 0; i < Backtest.Ladders.Count; i++)
        {
            _json.WriteStartObject(Backtest.Ladders[i].Name);
            WriteLevels(Backtest.Ladders[i], difference.Levels[i]);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
        WriteNames("benefits_gained", difference.Gained);
        WriteNames("benefits_lost", difference.Lost);
        _json.WriteStartObject("groups");
        for (var g = 0; g < Backtest.Groups.Count; g++) { _json.WriteString(BacktestWords.NameOf(Backtest.Groups[g]), BacktestWords.Plain(Backtest.Groups[g], difference.Groups[g])); }
        _json.WriteEndObject();
        if (explained is not null)
        {
            _json.WritePropertyName("explanation");
            ExplanationJson.Write(_json, explained, book);
        }
        _json.WriteEndObject();
    }

    private void WriteNames(string name, IReadOnlyList<int> benefits)
    {
        _json.WriteStartArray(name);
        foreach (var benefit in benefits) { _json.WriteStringValue(Backtest.Benefits[benefit]); }
        _json.WriteEndArray();
    }

    private void WriteAmounts(AmountPair amounts, Engine.Programs.Unit unit)
    {
        _json.WriteString("against", unit.Whole(amounts.Against).ToString());
        _json.WriteString("draft", unit.Whole(amounts.Draft).ToString());
        _json.WriteString("difference", unit.Whole(amounts.Difference).ToString());
        _json.WriteString("against_pending", unit.Whole(amounts.AgainstPending).ToString());
        _json.WriteString("draft_pending", unit.Whole(amounts.DraftPending).ToString());
    }

    private void WriteRules(IEnumerable<RuleDifference> rules)
    {
        _json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            var unit = _compared.History.Vocabulary.Units[Backtest.Rules[rule.Rule].Unit];
            _json.WriteStartObject();
            _json.WriteString("rule", Backtest.Rules[rule.Rule].Name);
            _json.WriteString("unit", unit.Name);
            _json.WriteString("against", unit.Whole(rule.Against).ToString());
            _json.WriteString("draft", unit.Whole(rule.Draft).ToString());
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteLevels(BacktestLadder ladder, LevelPair pair)
    {
        _json.WriteString("against", BacktestLadder.RungOf(ladder.Against, pair.Against));
        _json.WriteString("draft", BacktestLadder.RungOf(ladder.Draft, pair.Draft));
        _json.WriteString("way", ladder.WayOf(pair).ToString().ToLowerInvariant());
    }
}
