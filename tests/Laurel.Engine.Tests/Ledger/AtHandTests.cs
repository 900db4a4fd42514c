using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>A server that has a part of the log at hand, or nothing any more, asks its store for what is missing and posts what a run over the whole log posts.</summary>
public sealed class AtHandTests
{
    private const string Program = """
        program: maple
        units: { points: {}, sales: {}, usd: { money: true } }
        subjects:
          member:      { size: number, country: text }
          person:      { team: member }
          certificate: { holder: person }
          site:        { size: number, plan: text }
        facts:
          member.grown:       { about: member, needs: [size] }
          member.moved:       { about: member, needs: [country] }
          person.joined_team: { about: person, needs: [team] }
          certificate.earned: { about: certificate, needs: [holder] }
          site.created:       { about: site, needs: [member, size] }
          site.sold:          { about: site, needs: [member] }
          site.closed:        { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        """;

    private const string Ada = "2024-01-02 member.joined member/ada";
    private const string Ben = "2024-01-03 member.joined member/ben";

    /// <summary>What comes to hand in many ways: by name, through others, late, taken back, before any edition, after another.</summary>
    private static readonly string[] _facts =
    [
        "2023-12-30 site.created site/old member=ada size=300000",
        Ada, "2024-01-02 member.grown member/ada size=3", Ben,
        "2024-01-05 person.joined_team person/pia team=ada", "2024-01-06 certificate.earned certificate/c1 holder=pia", "2024-01-07 certificate.earned certificate/c2 holder=pia",
        "2024-01-08 person.joined_team person/cid team=cleo", "2024-01-08 certificate.earned certificate/c3 holder=cid",
        "2024-01-10 site.created site/s1 member=ada size=7", "2024-01-11 site.created site/s2 member=ben size=9", "2024-01-12 site.created site/s3 member=ada size=12",
        "2024-01-20 site.sold site/s1 member=ada", "2024-01-20 site.sold site/s2 member=ben (2024-02-03)", "2024-02-10 site.sold site/s3 member=ada", "2024-01-21 site.closed site/s3 (2024-02-11)",
        "2024-01-04 member.joined member/cleo (2024-02-12)", "2024-02-13 person.joined_team person/pia team=ben", "2024-02-14 member.moved member/ben country=DE",
        "2024-02-15 fact.retracted - source=shop id=f9", "2024-02-15 fact.retracted - source=shop id=nobody", "2024-03-02 site.sold site/s3 member=ben",
        "2024-03-03 member.left member/ada", "2024-03-04 fact.retracted - source=shop id=f22", "2024-03-05 site.sold site/s1 member=ada", "2024-04-02 site.created site/s4 member=cleo size=1",
    ];

    public static TheoryData<string> Rules =>
    [
        "rules: { site: { give: site.size points, when: site.created } }\nlimits: { best: { of: site, best: 1 }, cap: { of: site, per: rule, at-most: 10 points } }",
        "rules: { certified: { give: 50 points, when: certificate.earned, to: certificate.holder.team } }",
        "states: { certificate.valid: { starts: certificate.earned } }\nrules: { certified: { give: 50 points, while: certificate.valid, to: certificate.holder.team } }",
        "states: { certificate.valid: { starts: certificate.earned } }\nrules: { certified: { give: certificate.holder.team.size points, while: certificate.valid && certificate.holder.team.size > 1, to: certificate.holder.team } }",
        "rules: { site: { give: 10 points, when: site.created }, sale: { give: '(level >= \"gold\" ? 5 : 2) sales', when: site.sold, unless: site.closed } }\nladders: { level: { rungs: [none, gold: points >= 20] } }",
        "rules: { site: { give: site.size points, when: site.created }, sale: { give: 100 usd, when: site.sold, unless: site.closed } }\nlimits: { fund: { of: sale, per: quarter, budget: 250 usd } }\npayouts: { usd: { each: month, at-least: 50 } }",
        "rules: { site: { give: site.size points, when: site.created }, sale: { give: 60 usd, when: site.sold }, prize: { give: 25 usd, when: each month, where: top.place == 1 } }\nmetrics: { top: { rank: points, at: month } }\npayouts: { usd: { each: month, at-least: 80, where: points > 0 } }",
        "rules: { site: { give: site.size points, when: site.created }, sale: { give: 60 usd, when: site.sold, unless: site.closed } }\nlimits: { cap: { of: sale, per: rule, at-most: 150 usd } }\npayouts: { usd: { each: month, at-least: 50, where: points > 0 } }",
        "rules: { site: { give: 10 points, when: site.created }, sale: { give: 2 sales, when: site.sold, where: monthly.missed == 0 } }\nobligations: { monthly: { at-least: 10 points, each: month } }",
        "rules: { site: { give: 10 points, when: site.created } }\n---\nedition: e2\neffective: 2024-02-01\nrules: { site: { give: 20 points, when: site.created }, sale: { give: 1 points, when: site.sold } }\nlimits: { first: { of: sale, first: 2 } }",
    ];

