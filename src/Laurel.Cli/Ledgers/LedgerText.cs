using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;

namespace Laurel.Cli.Ledgers;

/// <summary>A ledger for people: a line for each entry.</summary>
internal sealed class LedgerText : ILedgerForm
{
    private readonly LedgerLines _lines;
    private readonly RuleBook _book;
    private readonly Asked _asked;
    private readonly Terminal _terminal;
    private readonly TextWriter _text;
    private readonly Columns _table;
    private long _entries;
    private long _items;

    /// <summary>Starts the table.</summary>
    public LedgerText(LedgerLines lines, RuleBook book, Asked asked, Terminal terminal)
    {
        (_lines, _book, _asked, _terminal) = (lines, book, asked, terminal);
        _text = terminal.OpenText();
        _text.WriteLine(terminal.Paint.Title(Headline.OfLedger(asked)));
        _text.WriteLine();
        _table = new(_text, terminal.Paint, screenWidth: null, [
            new("recorded"), new("cause"), new("member"), new("subject"), new("rule"), new("from → to"), new("amount", Right: true), new("starts"), new("ends")]);
    }

    /// <inheritdoc/>
    public void Write(LogItem item) => _items += item.IsClose ? 0 : 1;

    /// <inheritdoc/>
    public void Write(Entry entry, LogItem cause)
    {
        _entries++;
        var edition = _lines.EditionOf(entry);
        var unit = _asked.Program.Vocabulary.Units[entry.Unit];
        _table.Add(
            Shown.Date(cause.Recorded, _asked.Zone), CauseOf(cause), _asked.History.NameOf(entry.Member), _lines.SubjectOf(entry.Subject),
            edition.Length == 0 ? _book.NameOf(entry.Rule) : $"{_book.NameOf(entry.Rule)} {edition}", $"{SideOf(entry.From)} → {SideOf(entry.To)}",
            $"{Shown.Amount(entry.Amount, unit)} {unit.Name}", Shown.Date(entry.Starts, _asked.Zone), Shown.Date(entry.Ends, _asked.Zone));
    }

    /// <inheritdoc/>
    public void End(LedgerBalances? balances)
    {
        _table.Dispose();
        _text.WriteLine();
        if (balances is not null) { WriteBalances(balances); }
        _text.WriteLine(_asked.Member is null
            ? $"{Shown.Count(_items, "fact")}, {Entries()}"
            : $"{Entries()} of {Plain.Line(_asked.History.NameOf(_asked.Member.Value))}");
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    private void WriteBalances(LedgerBalances balances)
    {
        using (var table = new Columns(_text, _terminal.Paint, screenWidth: null, [new("member"), new($"at {_asked.Zone.WrittenAsked(_asked.At)}", Right: true), new("pending", Right: true), new("unit")]))
        {
            foreach (var (member, unit, counts, pending) in balances.All()) { table.Add(member, Shown.Amount(counts, unit), Shown.Amount(pending, unit), unit.Name); }
        }
        _text.WriteLine();
    }

    private string Entries() => $"{Shown.Count(_entries)} {(_entries == 1 ? "entry" : "entries")}";

    private string CauseOf(LogItem cause)
    {
        var type = _lines.TypeOf(cause);
        return $"{type} {_lines.KeyOf(cause).Id}";
    }

    private static string SideOf(Account account) => account switch
    {
        Account.Member => "member",
        Account.Pending => "pending",
        Account.Paid => "paid",
        _ => "rule",
    };
}
