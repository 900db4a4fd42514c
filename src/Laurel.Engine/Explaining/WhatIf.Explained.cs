using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>The difference in sentences, with its reasons; and why a fact makes none.</content>
public sealed partial class WhatIf
{
    /// <summary>So many credits are explained one by one; of more it is said how many.</summary>
    private const int CreditsMax = 100;

    /// <summary>What is supposed and what would follow: at an instant, later, credit by credit. Never silent: what changes nothing says why.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="until">The horizon.</param>
    /// <returns>The lists, each with a line for each thing.</returns>
    public IReadOnlyList<Explanation> Explain(Instant at, Instant until)
    {
        var explainer = new Explainer(_after.Scoring, History, _after.Assessed, at, new(_after.Scoring));
        var lists = new List<Explanation> { Explanation.Of(Message.Of("what-if"), [.. _facts.Select((fact, i) => Supposed(fact, i, explainer, at))]) };
        var changes = ChangesAt(at);
        lists.Add(Explanation.Of(
            Message.Of(changes.Count > 0 ? "what-if.then" : ChangesAnything ? "what-if.same" : "what-if.nothing", ("at", at), ("member", _before.History.NameOf(_before.Member))),
            [.. changes.Select(change => Explanation.Of(_words.Follows(change), change is Change.Level level ? explainer.Level(explainer.Edition.Ladders[level.Ladder.Index], null).Because : []))]));
        var later = ChangesAfter(at, until);
        if (later.Count > 0) { lists.Add(Explanation.Of(Message.Of("what-if.later", ("until", until)), [.. Later(later)])); }
        if (Credits.Count > 0) { lists.Add(Explanation.Of(Message.Of("what-if.credits"), CreditLines(explainer, at))); }
        var others = Others().ToList();
        if (others.Count > 0) { lists.Add(Explanation.Of(Message.Of("what-if.others", ("members", new Argument.Several([.. others.Select(o => (Argument)o)], "list"))))); }
        return lists;
    }

    /// <summary>What is different later. Where both sides go on by the same, the first and the last of the row are told.</summary>
    private IEnumerable<Explanation> Later(IReadOnlyList<(Instant At, IReadOnlyList<Change> Changes)> later)
    {
        for (int first = 0, next = 1; first < later.Count; first = next++)
        {
            while (next < later.Count && later[next].Changes.Select(HowMuch).SequenceEqual(later[first].Changes.Select(HowMuch))) { next++; }
            var last = next - 1 > first ? new[] { Explanation.Of(Later("what-if.up-to", later[next - 1])) } : [];
            yield return Explanation.Of(Later(later[first].Changes.Count > 0 ? "what-if.from" : "what-if.from-same", later[first]), last);
        }
    }

    /// <summary>What a change comes to, however much there is on both sides: of numbers by how much they differ, else the change itself.</summary>
    private static object HowMuch(Change change) => change switch
    {
        Change.Metric { Of.Ranking: null } metric when Arithmetic.Subtract(metric.To, metric.From) is { Kind: ValueKind.Number } more => (metric.Of.Name, more.AsNumber),
        Change.Pending pending => (pending.Unit.Name, (Int128)pending.To - pending.From),
        Change.Obligation of => (of.Of.Name, of.To.Missed - of.From.Missed, of.To.Kept - of.From.Kept),
        _ => change,
    };

    private Message Later(string key, (Instant At, IReadOnlyList<Change> Changes) later) =>
        Message.Of(key, ("at", later.At), ("changes", ChangeWords.Listed(later.Changes.Select(c => _words.Instead(c)))));

    private List<Explanation> CreditLines(Explainer explainer, Instant at)
    {
        var lines = Credits.Take(CreditsMax).Select(credit => CreditLine(credit, explainer, at)).ToList();
        if (Credits.Count > CreditsMax) { lines.Add(Explanation.Of(Message.Of("what-if.more-credits", ("count", new Number(Credits.Count - CreditsMax))))); }
        return lines;
    }

