using System.Globalization;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>A level that moves when something turns is where it is found by looking at every day.</summary>
public sealed class LadderProperties
{
    private const int Ladders = 80;
    private static readonly DateOnly First = new(2024, 1, 1);
    private static readonly DateOnly Last = new(2026, 6, 30);

    /// <summary>What is told on a day: points that come or go, whether what is needed holds, joining or leaving.</summary>
    private sealed record News(DateOnly Day, int Points, bool? Needed, bool? Enrolled);

    [Fact]
    public void A_level_is_where_every_day_puts_it()
    {
        var times = double.Parse(Environment.GetEnvironmentVariable("LAUREL_PROPERTY_RUNS") is { Length: > 0 } runs ? runs : "1", CultureInfo.InvariantCulture);
        for (var seed = 1UL; seed <= Ladders * times; seed++)
        {
            var chance = new Chance(seed);
            var (up, down) = (Movement(chance, isDown: false), Movement(chance, isDown: true));
            var news = SomeNews(chance);
            var program = $$"""
                program: maple
                units: { points: {} }
                subjects: { member: { needed: flag } }
                facts: { member.told: { about: member, needs: [needed] } }
                ---
                edition: e1
                effective: 2024-01-01
                ladders: { level: { rungs: [low, mid: points >= 100, high: points >= 200, top: points >= 300], up: {{up}}, down: {{down}} } }
                """;
            var told = Bugs.Told.Of(program, [.. news.SelectMany(Facts)]);
            var timeline = told.Scoring.Derive().ForThread().TimelineOf(told.Scoring.Members.Single());
            var ladder = told.Program.Editions[0].Ladders[0];
            var expected = DayByDay(told.Program.Editions[0], ladder, news);
            Same.Lines(
                [.. expected.Select(e => $"{e.Day:yyyy-MM-dd} {e.Level}")],
                [.. expected.Select(e => $"{e.Day:yyyy-MM-dd} {timeline.At(At(e.Day)).LevelOn(ladder)}")],
                $"seed {seed}, up {up}, down {down}, {string.Join("; ", news)}: levels");
        }
    }

    private static string Movement(Chance chance, bool isDown)
    {
        if (chance.Percent(isDown ? 5 : 50)) { return chance.One("at once", "never"); }
        var keys = new List<string>();
        if (chance.Percent(50)) { keys.Add($"at: {chance.One("month", "quarter", "[01-15, 07-31]")}"); }
        if (chance.Percent(isDown ? 25 : 60)) { keys.Add($"lag: {chance.One("14 days", "1 month", "1 day")}"); }
        if (isDown && chance.Percent(40)) { keys.Add($"grace: {chance.One("30 days", "10 days", "2 months")}"); }
        if (isDown && chance.Percent(40)) { keys.Add($"stay: {chance.One("2 months", "20 days", "1 year")}"); }
        if (isDown && chance.Percent(40)) { keys.Add($"best: {chance.One("last 60 days", "this quarter", "these 2 months", "last 1 month", "this year")}"); }
        if (keys.Exists(k => k.StartsWith("stay", StringComparison.Ordinal) || k.StartsWith("best", StringComparison.Ordinal)) && chance.Percent(50)) { keys.Add("needs: member.needed"); }
        return keys.Count == 0 ? "at once" : $"{{ {string.Join(", ", keys)} }}";
    }

    private static List<News> SomeNews(Chance chance)
    {
        var news = new List<News> { new(First.AddDays(chance.Below(40)), 0, null, true) };
        for (var i = 3 + chance.Below(8); i > 0; i--)
        {
            var day = chance.Percent(40) ? new DateOnly(2024, 1 + chance.Below(12), chance.One(1, 1, 15, 31 - 3)) : First.AddDays(chance.Below(420));
            news.Add(chance.Below(10) switch
            {
                < 7 => new(day, chance.One(100, 150, 200, 300, -100, -100, -200), null, null),
                < 9 => new(day, 0, chance.Percent(60), null),
                _ when news.TrueForAll(n => n.Day != day || n.Enrolled is null) => new(day, 0, null, chance.Percent(50)),
                _ => new(day, 100, null, null),
            });
        }
        return [.. news.OrderBy(n => n.Day)];
    }

