using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads constant look-ups.</summary>
internal sealed class TableReader(ReadingContext context)
{
    /// <summary>Reads and declares the tables of a section.</summary>
    public void Read(YamlNode? section)
    {
        foreach (var entry in context.Plain.Named(section, "`tables`"))
        {
            if (Names.Check(entry.Key, "a table", root: false, context.Problems) && ReadOne(entry) is { } table) { context.Names.Tables[entry.Name] = table; }
        }
    }

    private Table? ReadOne(YamlNode.Entry entry)
    {
        if (entry.Value is YamlNode.Scalar { Refused: true }) { return null; }
        if (entry.Value is not YamlNode.Map { Entries.Count: > 0 } map)
        {
            context.Error("table", entry.Value.Place, $"the table `{entry.Name}` has no rows", "Write `row: number`, or `row: { column: number }`; `else` answers for what is not listed.");
            return null;
        }
        var doc = ReadDoc(map, entry.Key.Place);
        var rows = map.Entries.Where(e => !IsDoc(e)).ToList();
        var keys = rows.Any(r => r.Value is YamlNode.Map) ? 2 : 1;
        var read = new Dictionary<string, IReadOnlyDictionary<string, Number>>(StringComparer.Ordinal);
        foreach (var row in rows) { read[row.Name] = ReadRow(row, keys); }
        return new(entry.Name, keys, read, doc);
    }

    private Dictionary<string, Number> ReadRow(YamlNode.Entry row, int keys)
    {
        var cells = new Dictionary<string, Number>(StringComparer.Ordinal);
        if (keys == 1)
        {
            if (ReadCell(row) is { } only) { cells[""] = only; }
            return cells;
        }
        if (row.Value is not YamlNode.Map map)
        {
            // A number where the other rows have columns answers for every column.
            if (ReadCell(row) is { } every) { cells["else"] = every; }
            return cells;
        }
        foreach (var cell in map.Entries)
        {
            if (ReadCell(cell) is { } number) { cells[cell.Name] = number; }
        }
        return cells;
    }

    private Number? ReadCell(YamlNode.Entry cell)
    {
        if (context.Plain.Scalar(cell.Value, $"`{cell.Name}`") is not { } text) { return null; }
        if (Number.TryParse(text.Text, out var number)) { return number; }
        context.Error("not-a-number", text.Place, $"`{cell.Name}` can't be `{text.Text}`: a table holds numbers", "Write a number such as 0.25.");
        return null;
    }

    // "says" and "source" may stand on anything; a row of that name has numbers.
    private static bool IsDoc(YamlNode.Entry entry) =>
        entry.Name is "says" or "source" or "meant" && entry.Value is YamlNode.Scalar text && !Number.TryParse(text.Text, out _);

    private Documentation ReadDoc(YamlNode.Map map, Place place)
    {
        var doc = ReadingContext.At(place);
        foreach (var entry in map.Entries.Where(IsDoc))
        {
            var text = context.Plain.Text(entry.Value, $"`{entry.Name}`");
            doc = entry.Name switch
            {
                "says" => doc with { Says = text is null ? null : Phrase.Of(text) },
                "source" => doc with { Source = text },
                _ => doc with { Meant = text },
            };
        }
        return doc;
    }
}
