using System.Globalization;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Server.Answering;

namespace Laurel.Cli.Ledgers;

/// <summary>A ledger as comma-separated values: a line for each entry.</summary>
internal sealed class LedgerCsv : ILedgerForm
{
    private readonly LedgerLines _lines;
    private readonly RuleBook _book;
    private readonly Asked _asked;
    private readonly Terminal _terminal;
    private readonly TextWriter _text;

    /// <summary>Writes the header.</summary>
    public LedgerCsv(LedgerLines lines, RuleBook book, Asked asked, Terminal terminal)
    {
        (_lines, _book, _asked, _terminal) = (lines, book, asked, terminal);
        _text = terminal.OpenText();
        Csv.Write(_text, ["position", "recorded", "type", "source", "id", "member", "subject", "rule", "edition", "from", "to", "amount", "unit", "dated", "starts", "ends"]);
    }

    /// <inheritdoc/>
    public void Write(LogItem item)
    {
    }

    /// <inheritdoc/>
    public void Write(Entry entry, LogItem cause)
    {
        var (source, id) = _lines.KeyOf(cause);
        var unit = _asked.Program.Vocabulary.Units[entry.Unit];
        Csv.Write(_text, [
            entry.Position.ToString(CultureInfo.InvariantCulture), cause.Recorded.ToString(), _lines.TypeOf(cause), source, id,
            _asked.History.NameOf(entry.Member), _lines.SubjectOf(entry.Subject), _book.NameOf(entry.Rule), _lines.EditionOf(entry), _lines.AccountOf(entry, entry.From), _lines.AccountOf(entry, entry.To),
            unit.Whole(entry.Amount).ToString(), unit.Name, entry.Dated.ToString(), entry.Starts.ToString(), entry.Ends.ToString()]);
    }

    /// <inheritdoc/>
    public void End(LedgerBalances? balances)
    {
        if (balances is not null) { _terminal.Say("csv has one table, the entries: the balances of --at are in text and json"); }
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();
}
