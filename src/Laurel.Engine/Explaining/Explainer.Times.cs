using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Times that rules set: releases, lapses, and the days that do not count.</content>
public sealed partial class Explainer
{
    /// <summary>When a credit is released, and by what.</summary>
    private Explanation Release(Case one, Delay after, Credit credit)
    {
        var calendar = one.Edition.Calendar;
        var given = GivenAt(one, credit.Moment, credit.Fact);
        switch (after)
        {
            case Delay.Length { Value: var length }:
                var release = calendar.Add(given, length);
                return Explanation.Of(Message.Of("moment.after", ("length", new Argument.Length(length)), ("release", release)), [.. DayLines(one.Edition, length, release)]);
            case Delay.UntilRun { Run: var run }:
                var (at, due) = Releases.RunFor(run, given, calendar);
                return Explanation.Of(
                    Message.Of("moment.after-run", ("release", at), ("run", Words(run.Doc.Says, run.Name)), ("due", calendar.Zone.StartOfDay(due))), [.. RunLines(one.Edition, run, at, calendar.Zone.StartOfDay(due))]);
            default:
                var field = ("field", (Argument)new Argument.Name($"{_vocabulary.Kinds[one.Rule.Kind].Name}.{_vocabulary.Kinds[one.Rule.Kind].Fields[((Delay.UntilTold)after).Slot].Name}"));
                var told = credit.Status == CreditStatus.Pending ? EndOf(credit) : StartOf(credit);
                return Explanation.Of(told < Instant.Never ? Message.Of("moment.after-told", ("release", told), field) : Message.Of("moment.after-untold", field));
        }
    }

    /// <summary>From when a moment gives: the close of a period lies in it, and gives from the next on.</summary>
    private static Instant GivenAt(Case one, Instant moment, int fact) => CloseOf(one, moment, fact) is null ? moment : new(moment.Micros + 1);

    /// <summary>The period that a moment closes; null for a moment that closes none.</summary>
    private static WindowKind? CloseOf(Case one, Instant moment, int fact)
    {
        if (fact >= 0) { return null; }
        var (next, zone) = (new Instant(moment.Micros + 1), one.Edition.Calendar.Zone);
        return one.Rule.When.Select(t => t.Each).FirstOrDefault(each => each is { } kind && Windows.StartOf(kind, null, next, zone) == next);
    }

    /// <summary>When what began at a moment lapses.</summary>
    private static Explanation Lapse(Case one, Duration length, Instant given)
    {
        var until = one.Edition.Calendar.Add(given, length);
        return Explanation.Of(Message.Of("moment.for", ("length", new Argument.Length(length)), ("until", until)), [.. DayLines(one.Edition, length, until)]);
    }

    /// <summary>What is in a run, and that it is put off.</summary>
    private static IEnumerable<Explanation> RunLines(Edition edition, ScheduledRun run, Instant at, Instant due)
    {
        if (!run.Covers.IsZero) { yield return Explanation.Of(Message.Of("moment.run-covers", ("length", new Argument.Length(run.Covers)))); }
        if (run.Covers.BusinessDays > 0) { yield return Explanation.Of(Message.Of("days.none-of-business")); }
        if (at != due) { yield return Explanation.Of(Message.Of("moment.run-put-off", ("due", due))); }
        if (run.Rolls || run.Covers.BusinessDays > 0)
        {
            foreach (var line in HolidaysEnd(edition, at)) { yield return line; }
        }
    }

    /// <summary>Of business days: which days do not count, and where the list of holidays ends before they do.</summary>
    private static IEnumerable<Explanation> DayLines(Edition edition, Duration length, Instant until) =>
        length.BusinessDays == 0 ? [] : HolidaysEnd(edition, until).Prepend(Explanation.Of(Message.Of("days.none-of-business")));

    private static IEnumerable<Explanation> HolidaysEnd(Edition edition, Instant until)
    {
        if (edition.Calendar.HolidaysEndBefore(until) is { } last) { yield return Explanation.Of(Message.Of("days.holidays-end", ("last", edition.Calendar.Zone.StartOfDay(last)))); }
    }
}
