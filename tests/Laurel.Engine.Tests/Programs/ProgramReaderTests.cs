using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.House;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Programs;

public sealed class ProgramReaderTests
{
    private readonly PartnerProgram _maple = Folder.Program(Folder.Maple());

    private Edition First => _maple.Editions[0];

    private Vocabulary Words => _maple.Vocabulary;

    public static TheoryData<string> Programs => [.. Repository.Under("programs/", "/program.yaml").Select(file => file[..^"program.yaml".Length])];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Reads_every_program_of_the_library_without_a_word(string folder) => Assert.Empty(ProgramReader.Read(Folder.Read(folder)).Problems);

    [Fact]
    public void Reads_every_construct_without_a_word() => Assert.Empty(ProgramReader.Read(Folder.Maple()).Problems);

    [Fact]
    public void A_program_of_the_rules_of_another_has_their_identity_and_names_of_its_own()
    {
        var files = Folder.Maple().ToDictionary(f => $"../maple/{f.Key}", f => f.Value);
        files["program.yaml"] = "program: oak\nsame-as: maple\ntitle: Oak\nwords: { points: Leaves }\n";
        var oak = Folder.Program(files);
        Assert.Equal(("oak", "Oak", "Leaves"), (oak.Name, oak.Vocabulary.Title.In("en"), oak.Vocabulary.Words["points"].In("en")));
        Assert.Equal(_maple.Editions.Concat(_maple.Drafts).Select(e => e.Hash), oak.Editions.Concat(oak.Drafts).Select(e => e.Hash));
        Assert.Equal(_maple.Vocabulary.Words.Keys.Order(), oak.Vocabulary.Words.Keys.Order());
    }

    [Fact]
    public void Fields_that_nobody_must_tell_are_listed_where_nothing_asks_for_them()
    {
        const string rules = "roles: { site.owner: { starts: site.made } }\nrules:\n";
        var files = new Dictionary<string, string>
        {
            ["program.yaml"] = "program: small\nunits: { points: {} }\nsubjects: { member: { town: text }, site: { size: number, age: number, plan: text, rank: number } }\n"
                + "facts:\n  site.made: { about: site, needs: [member, plan], may: [size, age, rank] }\n  member.moved: { about: member, may: [town] }\n",
            ["editions/1.yaml"] = "edition: 1\neffective: 2024-01-01\n" + rules
                + "  a: { give: site.size points, to: site.owner, when: site.made, where: 'has(site.age) && site.age > 3 && site.plan == \"x\" && member.town != \"y\"' }\n"
                + "  b: { give: fact.rank points, to: site.owner, when: site.made, where: 'has(fact.rank)', meant: Both }\n",
        };
        Assert.Equal(["member.town", "site.size"], ProgramReader.Read(files).MayBeNotTold);
    }

    [Fact]
    public void Lists_levels_whose_distance_can_not_be_told()
    {
        var files = new Dictionary<string, string>
        {
            ["program.yaml"] = "program: oak\nunits: { points: {} }\nsubjects: { site: { plan: [basic, pro] } }\nfacts: { site.made: { about: site, needs: [member, plan] } }\n",
            ["editions/1.yaml"] = """
                edition: 1
                effective: 2024-01-01
                roles: { site.owner: { starts: site.made } }
                rules: { site: { give: 10 points, to: site.owner, when: site.made } }
                metrics: { by_plan: { sum: points, per: site.plan } }
                obligations: { each: { at-least: 1 points, each: month } }
                ladders:
                  level: { rungs: [none, low: 10 <= points && member.enrolled, half: points * 2 >= 30 || points > 40, odd: points % 2 == 1 || points * 2 > 90, high: 'by_plan["pro"] >= 100', top: level2 == "good"] }
                  level2: { rungs: [bad, fair: each.missed <= 1, good: "!(points < 200)"] }
                """,
        };
        Assert.Equal(["level2 fair", "level2 good", "level odd"], ProgramReader.Read(files).WithoutDistance);
    }

