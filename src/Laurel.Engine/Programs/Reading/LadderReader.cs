using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads ladders: levels from low to high.</summary>
internal sealed class LadderReader(ReadingContext context)
{
    private static readonly Movement AtOnce = new(Never: false, [], null);

    private readonly KeyReader _keys = new(context);
    private readonly ScheduleReader _schedules = new(context);

    /// <summary>Declares the ladders with their rungs.</summary>
    public void Declare(YamlNode? section)
    {
        foreach (var entry in context.Plain.Named(section, "`ladders`"))
        {
            if (!Names.Check(entry.Key, "a ladder", root: true, context.Problems)) { continue; }
            var per = ReadPer((entry.Value as YamlNode.Map)?.Find("per"), entry.Name);
            var rungs = (entry.Value as YamlNode.Map)?.Find("rungs") is YamlNode.List list ? list.Items.Select(NameOf).OfType<YamlNode.Scalar>().Select(s => s.Text).Distinct() : [];
            CelType type = new CelType.Choice(entry.Name, [.. rungs], Ordered: true);
            context.Names.Ladders[entry.Name] = new(entry.Name, context.Names.Ladders.Count, per is null ? type : new CelType.Map(per.Value.Values, type), entry.Key.Place) { Per = per };
        }
    }

    /// <summary>A level for each value of a field: only of one whose values are listed, since whoever has none yet is on the lowest rung of each.</summary>
    private (string Path, CelType.Choice Values)? ReadPer(YamlNode? node, string ladder)
    {
        if (node is null || context.Plain.Scalar(node, "`per`") is not { } text) { return null; }
        var kind = context.Names.Kind(text.Text.Split('.')[0]);
        if (kind is not null)
        {
            if (_keys.Read(text, $"ladder {ladder}", [kind.Index]) is not { } key) { return null; }
            if (_keys.TypeOf(key) is CelType.Choice values) { return (text.Text, values); }
        }
        context.Error(
            "ladder-per", text.Place, $"there is a level for each value of a list, and `{text.Text}` is none",
            "Name a field whose values program.yaml lists, such as `badge.product` with `product: [azure, office]`.");
        return null;
    }

    /// <summary>Reads a section whose ladders are declared.</summary>
    public IReadOnlyList<Ladder> Read(YamlNode? section)
    {
        var ladders = new List<Ladder>();
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (!context.Names.Ladders.TryGetValue(entry.Name, out var symbol)) { continue; }
            var read = ReadOne(entry, symbol);
            if (symbol.Per is null) { ladders.Add(read with { Index = ladders.Count }); }
            foreach (var value in symbol.Per?.Values.Values ?? [])
            {
                ladders.Add(read with { Name = $"{read.Name}[\"{value}\"]", Index = ladders.Count, Per = new(read.Name, symbol.Per!.Value.Path, Value.Of(value)) });
            }
        }
        return ladders;
    }

    private Ladder ReadOne(YamlNode.Entry entry, LadderSymbol symbol)
    {
        var scope = context.StandingScope() with { Key = symbol.Per is { } per ? (per.Path, per.Values) : null };
        var empty = new Ladder(entry.Name, 0, [], AtOnce, AtOnce, ReadingContext.At(entry.Key.Place));
        if (entry.Value is YamlNode.Map { Entries.Count: > 0 } map && map.Entries.All(e => !Keys.Ladder.Contains(e.Name)))
        {
            context.Error("rungs", entry.Value.Place, $"the ladder `{entry.Name}` has levels and no `rungs`", $"Write them low to high in one list: `{entry.Name}: {{ rungs: [low, high: points >= 100] }}`.");
            return empty;
        }
        if (Keyed.Of(entry.Value, entry.Key.Place, "a ladder", Keys.Ladder, context.Problems) is not { } keys) { return empty; }
        return empty with
        {
            Rungs = ReadRungs(keys.Need("rungs"), entry.Name, scope),
            Up = ReadMovement(keys.Find("up"), "`up`", entry.Name, scope),
            Down = ReadMovement(keys.Find("down"), "`down`", entry.Name, scope),
            Doc = context.Plain.Doc(keys),
        };
    }

    private List<Rung> ReadRungs(YamlNode? node, string ladder, ConditionScope scope)
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
            var condition = context.Condition(written, $"the condition of `{name.Text}`", $"ladder {ladder}", scope);
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

    private Movement ReadMovement(YamlNode? node, string what, string ladder, ConditionScope scope)
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
                return ReadMovement(keys, what, ladder, scope);
            default:
                return new(Never: false, _schedules.Read(node, what, "a level is looked at", "`at once`, `never`, "), null);
        }
    }

    private Movement ReadMovement(Keyed keys, string what, string ladder, ConditionScope scope)
    {
        foreach (var key in what == "`up`" ? (IReadOnlyList<string>)["best", "grace", "stay", "needs"] : [])
        {
            if (keys.Find(key) is not null) { context.Error("only-down", keys.PlaceOf(key), $"`{key}` is how a level falls, and stands under `up`", "Write it under `down`."); }
        }
        if (keys.Find("needs") is not null && keys.Find("best") is null && keys.Find("stay") is null)
        {
            context.Error("needs-nothing", keys.PlaceOf("needs"), "`needs` stands without `best` and `stay`", "Without what it needs they do not help: write one of them, or the condition into the rungs.");
        }
        var at = keys.Find("at") is { } when && when is not YamlNode.Scalar { Text: "at once" } ? _schedules.Read(when, what, "a level is looked at", "`at once`, `never`, ") : [];
        return new(Never: false, at, context.Plain.Window(keys.Find("best"), "`best`", context.Names.Years))
        {
            Lag = context.Plain.Length(keys.Find("lag"), "`lag`"),
            Grace = context.Plain.Length(keys.Find("grace"), "`grace`"),
            Stay = context.Plain.Length(keys.Find("stay"), "`stay`"),
            Needs = context.Condition(keys.Find("needs"), "`needs`", $"ladder {ladder}", scope),
        };
    }
}
