using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Facts;

public sealed class HistoryTests
{
    [Fact]
    public void Of_no_fact_is_empty()
    {
        var history = Some.History();
        Assert.Equal((0, 0, 0), (history.FactCount, history.SubjectCount, history.KnownUpTo(Instant.Last)));
        Assert.Equal([0], history.FirstFact);
        Assert.Null(history.Find("shop", "f1"));
        Assert.Null(history.SubjectOf(2, "s1"));
        Assert.Equal(-1, history.TextNumber("hello"));
    }

    [Fact]
    public void Facts_of_a_subject_are_in_order_of_time_then_type_then_log()
    {
        var history = Some.History(
            Some.Line("f1", "plan.activated", "site/s1", "2024-06-02", """{"plan":"business"}""", recorded: "2024-06-03"),
            Some.Line("f2", "plan.activated", "site/s2", "2024-06-01", """{"plan":"business"}""", recorded: "2024-06-03"),
            Some.Line("f3", "plan.activated", "site/s1", "2024-06-02", """{"plan":"unlimited"}""", recorded: "2024-06-03"),
            Some.Line("f4", "plan.expired", "site/s1", "2024-06-02", recorded: "2024-06-03"),
            Some.Line("f5", "site.created", "site/s1", "2024-06-01", """{"member":"ada","editor":"studio"}""", recorded: "2024-06-04"));
        var site = history.SubjectOf(2, "s1")!.Value;
        var facts = history.FactsOf(site);
        Assert.Equal(["f5", "f4", "f1", "f3"], facts.Select(history.IdOf));
        Assert.Equal([4, 3, 0, 2], facts.Select(history.PositionOf));
        Assert.All(facts, fact => Assert.Equal(site, history.AboutOf(fact)));
        Assert.All(Enumerable.Range(0, 5), position => Assert.Equal(position, history.Position[history.FactAt[position]]));
        Assert.Equal(["s1", "s2"], history.SubjectsOf(2).Select(history.NameOf));
        Assert.Equal(["ada"], history.SubjectsOf(Vocabulary.MemberKind).Select(history.NameOf));
    }

    [Fact]
    public void A_subject_that_is_only_named_has_no_facts()
    {
        var history = Some.History(Some.Line("f1", "site.created", "site/s1", "2024-06-01", """{"member":"ada","editor":"studio"}"""));
        Assert.Empty(history.FactsOf(history.SubjectOf(Vocabulary.MemberKind, "ada")!.Value));
        Assert.Null(history.SubjectOf(Vocabulary.MemberKind, "s1"));
        Assert.Null(history.SubjectOf(Vocabulary.PersonKind, "ada"));
    }

    [Theory]
    [InlineData("2024-05-31", 0)]
    [InlineData("2024-06-01", 1)]
    [InlineData("2024-06-02", 3)]
    [InlineData("2024-06-02T23:59:59.999999Z", 3)]
    [InlineData("2024-06-03", 4)]
    [InlineData("9999-12-31", 4)]
    public void Says_what_was_known_when(string known, int facts)
    {
        var history = Some.History(
            Some.Line("f1", "plan.expired", "site/s1", "2024-06-01"),
            Some.Line("f2", "plan.expired", "site/s1", "2024-06-09", recorded: "2024-06-02"),
            Some.Line("f3", "plan.expired", "site/s1", "2024-01-01", recorded: "2024-06-02"),
            Some.Line("f4", "plan.expired", "site/s1", "2024-06-03"));
        Assert.Equal(facts, history.KnownUpTo(Some.At(known)));
        Assert.Equal(Some.At("2024-06-02"), history.RecordedAt(2));
        Assert.Equal((0, 4), (history.KnownUpTo(Instant.Ever), history.KnownUpTo(Instant.Never)));
    }

