using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What the editions after one say of its credits, and what it says of those before.</summary>
internal sealed class Passage
{
    public Passage(RuleBook book, int edition)
    {
        var rules = book.Editions[edition].Edition.Rules;
        Kept = new Instant?[rules.Count];
        Given = new Instant[rules.Count];
        TakesOver = new List<string>?[rules.Count];
        Array.Fill(Given, Instant.Never);
        foreach (var rule in rules)
        {
            ReadLater(book, edition, rule);
            TakesOver[rule.Index] = [.. book.Editions[edition].Edition.Transitions.Where(t => t.Kind == TransitionKind.As && t.As == rule.Index).Select(t => t.Rule)];
        }
    }

    /// <summary>By rule: until when a stretch that was there on the edition's last day goes on by it; null where it is not kept.</summary>
    public Instant?[] Kept { get; }

    /// <summary>By rule: until when what was given at a moment stays as given.</summary>
    public Instant[] Given { get; }

    /// <summary>By rule: the rules before whose credits go on as this one's.</summary>
    public List<string>?[] TakesOver { get; }

    private void ReadLater(RuleBook book, int edition, CreditRule rule)
    {
        for (var later = edition + 1; later < book.Editions.Count; later++)
        {
            var next = book.Editions[later];
            var named = next.Edition.Transitions.FirstOrDefault(t => t.Rule == rule.Name);
            var stays = next.Edition.Rules.Any(r => r.Name == rule.Name);
            if (named?.Kind == TransitionKind.Keep && !Kept[rule.Index].HasValue && later == edition + 1) { Kept[rule.Index] = Instant.Never; }
            else if (named is { Kind: not TransitionKind.Keep } || (later == edition + 1 && !stays && named is null))
            {
                Given[rule.Index] = next.InForce.Starts;
                if (Kept[rule.Index].HasValue) { Kept[rule.Index] = next.InForce.Starts; }
                return;
            }
            // From here on the name is another edition's rule, with its own passage; what is kept goes by the name all the same.
            if (stays && rule.When.Count == 0 && !Kept[rule.Index].HasValue) { return; }
        }
    }
}
