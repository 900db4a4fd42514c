using System.Reflection;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Says messages in a language: its sentences come from one resource file per language, a program's own words from the program.
/// In a template <c>{name}</c> is an argument, <c>{name^}</c> begins it with a capital, and <c>{name|one|many}</c> chooses by a count.
/// </summary>
public sealed class PhraseBook
{
    /// <summary>The language where there is none of the one asked for.</summary>
    private const string Fallback = "en";

    private readonly IReadOnlyDictionary<string, string> _sentences;
    private readonly Vocabulary _vocabulary;
    private readonly Figures _figures;

    private PhraseBook(string language, IReadOnlyDictionary<string, string> sentences, Vocabulary vocabulary)
    {
        Language = language;
        _sentences = sentences;
        _vocabulary = vocabulary;
        _figures = new(sentences, vocabulary.Zone);
    }

    /// <summary>The language of the sentences; with the region that was asked for, for the program's own words.</summary>
    public string Language { get; }

    /// <summary>The languages that there are sentences in.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith("sentences.", StringComparison.Ordinal)).Select(n => n.Split('.')[1]).Order(StringComparer.Ordinal)];

    /// <summary>The phrase book of a language; of its parent ("pt" for "pt-BR"), else of English.</summary>
    public static PhraseBook In(string language, Vocabulary vocabulary)
    {
        var found = language;
        while (!Languages.Contains(found) && found.LastIndexOf('-') is > 0 and var dash) { found = found[..dash]; }
        return Languages.Contains(found) ? new(language, Sentences(found), vocabulary) : new(Fallback, Sentences(Fallback), vocabulary);
    }

    /// <summary>The zone of dates.</summary>
    internal Zone Zone => _vocabulary.Zone;

    /// <summary>The keys that there are sentences for.</summary>
    public IEnumerable<string> Keys => _sentences.Keys;

    /// <summary>The template of a key.</summary>
    internal string this[string key] => _sentences[key];

    /// <summary>A message as a sentence.</summary>
    public string Say(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var template = _sentences[message.Key];
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
        // Of a ladder with a level for each of something: skill["azure"].
        if (name.EndsWith("\"]", StringComparison.Ordinal) && name.IndexOf("[\"", StringComparison.Ordinal) is > 0 and var open) { return $"{NameOf(name[..open])} {Say(new Argument.Given(name[(open + 2)..^2]))}"; }
        var last = name[(name.LastIndexOf('.') + 1)..];
        return _vocabulary.Words.TryGetValue(last, out words) ? words.In(Language) : last.Replace('_', ' ');
    }

    private static Dictionary<string, string> Sentences(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"sentences.{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    private string Fill(string hole, Message message)
    {
        var parts = hole.Split('|');
        var name = parts[0].TrimEnd('^');
        var argument = message.Arguments.First(a => a.Key == name).Value;
        if (parts.Length == 3) { return IsOne(argument) ? parts[1] : parts[2]; }
        var said = Say(argument);
        return parts[0] == name || said.Length == 0 ? said : char.ToUpperInvariant(said[0]) + said[1..];
    }

    private static bool IsOne(Argument argument) => argument is Argument.Count { Value: { IsWhole: true, Numerator: 1 or -1 } } or Argument.Amount { Value: { IsWhole: true, Numerator: 1 or -1 } };

    private string Say(Argument.Amount amount)
    {
        var unit = _vocabulary.Units.FirstOrDefault(u => u.Name == amount.Unit);
        return $"{_figures.Say(amount.Value, unit?.Decimals ?? 0)} {(IsOne(amount) && unit?.One is { } one ? one.In(Language) : NameOf(amount.Unit))}";
    }

    private string Say(Argument argument) => argument switch
    {
        Argument.Verbatim verbatim => verbatim.Value,
        Argument.Name name => NameOf(name.Value),
        Argument.Given given => _vocabulary.Words.TryGetValue(given.Value, out var words) ? words.In(Language) : given.Value,
        Argument.Words words => words.Value.In(Language),
        Argument.When instant => _figures.Say(instant.Value),
        Argument.Period period => _figures.Say(period.Kind, period.Starts),
        Argument.Amount amount => Say(amount),
        Argument.Count count => _figures.Say(count.Value, count.Decimals),
        Argument.Length length => string.Join(' ', Figures.PartsOf(length.Value).Select(Say)),
        Argument.Inner inner => Say(inner.Value),
        Argument.Several several => string.Join(_sentences[several.Joined], several.Items.Select(Say)),
        _ => "",
    };
}