    [Fact]
    public void What_is_learnt_late_of_the_edition_before_moves_the_level_that_was_kept_from_it()
    {
        const string Editions = """
            rules: { site: { give: 10 points, when: site.created }, sale: { give: 20 points, when: site.sold, for: 5 days } }
            ladders: { level: { rungs: [none, gold: points >= 25], down: never } }
            ---
            edition: e2
            effective: 2024-02-01
            based-on: e1
            ladders: { level: { rungs: [none, gold: points >= 1000], down: never } }
            """;
        var told = Told.Of(
            $"{Program}\n{Editions}", Ada, "2024-01-10 site.created site/s1 member=ada size=7", "2024-02-05 site.created site/s2 member=ada size=7", "2024-02-06 site.created site/s3 member=ada size=7",
            "2024-01-20 site.sold site/s1 member=ada (2024-02-10)", "2024-02-12 fact.retracted - source=shop id=f4", "2024-02-14 site.created site/s4 member=ada size=7");
        var items = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).ToList();
        var levels = new List<int>();
        new Lane(told.Program, told.History, new(7))
        {
            Forgets = 0,
            Told = (posting, own, item) =>
            {
                LaneProperties.Compare(told.Program, told.History, posting, own, item);
                foreach (var member in posting.Concerned) { levels.Add(posting.TimelineOf(member, item.Recorded, item.Recorded).At(item.Recorded).Levels[0]); }
            },
        }.Post(items);
        // Joined, and three sites; the sale of January; without it; a fourth.
        Assert.Equal([0, 0, 0, 0, 1, 0, 0], levels.TakeLast(7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_learnt_late_of_an_editions_first_instant_leaves_the_level_that_was_kept_from_the_one_before(bool fromEver)
    {
        const string Editions = """
            rules: { site: { give: 10 points, when: site.created } }
            ladders: { level: { rungs: [none, gold: points >= 20], down: never } }
            ---
            edition: e2
            effective: 2024-02-01
            based-on: e1
            ladders: { level: { rungs: [none, gold: points >= 1000], down: never } }
            """;
        var told = Told.Of(
            $"{Program}\n{Editions}", Ada, "2024-01-10 site.created site/s1 member=ada size=7", "2024-01-11 site.created site/s2 member=ada size=7", "2024-02-03 site.created site/s3 member=ada size=7",
            "2024-02-04 member.grown member/ada size=3", "2024-02-01 site.created site/s4 member=ada size=7 (2024-02-05)", "2024-02-07 site.created site/s5 member=ada size=7");
        var levels = new List<int>();
        new Lane(told.Program, told.History, new(7))
        {
            Forgets = 0,
            Told = (posting, own, item) =>
            {
                foreach (var member in posting.Concerned)
                {
                    var timeline = posting.TimelineOf(member, fromEver ? Instant.Ever : item.Recorded, item.Recorded);
                    Assert.Equal(fromEver, timeline.Standings[0].From == Instant.Ever);
                    levels.Add(timeline.At(item.Recorded).Levels[0]);
                }
                LaneProperties.Compare(told.Program, told.History, posting, own, item);
            },
        }.Post([.. Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever)]);
        // Joined, and two sites; the edition; a third; grown; two more.
        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 1], levels);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void What_is_posted_does_not_depend_on_what_is_at_hand(string rules)
    {
        var told = Told.Of($"{Program}\n{rules}", _facts);
        var items = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).ToList();
        var run = Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(p => Lane.Lines(p.Item, p.Entries, told.History)).ToList();
        Assert.NotEmpty(run);
        foreach (var forgets in (int[])[0, 40, 100])
        {
            var lane = new Lane(told.Program, told.History, new(7)) { Forgets = forgets, Told = (posting, own, item) => LaneProperties.Compare(told.Program, told.History, posting, own, item) };
            Same.Lines(run, lane.Post(items), $"entries of who forgets all {forgets} times in a hundred");
        }
    }

    [Theory]
    [InlineData("site.sold site/s1 member=ada", "FactsOf certificate/c1, FactsOf member/ada, FactsOf person/pia, FactsOf site/s1, Naming member/ada, Naming person/pia", "the site, and what may count for its member")]
    [InlineData("site.closed site/s2", "FactsOf member/ben, FactsOf site/s2, Naming member/ben", "who is named by what is there already")]
    [InlineData("site.sold site/new member=new", "FactsOf member/new, FactsOf site/new, Naming member/new", "whether there is anything of those that are new")]
    [InlineData("member.left member/ben", "FactsOf member/ben, FactsOf site/s2, Naming member/ben", "all that names the member")]
    [InlineData("certificate.earned certificate/c2 holder=pia", "FactsOf certificate/c1, FactsOf certificate/c2, FactsOf member/ada, FactsOf person/pia, FactsOf site/s1, Naming member/ada, Naming person/pia", "the member through the person")]
    [InlineData("fact.retracted - source=shop id=f5", "FactOf shop f5, FactsOf member/ben, Naming member/ben", "what is taken back, and whom it concerns")]
    [InlineData("fact.retracted - source=shop id=none", "FactOf shop none", "what is taken back: nobody told it")]
    public void Who_has_nothing_at_hand_asks_for(string fact, string asked, string why)
    {
        var found = Asked("", fact, forgets: 100)[^1];
        Assert.True(asked == found, $"{why}: {found}");
    }

    [Fact]
    public void Who_has_had_it_at_hand_from_the_start_asks_for_nothing() => Assert.All(Asked("", "site.sold site/s1 member=ada", forgets: 0), Assert.Empty);

    [Theory]
    [InlineData("limits: { fund: { of: site, budget: 100 points } }", 7, "what one member claims is shared with all")]
    [InlineData("metrics: { top: { rank: points, at: month } }", 7, "a month ranks all")]
    [InlineData("---\nedition: e2\neffective: 2024-01-20\nbased-on: e1", 7, "an edition is for all")]
    public void What_concerns_everybody_asks_for_all(string more, int position, string why) => Assert.True(Asked(more, "site.sold site/s1 member=ada", forgets: 100)[position] == "All", why);

    [Fact]
    public void A_month_that_only_pays_asks_to_whom_something_is_owed() => Assert.Equal("Owed usd 2024-01-31T23:59:59.999999Z", Asked("payouts: { usd: { each: month } }", "site.sold site/s1 member=ada", forgets: 100)[7]);

    [Fact]
    public void Who_goes_on_from_where_another_came_to_assesses_a_member_when_all_is_at_hand_that_names_it()
    {
        var told = Told.Of($"{Program}\nrules: {{ site: {{ give: site.size points, when: site.created }} }}", Ada, "2024-01-10 site.created site/s1 member=ada size=7");
        var posting = new Posting(told.Program, told.History, under: null);
        foreach (var item in Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever)) { posting.Post(item); }
        var hand = new FactsAtHand(told.Program.Vocabulary);
        var other = new Posting(told.Program, hand, posting.Reached);
        var (ada, site) = (new SubjectName("member", "ada"), new SubjectName("site", "s1"));
        Assert.Equal("FactsOf member/ada, Naming member/ada", string.Join(", ", other.MissingFor(ada).Select(Line).Order(StringComparer.Ordinal)));
        other.LayIn(ada, [(told.History.FactOf(told.History.FactAt[0]), 0)]);
        other.LayInNaming(ada, [site]);
        Assert.Equal("FactsOf site/s1", string.Join(", ", other.MissingFor(ada).Select(Line)));
        other.LayIn(site, [(told.History.FactOf(told.History.FactAt[1]), 1)]);
        Assert.Empty(other.MissingFor(ada));
        Assert.Equal("7", $"{other.TimelineOf(hand.NumberOf(Vocabulary.MemberKind, "ada"), Some.At("2024-02-01"), Some.At("2024-02-01")).At(Some.At("2024-02-01")).MetricOf("points")}");
    }

    [Fact]
    public void Who_is_at_hand_in_part_is_paid_nothing()
    {
        var told = Told.Of(
            $"{Program}\nrules: {{ sale: {{ give: 60 usd, when: site.sold, where: site.size < 9 }}, fine: {{ give: -60 usd, when: site.sold, where: site.size >= 9 }} }}\npayouts: {{ usd: {{ each: month }} }}",
            Ada, Ben, "2024-01-10 site.created site/s1 member=ada size=7", "2024-01-11 site.created site/s2 member=ben size=9", "2024-01-12 site.sold site/s1 member=ben", "2024-01-13 site.sold site/s2 member=ben", "2024-02-02 member.grown member/ada size=1");
        var items = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).ToList();
        var close = items.FindIndex(i => i.IsClose && i.Recorded > Some.At("2024-01-15"));
        var posting = new Posting(told.Program, told.History, under: null);
        Assert.Equal(2, items[..close].Sum(item => posting.Post(item).Count));
        var hand = new FactsAtHand(told.Program.Vocabulary);
        var other = new Posting(told.Program, hand, posting.Reached);
        SubjectName NameOf(int subject) => new(told.Program.Vocabulary.Kinds[told.History.KindOf(subject)].Name, told.History.NameOf(subject));
        void LayIn(SubjectName subject) => other.LayIn(subject, items[..close].Where(i => i.Fact >= 0 && NameOf(told.History.AboutOf(i.Fact)) == subject).Select(i => (told.History.FactOf(i.Fact), i.Position)));
        // What concerns ada has been there: of ben too what her site says, and not that his own took as much from him.
        LayIn(new("member", "ada"));
        other.LayInNaming(new("member", "ada"), [new("site", "s1")]);
        LayIn(new("site", "s1"));
        LayIn(new("member", "ben"));
        Assert.Empty(other.MissingFor(new SubjectName("member", "ada")));

        var owed = Assert.IsType<Missing.Owed>(Assert.Single(other.MissingFor(items[close])));
        other.LayInOwed(owed, []);
        Assert.Empty(other.MissingFor(items[close]));
        Assert.Empty(other.Post(items[close]));
        Assert.Empty(posting.Post(items[close]));
    }

    [Fact]
    public void Before_an_edition_is_published_there_are_no_rules()
    {
        var program = Told.Of(Program).Program;
        var posting = new Posting(program, new FactsAtHand(program.Vocabulary), new(Entries: 0, Known: 3, Some.At("2023-12-01")));
        Assert.Null(posting.Book);
        Assert.Throws<InvalidOperationException>(() => posting.TimelineOf(0, Some.At("2024-02-01"), Some.At("2024-02-01")));
    }

    [Fact]
    public void Who_says_nothing_is_told_what_was_to_be_said()
    {
        var told = Told.Of(Program, Ada);
        var posting = new Posting(told.Program, new FactsAtHand(told.Program.Vocabulary), PostingStart.Nothing);
        Assert.Throws<ArgumentNullException>("hand", () => new Posting(told.Program, null!, PostingStart.Nothing));
        Assert.Throws<ArgumentNullException>("start", () => new Posting(told.Program, new FactsAtHand(told.Program.Vocabulary), null!));
        Assert.Throws<ArgumentNullException>("item", () => posting.MissingFor(null!));
        Assert.Throws<ArgumentNullException>("item", () => posting.MayConcern(null!));
        Assert.Throws<ArgumentNullException>("about", () => posting.MayConcern(null!, []));
        Assert.Throws<ArgumentNullException>("named", () => posting.MayConcern([], null!));
        Assert.Throws<ArgumentNullException>("facts", () => posting.LayIn(new("member", "ada"), null!));
        Assert.Throws<ArgumentNullException>("naming", () => posting.LayInNaming(new("member", "ada"), null!));
        Assert.Throws<ArgumentNullException>("entry", () => new LedgerLines(told.Program, told.History, RuleBook.InForce(told.Program, Instant.Never)).LineOf(null!, new(0, -1, null, Instant.Ever)));
    }

    /// <summary>What is asked for, item by item; the last is the fact.</summary>
    private static List<string> Asked(string more, string fact, int forgets)
    {
        var told = Told.Of(
            $"{Program}\nrules: {{ site: {{ give: 10 points, when: site.created }} }}\n{more}",
            Ada, Ben, "2024-01-05 person.joined_team person/pia team=ada", "2024-01-06 certificate.earned certificate/c1 holder=pia", "2024-01-10 site.created site/s1 member=ada size=7", "2024-01-11 site.created site/s2 member=ben size=9", $"2024-02-02 {fact}");
        var lane = new Lane(told.Program, told.History, new(7)) { Forgets = forgets, LooksAhead = 0 };
        var items = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).ToList();
        lane.Post(items);
        return [.. items.Select(item => string.Join(", ", lane.Asked.Where(a => a.Position == item.Position).Select(a => Line(a.Missing)).Distinct().Order(StringComparer.Ordinal)))];
    }

    private static string Line(Missing missing) => missing switch
    {
        Missing.FactsOf of => $"FactsOf {of.Subject}",
        Missing.Naming of => $"Naming {of.Subject}",
        Missing.FactOf of => $"FactOf {of.Source} {of.Id}",
        Missing.Owed owed => $"Owed {owed.Unit.Name} {owed.At}",
        _ => "All",
    };
}
