using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Tests.Programs;

/// <summary>Texts that are made to be slow or deep come to an end like any other.</summary>
public sealed class HostileProgramTests
{
    private const string Head = "edition: 1\neffective: 2024-01-01\n";
    private const string Vocabulary = "program: a\nunits: { points: {} }\nsubjects: { site: { size: number } }\nfacts: { site.created: { about: site, needs: [member] } }\n";

    [Theory]
    [InlineData("says: ", "[", 50_000)]
    [InlineData("says: ", "{a: ", 20_000)]
    [InlineData("says: ", "- ", 20_000)]
    [InlineData("", "? ", 5_000)]
    public void Brackets_upon_brackets_are_refused(string start, string piece, int times) =>
        Assert.Null(Read(Vocabulary, Head + start + string.Concat(Enumerable.Repeat(piece, times))).Program);

    [Theory]
    [InlineData("(", 5_000)]
    [InlineData("!", 5_000)]
    public void A_condition_is_only_so_deep(string piece, int times) =>
        Assert.Null(Read(Vocabulary, $"{Head}states: {{ site.a: \"{string.Concat(Enumerable.Repeat(piece, times))}true\" }}\n").Program);

    [Fact]
    public void A_condition_may_be_long() =>
        Assert.NotNull(Read(Vocabulary, $"{Head}states: {{ site.a: \"{string.Concat(Enumerable.Repeat("site.size > 1 || ", 5_000))}true\" }}\n").Program);

    [Fact]
    public void A_long_chain_of_states_is_sorted()
    {
        var kinds = new StringBuilder("program: a\nsubjects:\n");
        var states = new StringBuilder(Head + "states:\n");
        for (var i = 0; i < 2_000; i++)
        {
            kinds.Append(System.Globalization.CultureInfo.InvariantCulture, $"  k{i}: {{ size: number{(i == 0 ? "" : $", next: k{i - 1}")} }}\n");
            states.Append(System.Globalization.CultureInfo.InvariantCulture, $"  k{i}.big: k{i}.{(i == 0 ? "size > 3" : "next.big")}\n");
        }
        var edition = Folder.Program(new Dictionary<string, string> { ["program.yaml"] = kinds.ToString(), ["editions/1.yaml"] = states.ToString() }).Editions[0];
        Assert.Equal(1_999, edition.States[^1].Layer);
    }

    [Fact]
    public void Many_ways_between_kinds_are_not_walked_one_by_one()
    {
        var kinds = new StringBuilder("program: a\nunits: { points: {} }\nsubjects:\n  end: {}\n  k0: { size: number }\n");
        for (var i = 1; i < 60; i++) { kinds.Append(System.Globalization.CultureInfo.InvariantCulture, $"  k{i}: {{ a: k{i - 1}, b: k{i - 1} }}\n"); }
        kinds.Append("facts: { k59.born: { about: k59, needs: [member] } }\n");
        const string edition = Head + "rules: { a: { give: 1 points, when: k59.born } }\nlimits:\n  x: { of: a, per: end, best: 1 }\n  y: { of: a, per: k0, best: 1 }\n";
        Assert.Equal(["`k59` refers to no `end`", "`k59` refers to `k0` in more than one way"], Read(kinds.ToString(), edition).Problems.Select(p => p.Message));
    }

    private static ReadResult Read(string program, string edition) =>
        ProgramReader.Read(new Dictionary<string, string> { ["program.yaml"] = program, ["editions/1.yaml"] = edition });
}
