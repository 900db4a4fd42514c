using Laurel.Engine.Programs;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Properties say little of cases in which nothing happens: these say that enough does.</summary>
public sealed class CaseTests
{
    [Fact]
    public void Enough_happens_in_the_cases()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        void See(string what, bool sees) => seen[what] = seen.GetValueOrDefault(what) + (sees ? 1 : 0);
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var made = Case.Some(seed);
            var credits = new NaiveCredits(made.Program.Vocabulary, NaiveCredits.InForce(made.Program, Instant.Never), made.Log);
            var pieces = credits.Members.SelectMany(credits.Of).ToList();
            See("any credit", pieces.Count > 0);
            See("pending", pieces.Exists(p => p.Pending));
            See("ends", pieces.Exists(p => p.Span.Ends != Instant.Never));
            See("set aside", pieces.Exists(p => p.Counted == 0 && p.Amount != 0));
            See("cut", pieces.Exists(p => p.Counted != 0 && p.Counted != p.Amount));
            See("at a moment", pieces.Exists(p => p.Of.Edition >= 0 && credits.Editions[p.Of.Edition].Edition.Rules[p.Of.Place].When.Count > 0));
            See("while it holds", pieces.Exists(p => p.Of.Edition >= 0 && credits.Editions[p.Of.Edition].Edition.Rules[p.Of.Place].When.Count == 0));
            See("of a certificate", pieces.Exists(p => p.Of.Subject.Kind == "certificate"));
            See("goes on from the edition before", pieces.Exists(p => p.Of.Edition > 0 && p.Of.Moment < credits.Editions[p.Of.Edition].InForce.Starts));
            See("goes on after its edition", pieces.Exists(p => p.Of.Edition >= 0 && p.Span.Ends > credits.Editions[p.Of.Edition].InForce.Ends));
            See("adjusted", pieces.Exists(p => p.Of.Edition < 0));
            See("begins after its moment", pieces.Exists(p => p.Of.Edition >= 0 && credits.Editions[p.Of.Edition].Edition.Rules[p.Of.Place].OrLater is not null
                && pieces.Where(q => q.Of == p.Of).Min(q => q.Span.Starts) > p.Of.Moment));
            See("at a close", pieces.Exists(p => RuleOf(p)?.When.Any(t => t.Each is not null) == true));
            See("of a later stage", pieces.Exists(p => RuleOf(p)?.Stage > 0));
            See("of the stage after that", pieces.Exists(p => RuleOf(p)?.Stage > 1));
            See("left by a budget", pieces.Exists(p => p.Counted != p.Amount && RuleOf(p) is { } rule && credits.Editions[p.Of.Edition].Edition.Limits.Any(l => l.Kind == LimitKind.Budget && l.Of.Contains(rule.Index))));
            See("ranked", credits.RankDates.Any(date => credits.Members.Any(m => credits.RankOf("top", m, date)?.Place > 1)));

            CreditRule? RuleOf(Piece piece) => piece.Of.Edition < 0 ? null : credits.Editions[piece.Of.Edition].Edition.Rules[piece.Of.Place];
        }
        var rare = seen.Where(s => s.Value < 2).Select(s => $"{s.Key}: in {s.Value} of 200").ToList();
        Assert.True(rare.Count == 0 && seen["any credit"] > 100, string.Join("\n", seen.Select(s => $"{s.Key}: {s.Value}")));
        if (Environment.GetEnvironmentVariable("LAUREL_PROPERTY_SHOW") is not null) { Assert.Fail(string.Join("\n", seen.Select(s => $"{s.Key}: {s.Value}"))); }
    }
}
