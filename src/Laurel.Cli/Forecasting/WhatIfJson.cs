using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Values;

namespace Laurel.Cli.Forecasting;

/// <summary>A difference as a JSON document.</summary>
internal static class WhatIfJson
{
    /// <summary>Writes the document.</summary>
    public static void Write(WhatIf whatIf, IReadOnlyList<Fact> facts, string member, Instant until, PhraseBook book, Asked asked, Terminal terminal)
    {
        var vocabulary = asked.Program.Vocabulary;
        using (var json = new Utf8JsonWriter(terminal.Output, StandingsJson.Options))
        {
            json.WriteStartObject();
            StandingsJson.WriteQuestion(json, asked);
            json.WriteString("until", until.ToString());
            json.WriteString("member", member);
            json.WriteString("language", book.Language);
            WriteList(json, "supposed", facts, fact => FactJson.Write(json, fact, vocabulary));
            json.WriteBoolean("changes_anything", whatIf.ChangesAnything);
            StandingJson.WriteChanges(json, "changes", whatIf.ChangesAt(asked.At));
            WriteList(json, "later", whatIf.ChangesAfter(asked.At, until), later =>
            {
                json.WriteStartObject();
                json.WriteString("at", later.At.ToString());
                StandingJson.WriteChanges(json, "changes", later.Changes);
                json.WriteEndObject();
            });
            var lines = new LedgerLines(asked.Program, whatIf.History, whatIf.Book);
            WriteList(json, "credits", whatIf.Credits, credit =>
            {
                var unit = vocabulary.Units[whatIf.Book.UnitOf(credit.Rule)];
                json.WriteStartObject();
                json.WriteString("rule", whatIf.Book.NameOf(credit.Rule));
                json.WriteString("subject", lines.SubjectOf(credit.Subject));
                json.WriteString("unit", unit.Name);
                json.WriteString("more", unit.Whole(credit.Amount).ToString());
                json.WriteString("status", credit.Status.ToString().ToLowerInvariant());
                json.WriteString("since", credit.Starts.ToString());
                json.WriteString("until", credit.Ends.ToString());
                json.WriteEndObject();
            });
            WriteList(json, "entries", whatIf.Entries(), entry => Write(json, entry, lines, asked));
            WriteList(json, "explanation", whatIf.Explain(asked.At, until), told => ExplanationJson.Write(json, told, book));
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    /// <summary>What recording the facts would post.</summary>
    private static void Write(Utf8JsonWriter json, Entry entry, LedgerLines lines, Asked asked)
    {
        var unit = asked.Program.Vocabulary.Units[entry.Unit];
        json.WriteStartObject();
        json.WriteString("subject", lines.SubjectOf(entry.Subject));
        json.WriteString("from", lines.AccountOf(entry, entry.From));
        json.WriteString("to", lines.AccountOf(entry, entry.To));
        json.WriteString("amount", unit.Whole(entry.Amount).ToString());
        json.WriteString("unit", unit.Name);
        json.WriteString("dated", entry.Dated.ToString());
        json.WriteString("starts", entry.Starts.ToString());
        json.WriteString("ends", entry.Ends.ToString());
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) { write(item); }
        json.WriteEndArray();
    }
}