    [Fact]
    public void A_log_out_of_order_is_put_in_order_and_says_so()
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        string[] lines =
        [
            Some.Line("f1", "plan.expired", "site/s1", "2024-06-05"),
            Some.Line("f2", "plan.expired", "site/s2", "2024-06-01"),
            Some.Line("f3", "plan.expired", "site/s3", "2024-06-05", source: "other"),
            Some.Line("f4", "plan.expired", "site/s4", "2024-05-01", recorded: "2024-06-01"),
        ];
        for (var i = 0; i < lines.Length; i++) { builder.AddLine(Encoding.UTF8.GetBytes(lines[i]), i + 10); }
        Assert.Equal((2, 11L), (builder.OutOfOrder, builder.FirstOutOfOrder));
        var history = builder.Build();
        Assert.Equal(["f2", "f4", "f1", "f3"], history.FactAt.Select(history.IdOf));
        Assert.Equal(history.Recorded.Order(), history.Recorded);
        Assert.Equal("s3", history.NameOf(history.AboutOf(history.Find("other", "f3")!.Value)));
        Assert.Null(history.Find("shop", "f3"));
    }

    [Fact]
    public void The_same_fact_again_changes_nothing_however_it_is_written()
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        Assert.IsType<Verdict.Recorded>(builder.Tell(Some.Line("f1", "plan.activated", "site/s1", "2024-06-02", """{"plan":"business","price":12.5,"weight":1500,"note":"é"}""")));
        Assert.IsType<Verdict.Unchanged>(builder.Tell(
            """ { "data" : {"note":"\u00e9","weight":"1.5e3","price":"12.50","plan":"business"}, "traceparent":{"a":[1]}, "recordedtime":"2025-01-01T00:00Z", "time":"2024-06-02T02:00:00+02:00","subject":"site/s1","type":"plan.activated","source":"shop","id":"f1"} """));
        Assert.Equal((1, 1), (builder.Count, builder.Build().FactCount));
    }

    [Theory]
    [InlineData("plan.activated", "site/s1", "2024-06-02", """{"plan":"business","weight":3}""", null)]
    [InlineData("plan.expired", "site/s1", "2024-06-02", "", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s2", "2024-06-02", """{"plan":"business","weight":3}""", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s1", "2024-06-03", """{"plan":"business","weight":3}""", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s1", "2024-06-02", """{"plan":"unlimited","weight":3}""", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s1", "2024-06-02", """{"plan":"business","weight":3.5}""", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s1", "2024-06-02", """{"plan":"business"}""", RefusalCode.FactIdReused)]
    [InlineData("plan.activated", "site/s1", "2024-06-02", """{"plan":"business","weight":3,"note":""}""", RefusalCode.FactIdReused)]
    public void An_id_says_one_thing_only(string type, string subject, string time, string data, RefusalCode? code)
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        builder.Tell(Some.Line("f1", "plan.activated", "site/s1", "2024-06-02", """{"plan":"business","weight":3}"""));
        var verdict = builder.Tell(Some.Line("f1", type, subject, time, data));
        Assert.Equal(code, (verdict as Verdict.Refused)?.Refusal.Code);
        Assert.IsType<Verdict.Recorded>(builder.Tell(Some.Line("f1", type, subject, time, data, source: "another source")));
        Assert.Equal(1, builder.Build().SubjectsOf(2).Count(s => builder.Build().NameOf(s) == "s1"));
    }

    [Fact]
    public void Of_two_facts_with_one_identity_the_one_learnt_first_stays_whichever_came_first()
    {
        var (first, later) = (Some.Line("f1", "plan.expired", "site/s1", "2024-06-02", recorded: "2024-06-03"), Some.Line("f1", "plan.expired", "site/s2", "2024-06-02", recorded: "2024-06-04"));
        foreach (var lines in new[] { new[] { first, later }, [later, first] })
        {
            var builder = new HistoryBuilder(Some.Vocabulary());
            var refusals = new List<Refusal>();
            new FactLines(builder, refusals.Add).Feed(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))));
            var refusal = Assert.Single(refusals);
            Assert.Equal((RefusalCode.FactIdReused, 2L), (refusal.Code, refusal.Line));
            var history = builder.Build();
            Assert.Equal((1, 1, 1, "s1"), (builder.Count, history.FactCount, history.SubjectCount, history.NameOf(history.AboutOf(0))));
        }
        var displaced = (Verdict.Recorded)new[] { later, first }.Select(new HistoryBuilder(Some.Vocabulary()).Tell).ToList()[1];
        Assert.Equal("the id \"f1\" was told before by a fact that says something else, and was learnt later, 2024-06-04T00:00:00Z: that one is refused, this one stays", displaced.Displaced!.Message);
    }

    [Fact]
    public void A_fact_told_twice_was_learnt_when_it_was_first_learnt()
    {
        var (first, later) = (Some.Line("f1", "plan.expired", "site/s1", "2024-06-02", recorded: "2024-06-03"), Some.Line("f1", "plan.expired", "site/s1", "2024-06-02", recorded: "2024-06-04"));
        foreach (var lines in new[] { new[] { first, later }, [later, first] })
        {
            var builder = new HistoryBuilder(Some.Vocabulary());
            Assert.Equal([typeof(Verdict.Recorded), typeof(Verdict.Unchanged)], lines.Select(line => builder.Tell(line).GetType()));
            Assert.Equal("2024-06-03T00:00:00Z", builder.Build().RecordedAt(0).ToString());
        }
    }

    [Fact]
    public void Which_facts_stay_does_not_depend_on_the_order_of_lines()
    {
        const int Seed = 20250703;
        var random = new Random(Seed);
        for (var round = 0; round < 300; round++)
        {
            // Few ids, subjects and texts, so that much is told twice and much said otherwise; each learnt at another time.
            var lines = Enumerable.Range(0, random.Next(2, 12)).Select(i => random.Next(5) == 0
                ? Some.Line($"f{random.Next(4)}", "fact.retracted", "none", "2024-06-01", $$"""{"source":"shop","id":"f{{random.Next(4)}}"}""", $"2024-07-{i + 1:D2}")
                : Some.Line($"f{random.Next(4)}", "plan.activated", $"site/s{random.Next(3)}", "2024-06-01", $$"""{"plan":"business","weight":{{random.Next(2)}}.5}""", $"2024-07-{i + 1:D2}")).ToArray();
            var told = Read(lines);
            random.Shuffle(lines);
            Assert.True(told == Read(lines), $"seed {Seed}, round {round}: {string.Join('\n', lines)}");
        }
    }

    private static string Read(string[] lines)
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        var refused = lines.Count(line => builder.Tell(line) is Verdict.Refused or Verdict.Recorded { Displaced: not null });
        var history = builder.Build();
        var facts = history.FactAt.Select(fact => $"{Encoding.UTF8.GetString(FactJson.Write(history.FactOf(fact), builder.Vocabulary))} about {(history.AboutOf(fact) is >= 0 and var about ? history.NameOf(about) : "nobody")} {history.IsRetracted(fact, history.FactCount)}");
        return $"{builder.Count} {refused > 0} {string.Join(' ', Enumerable.Range(0, history.SubjectCount).Select(history.NameOf).Order())}\n{string.Join('\n', facts)}";
    }

    [Fact]
    public void A_refused_fact_leaves_no_trace()
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        builder.Tell(Some.Line("f1", "site.created", "site/s1", "2024-06-02", """{"member":"ada","editor":"studio"}"""));
        builder.Tell(Some.Line("f1", "site.created", "site/s2", "2024-06-02", """{"member":"bob","editor":"studio"}"""));
        builder.Tell(Some.Line("f2", "site.created", "site/s2", "2024-06-02", """{"member":"bob","editor":"vi"}"""));
        var history = builder.Build();
        Assert.Equal((1, 2), (history.FactCount, history.SubjectCount));
        Assert.IsType<Verdict.Recorded>(builder.Tell(Some.Line("f2", "site.created", "site/s2", "2024-06-02", """{"member":"bob","editor":"studio"}""")));
        Assert.Equal((2, 4), (builder.Build().FactCount, builder.Build().SubjectCount));
    }

    [Fact]
    public void Names_and_texts_at_their_limits_are_kept()
    {
        var (id, source, name, note) = (new string('i', 255), new string('q', 1024), new string('n', 255), new string('t', 4096));
        var history = Some.History(Some.Line(id, "plan.activated", $"site/{name}", "2024-06-02", $$"""{"plan":"business","note":"{{note}}"}""", source: source));
        var fact = history.FactOf(history.Find(source, id)!.Value);
        Assert.Equal((id, source, name, new FactValue.Text(note)), (fact.Id, fact.Source, fact.Subject!.Value.Name, fact["note"]));
        foreach (var line in new[] { Some.Line(id + "i", "plan.expired", "site/s", "2024-06-02"), Some.Line("f", "plan.expired", "site/s", "2024-06-02", source: source + "q"), Some.Line("f", "plan.expired", $"site/{name}n", "2024-06-02") })
        {
            Assert.IsType<Verdict.Refused>(new HistoryBuilder(Some.Vocabulary()).Tell(line));
        }
    }

    [Fact]
    public void Reads_back_every_fact_as_it_was_told()
    {
        const int Seed = 20240601;
        var random = new Random(Seed);
        var vocabulary = Some.Vocabulary();
        var builder = new HistoryBuilder(vocabulary);
        var told = new List<Fact>();
        for (var i = 0; i < 3000; i++)
        {
            var fact = RandomFact(random, vocabulary, i);
            var verdict = builder.Add(fact);
            Assert.True(verdict is Verdict.Recorded, $"seed {Seed}: {Encoding.UTF8.GetString(FactJson.Write(fact, vocabulary))} {verdict}");
            told.Add(fact);
        }
        var history = builder.Build();
        foreach (var fact in told) { Assert.Equal(fact, history.FactOf(history.Find(fact.Source, fact.Id)!.Value)); }
        var again = new HistoryBuilder(vocabulary);
        foreach (var fact in history.FactAt) { Assert.IsType<Verdict.Recorded>(again.Add(history.FactOf(fact))); }
        Assert.Equal(0, again.OutOfOrder);
        var copy = again.Build();
        Assert.Equal(history.FactAt.Select(history.FactOf), copy.FactAt.Select(copy.FactOf));
    }

    [Fact]
    public void Numbers_keep_all_their_bits()
    {
        string[] numbers = ["0", "-1", "4611686018427387903", "4611686018427387904", "-4611686018427387904", "-4611686018427387905", "9223372036854775807", "-9223372036854775808", "0.1", "-0.000000000000000001"];
        var history = Some.History([.. numbers.Select((number, i) => Some.Line($"f{i}", "plan.activated", $"site/s{i}", "2024-06-02", $$"""{"plan":"business","weight":{{number}}}"""))]);
        for (var i = 0; i < numbers.Length; i++)
        {
            Assert.Equal(numbers[i], ((FactValue.Number)history.FactOf(history.Find("shop", $"f{i}")!.Value)["weight"]!).Value.ToString());
        }
    }

    [Fact]
    public void Texts_have_numbers()
    {
        var history = Some.History(
            Some.Line("f1", "plan.activated", "site/s1", "2024-06-02", """{"plan":"business","note":"hello"}"""),
            Some.Line("f2", "plan.activated", "site/s1", "2024-06-03", """{"plan":"business","note":"hello"}"""));
        Assert.Equal("hello", history.TextOf(history.TextNumber("hello")));
        Assert.Equal(-1, history.TextNumber("hell"));
        Assert.Equal([0, history.TextNumber("hello")], new[] { history.Values[0], history.Values[1] }.Select((value, i) => i == 0 ? value - 1 : value));
    }

    [Fact]
    public void A_million_facts_take_at_most_64_bytes_each()
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        for (var i = 0; i < 1_000_000; i++) { builder.Tell(SampleLine(i)); }
        var history = builder.Build();
        Assert.Equal(1_000_000, history.FactCount);
        Assert.InRange(history.BytesHeld / 1e6, 40, 64);
    }

    /// <summary>Six facts a site, one site in three with an end told; ids and names as platforms give them.</summary>
    internal static string SampleLine(int number)
    {
        var (site, step) = (number / 6, number % 6);
        var day = new DateOnly(2020, 1, 1).AddDays((site % 1500) + step).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var data = step switch
        {
            0 => $$"""{"member":"m{{site / 5}}","editor":"studio"}""",
            1 or 3 or 5 => site % 3 == 0 ? $$"""{"plan":"business","plan_ends":"{{day}}"}""" : """{"plan":"business"}""",
            _ => "",
        };
        return Some.Line($"f{number:D7}", step == 0 ? "site.created" : step % 2 == 1 ? "plan.activated" : "plan.expired", $"site/s{site}", day, data, recorded: new DateOnly(2020, 1, 1).AddDays(number / 500).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static Fact RandomFact(Random random, Vocabulary vocabulary, int number)
    {
        var types = vocabulary.FactTypes.Where(type => type.BuiltIn is not (BuiltIn.Retracted or BuiltIn.Published)).ToList();
        var type = types[random.Next(types.Count)];
        var data = new List<KeyValuePair<string, FactValue>>();
        foreach (var field in type.Carries.Where(field => field.Needed || random.Next(2) == 0)) { data.Add(new(field.Name, RandomValue(random, field))); }
        var time = RandomInstant(random);
        var recorded = new Instant(random.NextInt64(0, Some.At("2099-12-31").Micros));
        return new($"source {random.Next(300)}", $"id-{number}", type, new(vocabulary.Kinds[type.About].Name, RandomText(random, 1)), time, (random.Next(2) == 0 && time.Micros > 0 && time < Some.At("2099-12-31")) || recorded == time ? null : recorded, data);
    }

    private static FactValue RandomValue(Random random, FactField field) => field switch
    {
        { Name: "unit" } => new FactValue.Text("usd"),
        { Name: "amount" } => new FactValue.Number(Number.Of(random.Next(-1000, 1000), 100)),
        { Name: "reason" or "by" } => new FactValue.Text("x" + RandomText(random, 0)),
        { Type: FieldType.Text } => new FactValue.Text(RandomText(random, 0)),
        { Type: FieldType.Number } => new FactValue.Number(Number.Of(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64), random.Next(3) == 0 ? 1L << random.Next(40) : 1)),
        { Type: FieldType.Flag } => new FactValue.Flag(random.Next(2) == 0),
        { Type: FieldType.Instant } => new FactValue.Instant(RandomInstant(random)),
        { Type: FieldType.Choice choice } => new FactValue.Choice(choice.Values[random.Next(choice.Values.Count)]),
        { Type: FieldType.Money money } => new FactValue.Money(random.NextInt64(-Scales.AmountMax, Scales.AmountMax + 1) >> random.Next(51), money.Unit),
        _ => new FactValue.Reference(RandomText(random, 1)),
    };

    private static Instant RandomInstant(Random random) => random.Next(20) switch
    {
        0 => Instant.First,
        1 => Instant.Last,
        _ => new(random.NextInt64(Instant.First.Micros, Instant.Last.Micros)),
    };

    private static string RandomText(Random random, int lengthMin)
    {
        string[] pieces = ["a", "b/", "é", "\"", "\\", "\n", "\u0001", "漢", "😀", " ", "\u2028", "</script>"];
        return string.Concat(Enumerable.Range(0, random.Next(lengthMin, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
