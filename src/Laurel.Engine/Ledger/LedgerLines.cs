using System.Text;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Ledger;

/// <summary>The facts and entries of a posted history with names for numbers, and as the leaves of the two Merkle logs. For one thread.</summary>
public sealed class LedgerLines(PartnerProgram program, History history, RuleBook book)
{
    /// <summary>The source of what the program itself writes.</summary>
    public const string OwnSource = "laurel";

    /// <summary>With what the id begins of the fact that an edition was published; its name follows.</summary>
    public const string PublishedId = "edition/";

    private readonly LeafWriter _writer = new();

    /// <summary>A fact's leaf; valid until the next call.</summary>
    public ReadOnlySpan<byte> LeafOf(LogItem item) => _writer.Of(LineOf(item));

    /// <summary>An entry's leaf; valid until the next call.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cause">The item of the log that caused it.</param>
    public ReadOnlySpan<byte> LeafOf(Entry entry, LogItem cause) => _writer.Of(LineOf(entry, cause));

    /// <summary>An item of the log.</summary>
    public FactLine LineOf(LogItem item)
    {
        var (source, id) = KeyOf(item);
        if (item.Fact < 0)
        {
            KeyValuePair<string, FactValue>[] said = item.Published is { } edition ? [new("edition", new FactValue.Text(edition.Name)), new("hash", new FactValue.Text(edition.Hash))] : [];
            return new(source, id, TypeOf(item), $"program/{program.Name}", item.Published?.Effective ?? item.Recorded, item.Recorded, DataOf(said), "");
        }
        var fact = history.FactOf(item.Fact);
        return new(source, id, fact.Type.Name, fact.Subject?.ToString(), fact.Time, item.Recorded, DataOf(fact.Data), "");
    }

    /// <summary>An entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cause">The item of the log that caused it.</param>
    public EntryLine LineOf(Entry entry, LogItem cause)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (source, id) = KeyOf(cause);
        return new(
            entry.Position, source, id, EditionOf(entry), book.NameOf(entry.Rule), history.NameOf(entry.Member), SubjectOf(entry.Subject), program.Vocabulary.Units[entry.Unit].Name,
            entry.From, entry.To, entry.Amount, entry.Dated, entry.Starts, entry.Ends);
    }

    /// <summary>The edition by which an entry was given; empty for adjustments and migrations.</summary>
    public string EditionOf(Entry entry) => book.EditionOf(entry.Rule) is >= 0 and var place ? book.Editions[place].Edition.Name : "";

    /// <summary>An account by name, as <see cref="EntryLine.NameOf"/> says.</summary>
    public string AccountOf(Entry entry, Account account) => EntryLine.NameOf(account, history.NameOf(entry.Member), EditionOf(entry), book.NameOf(entry.Rule));

    /// <summary>A subject by kind and name: "site/s1".</summary>
    public string SubjectOf(int subject) => $"{program.Vocabulary.Kinds[history.KindOf(subject)].Name}/{history.NameOf(subject)}";

    /// <summary>The source and id of an item of the log.</summary>
    public (string Source, string Id) KeyOf(LogItem item) => item switch
    {
        { Published: { } edition } => (OwnSource, PublishedId + edition.Name),
        { IsClose: true } => (OwnSource, $"closed/{item.Recorded}"),
        _ => (history.SourceOf(item.Fact), history.IdOf(item.Fact)),
    };

    /// <summary>The type of an item of the log.</summary>
    public string TypeOf(LogItem item) => item switch
    {
        { Published: not null } => "edition.published",
        { IsClose: true } => "period.closed",
        _ => history.TypeOf(item.Fact).Name,
    };

    private string DataOf(IEnumerable<KeyValuePair<string, FactValue>> data) => Encoding.UTF8.GetString(_writer.DataOf(data));
}
