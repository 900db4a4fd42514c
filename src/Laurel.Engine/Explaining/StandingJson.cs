using System.Text.Json;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Standings and what changes in them as JSON. Amounts and numbers of the program are texts, since they may need more than the 53 bits that
/// many JSON readers keep; counts of things are numbers.
/// </summary>
public static class StandingJson
{
    /// <summary>A standing, as properties of the object that is open: <c>enrolled</c>, <c>levels</c>, <c>metrics</c>, <c>pending</c>, <c>obligations</c> where the edition has any, <c>states</c> of the member that hold, <c>benefits</c>.</summary>
    public static void Write(Utf8JsonWriter json, MemberStanding standing, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var edition = standing.Edition;
        json.WriteBoolean("enrolled", standing.Enrolled);
        json.WriteStartObject("levels");
        foreach (var ladder in edition.Ladders.Where(l => l.Per is null)) { WriteLevel(json, ladder.Name, ladder, standing); }
        foreach (var written in edition.Ladders.Where(l => l.Per is not null).GroupBy(l => l.WrittenAs))
        {
            json.WriteStartObject(written.Key);
            foreach (var ladder in written) { WriteLevel(json, Key(ladder.Per!.Value), ladder, standing); }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("metrics");
        foreach (var metric in edition.Metrics) { WriteValue(json, metric.Name, standing.Metrics[metric.Index]); }
        json.WriteEndObject();
        json.WriteStartObject("pending");
        foreach (var unit in vocabulary.Units) { json.WriteString(unit.Name, Whole(standing.Pending[unit.Index], unit)); }
        json.WriteEndObject();
        if (edition.Obligations.Count > 0) { WriteObligations(json, standing, vocabulary); }
        json.WriteStartArray("states");
        foreach (var state in standing.States) { json.WriteStringValue(state.Name); }
        json.WriteEndArray();
        json.WriteStartArray("benefits");
        foreach (var benefit in edition.Benefits.Where(b => standing.Benefits[b.Index])) { json.WriteStringValue(benefit.Name); }
        json.WriteEndArray();
    }

    /// <summary>What was asked, as properties of the object that is open: <c>program</c>, <c>at</c>, <c>known</c>, <c>under</c>.</summary>
    public static void WriteQuestion(Utf8JsonWriter json, PartnerProgram program, Instant at, Instant known, Edition? under)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(program);
        json.WriteString("program", program.Name);
        json.WriteString("at", at.ToString());
        json.WriteString("known", known.ToString());
        json.WriteString("under", under?.Name);
    }