    [Fact]
    public void Lists_states_that_two_facts_of_one_instant_start_and_end_and_which_of_them_wins()
    {
        var files = new Dictionary<string, string>
        {
            ["program.yaml"] = """
                program: oak
                units: { points: {} }
                facts:
                  leave.ended: { about: member }
                  leave.began: { about: member }
                  plan.bought:  { about: site, needs: [member] }
                  plan.stopped: { about: site }
                  plan.expired: { about: site }
                  plan.renewed: { about: site }
                subjects: { site: {} }
                """,
            ["editions/2024.yaml"] = """
                edition: "2024"
                effective: 2024-01-01
                states:
                  member.away:  { starts: leave.began, ends: leave.ended }
                  site.premium: { starts: [plan.bought, plan.renewed], ends: [plan.expired, plan.stopped: site.fresh] }
                  site.fresh:   { starts: plan.bought, for: 14 days }
                  site.odd:     { starts: plan.bought, ends: "!site.premium" }
                roles:
                  site.owner:   { starts: plan.bought, ends: claim.declined }
                  site.claimed: { starts: [claim.approved, claim.declined], ends: claim.declined }
                requests: { claim: { about: site, asks: client } }
                """,
            ["editions/2025.yaml"] = """
                edition: "2025"
                effective: 2025-01-01
                based-on: "2024"
                """,
        };
        Assert.Equal(
            [
                "editions/2024.yaml:4:3: member.away holds by leave.began after leave.ended",
                "editions/2024.yaml:5:3: site.premium holds by plan.renewed after plan.stopped, plan.expired; is over by plan.stopped, plan.expired after plan.bought",
                "editions/2024.yaml:9:3: site.owner is over by claim.declined after plan.bought",
                "editions/2024.yaml:10:3: site.claimed holds by claim.approved after claim.declined",
            ],
            ProgramReader.Read(files).Ties.Select(tie => tie.ToString()));
    }

    [Fact]
    public void The_smallest_program_is_read() => Folder.Program(new Dictionary<string, string>
    {
        ["program.yaml"] = "program: small\n",
        ["editions/1.yaml"] = "edition: 1\neffective: 2024-01-01\n",
    });

    [Fact]
    public void The_folder_has_a_program_yaml() =>
        Assert.Equal("missing-file", Assert.Single(ProgramReader.Read(new Dictionary<string, string>()).Problems).Code);

