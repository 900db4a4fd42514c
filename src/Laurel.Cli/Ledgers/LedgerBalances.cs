using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Ledgers;

/// <summary>What entries add up to at the instant of the question, by member and unit.</summary>
internal sealed class LedgerBalances(Asked asked)
{
    private readonly Dictionary<(int Member, int Unit), (Int128 Counts, Int128 Pending)> _sums = [];

    /// <summary>Adds an entry.</summary>
    public void Add(Entry entry)
    {
        if (asked.At < entry.Starts || asked.At >= entry.Ends) { return; }
        var key = (entry.Member, entry.Unit);
        var (counts, pending) = _sums.GetValueOrDefault(key);
        _sums[key] = (counts + Part(entry, Account.Member), pending + Part(entry, Account.Pending));
    }

    /// <summary>The sums that fit 64 bits, by the order in which members were first told.</summary>
    public IEnumerable<(string Member, Unit Unit, long Counts, long Pending)> All() => Sums()
        .Where(s => Fits(s.Counts) && Fits(s.Pending))
        .Select(s => (s.Member, s.Unit, (long)s.Counts, (long)s.Pending));

    /// <summary>Says which sums are not there.</summary>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="otherwise">What the run comes to where all are.</param>
    public ExitCode Say(Terminal terminal, ExitCode otherwise)
    {
        foreach (var (member, unit, counts, pending) in Sums())
        {
            if (Fits(counts) && Fits(pending)) { continue; }
            terminal.Complain($"the {unit.Name} of member `{member}` add up to more than 64 bits hold: that balance is left out", "Look for facts with amounts that nobody can mean, and retract them.");
            otherwise = ExitCode.Wrong;
        }
        return otherwise;
    }

    private IEnumerable<(string Member, Unit Unit, Int128 Counts, Int128 Pending)> Sums() => _sums
        .OrderBy(s => s.Key.Member).ThenBy(s => s.Key.Unit)
        .Select(s => (asked.History.NameOf(s.Key.Member), asked.Program.Vocabulary.Units[s.Key.Unit], s.Value.Counts, s.Value.Pending));

    private static bool Fits(Int128 sum) => sum >= -long.MaxValue && sum <= long.MaxValue;

    private static long Part(Entry entry, Account account) => entry.To == account ? entry.Amount : entry.From == account ? -entry.Amount : 0;
}
