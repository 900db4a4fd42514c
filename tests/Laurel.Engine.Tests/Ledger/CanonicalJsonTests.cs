using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""[ null, true , false ]""", """[null,true,false]""", "literals, no spaces")]
    [InlineData("""{"b":1,"a":[],"c":{}}""", """{"a":[],"b":1,"c":{}}""", "names in order")]
    [InlineData("""{"a":{"z":1,"y":{"b":0,"a":0}}}""", """{"a":{"y":{"a":0,"b":0},"z":1}}""", "in every depth")]
    [InlineData("""[{"b":1,"a":2}, 3]""", """[{"a":2,"b":1},3]""", "within arrays, whose order is kept")]
    [InlineData("""{"aa":1,"a":2,"":3}""", """{"":3,"a":2,"aa":1}""", "a prefix first, the empty name before all")]
    [InlineData("""[0, -0, 7, -12, 9007199254740991, -9007199254740991]""", """[0,0,7,-12,9007199254740991,-9007199254740991]""", "whole numbers")]
    [InlineData(""" "text" """, "\"text\"", "a lone text")]
    [InlineData("""["\u002f\/", "\u007f", "<>&'+"]""", "[\"//\",\"\u007f\",\"<>&'+\"]", "no escape that need not be")]
    [InlineData("""["\u0000\u0001\b\t\n\u000b\f\r\u001F\"\\"]""", """["\u0000\u0001\b\t\n\u000b\f\r\u001f\"\\"]""", "the escapes that must be, in lower case")]
    [InlineData("""["\u2028\ud83d\ude00\u00e9"]""", "[\"\u2028\U0001F600\u00e9\"]", "everything else as it is")]
    public void Says_a_value_in_one_way(string json, string expected, string why) => Assert.True(expected == Canonical(json), $"{why}: {Canonical(json)}");

    [Fact]
    public void Says_the_text_of_RFC_8785_section_3_2_2_as_it_does()
    {
        const string Json = """{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""";
        Assert.Equal("{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}", Canonical(Json));
    }

    [Fact]
    public void Sorts_the_names_of_RFC_8785_section_3_2_3_by_code_units_not_code_points()
    {
        const string Json = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;
        using var sorted = JsonDocument.Parse(Canonical(Json));
        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"],
            sorted.RootElement.EnumerateObject().Select(property => property.Value.GetString()));
    }

    [Theory]
    [InlineData("0.5", "a fraction")]
    [InlineData("1.0", "a point, even of a whole number")]
    [InlineData("1e3", "an exponent")]
    [InlineData("9007199254740992", "one more than a double keeps apart from its neighbours")]
    [InlineData("-9007199254740992", "one less")]
    [InlineData("-9223372036854775808", "the smallest of 64 bits")]
    [InlineData("99999999999999999999", "more than 64 bits")]
    [InlineData("""{"a":1,"b":2,"a":1}""", "a name that stands twice")]
    [InlineData("""["\ud83d"]""", "half a surrogate pair")]
    [InlineData("""{"\ude00":1}""", "half a surrogate pair in a name")]
    public void Refuses_what_has_no_canonical_form(string json, string why) =>
        Assert.True(Record.Exception(() => Canonical(json)) is ArgumentException, why);

    [Fact]
    public void Writes_the_same_bytes_for_the_same_object_in_any_order_and_spacing()
    {
        Prop.ForAll<Dictionary<NonNull<string>, int>>(given =>
        {
            var texts = given.Select(pair => KeyValuePair.Create(JsonSerializer.Serialize(pair.Key.Get), pair.Value)).DistinctBy(pair => pair.Key).ToList();
            var forwards = "{" + string.Join(",", texts.Select(pair => $"{pair.Key}:{pair.Value}")) + "}";
            var backwards = "{ " + string.Join(" ,\n", texts.AsEnumerable().Reverse().Select(pair => $"{pair.Key} : {pair.Value}")) + " }";
            return Canonical(forwards) == Canonical(backwards) && Canonical(Canonical(forwards)) == Canonical(forwards);
        }).QuickCheckThrowOnFailure();
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Of(document.RootElement));
    }
}
