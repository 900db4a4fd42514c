using System.Text.Json;
using System.Text.RegularExpressions;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.House;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Explaining;

/// <summary>Sentences: one file for each language, all with the same keys, each of them used.</summary>
public sealed partial class PhraseBookTests
{
    private const string Room = "src/Laurel.Engine/Explaining/";
    private const string Above = "src/Laurel.Engine/Backtesting/";

    private static readonly Vocabulary Maple = Some.Vocabulary() with
    {
        Words = new Dictionary<string, Phrase>
        {
            ["points"] = new([new("en", "points"), new("de", "Punkte"), new("de-AT", "Pünktchen")]),
            ["site.owner"] = Phrase.Of("the site is yours"),
            ["studio"] = Phrase.Of("Studio"),
        },
    };

    public static TheoryData<string> Languages => [.. PhraseBook.Languages];

    [Fact]
    public void There_is_English_and_German() => Assert.Equal(["de", "en"], PhraseBook.Languages);

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_language_has_the_keys_of_English_in_the_same_order_with_the_same_arguments(string language)
    {
        var (english, other) = (Sentences("en"), Sentences(language));
        Assert.Equal(english.Select(s => s.Key), other.Select(s => s.Key));
        House.House.Keeps(
            "each sentence has the arguments of the English one",
            english.Zip(other).Where(pair => !ArgumentsOf(pair.First.Value).SetEquals(ArgumentsOf(pair.Second.Value))).Select(pair => $"{language}: {pair.First.Key}"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_key_stands_twice_and_no_sentence_is_empty(string language)
    {
        var sentences = Sentences(language);
        House.House.Keeps("a key stands once", sentences.GroupBy(s => s.Key).Where(g => g.Count() > 1).Select(g => g.Key));
        House.House.Keeps("a sentence says something", sentences.Where(s => s.Value.Trim().Length == 0 && s.Key != "list").Select(s => s.Key));
        Assert.Equal(12, sentences.Single(s => s.Key == "time.month-names").Value.Split(' ').Length);
    }

    [Fact]
    public void Every_key_in_the_code_has_a_sentence()
    {
        var keys = Sentences("en").Select(s => s.Key).ToHashSet();
        House.House.Keeps("each key that is written out is one of a sentence", Literals().Where(l => WholeKey().IsMatch(l)).Except(keys));
        House.House.Keeps("each key that is put together begins as a sentence's does", Composed().Where(start => !keys.Any(k => k.StartsWith(start, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_sentence_is_used()
    {
        var written = Literals().ToHashSet();
        var composed = Composed().ToList();
        Assert.True(written.Count > 150 && composed.Count >= 3, "the patterns find the keys");
        House.House.Keeps(
            "each sentence is said somewhere",
            Sentences("en").Select(s => s.Key).Where(k => !written.Contains(k) && !composed.Exists(start => k.StartsWith(start, StringComparison.Ordinal))));
    }

    [Theory]
    // asked for  speaks   words   sentences
    [InlineData("en", "en", "3 points", "1,234.5")]
    [InlineData("de", "de", "3 Punkte", "1.234,5")]
    [InlineData("de-AT", "de-AT", "3 Pünktchen", "1.234,5")]
    [InlineData("de-CH-1996", "de-CH-1996", "3 Punkte", "1.234,5")]
    [InlineData("fr", "en", "3 points", "1,234.5")]
    [InlineData("", "en", "3 points", "1,234.5")]
    public void Falls_back_to_the_parent_of_a_language_and_then_to_English(string asked, string speaks, string points, string number)
    {
        var book = PhraseBook.In(asked, Maple);
        Assert.Equal(speaks, book.Language);
        Assert.Equal(points, Say(book, new Argument.Amount(3, "points")));
        Assert.Equal(number, Say(book, Number.Of(12345, 10)));
    }

    [Theory]
    [InlineData("2024-06-01", "1 June 2024", "1. Juni 2024")]
    [InlineData("2024-06-01T09:05Z", "1 June 2024, 11:05", "1. Juni 2024, 11:05 Uhr")]
    [InlineData("2024-03-31T22:00Z", "1 April 2024", "1. April 2024")]
    // The clocks went forward in the night before this hour.
    [InlineData("2024-03-31T10:00Z", "31 March 2024, 12:00", "31. März 2024, 12:00 Uhr")]
    [InlineData("2024-06-01T21:59:59.999999Z", "1 June 2024", "1. Juni 2024")]
    public void Says_dates_in_the_program_s_zone_and_the_time_where_it_is_not_a_whole_day(string at, string english, string german)
    {
        var vocabulary = Maple with { Zone = Zone.Find("Europe/Berlin")! };
        Assert.True(vocabulary.Zone.TryParse(at, out var instant, out _));
        Assert.Equal(english, Say(PhraseBook.In("en", vocabulary), instant));
        Assert.Equal(german, Say(PhraseBook.In("de", vocabulary), instant));
    }

    [Fact]
    public void Says_the_ends_of_time() =>
        Assert.Equal(("the beginning", "for good"), (Say(PhraseBook.In("en", Maple), Instant.Ever), Say(PhraseBook.In("en", Maple), Instant.Never)));

    [Theory]
    [InlineData(0, 1, "0")]
    [InlineData(-1234567, 1, "−1,234,567")]
    [InlineData(2, 3, "about 0.667")]
    [InlineData(-1, 3000, "about 0")]
    [InlineData(long.MaxValue, 3, "about 3,074,457,345,618,258,602.333")]
    [InlineData(1, 8, "0.125")]
    public void Says_numbers(long numerator, long denominator, string said) =>
        Assert.Equal(said, Say(PhraseBook.In("en", Maple), Number.Of(numerator, denominator)));

    [Theory]
    [InlineData("14 days", "14 days")]
    [InlineData("1 day", "1 day")]
    [InlineData("1 year", "12 months")]
    [InlineData("2 years 1 month", "2 years 1 month")]
    [InlineData("36 hours 1 minute 5 seconds", "36 hours 1 minute 5 seconds")]
    public void Says_lengths_of_time(string length, string said)
    {
        Assert.True(Duration.TryParse(length, out var duration));
        Assert.Equal(said, Say(PhraseBook.In("en", Maple), new Argument.Length(duration)));
    }

    [Theory]
    [InlineData("site.owner", "the site is yours")]
    [InlineData("site.first_days", "first days")]
    [InlineData("studio", "Studio")]
    public void Calls_names_as_the_program_does_and_else_by_themselves_with_spaces(string name, string said) =>
        Assert.Equal(said, PhraseBook.In("en", Maple).NameOf(name));

    [Fact]
    public void Says_a_value_as_it_was_told_where_the_program_has_no_word_for_it() =>
        Assert.Equal("Studio and a.b_c", Say(PhraseBook.In("en", Maple), new Argument.Several([new Argument.Given("studio"), new Argument.Given("a.b_c")], "both")));

    [Fact]
    public void Money_has_its_decimals_where_it_has_any()
    {
        var book = PhraseBook.In("en", Maple);
        Assert.Equal("12.50 usd", Say(book, new Argument.Amount(Number.Of(125, 10), "usd")));
        Assert.Equal("12 usd", Say(book, new Argument.Amount(12, "usd")));
    }

    private static string Say(PhraseBook book, Argument argument) => book.Say(Message.Of("wanted.all", ("parts", argument)));

    private static List<KeyValuePair<string, string>> Sentences(string language)
    {
        using var read = JsonDocument.Parse(Repository.Read($"{Room}sentences.{language}.json"));
        return [.. read.RootElement.EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.GetString()!))];
    }

    private static HashSet<string> ArgumentsOf(string sentence) => [.. Hole().Matches(sentence).Select(m => m.Groups[1].Value)];

    private static IEnumerable<string> Code() => Repository.Under(Room, ".cs").Concat(Repository.Under(Above, ".cs")).Select(Repository.Read);

    private static IEnumerable<string> Literals() => Code().SelectMany(c => Literal().Matches(c)).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Composed() => Code().SelectMany(c => ComposedKey().Matches(c)).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"(?<!\$)""([a-z][a-z.-]*)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\$""(?!sentences)([a-z-]+\.[a-z-]*)\{")]
    private static partial Regex ComposedKey();

    [GeneratedRegex(@"^[a-z-]+(\.[a-z-]+)+$")]
    private static partial Regex WholeKey();

    [GeneratedRegex(@"\{([a-z]+)")]
    private static partial Regex Hole();
}