    /// <summary>A credit that is more or less, and why: by its rule, at an instant of its span as near as can be to the one asked for.</summary>
    private Explanation CreditLine(CreditDifference credit, Explainer anywhen, Instant at)
    {
        var explainer = anywhen.On(Instant.Max(credit.Starts, Instant.Min(at, new(credit.Ends.Micros - 1))));
        var unit = _program.Vocabulary.Units[Book.UnitOf(credit.Rule)];
        var key = (credit.Amount > 0, credit.Status, credit.Ends < Instant.Never) switch
        {
            (true, CreditStatus.Active, false) => "what-if.more",
            (true, CreditStatus.Active, true) => "what-if.more-until",
            (true, CreditStatus.Pending, _) => "what-if.more-pending",
            (false, CreditStatus.Active, false) => "what-if.less",
            (false, CreditStatus.Active, true) => "what-if.less-until",
            _ => "what-if.less-pending",
        };
        var because = Book.IsBuiltIn(credit.Rule) || IsToldLater(credit) ? null : explainer.Rule(Book.NameOf(credit.Rule), credit.Subject);
        return Explanation.Of(
            Message.Of(
                key, ("amount", Argument.Amount.Of(unit, Math.Abs(credit.Amount))), ("subject", explainer.SubjectName(credit.Subject)), ("since", credit.Starts),
                ("until", credit.Ends), ("rule", new Argument.Name(Book.NameOf(credit.Rule))), ("says", explainer.SaysOf(credit.Rule))),
            because is null ? [] : credit.Amount > 0 ? because.Because : [because]);
    }

    /// <summary>True where a later line of the same rule and subject has all the moments that this one would tell.</summary>
    private bool IsToldLater(CreditDifference credit) =>
        Book.Rule(credit.Rule)!.When.Count > 0 && Credits.LastOrDefault(c => c.Rule == credit.Rule && c.Subject == credit.Subject && c.Status == credit.Status && c.Amount > 0 == credit.Amount > 0) != credit;

    /// <summary>A fact supposed; where it makes no difference, why.</summary>
    private Explanation Supposed(Fact fact, int index, Explainer explainer, Instant at)
    {
        Argument type = new FactWords(History).TypeOf(fact.Type);
        Argument subject = fact.Subject is { } name ? Message.Of("subject", ("kind", new Argument.Name(name.Kind)), ("name", name.Name)) : $"{fact["source"]}/{fact["id"]}";
        var said = new[] { ("fact", type), ("at", (Argument)fact.Time), ("subject", subject), ("member", (Argument)History.NameOf(_after.Member)) };
        switch (Verdicts[index])
        {
            case Verdict.Refused refused:
                return new(Message.Of("what-if.refused", [.. said, ("message", refused.Refusal.Message)]), Mark.No, []);
            case Verdict.Unchanged:
                return new(Message.Of("what-if.told", said), Mark.No, []);
        }
        if (MakesADifference(index)) { return new(Message.Of("what-if.supposed", said), Mark.Yes, []); }
        return new(Message.Of("what-if.needless", said), Mark.No, [.. WhyNot(fact, explainer, at)]);
    }

    /// <summary>True where something would be different without this one among the facts supposed.</summary>
    private bool MakesADifference(int index) =>
        ChangesAnything && (_facts.Count == 1 || Differs(Score(_excerpt.Suppose(_facts.Where((_, i) => i != index)).History), _after));

