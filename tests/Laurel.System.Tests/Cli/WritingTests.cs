using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;

namespace Laurel.System.Tests.Cli;

/// <summary>How tables, numbers and times are written.</summary>
public sealed class WritingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void Csv_quotes_what_needs_it(string cell, string written)
    {
        using var text = new StringWriter();
        Csv.Write(text, [cell, "x"]);
        Assert.Equal($"{written},x\r\n", text.ToString());
    }

    [Theory]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("+49", "'+49")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    [InlineData("-", "'-")]
    [InlineData("-150", "-150")]
    [InlineData("-3.5", "-3.5")]
    [InlineData("-1/3", "-1/3")]
    [InlineData("a=b", "a=b")]
    [InlineData("'=1", "'=1")]
    public void Csv_is_no_formula_in_a_spreadsheet_and_numbers_stay_numbers(string cell, string written)
    {
        using var text = new StringWriter();
        Csv.Write(text, [cell, "x"]);
        Assert.Equal($"{written},x\r\n", text.ToString());
    }

    [Theory]
    [InlineData(1_234_567, 1, "1,234,567")]
    [InlineData(-150, 1, "-150")]
    [InlineData(6, 7, "0.8571")]
    [InlineData(-7, 2, "-3.5")]
    [InlineData(1, 3_000_000, "0")]
    [InlineData(long.MinValue, 1, "-9,223,372,036,854,775,808")]
    public void Numbers_have_thousands_and_at_most_four_digits_after_the_point(long above, long below, string shown) =>
        Assert.Equal(shown, Shown.Of(Number.Of(above, below)));

    [Fact]
    public void Amounts_are_whole_units()
    {
        var usd = new Unit("usd", 0, 2, Money: true, null);
        Assert.Equal("1,234.5", Shown.Amount(123450, usd));
        Assert.Equal("12.34", usd.Whole(1234).ToString());
    }

    [Fact]
    public void Times_are_days_of_the_zone_where_they_can_be()
    {
        var berlin = Zone.Find("Europe/Berlin")!;
        Assert.True(Zone.TryParseInstant("2024-05-31T22:00Z", out var june));
        Assert.Equal("2024-06-01", berlin.Written(june));
        Assert.Equal("2024-05-31T22:00Z", Zone.Utc.Written(june));
        Assert.Equal("2024-05-31", berlin.WrittenAsked(new(june.Micros - 1)));
        Assert.Equal("open", berlin.Written(Instant.Never));
    }

    [Theory]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 6, "one|two|three")]
    [InlineData("immeasurable", 5, "immeasurable")]
    [InlineData("", 5, "")]
    public void Text_folds_between_words(string text, int width, string lines) => Assert.Equal(lines, string.Join('|', Columns.Fold(text, width)));

    [Fact]
    public void A_table_of_more_rows_than_are_gathered_keeps_its_columns()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var table = new Columns(text, Paint.For(null), screenWidth: null, [new("name"), new("n", Right: true)]))
        {
            for (var i = 0; i < 3000; i++) { table.Add($"m{i}", $"{i}"); }
        }
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3001, lines.Length);
        Assert.Equal("NAME    N", lines[0]);
        Assert.Equal("m7      7", lines[8]);
        Assert.Equal("m2999  2999", lines[^1]);
    }
}
