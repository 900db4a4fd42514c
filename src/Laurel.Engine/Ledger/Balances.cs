using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>Balances are sums of entries: at any instant, as known at any position of the ledger.</summary>
public static class Balances
{
    /// <summary>A member's balance of a unit, in smallest parts.</summary>
    /// <param name="entries">The entries known.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="unit">The unit's index.</param>
    /// <param name="account">What counts, or what is pending.</param>
    /// <param name="at">The instant.</param>
    public static long Of(IEnumerable<Entry> entries, int member, int unit, Account account, Instant at)
    {
        var balance = 0L;
        foreach (var entry in entries)
        {
            if (entry.Member != member || entry.Unit != unit || at < entry.Starts || at >= entry.Ends) { continue; }
            if (entry.To == account) { balance += entry.Amount; }
            else if (entry.From == account) { balance -= entry.Amount; }
        }
        return balance;
    }
}
