using System.Globalization;
using System.Text;
using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Explaining;

/// <summary>
/// A case as a text: the files of a program after "=== name", facts after "=== facts", one a line as time, type, subject and data
/// (with "learnt" for when it was learnt), and questions such as "=== ada, site/s1, on 2024-06-03", under which the explanation stands.
/// Questions ahead name a horizon; those that suppose facts have "; " between their data and " &amp; " between them.
/// </summary>
internal sealed class ExplainingCase
{
    private readonly Dictionary<string, string> _files = [];
    private readonly List<(string Question, string Answer)> _questions = [];
    private readonly StringBuilder _head = new();
    private string _facts = "";

    private ExplainingCase(string text, IReadOnlyDictionary<string, string> program)
    {
        var name = "";
        var part = new StringBuilder();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (!line.StartsWith("=== ", StringComparison.Ordinal))
            {
                part.Append(line).Append('\n');
                continue;
            }
            Close(name, part.ToString());
            (name, part) = (line[4..], new());
        }
        Close(name, part.ToString());
        Program = Read(_files.Count > 0 ? _files : program);
        History = Tell(Program, _facts);
    }

    public PartnerProgram Program { get; }

    public History History { get; }

    /// <summary>Reads a case; one without files of its own is about the program given.</summary>
    public static ExplainingCase Of(string text, IReadOnlyDictionary<string, string> program) => new(text, program);

    /// <summary>The case with the answers that the engine gives.</summary>
    public string Answered()
    {
        var text = new StringBuilder(_head.ToString());
        foreach (var (question, _) in _questions) { text.Append(CultureInfo.InvariantCulture, $"=== {question}\n{Answer(question)}\n"); }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Explains what a question asks.</summary>
    public (Explanation Told, PhraseBook Book) Explain(string question)
    {
        var words = question.Split(", ");
        var settings = words.Skip(1).Select(w => w.Split(' ', 2)).Where(w => w[0] is "on" or "at" or "known" or "under" or "in").ToDictionary(w => w[0], w => w[1]);
        var known = settings.TryGetValue("known", out var by) ? InstantOf(by, last: true) : Instant.Never;
        var under = settings.TryGetValue("under", out var edition) ? Program.Find(edition) ?? throw new ArgumentException(question) : null;
        var at = settings.TryGetValue("on", out var on) ? InstantOf(on, last: true) : InstantOf(settings["at"], last: false);
        var scoring = new Scoring(Program, History, under, known);
        var explainer = new Explainer(scoring, History, scoring.Derive().ForThread(), Subject($"member/{words[0]}"), at);
        var book = PhraseBook.In(settings.GetValueOrDefault("in", "en"), Program.Vocabulary);
        return (Topic(explainer, words.Skip(1).FirstOrDefault(w => !settings.ContainsKey(w.Split(' ')[0])) ?? ""), book);
    }

    public static IEnumerable<string> Lines(Explanation told, PhraseBook book, int depth = 0)
    {
        var mark = told.Mark switch { Mark.Yes => "✓ ", Mark.No => "✗ ", _ => "" };
        return told.Because.SelectMany(because => Lines(because, book, depth + 1)).Prepend($"{new string(' ', depth * 2)}{mark}{book.Say(told.Says)}");
    }

    public int Subject(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return History.SubjectOf(Program.Vocabulary.Kinds.Single(k => k.Name == name[..slash]).Index, name[(slash + 1)..]) ?? throw new ArgumentException($"no fact speaks of {name}");
    }

    private void Close(string name, string part)
    {
        var isFile = name.EndsWith(".yaml", StringComparison.Ordinal);
        if (isFile) { _files[name] = part; }
        else if (name == "facts") { _facts = part; }
        else if (name.Length > 0)
        {
            _questions.Add((name, part));
            return;
        }
        _head.Append(name.Length > 0 ? $"=== {name}\n" : "").Append(part);
    }

    private string Answer(string question)
    {
        if (question.Split(", ") is [_, "forecast" or "what if", ..]) { return Ahead(question); }
        if (question.Split(", ") is [_, var paid, ..] && paid.StartsWith("payout ", StringComparison.Ordinal)) { return Payout(question); }
        var (told, book) = Explain(question);
        return string.Join('\n', Lines(told, book)) + "\n";
    }

    /// <summary>The lists of "ada, forecast, on 2024-06-30, until 2025-06-30" and of "ada, what if, on 2024-06-30, suppose 2024-07-01 plan.ended site/s1".</summary>
    private string Ahead(string question)
    {
        var words = question.Split(", ");
        var settings = words.Skip(2).Select(w => w.Split(' ', 2)).ToDictionary(w => w[0], w => w[1]);
        var (at, until) = (InstantOf(settings["on"], last: true), InstantOf(settings["until"], last: true));
        IReadOnlyList<Explanation> lists;
        if (words[1] == "forecast")
        {
            var forecaster = new Forecaster(Program, History, under: null, Instant.Last, words[0], at, until);
            lists = [forecaster.Will().Told, forecaster.If().Told];
        }
        else
        {
            var supposed = Tell(Program, settings["suppose"].Replace(" & ", "\n", StringComparison.Ordinal), "x");
            lists = new WhatIf(Program, History, under: null, Instant.Last, words[0], [.. Enumerable.Range(0, supposed.FactCount).OrderBy(supposed.PositionOf).Select(supposed.FactOf)]).Explain(at, until);
        }
        var book = PhraseBook.In(settings.GetValueOrDefault("in", "en"), Program.Vocabulary);
        return string.Join('\n', lists.SelectMany(list => Lines(list, book))) + "\n";
    }

    /// <summary>What "ada, payout eur, on 2024-06-30" asks.</summary>
    private string Payout(string question)
    {
        var words = question.Split(", ");
        var settings = words.Skip(2).Select(w => w.Split(' ', 2)).ToDictionary(w => w[0], w => w[1]);
        var known = settings.TryGetValue("known", out var by) ? InstantOf(by, last: true) : Instant.Last;
        var told = new PayoutExplainer(Program, History, under: null, known, words[0])
            .Explain(Program.Vocabulary.Units.Single(u => u.Name == words[1].Split(' ')[1]), InstantOf(settings["on"], last: true));
        return string.Join('\n', Lines(told, PhraseBook.In(settings.GetValueOrDefault("in", "en"), Program.Vocabulary))) + "\n";
    }

    private Explanation Topic(Explainer explainer, string topic)
    {
        var words = topic.Split(' ');
        var edition = explainer.Edition;
        return words[0] switch
        {
            "" => explainer.Standing(),
            "rule" => explainer.Rule(words[1], Subject(words[3])) ?? throw new ArgumentException(topic),
            "metric" => Asked(new(null, null, words[1], null, null, null, null)),
            "obligation" => explainer.Obligation(edition.Obligations.Single(o => o.Name == words[1])),
            "benefit" => explainer.Benefit(edition.Benefits.Single(b => b.Name == words[1])),
            "request" => explainer.Request(edition.Requests.Single(r => r.Name == words[1]), Subject(words[3])),
            "level" => Asked(new(null, null, null, words.Length == 1 ? edition.Ladders[0].Name : words[1], null, null, null)),
            _ => explainer.Subject(Subject(words[0])),
        };

        // A metric and a level need neither the edition that was asked for nor what is known.
        Explanation Asked(Topic asked) =>
            asked.Explain(explainer, Program, History, under: null, Instant.Never, asOf: null, "", Instant.Never, out var missing) ?? throw new ArgumentException($"{topic}: {missing}");
    }

    private Instant InstantOf(string text, bool last)
    {
        if (!Program.Vocabulary.Zone.TryParse(text, out var at, out var isDate)) { throw new ArgumentException(text); }
        return isDate && last ? Program.Vocabulary.Zone.EndOfDay(Program.Vocabulary.Zone.DateOf(at)) : at;
    }

    private static PartnerProgram Read(IReadOnlyDictionary<string, string> files)
    {
        var read = ProgramReader.Read(files);
        return read.Program ?? throw new ArgumentException(string.Join('\n', read.Problems));
    }

    private static History Tell(PartnerProgram program, string facts, string prefix = "f")
    {
        var builder = new HistoryBuilder(program.Vocabulary);
        var number = 0;
        foreach (var line in facts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            var data = words.Length < 4 ? [] : words[3].Split(["; ", ", "], StringSplitOptions.None).Select(pair => pair.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
            var verdict = builder.AddLine(Encoding.UTF8.GetBytes(Json($"{prefix}{++number}", words, data, program.Vocabulary)), number);
            if (verdict is Verdict.Refused refused) { throw new ArgumentException($"{line}: {refused.Refusal}"); }
        }
        return builder.Build();
    }

    private static string Json(string id, string[] words, Dictionary<string, string> data, Vocabulary vocabulary)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("source", "shop");
            json.WriteString("type", words[1]);
            json.WriteString("subject", words[2]);
            json.WriteString("time", words[0]);
            if (data.Remove("learnt", out var learnt)) { json.WriteString("recordedtime", learnt); }
            json.WriteStartObject("data");
            var type = vocabulary.FactTypes.FirstOrDefault(t => t.Name == words[1]);
            foreach (var (name, value) in data)
            {
                json.WritePropertyName(name);
                if (type?.Carries.FirstOrDefault(f => f.Name == name)?.Type is FieldType.Number or FieldType.Flag or FieldType.Money) { json.WriteRawValue(value); }
                else { json.WriteStringValue(value); }
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
