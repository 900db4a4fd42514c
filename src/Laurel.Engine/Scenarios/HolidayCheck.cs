using System.Globalization;
using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Finds calendars that have run out: editions that count business days, and whose list of holidays ends before the last date in use.</summary>
internal static class HolidayCheck
{
    /// <summary>A date that an edition is asked about, and where it stands.</summary>
    private readonly record struct Use(Instant At, string Where);

    /// <summary>Warns of each list once.</summary>
    /// <param name="files">The program's texts, to quote from.</param>
    public static void Check(PartnerProgram program, IReadOnlyList<Scenario> scenarios, IReadOnlyDictionary<string, string> files, ProblemList problems)
    {
        var uses = program.Editions.Concat(program.Drafts).Where(e => e.CountsBusinessDays && e.HolidaysPlace is not null)
            .Select(e => (Edition: e, Last: UsesOf(e, program, scenarios).MaxBy(use => use.At.Micros)))
            .GroupBy(use => use.Edition.HolidaysPlace!.Value).Select(list => list.MaxBy(use => use.Last.At.Micros));
        foreach (var (edition, last) in uses)
        {
            if (edition.Calendar.HolidaysEndBefore(last.At) is not { } end) { continue; }
            var place = edition.HolidaysPlace!.Value;
            problems.Add(new SourceText(place.File, files[place.File]));
            problems.Warning(
                "holidays-end", place, $"the holidays end on {Date(end)}, and the last date in use is {Date(edition.Calendar.Zone.DateOf(last.At))}, {last.Where}",
                "List those until then: after the last one every day that is no weekend counts as a business day.");
        }
    }

    /// <summary>The edition's own date; those of scenarios while it is in force, and those that are asked under it.</summary>
    private static IEnumerable<Use> UsesOf(Edition edition, PartnerProgram program, IReadOnlyList<Scenario> scenarios)
    {
        yield return new(edition.Effective, $"that of edition {edition.Name}");
        var ends = program.Editions.Where(e => !edition.Draft && e.Effective > edition.Effective).Select(e => e.Effective).DefaultIfEmpty(Instant.Never).Min();
        foreach (var scenario in scenarios)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"in {scenario.Place.File}, line {scenario.Place.Line}");
            var under = scenario.Expectations.Any(e => e.Under == edition);
            var dates = Enumerable.Range(0, scenario.History.FactCount).Select(scenario.History.TimeOf)
                .Concat(scenario.Expectations.Select(e => e.At));
            foreach (var at in dates.Where(at => (at < ends && !edition.Draft) || under)) { yield return new(at, where); }
        }
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
