using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Tests.Facts;

public sealed class RefusalTests
{
    private const string LongText = "__LONG__";

    /// <summary>From line to line what was reported is put right; what is wrong besides comes later in the order.</summary>
    private static readonly (RefusalCode Code, string Field, string Line)[] Walk =
    [
        (RefusalCode.NotUtf8, "", "\u0001\u0002"),
        (RefusalCode.NotJson, "", """{"specversion":"2","specversion":"2","id":7,,"""),
        (RefusalCode.NotAnObject, "", """["specversion","2"]"""),
        (RefusalCode.Repeated, "specversion", """{"specversion":"2","specversion":"2","id":7}"""),
        (RefusalCode.UnknownVersion, "specversion", """{"specversion":"2","id":7}"""),
        (RefusalCode.MissingAttribute, "source", """{"specversion":"1.0","id":7,"type":"nope","subject":"x","time":"x"}"""),
        (RefusalCode.WrongAttributeType, "id", """{"id":7,"source":"","type":"nope","subject":"x","time":"x"}"""),
        (RefusalCode.InvalidId, "id", """{"id":"","source":"","type":"nope","subject":"x","time":"x"}"""),
        (RefusalCode.InvalidSource, "source", """{"id":"f1","source":"","type":"nope","subject":"x","time":"x"}"""),
        (RefusalCode.UnknownType, "type", """{"id":"f1","source":"shop","type":"nope","subject":"x","time":"x"}"""),
        (RefusalCode.ReservedType, "type", """{"id":"f1","source":"shop","type":"edition.published","subject":"x","time":"x"}"""),
        (RefusalCode.InvalidSubject, "subject", """{"id":"f1","source":"shop","type":"plan.activated","subject":"site/","time":"x"}"""),
        (RefusalCode.WrongKind, "subject", """{"id":"f1","source":"shop","type":"plan.activated","subject":"member/ada","time":"x"}"""),
        (RefusalCode.InvalidTime, "time", """{"id":"f1","source":"shop","type":"plan.activated","subject":"site/s1","time":"x","recordedtime":"2024-06-01T09:00"}"""),
        (RefusalCode.TimeWithoutZone, "recordedtime", """{"id":"f1","source":"shop","type":"plan.activated","subject":"site/s1","time":"2024-06-01","recordedtime":"2024-06-01T09:00","data":{"plan_ends":"2024-06-01T09:00:00.1234567Z"}}"""),
        (RefusalCode.TimeTooFine, "data.plan_ends", Line("""{"plan_ends":"2024-06-01T09:00:00.1234567Z","trial_ends":"0000-01-01"}""")),
        (RefusalCode.TimeOutOfRange, "data.trial_ends", Line("""{"trial_ends":"0000-01-01"},"data_base64":"AAAA" """)),
        (RefusalCode.LearntOutOfRange, "time", """{"id":"f1","source":"shop","type":"plan.activated","subject":"site/s1","time":"9999-06-01","data_base64":"AAAA"}"""),
        (RefusalCode.LearntOutOfRange, "recordedtime", """{"id":"f1","source":"shop","type":"plan.activated","subject":"site/s1","time":"0001-01-01","recordedtime":"1969-12-30","data_base64":"AAAA"}"""),
        (RefusalCode.DataNotAnObject, "data_base64", Line("""{"nope":1},"data_base64":"AAAA" """)),
        (RefusalCode.UnknownField, "data.nope", Line("""{"nope":1}""")),
        (RefusalCode.MissingField, "data.plan", Line("""{"free":"yes"}""")),
        (RefusalCode.WrongType, "data.free", Line("""{"free":"yes","plan":"gold"}""")),
        (RefusalCode.UnknownValue, "data.plan", Line($$"""{"plan":"gold","note":"{{LongText}}"}""")),
        (RefusalCode.InvalidText, "data.note", Line($$"""{"plan":"business","note":"{{LongText}}","weight":1e30}""")),
        (RefusalCode.NumberOutOfRange, "data.weight", Line("""{"plan":"business","price":1.001,"weight":1e30}""")),
        (RefusalCode.TooManyDecimals, "data.price", Line("""{"plan":"business","refund":1e30,"price":1.001}""")),
        (RefusalCode.AmountOutOfRange, "data.refund", Line("""{"plan":"business","refund":1e30}""")),
        (RefusalCode.FactIdReused, "id", Line("""{"plan":"business"}""")),
    ];

