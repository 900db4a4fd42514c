using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds states that never end or end by what starts them, and times that are over before they begin.</summary>
internal static class Endings
{
    private const int DaysOfMonthMin = 28;
    private const int DaysOfMonthMax = 31;

    // Weekends and holidays between: nobody has ten of them for one business day.
    private const int DaysOfBusinessDayMax = 10;

    /// <summary>Looks at the states, rules and requests of an edition.</summary>
    public static void Check(Vocabulary vocabulary, Edition edition, Remarks remarks)
    {
        foreach (var state in edition.States.Where(s => s.Condition is null && s.Ends.Count == 0 && s.For is null && s.Until < 0))
        {
            remarks.Warning("never-ends", state.Doc, $"the state `{state.Name}` starts and never ends", "Write `ends`, `for` or `until`.");
        }
        foreach (var state in edition.States.Concat(edition.Roles)) { CheckTriggers(vocabulary, state, remarks); }
        foreach (var rule in edition.Rules)
        {
            if (rule is { After: Delay.Length after, For: { } length } && Least(after.Value) >= Most(length))
            {
                remarks.Warning(
                    "never-counts", rule.Doc, $"what `{rule.Name}` gives lapses {length} after the moment, and is released after {after.Value}",
                    "It never counts: both are from the moment on. Make `for` longer than `after`.");
            }
        }
        foreach (var request in edition.Requests.Where(r => r.Expires is not null))
        {
            foreach (var (key, length) in new[] { ("remind", request.Remind), ("escalate", request.Escalate) })
            {
                if (length is not { } waits || Least(waits) < Most(request.Expires!.Value)) { continue; }
                remarks.Warning(
                    "never-counts", request.Doc, $"`{key}` of the request `{request.Name}` comes after {waits}, and the request expires after {request.Expires}",
                    $"It never comes. Make `{key}` shorter than `expires`, or take it out.");
            }
        }
    }

    private static void CheckTriggers(Vocabulary vocabulary, StateRule state, Remarks remarks)
    {
        foreach (var end in state.Ends.Where(e => e is { Fact: >= 0, Condition: null }))
        {
            var fact = vocabulary.FactTypes[end.Fact];
            if (state.Starts.Any(s => s.Fact == end.Fact && s.Condition is null))
            {
                remarks.Warning("starts-and-ends", state.Doc, $"`{fact.Name}` starts `{state.Name}` and ends it", "Take it out of one of the two, or write when by a condition: `fact: condition`.");
            }
            if (state.Until >= 0 && fact.Carries.Any(c => c.Slot == state.Until))
            {
                remarks.Warning(
                    "ends-twice", state.Doc, $"`{fact.Name}` ends `{state.Name}` at once, and tells also until when it lasts",
                    "The end that it tells means nothing. Take the fact out of `ends`, or the field out of what it carries.");
            }
        }
    }

    // In hours, at the least and at the most: months are of several lengths.
    private static long Least(Duration length) => ((((long)length.Months * DaysOfMonthMin) + length.Days + length.BusinessDays) * 24) + Hours(length);

    private static long Most(Duration length) => ((((long)length.Months * DaysOfMonthMax) + length.Days + ((long)length.BusinessDays * DaysOfBusinessDayMax)) * 24) + Hours(length);

    private static long Hours(Duration length) => length.Micros / (3600L * Instant.MicrosPerSecond);
}
