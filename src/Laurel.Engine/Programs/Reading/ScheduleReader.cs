namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the dates on which something is looked at: each month or quarter, a year of the program's own, days of the year.</summary>
internal sealed class ScheduleReader(ReadingContext context)
{
    /// <summary>Reads one date or a list of them.</summary>
    /// <param name="what">The key.</param>
    /// <param name="happens">What happens then, such as "a level is looked at".</param>
    /// <param name="besides">What else can be written there: words with a comma after each; empty for nothing.</param>
    public List<Review> Read(YamlNode node, string what, string happens, string besides)
    {
        var reviews = new List<Review>();
        foreach (var text in context.Plain.Texts(node, $"a date of {what}"))
        {
            Review? review = text.Text switch
            {
                "month" => new(WindowKind.ThisMonth, 0, 0),
                "quarter" => new(WindowKind.ThisQuarter, 0, 0),
                _ when context.Names.Years.TryGetValue(text.Text, out var year) => new(null, year.Month, year.Day),
                _ => PlainValues.DayOfYear(text.Text) is { } day ? new(null, day.Month, day.Day) : null,
            };
            if (review is not null && reviews.Contains(review)) { context.Error("schedule", text.Place, $"`{text.Text}` is there twice", "Name it once."); }
            else if (review is not null) { reviews.Add(review); }
            else
            {
                context.Error(
                    "schedule", text.Place, $"`{text.Text}` is not when {happens}",
                    $"Write {besides}`month`, `quarter`, a year of `calendar`, or days of the year such as `[01-15, 07-15]` (not 02-29, which few years have).");
            }
        }
        if (node is YamlNode.List { Items.Count: 0 }) { context.Error("schedule", node.Place, $"the list of {what} has no date", "Write `month`, `quarter`, a year of `calendar`, or days of the year such as `[01-15, 07-15]`."); }
        return reviews;
    }
}