    /// <summary>What stands in the way of a fact that was recorded and changes nothing.</summary>
    private List<Explanation> WhyNot(Fact fact, Explainer anywhen, Instant at)
    {
        if (fact.Subject is not { } name || History.SubjectOf(fact.Type.About, name.Name) is not { } subject)
        {
            return History.Find(fact.Source, fact.Id) is { } self && History.AboutOf(self) >= 0 ? [] : [new(Message.Of("what-if.no-such-fact"), Mark.No, [])];
        }
        var explainer = anywhen.On(fact.Time);
        var reasons = new List<Explanation>();
        if (!After.At(fact.Time).Enrolled) { reasons.Add(explainer.NotEnrolled()); }
        if (Untimely(fact, subject, explainer) is { } untimely) { reasons.Add(new(untimely, Mark.No, [])); }
        if (fact["member"] is { } named && named.ToString() != History.NameOf(_after.Member)) { reasons.Add(new(Message.Of("rule.names-other", ("who", named.ToString())), Mark.No, [])); }
        reasons.AddRange(Triggered(fact, subject, explainer.Edition));
        if (reasons.Count == 0) { reasons.AddRange(explainer.Edition.Requests.Where(r => r.Submitted == fact.Type.Order).Select(r => explainer.Request(r, subject))); }
        if (reasons.Count == 0 && fact.Type.About == Vocabulary.MemberKind) { reasons.Add(new(AboutMember(fact), Mark.No, [])); }
        if (reasons.Count > 0) { return reasons; }
        var when = Instant.Max(at, fact.Time);
        var after = anywhen.On(when).Subject(subject);
        var same = after.Because.Select(KeyOf).ToHashSet();
        var lines = after.Because.Select(Bare).ToList();
        var without = _before.History.SubjectOf(fact.Type.About, name.Name) is { } before ? new Explainer(_before.Scoring, _before.History, _before.Assessed, when, new(_before.Scoring)).Subject(before).Because.Where(line => !same.Contains(KeyOf(line))).Select(Bare).ToList() : [];
        if (without.Count > 0) { lines.Add(Explanation.Of(Message.Of("what-if.without"), without)); }
        return [Explanation.Of(after.Says, lines)];
    }

    /// <summary>Of a fact about a member that nothing stands in the way of: that it was so already, or that nothing asks for it.</summary>
    private Message AboutMember(Fact fact) =>
        fact.Type.BuiltIn == BuiltIn.Joined && _before.Scoring.Enrolment.Of(_after.Member).Where(s => s.Contains(fact.Time)).Select(s => (Span?)s).FirstOrDefault() is { } span
            ? Message.Of("what-if.enrolled-already", ("since", span.Starts)) : Message.Of("what-if.not-asked", ("member", History.NameOf(_after.Member)));

    private static Explanation Bare(Explanation line) => line with { Because = [] };

    private static (string, Argument?) KeyOf(Explanation line) => (line.Says.Key, line.Says.Arguments.FirstOrDefault(a => a.Key == "rule").Value);

    /// <summary>A fact that starts nothing, of a subject of which nothing else was told, or nothing so early.</summary>
    private Message? Untimely(Fact fact, int subject, Explainer explainer)
    {
        var edition = explainer.Edition;
        if (subject == _after.Member || edition.States.Concat(edition.Roles).Any(s => s.Starts.Any(t => t.Fact == fact.Type.Order))) { return null; }
        var self = History.Find(fact.Source, fact.Id);
        var others = History.FactsOf(subject).Where(f => f != self).ToList();
        var name = ("subject", (Argument)explainer.SubjectName(subject));
        if (others.Count == 0) { return Message.Of("what-if.unknown", name); }
        return History.TimeOf(others[0]) is var first && first > fact.Time ? Message.Of("what-if.early", name, ("first", first)) : null;
    }

    /// <summary>What the fact would start or end and does not: what is so already, or is not so anyway.</summary>
    private IEnumerable<Explanation> Triggered(Fact fact, int subject, Edition edition)
    {
        var place = Book.Editions.ToList().FindIndex(e => e.Edition == edition);
        var holding = _after.Ends().HoldingAt(place, subject, new(fact.Time.Micros - 1), _after.Member);
        foreach (var state in edition.States.Concat(edition.Roles).Where(s => s.Kind == fact.Type.About && s.Condition is null))
        {
            var held = holding.Any(h => h.State == state);
            var key = held && state.Starts.Any(t => t.Fact == fact.Type.Order) ? "what-if.holds-already"
                : !held && state.Ends.Any(t => t.Fact == fact.Type.Order) ? "what-if.ends-nothing" : null;
            if (key is not null) { yield return new(Message.Of(key, ("state", new Argument.Name(state.Name))), Mark.No, []); }
        }
    }

    /// <summary>Other members whose credits are touched; what comes of it for those is another question.</summary>
    private IEnumerable<string> Others() =>
        from member in History.SubjectsOf(Vocabulary.MemberKind)
        where member != _after.Member
        let before = member < _before.History.SubjectCount ? _before.Assessing.CreditsOf(member) : []
        where CreditDifference.Between(before, _after.Assessing.CreditsOf(member)).Count > 0
        select History.NameOf(member);
}
