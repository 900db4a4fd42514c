using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>Writes a backtest as JSON. Amounts are texts, since they may need more than 53 bits; counts of things are numbers.</summary>
/// <param name="json">Where; inside an object.</param>
/// <param name="backtest">The backtest.</param>
public sealed class BacktestJson(Utf8JsonWriter json, Backtest backtest)
{
    private const int FlushBytes = 1 << 16;

    private History History => backtest.History;

    /// <summary>Writes what was asked, what it comes to, and the members that changed, as properties.</summary>
    /// <param name="program">The program.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="says">What is compared, in words.</param>
    /// <param name="report">What it comes to; null where one member alone was asked for.</param>
    /// <param name="members">The members, each with its explanation where that was asked for; written as they come.</param>
    /// <param name="book">Says explanations.</param>
    public void Write(
        PartnerProgram program, Instant known, string says, BacktestReport? report, IEnumerable<(MemberDifference Difference, Explanation? Explained)> members, PhraseBook book)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(members);
        json.WriteString("program", program.Name);
        json.WriteString("at", backtest.At.ToString());
        json.WriteString("known", known.ToString());
        json.WriteString("compares", says);
        WriteSide("against", backtest.Against);
        WriteSide("draft", backtest.Draft);
        if (report is not null) { WriteReport(report); }
        json.WriteStartArray("members");
        foreach (var (difference, explained) in members)
        {
            WriteMember(difference, explained, book);
            if (json.BytesPending > FlushBytes) { json.Flush(); }
        }
        json.WriteEndArray();
    }

    /// <summary>Writes the sums over all members, as one property.</summary>
    public void WriteTotals(BacktestSum sum)
    {
        json.WriteStartObject("totals");
        WriteSum(sum);
        json.WriteEndObject();
    }

    private void WriteSide(string name, Scoring scoring)
    {
        json.WriteStartArray(name);
        foreach (var span in scoring.Plan.Book.Editions)
        {
            json.WriteStartObject();
            json.WriteString("edition", span.Edition.Name);
            json.WriteString("hash", span.Edition.Hash);
            json.WriteString("from", span.InForce.Starts.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteReport(BacktestReport report)
    {
        WriteTotals(report.All);
        json.WriteStartArray("groups");
        for (var g = 0; g < report.Groups.Count; g++)
        {
            foreach (var (key, sum) in report.Groups[g])
            {
                json.WriteStartObject();
                json.WriteString("by", backtest.Groups[g].Name);
                json.WriteString("key", backtest.Groups[g].Written(key));
                WriteSum(sum);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
        WriteNearMisses(report);
        json.WriteStartArray("not_judged");
        foreach (var sum in report.Unjudged)
        {
            json.WriteStartObject();
            json.WriteString("what", sum.What.Of.ToString().ToLowerInvariant());
            json.WriteString("name", sum.What.Name);
            json.WriteString("field", sum.What.Field);
            json.WriteNumber("subjects", sum.Subjects);
            json.WriteNumber("members", sum.Members);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteNearMisses(BacktestReport report)
    {
        json.WriteStartArray("near_misses");
        foreach (var gate in report.NearMisses.Where(g => g.Missing.Count > 0))
        {
            json.WriteStartObject();
            json.WriteString("ladder", gate.Ladder.Name);
            json.WriteString("rung", gate.Rung.Name);
            json.WriteString("gate", gate.Source);
            json.WriteStartArray("members");
            foreach (var (member, missing) in gate.Missing)
            {
                json.WriteStartObject();
                json.WriteString("member", History.NameOf(member));
                json.WriteString("missing", missing?.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteSum(BacktestSum sum)
    {
        json.WriteNumber("members", sum.Members);
        json.WriteNumber("enrolled", sum.Enrolled);
        json.WriteNumber("changed", sum.Changed);
        json.WriteStartObject("units");
        foreach (var unit in History.Vocabulary.Units)
        {
            json.WriteStartObject(unit.Name);
            WriteAmounts(sum.Units[unit.Index].Amounts, unit);
            json.WriteNumber("gaining", sum.Units[unit.Index].Gaining);
            json.WriteNumber("losing", sum.Units[unit.Index].Losing);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        WriteRules(sum.Rules);
        json.WriteStartObject("levels");
        for (var i = 0; i < backtest.Ladders.Count; i++) { WriteLadder(backtest.Ladders[i], sum.Ladders[i]); }
        json.WriteEndObject();
        json.WriteStartObject("benefits");
        for (var i = 0; i < backtest.Benefits.Count; i++)
        {
            json.WriteStartObject(backtest.Benefits[i]);
            json.WriteNumber("gained", sum.Benefits[i].Gained);
            json.WriteNumber("lost", sum.Benefits[i].Lost);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteLadder(BacktestLadder ladder, LadderSum sum)
    {
        json.WriteStartObject(ladder.Name);
        json.WriteNumber("up", sum.Up);
        json.WriteNumber("down", sum.Down);
        json.WriteNumber("other", sum.Other);
        json.WriteStartArray("members");
        foreach (var (pair, members) in sum.Pairs)
        {
            json.WriteStartObject();
            WriteLevels(ladder, pair);
            json.WriteNumber("members", members);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMember(MemberDifference difference, Explanation? explained, PhraseBook book)
    {
        json.WriteStartObject();
        json.WriteString("member", History.NameOf(difference.Member));
        json.WriteBoolean("enrolled", difference.Enrolled);
        json.WriteStartObject("units");
        foreach (var unit in History.Vocabulary.Units)
        {
            json.WriteStartObject(unit.Name);
            WriteAmounts(difference.Amounts[unit.Index], unit);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        WriteRules(difference.Rules.Where(r => r.Against != r.Draft));
        json.WriteStartObject("levels");
        for (var i = 0; i < backtest.Ladders.Count; i++)
        {
            json.WriteStartObject(backtest.Ladders[i].Name);
            WriteLevels(backtest.Ladders[i], difference.Levels[i]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        WriteNames("benefits_gained", difference.Gained);
        WriteNames("benefits_lost", difference.Lost);
        json.WriteStartObject("groups");
        for (var g = 0; g < backtest.Groups.Count; g++) { json.WriteString(backtest.Groups[g].Name, backtest.Groups[g].Written(difference.Groups[g])); }
        json.WriteEndObject();
        if (explained is not null)
        {
            json.WritePropertyName("explanation");
            ExplanationJson.Write(json, explained, book);
        }
        json.WriteEndObject();
    }

    private void WriteNames(string name, IReadOnlyList<int> benefits)
    {
        json.WriteStartArray(name);
        foreach (var benefit in benefits) { json.WriteStringValue(backtest.Benefits[benefit]); }
        json.WriteEndArray();
    }

    private void WriteAmounts(AmountPair amounts, Unit unit)
    {
        json.WriteString("against", unit.Whole(amounts.Against).ToString());
        json.WriteString("draft", unit.Whole(amounts.Draft).ToString());
        json.WriteString("difference", unit.Whole(amounts.Difference).ToString());
        json.WriteString("against_pending", unit.Whole(amounts.AgainstPending).ToString());
        json.WriteString("draft_pending", unit.Whole(amounts.DraftPending).ToString());
    }

    private void WriteRules(IEnumerable<RuleDifference> rules)
    {
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            var unit = History.Vocabulary.Units[backtest.Rules[rule.Rule].Unit];
            json.WriteStartObject();
            json.WriteString("rule", backtest.Rules[rule.Rule].Name);
            json.WriteString("unit", unit.Name);
            json.WriteString("against", unit.Whole(rule.Against).ToString());
            json.WriteString("draft", unit.Whole(rule.Draft).ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteLevels(BacktestLadder ladder, LevelPair pair)
    {
        json.WriteString("against", BacktestLadder.RungOf(ladder.Against, pair.Against));
        json.WriteString("draft", BacktestLadder.RungOf(ladder.Draft, pair.Draft));
        json.WriteString("way", ladder.WayOf(pair).ToString().ToLowerInvariant());
    }
}