    private static IEnumerable<string> Facts(News news) => news switch
    {
        { Enrolled: { } enrolled } => [$"{news.Day:yyyy-MM-dd} member.{(enrolled ? "joined" : "left")} member/ada"],
        { Needed: { } needed } => [$"{news.Day:yyyy-MM-dd} member.told member/ada needed={needed}"],
        _ => [string.Create(CultureInfo.InvariantCulture, $"{news.Day:yyyy-MM-dd} member.adjusted member/ada unit=points amount={news.Points} reason=news by=kim")],
    };

    /// <summary>The level on each day, from what is met on it and on those before.</summary>
    private static List<(DateOnly Day, string? Level)> DayByDay(Edition edition, Ladder ladder, List<News> news)
    {
        var days = new List<(DateOnly Day, string? Level)>();
        var met = new SortedDictionary<DateOnly, int>();
        var decided = new List<(DateOnly Holds, int Rung, bool Rises)>();
        var (level, since, failing) = (-1, First, (DateOnly?)null);
        for (var day = First; day <= Last; day = day.AddDays(1))
        {
            if (!Enrolled(day))
            {
                (level, failing) = (-1, null);
                met.Clear();
                decided.Clear();
                days.Add((day, null));
                continue;
            }
            var now = met[day] = Math.Clamp(news.Where(n => n.Day <= day).Sum(n => n.Points) / 100, 0, 3);
            var to = level < 0 ? now : Move(day, now);
            if (to != level) { (level, since) = (to, day); }
            failing = now >= level ? null : failing ?? day;
            days.Add((day, ladder.Rungs[level].Name));
        }
        return days;

        bool Enrolled(DateOnly day) => news.LastOrDefault(n => n.Day <= day && n.Enrolled is not null)?.Enrolled == true;

        bool Needed(DateOnly day) => news.LastOrDefault(n => n.Day <= day && n.Needed is not null)?.Needed == true;

        int Move(DateOnly day, int now)
        {
            var to = level;
            // Who rises at once never falls below what is met.
            var floor = ladder.Up is { Never: false, At.Count: 0, Lag: null } ? now : 0;
            foreach (var decision in decided.Where(d => d.Holds == day)) { to = decision.Rises ? Math.Max(to, decision.Rung) : Math.Max(Math.Min(to, decision.Rung), floor); }
            decided.RemoveAll(d => d.Holds == day);
            // A review sees the day before.
            if (IsLookedAt(ladder.Up, day) && Seen(ladder.Up) is var up && up > to) { to = Decide(ladder.Up, up, to, rises: true); }
            if (IsLookedAt(ladder.Down, day) && Fall(ladder.Down) is { } down && Math.Max(down, floor) < to) { to = Decide(ladder.Down, Math.Max(down, floor), to, rises: false); }
            return to;

            int Seen(Movement movement) => movement.At.Count > 0 ? met[day.AddDays(-1)] : now;

            int? Fall(Movement down)
            {
                var helped = down.Needs is null || Needed(down.At.Count > 0 ? day.AddDays(-1) : day);
                if (down.Grace is { } grace && (failing is not { } fails || Later(fails, grace) > day)) { return null; }
                if (helped && down.Stay is { } stay && Later(since, stay) > day) { return null; }
                return helped && down.Best is { } window ? met.Where(m => IsIn(window, m.Key)).Max(m => m.Value) : Seen(down);
            }

            // A day's last instant is the last to leave a window; a review looks at what the window had just before.
            bool IsIn(Window window, DateOnly past)
            {
                if (past == day) { return ladder.Down.At.Count == 0; }
                var leaves = Naive.Calendar.Leaves(window, At(past.AddDays(1)).JustBefore, edition);
                return ladder.Down.At.Count > 0 ? leaves >= At(day) : leaves > At(day);
            }

            int Decide(Movement movement, int rung, int to, bool rises)
            {
                if (movement.Lag is not { } lag) { return rung; }
                if (!decided.Exists(d => d.Rung == rung && d.Rises == rises)) { decided.Add((Later(day, lag), rung, rises)); }
                return to;
            }
        }

        bool IsLookedAt(Movement movement, DateOnly day) => !movement.Never && (movement.At.Count == 0 || movement.At.Any(r => Naive.Calendar.IsReview(r, At(day), edition.Calendar.Zone)));

        DateOnly Later(DateOnly day, Duration length) => edition.Calendar.Zone.DateOf(Naive.Calendar.Add(edition, At(day), length));
    }

    private static Instant At(DateOnly day) => Some.At(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
