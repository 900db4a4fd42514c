using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Says messages in a language: its sentences come from one resource file per language, a program's own words from the program.
/// In a template <c>{name}</c> is an argument and <c>{name|one|many}</c> chooses by a count.
/// </summary>
public sealed class PhraseBook
{
    private readonly IReadOnlyDictionary<string, string> _sentences;
    private readonly Vocabulary _vocabulary;

    private PhraseBook(string language, IReadOnlyDictionary<string, string> sentences, Vocabulary vocabulary)
    {
        Language = language;
        _sentences = sentences;
        _vocabulary = vocabulary;
    }

    /// <summary>The language of the sentences.</summary>
    public string Language { get; }

    /// <summary>The languages that there are sentences in.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith("sentences.", StringComparison.Ordinal)).Select(n => n.Split('.')[1]).Order(StringComparer.Ordinal)];

    /// <summary>The phrase book of a language; of its parent ("pt" for "pt-BR"), else of English.</summary>
    public static PhraseBook In(string language, Vocabulary vocabulary)
    {
        var found = language;
        while (!Languages.Contains(found) && found.LastIndexOf('-') is > 0 and var dash) { found = found[..dash]; }
        if (!Languages.Contains(found)) { found = "en"; }
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"sentences.{found}.json")!;
        return new(language.Length == 0 ? found : language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!, vocabulary);
    }

    /// <summary>The keys that there are sentences for.</summary>
    public IEnumerable<string> Keys => _sentences.Keys;

    /// <summary>A message as a sentence.</summary>
    public string Say(Message message)
    {
        if (!_sentences.TryGetValue(message.Key, out var template)) { return message.Key; }
        var text = new StringBuilder();
        var at = 0;
        while (template.IndexOf('{', at) is >= 0 and var open)
        {
            var close = template.IndexOf('}', open);
            text.Append(template, at, open - at).Append(Fill(template[(open + 1)..close], message));
            at = close + 1;
        }
        return text.Append(template, at, template.Length - at).ToString();
    }

    /// <summary>What pages call a name of the program.</summary>
    public string NameOf(string name)
    {
        if (_vocabulary.Words.TryGetValue(name, out var words)) { return words.In(Language); }
        var last = name[(name.LastIndexOf('.') + 1)..];
        return _vocabulary.Words.TryGetValue(last, out words) ? words.In(Language) : last.Replace('_', ' ');
    }

    private string Fill(string hole, Message message)
    {
        var parts = hole.Split('|');
        var argument = message.Arguments.FirstOrDefault(a => a.Key == parts[0]).Value;
        if (argument is null) { return ""; }
        if (parts.Length == 3) { return IsOne(argument) ? parts[1] : parts[2]; }
        return Say(argument);
    }

    private static bool IsOne(Argument argument) => argument is Argument.Count { Value.IsWhole: true, Value.Numerator: 1 or -1 } or Argument.Amount { Value.IsWhole: true, Value.Numerator: 1 or -1 };

    private string Say(Argument argument) => argument switch
    {
        Argument.Verbatim verbatim => verbatim.Value,
        Argument.Name name => NameOf(name.Value),
        Argument.Words words => words.Value.In(Language),
        Argument.When instant => Say(instant.Value),
        Argument.Amount amount => $"{Say(amount.Value)} {NameOf(amount.Unit).ToLowerInvariant()}",
        Argument.Count count => Say(count.Value),
        Argument.Length length => Say(length.Value),
        Argument.Inner inner => Say(inner.Value),
        Argument.Several several => string.Join(_sentences[several.Joined], several.Items.Select(Say)),
        _ => "",
    };

    /// <summary>A date; with the time of day where it is not a day's first instant of the program's zone.</summary>
    private string Say(Instant at)
    {
        if (!at.IsReal) { return _sentences[at == Instant.Ever ? "time.ever" : "time.never"]; }
        var date = _vocabulary.Zone.DateOf(at);
        var months = _sentences["time.month-names"].Split(' ');
        var day = _sentences["time.date"].Replace("{day}", date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{month}", months[date.Month - 1], StringComparison.Ordinal).Replace("{year}", date.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var seconds = (at.Micros - _vocabulary.Zone.StartOfDay(date).Micros) / Instant.MicrosPerSecond;
        if (seconds == 0) { return day; }
        return string.Create(CultureInfo.InvariantCulture, $"{day}, {seconds / 3600:00}:{seconds / 60 % 60:00}");
    }

    private string Say(Number number)
    {
        if (!number.IsWhole) { return number.ToString().Replace(".", _sentences["number.point"], StringComparison.Ordinal); }
        return number.Numerator.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", _sentences["number.thousands"], StringComparison.Ordinal);
    }

    private string Say(Duration length)
    {
        var parts = new List<string>();
        Part(length.Months / 12, "years");
        Part(length.Months % 12, "months");
        Part(length.Days, "days");
        Part(length.Micros / (3600 * Instant.MicrosPerSecond), "hours");
        Part(length.Micros / (60 * Instant.MicrosPerSecond) % 60, "minutes");
        return string.Join(' ', parts);

        void Part(long count, string unit)
        {
            if (count > 0) { parts.Add(Say(Message.Of($"time.{unit}", ("count", new Number(count))))); }
        }
    }
}
