using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.House;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>A program and facts in the order of their log, and a seed for whatever else a property chooses.</summary>
internal sealed record Case(ProgramText? Text, PartnerProgram Program, IReadOnlyList<Fact> Log, ulong Seed)
{
    private static readonly PartnerProgram Wix = ReadWix();

    /// <summary>A case: every fourth is of a program of the library.</summary>
    public static Case Some(ulong seed)
    {
        var chance = new Chance(seed);
        if (chance.Percent(25)) { return new(null, Wix, SomeFacts.Some(chance, Wix, 30), seed); }
        var text = SomePrograms.Some(chance);
        var read = ProgramReader.Read(text.Files);
        Assert.True(read.Program is not null, $"seed {seed}: {string.Join("\n", read.Problems.Where(p => p.Severity == Severity.Error))}\n{text}");
        return new(text, read.Program, SomeFacts.Some(chance, read.Program, 24), seed);
    }

    /// <summary>The history of all facts, or of the first so many.</summary>
    public History History(int? first = null) => HistoryOf(Log.Take(first ?? Log.Count));

    /// <summary>A history of facts in the order of coming.</summary>
    public History HistoryOf(IEnumerable<Fact> facts)
    {
        var builder = new HistoryBuilder(Program.Vocabulary);
        foreach (var fact in facts)
        {
            var verdict = builder.Add(fact);
            Assert.True(verdict is Verdict.Recorded, $"{fact}: {verdict}");
        }
        return builder.Build();
    }

    /// <summary>The facts known at an instant, in the order of the log.</summary>
    public IEnumerable<Fact> KnownAt(Instant known) => Log.Where(f => (f.Recorded ?? f.Time) <= known);

    /// <summary>Instants near which something happens.</summary>
    public Instant SomeInstant(Chance chance)
    {
        var near = Log.SelectMany(f => new[] { f.Time, f.Recorded ?? f.Time }).Concat(Program.Editions.Select(e => e.Effective)).ToList();
        var at = chance.One(near);
        var moved = new Instant(at.Micros + chance.One(0, 0, 1, -1, Instant.MicrosPerDay, 14 * Instant.MicrosPerDay, 40 * Instant.MicrosPerDay));
        return moved.IsReal ? moved : at;
    }

    /// <summary>What is left of the case with less in it.</summary>
    public IEnumerable<Case> Less()
    {
        for (var size = Log.Count / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= Log.Count; from += size) { yield return this with { Log = [.. Log.Take(from), .. Log.Skip(from + size)] }; }
        }
        foreach (var text in Text?.Less() ?? [])
        {
            if (text.Read() is { } program) { yield return this with { Text = text, Program = program, Log = [.. Log.Select(f => f with { Type = program.Vocabulary.FactTypes.Single(t => t.Name == f.Type.Name) })] }; }
        }
        for (var i = 0; i < Log.Count; i++)
        {
            var fact = Log[i];
            if (fact.Recorded is not null && !SomeFacts.IsEnd(fact.Time)) { yield return this with { Log = SomeFacts.Log([.. Log.Take(i), fact with { Recorded = null }, .. Log.Skip(i + 1)]) }; }
            foreach (var field in fact.Type.Carries.Where(f => !f.Needed && fact[f.Name] is not null))
            {
                yield return this with { Log = [.. Log.Take(i), fact with { Data = [.. fact.Data.Where(d => d.Key != field.Name)] }, .. Log.Skip(i + 1)] };
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}\n{Text?.ToString() ?? "the program wix-partner"}\n");
        foreach (var fact in Log)
        {
            var fields = string.Join(", ", fact.Data.Select(d => $"{d.Key}: {d.Value}"));
            var recorded = fact.Recorded is { } at ? $" (learnt {at})" : "";
            text.Append(CultureInfo.InvariantCulture, $"{fact.Time} {fact.Id} {fact.Type.Name} {fact.Subject} {fields}{recorded}\n");
        }
        return text.ToString();
    }

    private static PartnerProgram ReadWix()
    {
        const string folder = "programs/wix-partner/";
        var files = Repository.Under(folder, ".yaml").ToDictionary(f => f[folder.Length..], Repository.Read);
        return ProgramReader.Read(files).Program ?? throw new InvalidOperationException("the program of the library does not read");
    }
}