    /// <summary>What changes next by itself, as a property <c>next</c> of the object that is open; null for nothing.</summary>
    public static void WriteNext(Utf8JsonWriter json, NextChange? next)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (next is null)
        {
            json.WriteNull("next");
            return;
        }
        json.WriteStartObject("next");
        json.WriteString("at", next.At.ToString());
        WriteChanges(json, "changes", next.Changes);
        json.WriteEndObject();
    }

    /// <summary>What differs between two standings, as a property of the object that is open: an array of <c>{"what", "name", "from", "to"}</c>.</summary>
    public static void WriteChanges(Utf8JsonWriter json, string name, IEnumerable<Change> changes)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(changes);
        json.WriteStartArray(name);
        foreach (var change in changes) { WriteChange(json, Told(change)); }
        json.WriteEndArray();
    }

    /// <summary>What falls due of a request by itself, as properties of the object that is open: <c>changes</c> with one of <c>{"what": "request", "name", "from", "to"}</c>, <c>tells</c>, and <c>skipped</c> where it is told to nobody.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="notice">What falls due.</param>
    /// <param name="skipped">Where the request stands instead by the time that it is told; null where it stands there.</param>
    public static void WriteNotice(Utf8JsonWriter json, RequestNotice notice, RequestStatus? skipped)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(notice);
        json.WriteStartArray("changes");
        WriteChange(json, ("request", notice.Request, Word(notice.From), Word(notice.To)));
        json.WriteEndArray();
        json.WriteString("tells", notice.Tells);
        if (skipped is { } status) { json.WriteString("skipped", Word(status)); }
    }

    /// <summary>What a member was owed, and is paid, as a property <c>changes</c> of the object that is open with one of <c>{"what": "payout", "name", "from", "to"}</c>: what was owed before the close and after it.</summary>
    public static void WritePaid(Utf8JsonWriter json, Unit unit, long amount)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(unit);
        json.WriteStartArray("changes");
        WriteChange(json, ("payout", unit.Name, Whole(amount, unit), Whole(0, unit)));
        json.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter json, (string What, string Name, string From, string To) change)
    {
        json.WriteStartObject();
        json.WriteString("what", change.What);
        json.WriteString("name", change.Name);
        json.WriteString("from", change.From);
        json.WriteString("to", change.To);
        json.WriteEndObject();
    }

    /// <summary>A change as scripts read it: what kind of thing, its name, what it was and what it is.</summary>
    public static (string What, string Name, string From, string To) Told(Change change) => change switch
    {
        Change.Enrolment { To: var to } => ("enrolment", "enrolled", Word(!to), Word(to)),
        Change.Metric metric => ("metric", metric.Of.Name, metric.From.ToString(), metric.To.ToString()),
        Change.Pending { Unit: var unit } pending => ("pending", unit.Name, Whole(pending.From, unit), Whole(pending.To, unit)),
        Change.Obligation obligation => ("obligation", obligation.Of.Name, Row(obligation.From), Row(obligation.To)),
        Change.Level level => ("level", level.Ladder.Name, level.From ?? "none", level.To ?? "none"),
        Change.State { To: var to } state => ("state", state.Of.Name, Word(!to), Word(to)),
        Change.Benefit { To: var to } benefit => ("benefit", benefit.Of.Name, Word(!to), Word(to)),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    /// <summary>How many periods of an obligation in a row went which way.</summary>
    public static string Row(ObligationStanding standing) => standing switch
    {
        { Missed: > 0 } => $"missed {standing.Missed} in a row",
        { Kept: > 0 } => $"kept {standing.Kept} in a row",
        _ => "new",
    };

    /// <summary>A key of a map: texts without their quotes.</summary>
    public static string Key(Value key) => key.Kind == ValueKind.Text ? key.AsText : key.ToString();

    /// <summary>Where a standing is with each obligation, as a property <c>obligations</c> of the object that is open.</summary>
    public static void WriteObligations(Utf8JsonWriter json, MemberStanding standing, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var units = vocabulary.Units;
        json.WriteStartObject("obligations");
        foreach (var obligation in standing.Edition.Obligations)
        {
            var stands = standing.Obligations[obligation.Index];
            json.WriteStartObject(obligation.Name);
            json.WriteNumber("missed", stands.Missed);
            json.WriteNumber("kept", stands.Kept);
            json.WriteString("amount", Whole(stands.Amount, units[obligation.Unit]));
            json.WriteString("needed", Whole(obligation.AtLeast, units[obligation.Unit]));
            json.WriteString("since", stands.Period?.Starts.ToString());
            json.WriteString("until", stands.Period?.Ends.ToString());
            json.WriteBoolean("counts", stands.Counts);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter json, string name, Ladder ladder, MemberStanding standing)
    {
        if (standing.LevelOn(ladder) is not { } level)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("rung", level);
        json.WriteString("since", standing.LevelSince[ladder.Index].ToString());
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, Value value)
    {
        if (value.Kind != ValueKind.Map)
        {
            json.WriteString(name, value.ToString());
            return;
        }
        json.WriteStartObject(name);
        foreach (var key in value.AsMap.Keys) { json.WriteString(Key(key), value.AsMap[key].ToString()); }
        json.WriteEndObject();
    }

    private static string Whole(long parts, Unit unit) => unit.Whole(parts).ToString();

    /// <summary>Where a request stands, in a word.</summary>
    public static string Word(RequestStatus status) => status.ToString().ToLowerInvariant();

    private static string Word(bool flag) => flag ? "true" : "false";
}
