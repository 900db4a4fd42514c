using Laurel.Engine.Ledger;

namespace Laurel.Cli.Ledgers;

/// <summary>A form in which a ledger is written: for people, or for scripts.</summary>
internal interface ILedgerForm : IDisposable
{
    /// <summary>The next item of the log; its entries follow.</summary>
    void Write(LogItem item);

    /// <summary>An entry that the item caused.</summary>
    void Write(Entry entry, LogItem cause);

    /// <summary>The end of the log.</summary>
    /// <param name="balances">What the entries add up to; null where nobody asked.</param>
    void End(LedgerBalances? balances);
}
