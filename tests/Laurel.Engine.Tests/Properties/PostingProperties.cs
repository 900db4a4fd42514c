using System.Globalization;
using System.Text;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>The ledger says what is derived, however and whenever it was posted.</summary>
public sealed class PostingProperties
{
    [Fact]
    public void Entries_of_the_first_facts_do_not_depend_on_later_ones() => Property.Holds(60, made =>
    {
        var first = new Chance(made.Seed).Below(made.Log.Count) + 1;
        var (all, some) = (Posted(made.Program, made.History()), Posted(made.Program, made.History(first)));
        // After the first facts the shorter log goes on with the editions that are published later.
        var upTo = some.FindLastIndex(p => p.Item.Published is null) + 1;
        Assert.Equal(Lines(some.Take(upTo), made.History(first)), Lines(all.Take(upTo), made.History()));
    });

    [Fact]
    public void Posting_again_posts_nothing() => Property.Holds(60, made =>
    {
        var posting = new Posting(made.Program, made.History(), under: null);
        LogItem? last = null;
        foreach (var item in Posting.Log(made.Program, made.History(), under: null, Instant.Never, Instant.Ever))
        {
            posting.Post(item);
            last = item;
        }
        Assert.Empty(posting.PostAgain(last!));
    });

    [Fact]
    public void Balances_are_the_sums_of_what_is_derived_as_known() => Property.Holds(100, made =>
    {
        var chance = new Chance(made.Seed);
        var history = made.History();
        var posted = Posted(made.Program, history);
        for (var i = 0; i < 4; i++)
        {
            var known = i == 0 ? Instant.Last : made.SomeInstant(chance);
            if (!made.Program.Editions.Any(e => e.Published <= known)) { continue; }
            var entries = posted.Where(p => p.Item.Recorded <= known).SelectMany(p => p.Entries).ToList();
            var instants = made.Log.Select(f => f.Time).Append(made.SomeInstant(chance)).Append(made.SomeInstant(chance)).ToList();
            Same.Lines(Derived(made, history, known, instants), Balanced(history, entries, instants), $"balances as known on {known}");
        }
    });

    [Fact]
    public void A_rebuild_is_equal_and_roots_do_not_depend_on_how_entries_were_grouped() => Property.Holds(40, made =>
    {
        var chance = new Chance(made.Seed);
        var (history, again) = (made.History(), made.History());
        var leaves = Leaves(made.Program, history);
        Assert.Equal(leaves, Leaves(made.Program, again));
        var log = new MerkleLog();
        var frontier = MerkleFrontier.Empty;
        foreach (var leaf in leaves) { log.Append(Encoding.UTF8.GetBytes(leaf)); }
        for (var at = 0; at < leaves.Count;)
        {
            // A group goes into a frontier that was kept and found again.
            frontier = MerkleFrontier.Of(frontier.Size, [.. frontier.Peaks]);
            for (var left = 1 + chance.Below(4); left > 0 && at < leaves.Count; left--) { frontier = frontier.Append(MerkleHash.OfLeaf(Encoding.UTF8.GetBytes(leaves[at++]))); }
            Assert.Equal(log.RootAt(at), frontier.Root);
        }
        Assert.Equal(log.Root, frontier.Root);
    });

    [Fact]
    public void An_edition_that_changes_nothing_posts_nothing() => Property.Holds(60, made =>
    {
        // What begins later is given by the later edition, of course; so it comes when all has happened.
        if (made.Text is null || made.Log.Any(f => f.Time > Some.At("2025-12-31"))) { return; }
        var last = made.Text.Editions[^1];
        var copy = new EditionText("copy", $"edition: copy\neffective: 2027-01-01\nbased-on: {last.Name}\n", []);
        var text = made.Text with { Editions = [.. made.Text.Editions, copy] };
        var read = ProgramReader.Read(text.Files);
        Assert.True(read.Program is not null, string.Join("\n", read.Problems));
        var published = Posted(read.Program, made.HistoryOf(made.Log)).Where(p => p.Item.Published?.Name == "copy").ToList();
        Assert.True(published.TrueForAll(p => p.Entries.Count == 0), string.Join("\n", published.SelectMany(p => p.Entries)));
    });

    private static List<(LogItem Item, IReadOnlyList<Entry> Entries)> Posted(PartnerProgram program, History history) => [.. Posting.Run(program, history, under: null, Instant.Never)];

    private static IEnumerable<string> Lines(IEnumerable<(LogItem Item, IReadOnlyList<Entry> Entries)> posted, History history) =>
        posted.SelectMany(p => p.Entries.Select(e => $"{p.Item.Position} {e} {history.NameOf(e.Member)} {history.NameOf(e.Subject)}"));

    private static List<string> Leaves(PartnerProgram program, History history)
    {
        var lines = new LedgerLines(program, history, RuleBook.InForce(program, Instant.Never));
        var leaves = new List<string>();
        foreach (var (item, entries) in Posted(program, history))
        {
            leaves.Add(Encoding.UTF8.GetString(lines.LeafOf(item)));
            foreach (var entry in entries) { leaves.Add(Encoding.UTF8.GetString(lines.LeafOf(entry, item))); }
        }
        return leaves;
    }

    private static List<string> Derived(Case made, History history, Instant known, List<Instant> instants)
    {
        var scoring = new Scoring(made.Program, history, under: null, known);
        var credits = scoring.Derive().ForThread();
        return Balances(history, instants, (member, unit, account, at) => credits.CreditsOf(member)
            .Where(c => scoring.Plan.Book.UnitOf(c.Rule) == unit && c.Holds(at) && c.Status == (account == Account.Pending ? CreditStatus.Pending : CreditStatus.Active)).Sum(c => c.Counted));
    }

    private static List<string> Balanced(History history, List<Entry> entries, List<Instant> instants) =>
        Balances(history, instants, (member, unit, account, at) => Engine.Ledger.Balances.Of(entries, member, unit, account, at));

    private static List<string> Balances(History history, List<Instant> instants, Func<int, int, Account, Instant, long> balance) =>
        [.. from member in history.SubjectsOf(Vocabulary.MemberKind)
            from unit in history.Vocabulary.Units
            from account in (Account[])[Account.Member, Account.Pending]
            from at in instants
            let sum = balance(member, unit.Index, account, at)
            where sum != 0
            select string.Create(CultureInfo.InvariantCulture, $"{history.NameOf(member)} {account} {sum} {unit.Name} at {at}")];
}
