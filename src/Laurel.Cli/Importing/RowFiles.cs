using System.Text.Json;
using CsvHelper;
using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;

namespace Laurel.Cli.Importing;

/// <summary>Reads the rows of a file: of CSV, which has a header, or JSON objects, one on a line.</summary>
internal static class RowFiles
{
    // As a header may name a column that is read once, so an object a property.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads rows one by one.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="mapping">How it is written, and which columns are read.</param>
    /// <param name="wrong">Told of rows that can't be read: line, code, what is wrong, what to do.</param>
    /// <exception cref="Halt">It has no such columns.</exception>
    public static IEnumerable<Row> Read(Stream stream, string name, Mapping mapping, Action<long, string, string, string> wrong) =>
        Path.GetExtension(name).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json" ? Objects(stream, mapping, wrong) : Csv(stream, name, mapping, wrong);

    private static IEnumerable<Row> Csv(Stream stream, string name, Mapping mapping, Action<long, string, string, string> wrong)
    {
        using var text = new StreamReader(stream, mapping.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        using var csv = CsvReader.Create(text, CsvReaderOptions.Default with
        {
            Separator = mapping.Separator,
            TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = m => wrong(m.LineNumber, "NotCsv", $"the row is not CSV: {WordOf(m)}", "Put the cell in quotes, and write a quote that is meant twice."),
        }, leaveOpen: true);
        Dictionary<string, int>? columns = null;
        while (csv.Read())
        {
            columns ??= Columns(csv.Headers, name, mapping);
            if (csv.FieldCount == 1 && csv.IsEmpty(0)) { continue; }
            if (csv.FieldCount != csv.Headers.Count)
            {
                wrong(csv.LineNumber, "UnevenRow", $"the row has {csv.FieldCount} cells, and the header {csv.Headers.Count}", "Put cells in quotes that have the separator in them, and leave none out.");
                continue;
            }
            var cells = new string[csv.FieldCount];
            for (var i = 0; i < cells.Length; i++) { cells[i] = csv.GetString(i).Trim(); }
            if (cells.Any(IsGarbled))
            {
                Garbled(csv.LineNumber, mapping, wrong);
                continue;
            }
            yield return new(csv.LineNumber, columns, cells);
        }
        if (columns is not null) { yield break; }
        if (csv.Headers.Count == 0) { throw Halt.Wrong($"`{name}` is empty: it has not even a header", "Write the names of the columns on the first line."); }
        Columns(csv.Headers, name, mapping);
    }

    private static Dictionary<string, int> Columns(IReadOnlyList<string> header, string name, Mapping mapping)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++)
        {
            if (!columns.TryAdd(header[i].Trim(), i) && mapping.Columns.Contains(header[i].Trim())) { throw Halt.Wrong($"`{name}` has two columns `{header[i].Trim()}`", "Give one of them another name."); }
        }
        return mapping.Columns.FirstOrDefault(c => !columns.ContainsKey(c)) is { } missing
            ? throw Halt.Wrong($"`{name}` has no column `{missing}`, which the mapping reads", Choice.Among(missing, columns.Keys))
            : columns;
    }

    private static IEnumerable<Row> Objects(Stream stream, Mapping mapping, Action<long, string, string, string> wrong)
    {
        using var text = new StreamReader(stream, mapping.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        for (var line = 1L; text.ReadLine() is { } json; line++)
        {
            if (string.IsNullOrWhiteSpace(json)) { continue; }
            if (IsGarbled(json))
            {
                Garbled(line, mapping, wrong);
                continue;
            }
            var (columns, cells) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
            try
            {
                using var document = JsonDocument.Parse(json, Strict);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    wrong(line, nameof(RefusalCode.NotAnObject), "the line is JSON, but no object", "Write one object on a line.");
                    continue;
                }
                Flatten("", document.RootElement, columns, cells);
            }
            catch (JsonException e)
            {
                wrong(line, nameof(RefusalCode.NotJson), $"the line is not JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')}", "Write one JSON object on one line.");
                continue;
            }
            // The reader says so only when a name or a text is asked for.
            catch (InvalidOperationException)
            {
                wrong(line, nameof(RefusalCode.NotJson), "the line is not JSON: half a surrogate pair", "Write both halves of a character, or the character itself.");
                continue;
            }
            yield return new(line, columns, cells);
        }
    }

    /// <summary>The values of an object by their paths: what stands in another object has its name, a point, and its own. Lists are taken as they are written.</summary>
    private static void Flatten(string path, JsonElement element, Dictionary<string, int> columns, List<string> cells)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object) { Flatten(name, property.Value, columns, cells); }
            else if (property.Value.ValueKind != JsonValueKind.Null && columns.TryAdd(name, cells.Count)) { cells.Add(WordOf(property.Value)); }
        }
    }

    /// <summary>What a cell of CSV would say; yes and no as JSON does, and facts.</summary>
    private static string WordOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString().Trim(),
    };

    /// <summary>True where something stands for bytes that were no character.</summary>
    private static bool IsGarbled(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);

    private static void Garbled(long line, Mapping mapping, Action<long, string, string, string> wrong) =>
        wrong(line, nameof(RefusalCode.NotUtf8), $"the row is not {mapping.Encoding.WebName}", "Save the file as UTF-8, or say with `encoding` in the mapping how it is written.");

    private static string WordOf(CsvMalformedRecord row)
    {
        var reason = row.Reason switch
        {
            CsvMalformedReason.StrayQuote => "a quote stands inside a cell that is in none",
            CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote",
            CsvMalformedReason.UnterminatedQuote => "a quote is opened and not closed",
            _ => "it can't be read",
        };
        var lines = row.RawRecord.AsSpan().TrimEnd("\r\n").Count('\n') + 1;
        if (lines == 1) { return reason; }
        return row.Reason == CsvMalformedReason.UnterminatedQuote ? $"{reason}, and goes on to the end of the file, {Shown.Count(lines, "line")}" : $"{reason}, and it goes on for {Shown.Count(lines, "line")}";
    }
}
