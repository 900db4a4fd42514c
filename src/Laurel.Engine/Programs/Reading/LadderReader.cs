namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads ladders: levels from low to high.</summary>
internal sealed class LadderReader(ReadingContext context)
{
    private static readonly Movement AtOnce = new(Never: false, [], null);

    /// <summary>Declares the ladders with their rungs.</summary>
    public void Declare(YamlNode? section)
    {
        foreach (var entry in context.Plain.Named(section, "`ladders`"))
        {
            if (!Names.Check(entry.Key, "a ladder", root: true, context.Problems)) { continue; }
            var rungs = (entry.Value as YamlNode.Map)?.Find("rungs") is YamlNode.List list ? list.Items.Select(NameOf).OfType<YamlNode.Scalar>().Select(s => s.Text).Distinct() : [];
            context.Names.Ladders[entry.Name] = new(entry.Name, context.Names.Ladders.Count, new(entry.Name, [.. rungs], Ordered: true), entry.Key.Place);
        }
    }

    /// <summary>Reads a section whose ladders are declared.</summary>
    public IReadOnlyList<Ladder> Read(YamlNode? section)
    {
        var ladders = new List<Ladder>();
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (context.Names.Ladders.ContainsKey(entry.Name)) { ladders.Add(ReadOne(entry, ladders.Count)); }
        }
        return ladders;
    }

    private Ladder ReadOne(YamlNode.Entry entry, int index)
    {
        var empty = new Ladder(entry.Name, index, [], AtOnce, AtOnce, ReadingContext.At(entry.Key.Place));
        if (entry.Value is YamlNode.Map { Entries.Count: > 0 } map && map.Entries.All(e => !Keys.Ladder.Contains(e.Name)))
        {
            context.Error("rungs", entry.Value.Place, $"the ladder `{entry.Name}` has levels and no `rungs`", $"Write them low to high in one list: `{entry.Name}: {{ rungs: [low, high: points >= 100] }}`.");
            return empty;
        }
        if (Keyed.Of(entry.Value, entry.Key.Place, "a ladder", Keys.Ladder, context.Problems) is not { } keys) { return empty; }
        return empty with
        {
            Rungs = ReadRungs(keys.Need("rungs"), entry.Name),
            Up = ReadMovement(keys.Find("up"), "`up`", entry.Name),
            Down = ReadMovement(keys.Find("down"), "`down`", entry.Name),
            Doc = context.Plain.Doc(keys),
        };
    }

    private List<Rung> ReadRungs(YamlNode? node, string ladder)
    {
        var rungs = new List<Rung>();
        if (node is null or YamlNode.Scalar { Refused: true }) { return rungs; }
        if (node is not YamlNode.List { Items.Count: > 0 } list)
        {
            context.Error("rungs", node.Place, "`rungs` is a list of levels, low to high", "Write for instance `[bronze, silver: points >= 300]`.");
            return rungs;
        }
        foreach (var item in list.Items)
        {
            if (NameOf(item) is not { } name)
            {
                context.Error("rungs", item.Place, $"a level is a name, or `name: condition`, and this is {item.What}", "Put a condition with brackets, braces or `: ` in quotes.");
                continue;
            }
            if (rungs.Exists(r => r.Name == name.Text))
            {
                context.Error("name-twice", name.Place, $"the level `{name.Text}` is there twice", "Each level is one rung.");
                continue;
            }
            var written = (item as YamlNode.Map)?.Entries[0].Value;
            CheckFirst(rungs.Count, written, name);
            var condition = context.Condition(written, $"the condition of `{name.Text}`", $"ladder {ladder}", context.StandingScope());
            rungs.Add(new(name.Text, condition, ReadingContext.At(name.Place)));
        }
        return rungs;
    }

    private void CheckFirst(int index, YamlNode? condition, YamlNode.Scalar name)
    {
        if (index == 0 && condition is not null)
        {
            context.Error("first-rung", name.Place, $"the lowest level `{name.Text}` has a condition", "Write a lowest level without one, such as `none`: every member has a level.");
        }
        else if (index > 0 && condition is null)
        {
            context.Error("rung-without-condition", name.Place, $"the level `{name.Text}` has no condition, so none below it is ever reached", $"Write `{name.Text}: condition`; only the lowest level has none.");
        }
    }

    private static YamlNode.Scalar? NameOf(YamlNode item) => item switch
    {
        YamlNode.Scalar { Text.Length: > 0 } text => text,
        YamlNode.Map { Entries: [var entry] } => entry.Key,
        _ => null,
    };

    private Movement ReadMovement(YamlNode? node, string what, string ladder)
    {
        switch (node)
        {
            case null or YamlNode.Scalar { Refused: true }:
                return AtOnce;
            case YamlNode.Scalar { Text: "at once" }:
                return AtOnce;
            case YamlNode.Scalar { Text: "never" }:
                return AtOnce with { Never = true };
            case YamlNode.Map:
                var keys = Keyed.Of(node, node.Place, $"how a level moves {what}", Keys.Movement, context.Problems)!;
                return ReadMovement(keys, what, ladder);
            default:
                return new(Never: false, ReadReviews(node, what), null);
        }
    }

    private Movement ReadMovement(Keyed keys, string what, string ladder)
    {
        foreach (var key in what == "`up`" ? (IReadOnlyList<string>)["best", "grace", "stay", "needs"] : [])
        {
            if (keys.Find(key) is not null) { context.Error("only-down", keys.PlaceOf(key), $"`{key}` is how a level falls, and stands under `up`", "Write it under `down`."); }
        }
        if (keys.Find("needs") is not null && keys.Find("best") is null && keys.Find("stay") is null)
        {
            context.Error("needs-nothing", keys.PlaceOf("needs"), "`needs` stands without `best` and `stay`", "Without what it needs they do not help: write one of them, or the condition into the rungs.");
        }
        var at = keys.Find("at") is { } when && when is not YamlNode.Scalar { Text: "at once" } ? ReadReviews(when, what) : [];
        return new(Never: false, at, context.Plain.Window(keys.Find("best"), "`best`", context.Names.Years))
        {
            Lag = context.Plain.Length(keys.Find("lag"), "`lag`"),
            Grace = context.Plain.Length(keys.Find("grace"), "`grace`"),
            Stay = context.Plain.Length(keys.Find("stay"), "`stay`"),
            Needs = context.Condition(keys.Find("needs"), "`needs`", $"ladder {ladder}", context.StandingScope()),
        };
    }

    private List<Review> ReadReviews(YamlNode node, string what)
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
            if (review is null)
            {
                context.Error(
                    "schedule", text.Place, $"`{text.Text}` is not when a level is looked at",
                    "Write `at once`, `never`, `month`, `quarter`, a year of `calendar`, or days of the year such as `[01-15, 07-15]` (not 02-29, which few years have).");
            }
            else { reviews.Add(review); }
        }
        return reviews;
    }
}
