using Laurel.Cli.Reading;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Ledgers;

/// <summary>What entries add up to at the instant of the question, by member and unit.</summary>
internal sealed class LedgerBalances(Asked asked)
{
    private readonly Dictionary<(int Member, int Unit), (long Counts, long Pending)> _sums = [];

    /// <summary>Adds an entry.</summary>
    public void Add(Entry entry)
    {
        if (asked.At < entry.Starts || asked.At >= entry.Ends) { return; }
        var key = (entry.Member, entry.Unit);
        var (counts, pending) = _sums.GetValueOrDefault(key);
        _sums[key] = (counts + Part(entry, Account.Member), pending + Part(entry, Account.Pending));
    }

    /// <summary>The sums, by the order in which members were first told.</summary>
    public IEnumerable<(string Member, Unit Unit, long Counts, long Pending)> All() => _sums
        .OrderBy(s => s.Key.Member).ThenBy(s => s.Key.Unit)
        .Select(s => (asked.History.NameOf(s.Key.Member), asked.Program.Vocabulary.Units[s.Key.Unit], s.Value.Counts, s.Value.Pending));

    private static long Part(Entry entry, Account account) => entry.To == account ? entry.Amount : entry.From == account ? -entry.Amount : 0;
}