    /// <summary>Provoked in tests of their own: they need more than a line.</summary>
    private static readonly RefusalCode[] Elsewhere = [RefusalCode.LineTooLong, RefusalCode.Truncated, RefusalCode.TooManyShapes, RefusalCode.TotalOutOfRange, RefusalCode.EnrolmentClosed];

    [Fact]
    public void Are_reported_in_the_order_of_their_codes()
    {
        var history = new HistoryBuilder(Some.Vocabulary());
        history.Tell(Some.Line("f1", "plan.expired", "site/s1", "2024-06-01"));
        foreach (var (code, field, line) in Walk)
        {
            var verdict = history.AddLine(Bytes(line), 12);
            Assert.True(verdict is Verdict.Refused, $"{code}: {line}");
            var refusal = ((Verdict.Refused)verdict).Refusal;
            Assert.Equal((code, field, 12), (refusal.Code, refusal.Field, refusal.Line));
            Assert.True(refusal.Column > 0 && refusal.Excerpt.Length > 0 && refusal.Remedy.Length > 0, $"{refusal} has no place");
            Assert.Equal(1, history.Count);
        }
        Assert.IsType<Verdict.Recorded>(history.Tell(Some.Line("f2", "plan.activated", "site/s1", "2024-06-01", """{"plan":"business"}""")));
    }

    [Fact]
    public void Are_all_provoked()
    {
        Assert.Equal(Walk.Select(step => step.Code), Walk.Select(step => step.Code).Order());
        Assert.Equal(Enum.GetValues<RefusalCode>().Order(), Walk.Select(step => step.Code).Distinct().Concat(Elsewhere).Order());
    }

    [Fact]
    public void Do_not_depend_on_the_order_of_attributes()
    {
        var history = new HistoryBuilder(Some.Vocabulary());
        var refusal = Refused(history, """{"data":{"plan":"gold"},"time":"x","subject":"member/ada","type":"plan.activated","source":"shop","id":"f1"}""");
        Assert.Equal(RefusalCode.WrongKind, refusal.Code);
        Assert.IsType<Verdict.Recorded>(history.Tell("""{"data":{"plan":"business"},"time":"2024-06-01","subject":"site/s1","type":"plan.activated","source":"shop","id":"f1"}"""));
    }

    [Fact]
    public void A_line_of_a_mebibyte_is_read_and_a_longer_one_is_not()
    {
        var history = new HistoryBuilder(Some.Vocabulary());
        var line = Some.Line("f1", "plan.expired", "site/s1", "2024-06-01");
        Assert.IsType<Verdict.Recorded>(history.Tell(line + new string(' ', (1 << 20) - line.Length)));
        Assert.Equal(RefusalCode.LineTooLong, Refused(history, "\u0001" + new string('x', 1 << 20)).Code);
    }

    [Fact]
    public void A_history_takes_65535_shapes_and_no_more()
    {
        var vocabulary = Some.Vocabulary();
        var flags = Enumerable.Range(0, 17).Select(i => new FactField($"f{i}", new FieldType.Flag(), -1, Needed: false)).ToArray();
        var history = new HistoryBuilder(vocabulary with { FactTypes = [.. vocabulary.FactTypes, new("site.flagged", vocabulary.FactTypes.Count, 2, flags)] });
        Verdict Tell(int i, string id) => history.Tell(Some.Line(id, "site.flagged", "site/s1", "2024-06-01",
            $$"""{{{string.Join(',', Enumerable.Range(0, 17).Where(bit => (i & (1 << bit)) != 0).Select(bit => $"\"f{bit}\":true"))}}}"""));
        for (var i = 0; i < ushort.MaxValue; i++) { Assert.IsType<Verdict.Recorded>(Tell(i, $"f{i}")); }
        var refused = Assert.IsType<Verdict.Refused>(Tell(ushort.MaxValue, "f0"));
        Assert.Equal(RefusalCode.TooManyShapes, refused.Refusal.Code);
        Assert.IsType<Verdict.Recorded>(Tell(7, "another"));
        Assert.Equal(17, history.Build().FactOf(ushort.MaxValue - 1).Data.Count + 2);
    }

