using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Tests.Programs;

public sealed class YamlReaderTests
{
    [Fact]
    public void Every_piece_has_its_place()
    {
        var map = Assert.IsType<YamlNode.Map>(Read("a: 1\nb:\n  - x\n  - { c: 'd' }\n"));
        Assert.Equal(["a", "b"], map.Entries.Select(entry => entry.Name));
        var list = Assert.IsType<YamlNode.List>(map.Find("b"));
        Assert.Equal((3, 5), (list.Items[0].Place.Line, list.Items[0].Place.Column));
        var text = Assert.IsType<YamlNode.Scalar>(Assert.IsType<YamlNode.Map>(list.Items[1]).Find("c"));
        Assert.Equal(("d", false, 4, 10, 3), (text.Text, text.Plain, text.Place.Line, text.Place.Column, text.Place.Length));
    }

    [Fact]
    public void Texts_are_never_numbers_or_dates()
    {
        var list = Assert.IsType<YamlNode.List>(Read("[no, 1.50, 2024-01-01, 0x1F, ~, 01-01]\n"));
        Assert.Equal(["no", "1.50", "2024-01-01", "0x1F", "~", "01-01"], list.Items.Cast<YamlNode.Scalar>().Select(item => item.Text));
    }

    [Theory]
    // what is written     the part   line column
    [InlineData("a: x && part\n", "part", 1, 9, "plain")]
    [InlineData("a: x &&\n   part\n", "part", 2, 4, "plain over two lines")]
    [InlineData("a: x &&\n\n   part\n", "part", 3, 4, "plain over an empty line")]
    [InlineData("a: 'it''s part'\n", "part", 1, 11, "single quotes")]
    [InlineData("a: \"\\\"x\\\" \\u0041 part\"\n", "part", 1, 18, "double quotes with escapes")]
    [InlineData("a: \"x\n  part\"\n", "part", 2, 3, "double quotes over two lines")]
    [InlineData("a: >\n  x\n  y part\n", "part", 3, 5, "folded")]
    [InlineData("a: >-\n\n  x\n\n  part\n", "part", 5, 3, "folded with empty lines")]
    [InlineData("a: |\n  x\n    part\n", "part", 3, 5, "literal")]
    [InlineData("é: \"𝒳 part\"\n", "part", 1, 8, "letters outside the first plane")]
    public void A_part_of_a_text_is_found_again(string yaml, string part, int line, int column, string why)
    {
        var text = Assert.IsType<YamlNode.Scalar>(Assert.IsType<YamlNode.Map>(Read(yaml)).Entries[0].Value);
        var place = text.PlaceOf(text.Text.IndexOf(part, StringComparison.Ordinal), part.Length);
        Assert.True((line, column, part.Length) == (place.Line, place.Column, place.Length), $"{why}: {place}");
    }

    [Fact]
    public void An_empty_text_is_no_mistake_but_an_empty_file_is()
    {
        Assert.Equal("", Assert.IsType<YamlNode.Scalar>(Assert.IsType<YamlNode.Map>(Read("a:\n")).Find("a")).Text);
        var problems = new ProblemList();
        Assert.Null(YamlReader.Read("a.yaml", "", problems));
        Assert.Equal("empty-file", Assert.Single(problems.All).Code);
    }

    private static YamlNode Read(string text)
    {
        var problems = new ProblemList();
        var node = YamlReader.Read("a.yaml", text, problems);
        Assert.Empty(problems.All);
        return node!;
    }
}
