namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads when money is paid.</summary>
internal sealed class PayoutReader(ReadingContext context)
{
    /// <summary>Reads a section.</summary>
    public IReadOnlyList<Payout> Read(YamlNode? section)
    {
        var payouts = new List<Payout>();
        foreach (var entry in context.Plain.Named(section, "`payouts`"))
        {
            if (context.Unit(entry.Key, "a payout") is not { } unit) { continue; }
            if (!unit.Money)
            {
                context.Error("payout-of-no-money", entry.Key.Place, $"`{unit.Name}` is no money, and can't be paid", "Write `money: true` at the unit in program.yaml, or name a unit of money.");
                continue;
            }
            if (ReadOne(entry, unit) is { } payout) { payouts.Add(payout); }
        }
        return payouts;
    }

    private Payout? ReadOne(YamlNode.Entry entry, Unit unit)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a payout", Keys.Payout, context.Problems) is not { } keys) { return null; }
        var after = context.Plain.Length(keys.Find("after"), "`after`");
        var atLeast = ReadLeast(keys.Find("at-least"), unit);
        var where = context.Condition(keys.Find("where"), "`where`", $"payout {unit.Name}", context.StandingScope());
        if (keys.Need("each") is not { } each || context.Plain.Scalar(each, "`each`") is not { } text) { return null; }
        if (PlainValues.PeriodOf(text.Text) is { } period) { return new(unit.Index, period, after, atLeast, where, context.Plain.Doc(keys)); }
        context.Error("each", text.Place, $"`{text.Text}` is no period", "Write `day`, `week`, `month`, `quarter` or `year`: money is paid at its close.");
        return null;
    }

    /// <summary>The least that is paid; one smallest part where nothing is said, since nothing can't be paid.</summary>
    private long ReadLeast(YamlNode? node, Unit unit) =>
        node is null || context.Plain.Scalar(node, "`at-least`") is not { } text ? 1 : Math.Max(1, context.Plain.Amount(text, text.Text, "`at-least`", unit) ?? 1);
}