    [Theory]
    [InlineData("""{"id":"f1"}""", "line 3: MissingAttribute: the attribute `source` is not there. Add it. A fact needs id, source, type, subject and time.")]
    [InlineData("""{"plan":"gold"}""", "line 3: UnknownValue: `data.plan` is \"gold\", which is none of its values. Use one of `unlimited`, `business`.")]
    [InlineData("""{"colour":"red"}""", "line 3: UnknownField: `plan.activated` carries no field `colour`. It may carry `plan`, `plan_ends`, `trial_ends`, `price`, `refund`, `weight`, `free`, `note`.")]
    [InlineData("""{}""", "line 3: MissingField: `plan.activated` needs the field `plan`. Add it: one of `unlimited`, `business` in quotes.")]
    [InlineData("""{"plan":"business","price":"12,50"}""", "line 3: WrongType: `data.price` is \"12,50\", not an amount in whole units, a number or a decimal in quotes. Write the value as that type. Leave the field out where there is no value.")]
    [InlineData("""{"plan":"business","price":null}""", "line 3: WrongType: `data.price` is null, not an amount in whole units, a number or a decimal in quotes. Write the value as that type. Leave the field out where there is no value.")]
    public void Name_the_field_the_value_and_a_remedy(string data, string text)
    {
        var line = data.StartsWith("""{"id""", StringComparison.Ordinal) ? data : Line(data);
        var refused = Assert.IsType<Verdict.Refused>(new HistoryBuilder(Some.Vocabulary()).AddLine(Bytes(line), 3));
        Assert.Equal(text, refused.Refusal.ToString());
    }

    [Fact]
    public void Print_as_the_problem_of_a_file()
    {
        var line = Some.Line("f1", "plan.expired", "site/s1", "2024-06-01T09:00");
        var refused = Assert.IsType<Verdict.Refused>(new HistoryBuilder(Some.Vocabulary()).AddLine(Bytes(line), 3));
        Assert.Equal(
            """
            facts.jsonl:3:93: error: `time` is "2024-06-01T09:00", a time without its offset from UTC
                3 | {"specversion":"1.0","id":"f1","source":"shop","type":"plan.expired","subject":"site/s1","time":"2024-06-01T09:00" }
                  |                                                                                                 ^^^^^^^^^^^^^^^^^^
            Add "Z" for UTC, or an offset such as "+02:00".
            """.Replace("3:93", $"3:{line.IndexOf("\"2024", StringComparison.Ordinal) + 1}"), refused.Refusal.ToProblem("facts.jsonl").ToString());
    }

    [Fact]
    public void Show_no_more_of_a_long_value_or_line_than_a_person_reads_and_no_control_character()
    {
        var refusal = Refused(new(Some.Vocabulary()), Line($$"""{"plan":"{{new string('x', 5000)}}","note":"\u001b[31m"}"""));
        Assert.Equal(60, refusal.Value.Length);
        Assert.Equal(160, refusal.Excerpt.Length);
        Assert.StartsWith("\"xxx", refusal.Excerpt[(refusal.ExcerptColumn - 1)..], StringComparison.Ordinal);
        refusal = Refused(new(Some.Vocabulary()), "{\"id\":\"f\",\"source\":\"s\",\"type\":\"\u009B31m\",\"subject\":\"s\",\"time\":\"t\"}");
        Assert.Equal("\"\uFFFD31m\"", refusal.Value);
    }

