using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>What was asked about, and is not there.</summary>
/// <param name="Message">What there is not; one sentence without a full stop.</param>
/// <param name="Remedy">What there is; full sentences.</param>
public sealed record NotThere(string Message, string Remedy)
{
    /// <summary>An edition or draft that a program does not have.</summary>
    public static NotThere Edition(PartnerProgram program, string name)
    {
        ArgumentNullException.ThrowIfNull(program);
        return new($"{program.Name} has no edition `{name}`", Choice.Among(name, program.Editions.Concat(program.Drafts).Select(e => e.Name)));
    }
}

/// <summary>What is to be explained; all null for the whole standing, and at most one of them not, but for a rule, which is explained on a subject.</summary>
/// <param name="Subject">A subject: "site/s1".</param>
/// <param name="Rule">With a subject: a rule.</param>
/// <param name="Metric">A metric.</param>
/// <param name="Level">A ladder, or a rung: of each ladder that has one of that name.</param>
/// <param name="Benefit">A benefit.</param>
/// <param name="Obligation">An obligation.</param>
/// <param name="Payout">A unit of money that is paid.</param>
public sealed record Topic(string? Subject, string? Rule, string? Metric, string? Level, string? Benefit, string? Obligation, string? Payout)
{
    /// <summary>Explains it.</summary>
    /// <param name="explainer">Explains the member.</param>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="asOf">As of when it is known that nothing else was learnt, where somebody has a clock; null for the last known fact.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="at">The instant.</param>
    /// <param name="missing">What is not there; null where all is.</param>
    /// <returns>Null where something is not there.</returns>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public Explanation? Explain(Explainer explainer, PartnerProgram program, History history, Edition? under, Instant known, Instant? asOf, string member, Instant at, out NotThere? missing)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(history);
        var edition = explainer.Edition;
        missing = null;
        if (Subject is not null) { return OfSubject(explainer, history, out missing); }
        if (Metric is not null) { return Found(edition.Metrics, m => m.Name, Metric, "metric", edition, out missing) is { } metric ? Described(metric.Doc, explainer.Metric(metric)) : null; }
        if (Benefit is not null) { return Found(edition.Benefits, b => b.Name, Benefit, "benefit", edition, out missing) is { } benefit ? explainer.Benefit(benefit) : null; }
        if (Obligation is not null) { return Found(edition.Obligations, o => o.Name, Obligation, "obligation", edition, out missing) is { } obligation ? explainer.Obligation(obligation) : null; }
        if (Payout is not null) { return UnitOf(program, under, out missing) is { } unit ? new PayoutExplainer(program, history, under, known, member, asOf).Explain(unit, at) : null; }
        return Level is not null ? OfLevel(explainer, out missing) : explainer.Standing();
    }

    private Explanation? OfSubject(Explainer explainer, History history, out NotThere? missing)
    {
        missing = null;
        var kinds = history.Vocabulary.Kinds;
        var slash = Subject!.IndexOf('/', StringComparison.Ordinal);
        var kind = slash < 0 ? null : kinds.FirstOrDefault(k => k.Name == Subject[..slash]);
        if (kind is null)
        {
            missing = new($"`{Subject}` is no subject", $"Write its kind, a slash and its name. Kinds: {string.Join(", ", kinds.Select(k => k.Name))}.");
            return null;
        }
        var name = Subject[(slash + 1)..];
        if (history.SubjectOf(kind.Index, name) is not { } subject)
        {
            missing = new($"no fact speaks of a {kind.Name} `{name}`", Choice.Among(name, history.SubjectsOf(kind.Index).Select(history.NameOf)));
            return null;
        }
        if (Rule is null) { return explainer.Subject(subject); }
        if (explainer.Rule(Rule, subject) is { } explained) { return explained; }
        missing = new($"edition {explainer.Edition.Name} has no rule `{Rule}`", Choice.Among(Rule, explainer.Edition.Rules.Select(r => r.Name)));
        return null;
    }

    private Unit? UnitOf(PartnerProgram program, Edition? under, out NotThere? missing)
    {
        var paid = (under is { } one ? [one] : program.Editions).SelectMany(e => e.Payouts).Select(p => program.Vocabulary.Units[p.Unit]).Distinct().ToList();
        var unit = paid.Find(u => u.Name == Payout);
        missing = unit is null ? new($"{program.Name} pays out no `{Payout}`", Choice.Among(Payout!, paid.Select(u => u.Name))) : null;
        return unit;
    }

    private Explanation? OfLevel(Explainer explainer, out NotThere? missing)
    {
        var ladder = explainer.Edition.Ladders.FirstOrDefault(l => l.WrittenAs == Level || l.Name == Level);
        var found = ladder is not null ? Described(ladder.Doc, explainer.Ladders(Level!)!) : explainer.Levels(Level!);
        missing = found is null
            ? new($"edition {explainer.Edition.Name} has no level `{Level}`", Choice.Among(Level!, explainer.Edition.Ladders.SelectMany(l => l.Rungs).Select(r => r.Name).Distinct())) : null;
        return found;
    }

    /// <summary>With what it is in a sentence, where the program says that.</summary>
    private static Explanation Described(Documentation doc, Explanation told) =>
        doc.Says is { } says ? told with { Because = [Explanation.Of(Message.Of("says", ("says", new Argument.Words(says)))), .. told.Because] } : told;

    private static T? Found<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name, string what, Edition edition, out NotThere? missing) where T : class
    {
        var found = all.FirstOrDefault(one => nameOf(one) == name);
        missing = found is null ? new($"edition {edition.Name} has no {what} `{name}`", Choice.Among(name, all.Select(nameOf))) : null;
        return found;
    }
}
