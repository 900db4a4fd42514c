using System.Globalization;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Xunit.Abstractions;

namespace Laurel.Engine.Tests.Programs;

/// <summary>Whatever is written, the reader answers with problems and never throws.</summary>
public sealed class ReaderFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
        ["!", "&a ", "*a", "? ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", " #", "|", ">", "%", "@", "`", "\t", "\n", "\r", "\0", "\uD800", "---\n", "...\n", "<<: ", "on: ", "||", "&&", " for 3 days", "tables", "before.", "fact.", "member.", "(", ")", ",", "999999999999999999999", "-1", "\u2028", "~", "!!binary ", "%YAML 9.99999999999\n"];

    [Fact]
    public void Random_changes_of_a_good_program_never_throw()
    {
        var seed = Environment.GetEnvironmentVariable("LAUREL_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"LAUREL_SEED={seed}");
        var random = new Random(seed);
        var good = Folder.Maple();
        var names = good.Keys.Where(name => !name.StartsWith("scenarios/", StringComparison.Ordinal)).Order().ToList();
        var refused = 0;
        var rounds = Environment.GetEnvironmentVariable("LAUREL_ROUNDS") is { } many ? int.Parse(many, CultureInfo.InvariantCulture) : 400;
        for (var i = 0; i < rounds; i++)
        {
            var files = new Dictionary<string, string>(good);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var name = names[random.Next(names.Count)];
                files[name] = Changed(files[name], random);
            }
            refused += Read(files, seed, i).Program is null ? 1 : 0;
        }
        output.WriteLine($"{refused} of {rounds} refused");
        Assert.InRange(refused, rounds / 4, rounds - 1);
    }

    private static ReadResult Read(Dictionary<string, string> files, int seed, int round)
    {
        try
        {
            var result = ProgramReader.Read(files);
            Assert.True(result.Program is not null || result.Problems.Any(p => p.Severity == Severity.Error), "refused without a word");
            Assert.All(result.Problems, problem => Assert.True(problem.ToString().Length > 10 && problem.Message.Length > 0 && problem.Remedy.Length > 0));
            return result;
        }
        catch (Exception thrown) when (thrown is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"LAUREL_SEED={seed}, round {round}:\n{string.Join('\n', files.Select(f => $"=== {f.Key}\n{f.Value}"))}", thrown);
        }
    }

    private static string Changed(string text, Random random)
    {
        if (text.Length < 20) { return text + Pieces[random.Next(Pieces.Length)]; }
        var at = random.Next(text.Length);
        switch (random.Next(6))
        {
            case 0: return text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            case 1: return text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at));
            case 2: return text[..at];
            case 3:
                var from = random.Next(text.Length);
                return text.Insert(at, text.Substring(from, Math.Min(random.Next(1, 60), text.Length - from)));
            case 4:
                // Two lines change places.
                var lines = text.Split('\n');
                var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
                (lines[a], lines[b]) = (lines[b], lines[a]);
                return string.Join('\n', lines);
            default:
                // A word becomes another one of the file.
                var words = text.Split([' ', '\n', ':', ',', '[', ']', '{', '}'], StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0) { return ""; }
                var word = words[random.Next(words.Length)];
                return text.Replace(word, words[random.Next(words.Length)], StringComparison.Ordinal);
        }
    }
}
