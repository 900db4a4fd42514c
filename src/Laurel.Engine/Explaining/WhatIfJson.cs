using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>A difference as JSON.</summary>
public static class WhatIfJson
{
    /// <summary>The difference, as properties of the object that is open: <c>until</c>, <c>member</c>, <c>language</c>, <c>supposed</c>, <c>changes_anything</c>, <c>changes</c>, <c>later</c>, <c>credits</c>, <c>entries</c>, <c>explanation</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="whatIf">The difference.</param>
    /// <param name="program">The program.</param>
    /// <param name="facts">What is supposed; null to leave <c>supposed</c> out.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="at">When it is asked for.</param>
    /// <param name="until">How far ahead it looks.</param>
    /// <param name="book">The language.</param>
    public static void Write(Utf8JsonWriter json, WhatIf whatIf, PartnerProgram program, IReadOnlyList<Fact>? facts, string member, Instant at, Instant until, PhraseBook book)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(whatIf);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(book);
        var vocabulary = program.Vocabulary;
        json.WriteString("until", until.ToString());
        json.WriteString("member", member);
        json.WriteString("language", book.Language);
        if (facts is not null) { WriteList(json, "supposed", facts, fact => FactJson.Write(json, fact, vocabulary)); }
        json.WriteBoolean("changes_anything", whatIf.ChangesAnything);
        StandingJson.WriteChanges(json, "changes", whatIf.ChangesAt(at));
        WriteList(json, "later", whatIf.ChangesAfter(at, until), later =>
        {
            json.WriteStartObject();
            json.WriteString("at", later.At.ToString());
            StandingJson.WriteChanges(json, "changes", later.Changes);
            json.WriteEndObject();
        });
        var lines = new LedgerLines(program, whatIf.History, whatIf.Book);
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
        WriteList(json, "entries", whatIf.Entries(), entry => Write(json, entry, lines, vocabulary));
        WriteList(json, "explanation", whatIf.Explain(at, until), told => ExplanationJson.Write(json, told, book));
    }

    /// <summary>What recording the facts would post.</summary>
    private static void Write(Utf8JsonWriter json, Entry entry, LedgerLines lines, Vocabulary vocabulary)
    {
        var unit = vocabulary.Units[entry.Unit];
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
