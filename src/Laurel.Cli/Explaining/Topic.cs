using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Explaining;

/// <summary>What is to be explained; all null for the whole standing.</summary>
/// <param name="Subject">A subject: "site/s1".</param>
/// <param name="Rule">With a subject: a rule.</param>
/// <param name="Metric">A metric.</param>
/// <param name="Level">A rung of a ladder, or a ladder.</param>
/// <param name="Benefit">A benefit.</param>
/// <param name="Obligation">An obligation.</param>
/// <param name="Payout">A unit of money that is paid.</param>
internal sealed record Topic(string? Subject, string? Rule, string? Metric, string? Level, string? Benefit, string? Obligation, string? Payout)
{
    /// <summary>Explains it.</summary>
    /// <exception cref="Halt">There is no such thing.</exception>
    public Explanation Explain(Asked asked, Explainer explainer)
    {
        var edition = explainer.Edition;
        if (Subject is not null) { return OfSubject(asked, explainer); }
        if (Metric is not null) { return explainer.Metric(Found(edition.Metrics, m => m.Name, Metric, "metric", edition)); }
        if (Benefit is not null) { return explainer.Benefit(Found(edition.Benefits, b => b.Name, Benefit, "benefit", edition)); }
        if (Obligation is not null) { return explainer.Obligation(Found(edition.Obligations, o => o.Name, Obligation, "obligation", edition)); }
        if (Payout is not null) { return OfPayout(asked); }
        return Level is not null ? OfLevel(explainer) : explainer.Standing();
    }

    private Explanation OfSubject(Asked asked, Explainer explainer)
    {
        var (history, kinds) = (asked.History, asked.Program.Vocabulary.Kinds);
        var slash = Subject!.IndexOf('/', StringComparison.Ordinal);
        var kind = slash < 0 ? null : kinds.FirstOrDefault(k => k.Name == Subject[..slash]);
        if (kind is null) { throw Halt.Misuse($"`{Subject}` is no subject", $"Write its kind, a slash and its name. Kinds: {string.Join(", ", kinds.Select(k => k.Name))}."); }
        var name = Subject[(slash + 1)..];
        var subject = history.SubjectOf(kind.Index, name)
            ?? throw Halt.Misuse($"no fact speaks of a {kind.Name} `{name}`", Choice.Among(name, history.SubjectsOf(kind.Index).Select(history.NameOf)));
        if (Rule is null) { return explainer.Subject(subject); }
        return explainer.Rule(Rule, subject)
            ?? throw Halt.Misuse($"edition {explainer.Edition.Name} has no rule `{Rule}`", Choice.Among(Rule, explainer.Edition.Rules.Select(r => r.Name)));
    }

    private Explanation OfPayout(Asked asked)
    {
        var units = asked.Program.Vocabulary.Units;
        var paid = (asked.Under is { } under ? [under] : asked.Program.Editions).SelectMany(e => e.Payouts).Select(p => units[p.Unit]).Distinct().ToList();
        var unit = paid.Find(u => u.Name == Payout) ?? throw Halt.Misuse($"{asked.Program.Name} pays out no `{Payout}`", Choice.Among(Payout!, paid.Select(u => u.Name)));
        try { return new PayoutExplainer(asked.Program, asked.History, asked.Under, asked.Known, asked.History.NameOf(asked.Member!.Value)).Explain(unit, asked.At); }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
    }

    private Explanation OfLevel(Explainer explainer)
    {
        var ladders = explainer.Edition.Ladders;
        if (explainer.Level(Level!, null) is { } whole) { return whole; }
        foreach (var ladder in ladders)
        {
            if (explainer.Level(ladder.WrittenAs, Level) is { } asked) { return asked; }
        }
        throw Halt.Misuse($"edition {explainer.Edition.Name} has no level `{Level}`", Choice.Among(Level!, ladders.SelectMany(l => l.Rungs).Select(r => r.Name)));
    }

    private static T Found<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name, string what, Edition edition) where T : class =>
        all.FirstOrDefault(one => nameOf(one) == name) ?? throw Halt.Misuse($"edition {edition.Name} has no {what} `{name}`", Choice.Among(name, all.Select(nameOf)));
}