    [Theory]
    [InlineData("points", "0.5", "goodwill", "0.5,")]
    [InlineData("points", "1", "", "\"\",")]
    [InlineData("points", "1", " \\t", "\" \\t\",")]
    public void Show_where_in_an_adjustment_the_value_stands(string unit, string amount, string reason, string there)
    {
        var refusal = Refused(new(Some.Vocabulary()), Some.Line("f1", "member.adjusted", "member/ada", "2024-06-01", $$"""{"unit":"{{unit}}","amount":{{amount}},"reason":"{{reason}}","by":"eve"}"""));
        Assert.StartsWith(there, refusal.Excerpt[(refusal.ExcerptColumn - 1)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Show_the_column_of_the_line_and_the_part_around_it()
    {
        var refusal = Refused(new(Some.Vocabulary()), Line($$"""{"note":"{{new string('n', 300)}}","plan":"gold"}"""));
        var problem = refusal.ToProblem("facts.jsonl");
        Assert.True(problem.Place.Column > 300);
        var lines = problem.ToString().Split('\n');
        Assert.Equal("\"gold\"", lines[1].Substring(lines[2].IndexOf('^', StringComparison.Ordinal), 6));
    }

    [Theory]
    [InlineData("""{"plan":"business","note":"\ud800"}""", RefusalCode.NotJson)]
    [InlineData("""{"plan":"business","note":"a\u0000b"}""", RefusalCode.InvalidText)]
    [InlineData("""{"plan":"business","plan":"business"}""", RefusalCode.Repeated)]
    [InlineData("""{"plan":"business","pl\u0061n":"business"}""", RefusalCode.Repeated)]
    [InlineData("""{"plan":["business"]}""", RefusalCode.WrongType)]
    [InlineData("""{"plan":"business","weight":"0x10"}""", RefusalCode.WrongType)]
    [InlineData("""{"plan":"business","weight":"+5"}""", RefusalCode.WrongType)]
    [InlineData("""{"plan":"business","weight":"1e-2147483648"}""", RefusalCode.NumberOutOfRange)]
    [InlineData("""[]""", RefusalCode.DataNotAnObject)]
    [InlineData("""{"plan":"business"}} {""", RefusalCode.NotJson)]
    public void Cover_what_only_hostile_or_broken_senders_write(string data, RefusalCode code) =>
        Assert.Equal(code, Refused(new(Some.Vocabulary()), Line(data)).Code);

    [Theory]
    [InlineData("points", "12", null)]
    [InlineData("points", "-150", null)]
    [InlineData("points", "0.5", RefusalCode.TooManyDecimals)]
    [InlineData("hours", "0.5", null)]
    [InlineData("usd", "\"12.50\"", null)]
    [InlineData("usd", "12.505", RefusalCode.TooManyDecimals)]
    [InlineData("usd", "9223372036854775807", RefusalCode.AmountOutOfRange)]
    [InlineData("poins", "12", RefusalCode.UnknownValue)]
    public void An_adjustment_is_of_a_unit_of_the_program_and_whole_in_it(string unit, string amount, RefusalCode? code)
    {
        var line = Some.Line("f1", "member.adjusted", "member/ada", "2024-06-01", $$"""{"amount":{{amount}},"unit":"{{unit}}","reason":"goodwill","by":"eve"}""");
        var verdict = new HistoryBuilder(Some.Vocabulary()).Tell(line);
        Assert.Equal(code, (verdict as Verdict.Refused)?.Refusal.Code);
    }

    private static string Line(string data) => Some.Line("f1", "plan.activated", "site/s1", "2024-06-01", data);

    private static Refusal Refused(HistoryBuilder history, string line) => Assert.IsType<Verdict.Refused>(history.AddLine(Bytes(line), 1)).Refusal;

    // \u0001 stands for a byte that is not UTF-8.
    private static byte[] Bytes(string line) =>
        [.. Encoding.UTF8.GetBytes(line.Replace(LongText, new string('x', 4097), StringComparison.Ordinal)).Select(b => b == 1 ? (byte)0xFF : b)];
}
