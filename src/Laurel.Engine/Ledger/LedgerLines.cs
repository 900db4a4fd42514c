using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>
/// Facts and entries as canonical JSON: the leaves of the two Merkle logs. 64-bit values are texts, names stand for numbers,
/// so that any script can read them and find the same roots.
/// </summary>
public sealed class LedgerLines(PartnerProgram program, History history, RuleBook book)
{
    private readonly CanonicalJsonWriter _writer = new();

    /// <summary>A fact's leaf; valid until the next call.</summary>
    public ReadOnlySpan<byte> LeafOf(LogItem item)
    {
        _writer.Clear();
        if (item.Published is { } edition) { Write(item, edition.Effective, ("edition", edition.Name), ("hash", edition.Hash)); }
        else if (item.IsClose) { Write(item, item.Recorded); }
        else { Write(item, history.FactOf(item.Fact)); }
        return _writer.Written;
    }

    /// <summary>An entry's leaf; valid until the next call.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cause">The item of the log that caused it.</param>
    public ReadOnlySpan<byte> LeafOf(Entry entry, LogItem cause)
    {
        var (source, id) = KeyOf(cause);
        _writer.Clear();
        _writer.StartObject();
        Name("amount", Text(entry.Amount));
        _writer.Name("cause");
        _writer.StartObject();
        Name("id", id);
        Name("source", source);
        _writer.EndObject();
        Name("dated", entry.Dated.ToString());
        Name("edition", EditionOf(entry));
        Name("ends", entry.Ends.ToString());
        Name("from", AccountOf(entry, entry.From));
        Name("member", history.NameOf(entry.Member));
        Name("position", Text(entry.Position));
        Name("rule", book.NameOf(entry.Rule));
        Name("starts", entry.Starts.ToString());
        Name("subject", SubjectOf(entry.Subject));
        Name("to", AccountOf(entry, entry.To));
        Name("unit", program.Vocabulary.Units[entry.Unit].Name);
        _writer.EndObject();
        return _writer.Written;
    }

    /// <summary>The edition by which an entry was given; empty for adjustments and migrations.</summary>
    public string EditionOf(Entry entry) => book.EditionOf(entry.Rule) is >= 0 and var place ? book.Editions[place].Edition.Name : "";

    /// <summary>An account by name: "rule/W5/studio_creator", "member/ada", "member/ada/pending", "member/ada/paid".</summary>
    public string AccountOf(Entry entry, Account account) => account switch
    {
        Account.Member => $"member/{history.NameOf(entry.Member)}",
        Account.Pending => $"member/{history.NameOf(entry.Member)}/pending",
        Account.Paid => $"member/{history.NameOf(entry.Member)}/paid",
        _ => EditionOf(entry) is { Length: > 0 } edition ? $"rule/{edition}/{book.NameOf(entry.Rule)}" : $"rule/{book.NameOf(entry.Rule)}",
    };

    /// <summary>A subject by kind and name: "site/s1".</summary>
    public string SubjectOf(int subject) => $"{program.Vocabulary.Kinds[history.KindOf(subject)].Name}/{history.NameOf(subject)}";

    /// <summary>The source and id of an item of the log.</summary>
    public (string Source, string Id) KeyOf(LogItem item) => item switch
    {
        { Published: { } edition } => ("laurel", $"edition/{edition.Name}"),
        { IsClose: true } => ("laurel", $"closed/{item.Recorded}"),
        _ => (history.SourceOf(item.Fact), history.IdOf(item.Fact)),
    };

    /// <summary>The type of an item of the log.</summary>
    public string TypeOf(LogItem item) => item switch
    {
        { Published: not null } => "edition.published",
        { IsClose: true } => "period.closed",
        _ => history.TypeOf(item.Fact).Name,
    };

    /// <summary>Writes what the program itself wrote.</summary>
    private void Write(LogItem item, Instant time, params ReadOnlySpan<(string Name, string Value)> data)
    {
        _writer.StartObject();
        _writer.Name("data");
        _writer.StartObject();
        foreach (var (name, value) in data) { Name(name, value); }
        _writer.EndObject();
        Name("id", KeyOf(item).Id);
        Name("recordedtime", item.Recorded.ToString());
        Name("source", "laurel");
        Name("subject", $"program/{program.Name}");
        Name("time", time.ToString());
        Name("type", TypeOf(item));
        _writer.EndObject();
    }

    private void Write(LogItem item, Fact fact)
    {
        _writer.StartObject();
        _writer.Name("data");
        _writer.StartObject();
        foreach (var (name, value) in fact.Data.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            _writer.Name(name);
            if (value is FactValue.Flag flag) { _writer.Flag(flag.Value); }
            else { _writer.Text(value.ToString()); }
        }
        _writer.EndObject();
        Name("id", fact.Id);
        Name("recordedtime", item.Recorded.ToString());
        Name("source", fact.Source);
        if (fact.Subject is { } subject) { Name("subject", subject.ToString()); }
        Name("time", fact.Time.ToString());
        Name("type", fact.Type.Name);
        _writer.EndObject();
    }

    private void Name(string name, string value)
    {
        _writer.Name(name);
        _writer.Text(value);
    }

    private static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
