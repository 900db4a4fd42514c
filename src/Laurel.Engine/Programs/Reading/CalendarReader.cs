using System.Globalization;
using Laurel.Engine.Values;
using Calendar = Laurel.Engine.Values.Calendar;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads an edition's calendar: its weekend and holidays, the years of its own, its runs.</summary>
internal sealed class CalendarReader(ReadingContext context)
{
    private static readonly IReadOnlyDictionary<string, DayOfWeek> Days = new Dictionary<string, DayOfWeek>
    {
        ["monday"] = DayOfWeek.Monday,
        ["tuesday"] = DayOfWeek.Tuesday,
        ["wednesday"] = DayOfWeek.Wednesday,
        ["thursday"] = DayOfWeek.Thursday,
        ["friday"] = DayOfWeek.Friday,
        ["saturday"] = DayOfWeek.Saturday,
        ["sunday"] = DayOfWeek.Sunday,
    };

    /// <summary>Reads the section, and declares its years and runs.</summary>
    public (Calendar Calendar, Place? Holidays) Read(YamlNode? section)
    {
        var zone = context.Names.Vocabulary.Zone;
        if (section is null || Keyed.Of(section, section.Place, "a calendar", Keys.Calendar, context.Problems) is not { } keys) { return (Calendar.Of(zone), null); }
        context.Plain.Doc(keys);
        foreach (var entry in context.Plain.Named(keys.Find("years"), "`years`"))
        {
            if (Names.Check(entry.Key, "a year", root: true, context.Problems) && ReadYear(entry) is { } year) { context.Names.Years[entry.Name] = year; }
        }
        foreach (var entry in context.Plain.Named(keys.Find("runs"), "`runs`"))
        {
            if (Names.Check(entry.Key, "a run", root: false, context.Problems) && ReadRun(entry) is { } run) { context.Names.Runs[entry.Name] = run; }
        }
        var holidays = ReadHolidays(keys.Find("holidays"));
        return (new(zone, ReadWeekend(keys.Find("weekend")), holidays), holidays.Count == 0 ? null : keys.PlaceOf("holidays"));
    }

    private List<DayOfWeek> ReadWeekend(YamlNode? node)
    {
        if (node is null) { return [DayOfWeek.Saturday, DayOfWeek.Sunday]; }
        var weekend = new List<DayOfWeek>();
        foreach (var text in context.Plain.Texts(node, "a day of `weekend`"))
        {
            if (context.Plain.OneOf(text, "a day of `weekend`", [.. Days.Keys]) is null) { continue; }
            var day = Days[text.Text];
            if (weekend.Contains(day)) { context.Error("day-twice", text.Place, $"`{text.Text}` is there twice", "Name it once."); }
            else { weekend.Add(day); }
        }
        if (weekend.Count < 7) { return weekend; }
        context.Error("weekend", node.Place, "all days are weekend, so there is no business day", "Leave out the days on which there is business.");
        return [];
    }

    private List<DateOnly> ReadHolidays(YamlNode? node)
    {
        var holidays = new List<DateOnly>();
        foreach (var text in context.Plain.Texts(node, "a day of `holidays`"))
        {
            if (!DateOnly.TryParseExact(text.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                context.Error("date", text.Place, $"a day of `holidays` is a date, and `{text.Text}` is none", "Write for instance `2024-12-25`: each year's by itself, since many holidays move.");
            }
            else if (holidays.Contains(day)) { context.Error("day-twice", text.Place, $"`{text.Text}` is there twice", "Name it once."); }
            else { holidays.Add(day); }
        }
        return holidays;
    }

    private NamedYear? ReadYear(YamlNode.Entry entry)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a year", Keys.Year, context.Problems) is not { } keys) { return null; }
        context.Plain.Doc(keys);
        if (ReadDay(keys.Need("starts"), "`starts`") is not { } starts) { return null; }
        var cutoff = ReadDay(keys.Find("cutoff"), "`cutoff`");
        if (cutoff == starts) { context.Error("cutoff", keys.PlaceOf("cutoff"), $"the year `{entry.Name}` is cut off on its first day", "What happens on the first day is in the year anyway: take the line out, or write an earlier day, such as two weeks before."); }
        return new(entry.Name, starts.Month, starts.Day) { Cutoff = cutoff };
    }

    private (int Month, int Day)? ReadDay(YamlNode? node, string what)
    {
        if (node is null || context.Plain.Scalar(node, what) is not { } text) { return null; }
        if (PlainValues.DayOfYear(text.Text) is { } day) { return day; }
        context.Error("day-of-year", text.Place, $"{what} is a day of the year, and `{text.Text}` is none", "Write month and day, such as `02-01` (not 02-29, which few years have).");
        return null;
    }

    private ScheduledRun? ReadRun(YamlNode.Entry entry)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a run", Keys.ScheduledRun, context.Problems) is not { } keys) { return null; }
        var each = context.Plain.OneOf(keys.Need("each"), "`each`", "month", "quarter");
        var day = context.Plain.Whole(keys.Need("day"), "`day`", 1, 31);
        var rolls = context.Plain.OneOf(keys.Find("roll"), "`roll`", "next business day") is not null;
        var covers = context.Plain.Length(keys.Find("covers"), "`covers`") ?? Duration.Zero;
        var doc = context.Plain.Doc(keys);
        return each is null || day is null ? null : new(entry.Name, each == "month" ? WindowKind.ThisMonth : WindowKind.ThisQuarter, day.Value, rolls, covers, doc);
    }
}
