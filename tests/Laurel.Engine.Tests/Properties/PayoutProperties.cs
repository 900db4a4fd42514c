using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>What is paid at each close is what was owed by what was known then, computed anew for each close.</summary>
public sealed class PayoutProperties
{
    [Fact]
    public void Payouts_pay_what_is_owed_as_known_at_their_close_and_carry_over_the_rest() => Property.Holds(40, made =>
    {
        var (history, zone) = (made.History(), made.Program.Vocabulary.Zone);
        var editions = NaiveCredits.InForce(made.Program, Instant.Never);
        if (editions.All(e => e.Edition.Payouts.Count == 0)) { return; }
        var (expected, paid) = (new List<string>(), new Dictionary<(string, int), long>());
        var (first, last) = (made.Log.Min(f => f.Recorded ?? f.Time), made.Log.Max(f => f.Recorded ?? f.Time));
        if (zone.DateOf(last).Year - zone.DateOf(first).Year > 4) { return; }
        for (var day = zone.DateOf(first).AddDays(1); zone.StartOfDay(day) <= last; day = day.AddDays(1))
        {
            var (close, before) = (zone.StartOfDay(day), new Instant(zone.StartOfDay(day).Micros - 1));
            var edition = editions[Math.Max(0, editions.ToList().FindLastIndex(e => e.InForce.Starts <= before))].Edition;
            foreach (var payout in edition.Payouts.Where(p => Naive.Calendar.Leaves(new(p.Each, Duration.Zero), before, edition) == close))
            {
                var known = new NaiveCredits(made.Program.Vocabulary, editions, made.Log.Where(f => (f.Recorded ?? f.Time) < close), close);
                foreach (var member in known.Members)
                {
                    var owed = known.Of(member).Where(p => !p.Pending && p.Of.Unit.Index == payout.Unit && p.Span.Contains(before)).Sum(p => p.Counted) - paid.GetValueOrDefault((member.Name, payout.Unit));
                    if (owed == 0) { continue; }
                    var status = owed < payout.AtLeast ? PayoutStatus.TooLittle : payout.Where is null || new NaiveStandings(known, member).Holds(payout.Where, before) ? PayoutStatus.Paid : PayoutStatus.Held;
                    if (status == PayoutStatus.Paid) { paid[(member.Name, payout.Unit)] = paid.GetValueOrDefault((member.Name, payout.Unit)) + owed; }
                    expected.Add(Line(close, member.Name, owed, status));
                }
            }
        }
        var steps = Posting.Run(made.Program, history, RuleBook.InForce(made.Program, Instant.Never), Instant.Never).Payouts;
        Same.Lines([.. expected.Order(StringComparer.Ordinal)], [.. steps.Select(s => Line(s.Close, history.NameOf(s.Member), s.Owed, s.Status)).Order(StringComparer.Ordinal)], "payouts");
    });

    private static string Line(Instant close, string member, long owed, PayoutStatus status) => string.Create(CultureInfo.InvariantCulture, $"{close} {member} {owed} {status}");
}