    [Fact]
    public void Other_files_are_left_alone()
    {
        var files = Folder.Maple();
        (files["README.md"], files["sample.yaml"], files["editions/old/2020.yaml"]) = ("# Maple", "a: [", "b: {");
        Assert.Empty(ProgramReader.Read(files).Problems);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        var files = Folder.Maple().ToDictionary(f => f.Key, f => "\uFEFF" + f.Value.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(_maple.Editions.Select(e => e.Hash), Folder.Program(files).Editions.Select(e => e.Hash));
    }

    [Fact]
    public void Facts_are_in_the_order_in_which_they_count() => Assert.Equal(
        [
            "member.joined", "member.left", "member.adjusted", "member.migrated", "fact.retracted", "edition.published",
            "site.created", "site.moved", "plan.bought", "plan.cancelled", "person.hired", "certificate.earned", "certificate.revoked", "deal.won", "deal.lost", "firm.named", "member.moved",
            "claim.submitted", "claim.reopened", "claim.declined", "claim.withdrawn", "claim.approved", "star.submitted", "star.reopened", "star.declined", "star.withdrawn", "star.approved",
        ],
        Words.FactTypes.Select(fact => fact.Name));

    [Fact]
    public void A_request_s_facts_name_the_member_and_carry_the_form()
    {
        Assert.Equal("member! plan firm reason by", Carried("claim.submitted"));
        Assert.Equal("member! reason by", Carried("claim.approved"));
        Assert.Equal("reason by", Carried("star.approved"));
        var plan = Words.FactTypes.First(f => f.Name == "claim.submitted").Carries[1];
        Assert.Equal("plan", Words.Kinds.First(k => k.Name == "site").Fields[plan.Slot].Name);
        var claim = First.Requests[0];
        Assert.Equal("claim.declined", Words.FactTypes[claim.Declined].Name);
        Assert.Equal(new Duration(0, 30, 0), claim.Escalate);
    }

    [Fact]
    public void Fields_have_their_types()
    {
        var site = Words.Kinds.First(k => k.Name == "site");
        Assert.Equal(["member", "person", "firm", "site", "certificate", "deal"], Words.Kinds.Select(k => k.Name));
        Assert.Equal(["basic", "pro", "no plan"], Assert.IsType<FieldType.Choice>(site.Fields[0].Type).Values);
        Assert.Equal(Words.Kinds.First(k => k.Name == "firm").Index, Assert.IsType<FieldType.Reference>(site.Fields[4].Type).Kind);
        Assert.Equal("usd", Words.Units[Assert.IsType<FieldType.Money>(Words.Kinds.First(k => k.Name == "deal").Fields[2].Type).Unit].Name);
        Assert.Equal(25050, Words.Units[1].SecondPersonAbove);
        Assert.Equal("Parceiros Maple", Words.Title.In("pt-BR"));
    }

    [Fact]
    public void Dates_are_those_of_the_program_s_zone()
    {
        Assert.Equal("2023-12-31T23:00:00Z", First.Effective.ToString());
        Assert.Equal("2023-05-31T22:00:00Z", First.CountsFrom.ToString());
        Assert.Equal(First.Effective, First.Published);
        Assert.Equal("2024-11-30T23:00:00Z", _maple.Editions[1].Published.ToString());
    }

    [Fact]
    public void Editions_take_whole_sections_from_the_one_they_are_based_on()
    {
        var second = _maple.Editions[1];
        Assert.Equal(First.States.Count, second.States.Count);
        Assert.Equal(["hosting", "renewal", "share"], second.Rules.Select(r => r.Name));
        Assert.Equal(["best_site"], second.Limits.Select(l => l.Name));
        Assert.Equal(["study"], second.Limits[0].OfKept);
        Assert.Equal(["after", "next"], _maple.Drafts.Select(d => d.Name));
        Assert.Equal(3, _maple.Find("after")!.Ladders[0].Rungs.Count);
        Assert.True(_maple.Find("next")!.Draft);
    }

    [Fact]
    public void States_and_numbers_come_after_what_they_read()
    {
        foreach (var edition in _maple.Editions.Concat(_maple.Drafts))
        {
            var states = edition.States.Concat(edition.Roles).ToDictionary(s => s.Name, s => s.Layer);
            Assert.True(states["site.premium"] < states["site.counts"] && states["site.counts"] < states["site.helper"]);
            Assert.Equal(Enumerable.Range(0, edition.States.Count), edition.States.Select(s => s.Index));
            Assert.Equal(Enumerable.Range(0, edition.Metrics.Count), edition.Metrics.Select(m => m.Index));
            var layers = edition.Metrics.ToDictionary(m => m.Name, m => m.Layer);
            Assert.True(layers["points"] < edition.Ladders.First(l => l.Name == "level").Layer && edition.Ladders.First(l => l.Name == "level").Layer < layers["score"] && layers["score"] < layers["halved"]);
            Assert.Equal(edition.Metrics.OrderBy(m => m.Layer).Select(m => m.Name), edition.Metrics.Select(m => m.Name));
            Assert.Equal(edition.States.OrderBy(m => m.Layer).Select(m => m.Name), edition.States.Select(m => m.Name));
        }
    }

    [Fact]
    public void Names_in_conditions_mean_what_they_are_after_sorting()
    {
        foreach (var edition in _maple.Editions.Concat(_maple.Drafts))
        {
            var hosting = edition.Rules.First(r => r.Name == "hosting");
            var counts = Assert.IsType<SubjectBinding.OfState>(hosting.While!.Bindings[hosting.While.Root.Id]);
            Assert.Equal("site.counts", edition.States[counts.State].Name);
            var league = edition.Ladders.First(l => l.Name == "league").Rungs[1].Condition!;
            Assert.All(league.Bindings.Values.OfType<LevelBinding>(), level => Assert.Equal("level", edition.Ladders[level.Ladder].Name));
            Assert.All(league.Bindings.Values.OfType<MetricBinding>(), metric => Assert.Equal("halved", edition.Metrics[metric.Metric].Name));
        }
    }

    [Fact]
    public void A_rule_has_all_of_its_keys()
    {
        var renewal = First.Rules.First(r => r.Name == "renewal");
        Assert.Equal("site", Words.Kinds[renewal.Kind].Name);
        Assert.Equal(WindowKind.ThisYear, renewal.OrLater!.Kind);
        Assert.Equal("plan.bought", Words.FactTypes[Assert.Single(renewal.When).Fact].Name);
        Assert.Equal((new Delay.Length(new(0, 14, 0)), new Duration(12, 0, 0), new Duration(1, 0, 0)), (renewal.After, renewal.For, renewal.Within));
        Assert.Equal(3, renewal.Unless.Count);
        Assert.Equal(-1, renewal.Unless[1].Fact);
        Assert.Contains(renewal.Where!.Bindings.Values, b => b is SubjectBinding.OfState { Before: true });
        Assert.Contains(renewal.Where.Bindings.Values, b => b is FactBinding { Field: "plan", Type: CelType.Choice });
        var study = First.Rules.First(r => r.Name == "study");
        Assert.Equal(new CelType.Reference("member"), study.To!.Type);
        Assert.Equal("certificate", Words.Kinds[study.Kind].Name);
        Assert.Null(First.Rules.First(r => r.Name == "welcome").To);
    }

    [Fact]
    public void Triggers_have_their_three_forms()
    {
        var premium = First.States.First(s => s.Name == "site.premium");
        Assert.Equal("plan.cancelled", Words.FactTypes[premium.Ends[0].Fact].Name);
        Assert.Equal("site.trial", premium.Ends[0].Condition!.Source);
        Assert.Null(premium.Ends[1].Condition);
        var quiet = First.States.First(s => s.Name == "site.quiet").Starts[0];
        Assert.Equal((-1, "!site.premium", new Duration(0, 3, 0)), (quiet.Fact, quiet.Condition!.Source, quiet.For));
        Assert.Equal("ends_on", Words.Kinds[premium.Kind].Fields[premium.Until].Name);
        Assert.True(First.Roles.First(r => r.Name == "site.owner").One);
        Assert.Equal("seller", First.Roles.First(r => r.Name == "deal.closer").Who);
    }

    [Fact]
    public void Limits_group_by_paths_from_the_kind_of_their_rules()
    {
        var courses = First.Limits.First(l => l.Name == "courses");
        Assert.Equal((LimitKind.First, 5L), (courses.Kind, courses.Number));
        Assert.Equal(["certificate.course", "certificate.holder"], courses.Per.Cast<LimitKey.Path>().SelectMany(p => p.Paths.Values).Select(e => e.Source));
        var later = First.Limits.First(l => l.Name == "later");
        Assert.Equal("deal.site", ((LimitKey.Path)later.Per[0]).Paths.Values.Single().Source);
        Assert.Equal(new LimitKey.Period(WindowKind.ThisQuarter, null), later.Per[1]);
        Assert.IsType<LimitKey.Rule>(First.Limits.First(l => l.Name == "yearly").Per[1]);
    }

    [Fact]
    public void Every_unit_is_a_metric_unless_the_edition_says_it_otherwise()
    {
        var points = First.Metrics.First(m => m.Name == "points");
        Assert.Equal(new Window(WindowKind.These, new(12, 0, 0)), points.In);
        var usd = First.Metrics.First(m => m.Name == "usd");
        Assert.Equal((MetricKind.Sum, null), (usd.Kind, usd.In));
        Assert.Equal(new CelType.Map(new CelType.Choice("rule", [.. First.Rules.Select(r => r.Name)], Ordered: false), CelType.Number), First.Metrics.First(m => m.Name == "score").Formula!.Bindings.Values.OfType<MetricBinding>().First(b => b.Type is CelType.Map).Type);
    }

    [Fact]
    public void Ladders_move_as_they_say()
    {
        var (level, league) = (First.Ladders.First(l => l.Name == "level"), First.Ladders.First(l => l.Name == "league"));
        Assert.Equal([new(null, 1, 15), new(null, 7, 15)], level.Down.At);
        Assert.Equal(WindowKind.Last, level.Down.Best!.Kind);
        Assert.Empty(level.Up.At);
        Assert.Equal([new(WindowKind.ThisQuarter, 0, 0)], league.Up.At);
        Assert.True(league.Down.Never);
        Assert.Equal(["no", "yes"], league.Rungs.Select(r => r.Name));
    }

    [Fact]
    public void Tables_are_exact()
    {
        Assert.True(Number.TryParse("0.3", out var third));
        Assert.Equal(third, First.Tables["share"].Rows["gold"]["pro"]);
        Assert.Equal((2, 1), (First.Tables["share"].Keys, First.Tables["bonus"].Keys));
        Assert.True(Number.TryParse("0.1", out var tenth));
        Assert.Equal(tenth, First.Tables["bonus"].Rows["else"][""]);
        Assert.Equal("Shares by tier and plan", First.Tables["share"].Doc.Says!.In("en"));
    }

    [Fact]
    public void Transitions_say_what_becomes_of_each_rule() => Assert.Equal(
        [("hosting", TransitionKind.As, 0), ("growth", TransitionKind.As, 0), ("study", TransitionKind.Keep, -1), ("answered", TransitionKind.End, -1), ("welcome", TransitionKind.End, -1)],
        _maple.Editions[1].Transitions.Select(t => (t.Rule, t.Kind, t.As)));

    private string Carried(string fact) =>
        string.Join(' ', Words.FactTypes.First(f => f.Name == fact).Carries.Select(field => field.Needed ? field.Name + "!" : field.Name));
}
