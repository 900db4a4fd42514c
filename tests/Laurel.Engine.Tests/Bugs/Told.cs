using System.Text;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>The least that shows a bug: a program of a few lines, facts of a line each, and what must come of them.</summary>
internal sealed class Told
{
    private Told(PartnerProgram program, History history) => (Program, History) = (program, history);

    public PartnerProgram Program { get; }

    public History History { get; }

    public Scoring Scoring => new(Program, History, under: null, Instant.Never);

    /// <summary>Reads a case.</summary>
    /// <param name="files">program.yaml, then the editions, each after a line "---".</param>
    /// <param name="facts">"2024-02-01 plan.bought site/s1 plan=business (2024-03-01)": time, type, subject, fields, and when it was learnt if later.</param>
    public static Told Of(string files, params string[] facts)
    {
        var texts = files.Split("\n---\n");
        var named = texts.Skip(1).Select((t, i) => ($"editions/{i}.yaml", t)).Append((ProgramReader.VocabularyFile, texts[0])).ToDictionary(f => f.Item1, f => f.Item2);
        var read = ProgramReader.Read(named);
        Assert.True(read.Program is not null, string.Join("\n", read.Problems));
        var history = new HistoryBuilder(read.Program.Vocabulary);
        for (var i = 0; i < facts.Length; i++)
        {
            var verdict = history.AddLine(Line(facts[i], i), i);
            Assert.True(verdict is Verdict.Recorded, $"{facts[i]}: {verdict}");
        }
        return new(read.Program, history.Build());
    }

    /// <summary>Expects credits, by the engine and by the independent computation.</summary>
    public void Gives(params string[] credits)
    {
        var log = Enumerable.Range(0, History.FactCount).Select(p => History.FactOf(History.FactAt[p]));
        Same.Lines(credits, CreditLines.Of(new NaiveCredits(Program.Vocabulary, NaiveCredits.InForce(Program, Instant.Never), log)), "credits as computed from the words of the language");
        Same.Lines(credits, CreditLines.Of(Scoring, History), "credits");
    }

    /// <summary>A member's standing at an instant.</summary>
    public MemberStanding At(string member, string at) => Scoring.Derive().ForThread().TimelineOf(History.SubjectOf(Vocabulary.MemberKind, member)!.Value).At(Some.At(at));

    private static byte[] Line(string fact, int number)
    {
        var recorded = fact.EndsWith(')') ? fact[(fact.IndexOf('(', StringComparison.Ordinal) + 1)..^1] : null;
        var words = fact.Split('(')[0].Trim().Split(' ');
        var fields = words.Skip(3).Select(w => w.Split('=')).ToDictionary(f => f[0], f => decimal.TryParse(f[1], out var amount) ? amount : bool.TryParse(f[1], out var flag) ? (object)flag : f[1]);
        var line = new Dictionary<string, object> { ["id"] = $"f{number}", ["source"] = "shop", ["type"] = words[1], ["subject"] = words[2], ["time"] = words[0], ["data"] = fields };
        if (recorded is not null) { line["recordedtime"] = recorded; }
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line));
    }
}
