using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Facts;

/// <summary>A fact that was read before is taken over without its line: with the same verdict, and the same in the history.</summary>
public sealed class FactTakingTests
{
    private static readonly string[] Texts = ["", "s1", "ärger ", "a/b", "nul\0l", "  ", new('x', 255), new('x', 256), new('ö', 128), new('x', 1024), new('x', 1025), new('x', 4097), "unlimited", "points", "usd"];
    private static readonly Instant[] Instants = [Some.At("2024-06-01"), Some.At("2024-06-01T09:00:00.000001Z"), new(-Instant.MicrosPerDay), new(-Instant.MicrosPerDay - 1), Instant.First, Instant.Last, Instant.Ever, Instant.Never, Some.At("2100-01-02")];
    private static readonly FactValue[] Values =
    [
        .. Texts.SelectMany(IEnumerable<FactValue> (t) => [new FactValue.Text(t), new FactValue.Choice(t), new FactValue.Reference(t)]),
        .. Instants.Select(i => new FactValue.Instant(i)),
        .. new[] { new Number(7), Number.Of(1, 3), Number.Of(-5, 4), new(long.MaxValue), Number.Of(1, 1L << 50), Number.Of(100, 1) }.Select(n => new FactValue.Number(n)),
        .. new long[] { 0, -199, Scales.AmountMax, Scales.AmountMax + 1 }.Select(p => new FactValue.Money(p, 1)),
        new FactValue.Flag(true), new FactValue.Flag(false),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Is_as_if_its_line_were_read(int seed)
    {
        var vocabulary = Some.Vocabulary();
        var random = new Random(seed);
        var (taken, read, verdicts) = (new HistoryBuilder(vocabulary), new HistoryBuilder(vocabulary), new List<Verdict>());
        for (var i = 0; i < 4000; i++)
        {
            var fact = Any(random, vocabulary);
            var (verdict, expected) = (taken.Add(fact), read.AddLine(FactJson.Write(fact, vocabulary), 0));
            Assert.Equal(Shown(expected), Shown(verdict));
            verdicts.Add(verdict);
        }
        Assert.Equal(3, verdicts.Select(v => v.GetType()).Distinct().Count());
        Assert.Contains(verdicts, v => v is Verdict.Recorded { Displaced: not null });
        var (history, same) = (taken.Build(), read.Build());
        Assert.Equal(same.FactCount, history.FactCount);
        for (var fact = 0; fact < same.FactCount; fact++) { Assert.Equal(same.FactOf(fact), history.FactOf(fact)); }
    }

    [Fact]
    public void Of_another_vocabulary_is_read()
    {
        var fact = new Fact("shop", "f1", Some.Vocabulary().FactTypes[0], new("member", "ada"), Some.At("2024-06-01"), null, []);
        var history = new HistoryBuilder(Some.Vocabulary());
        Assert.IsType<Verdict.Recorded>(history.Add(fact));
        Assert.Equal(fact, history.Build().FactOf(0));
    }

    private static string Shown(Verdict verdict) => verdict is Verdict.Recorded recorded ? $"recorded {recorded.Displaced}" : verdict.ToString();

    /// <summary>A fact that is mostly right: one part in twenty is any that there is.</summary>
    private static Fact Any(Random random, Vocabulary vocabulary)
    {
        T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        bool Slips() => random.Next(20) == 0;
        var type = One(vocabulary.FactTypes);
        var data = type.Carries.Where(f => f.Needed ? !Slips() : random.Next(3) == 0)
            .Select(f => KeyValuePair.Create(f.Name, Slips() ? One(Values) : Right(f.Type, f.Name, random))).ToList();
        if (Slips()) { data.Reverse(); }
        if (Slips()) { data.Add(new("nope", new FactValue.Flag(true))); }
        SubjectName? subject = Slips() ? null : new(Slips() ? "person" : vocabulary.Kinds[type.About].Name, Slips() ? One(Texts) : $"s{random.Next(9)}");
        Instant? recorded = random.Next(3) > 0 ? null : Slips() ? One(Instants) : new(Instants[0].Micros + random.Next(1000));
        return new(Slips() ? One(Texts) : "shop", Slips() ? One(Texts) : $"f{random.Next(600)}", type, subject, Slips() ? One(Instants) : Instants[0], recorded, data);
    }

    private static FactValue Right(FieldType type, string name, Random random) => type switch
    {
        FieldType.Text when name == "unit" => new FactValue.Text("points"),
        FieldType.Text => new FactValue.Text($"t{random.Next(2)}"),
        FieldType.Choice choice => new FactValue.Choice(choice.Values[^1]),
        FieldType.Reference => new FactValue.Reference("r1"),
        FieldType.Instant => new FactValue.Instant(Instants[1]),
        FieldType.Money money => new FactValue.Money(-199, money.Unit),
        FieldType.Number => new FactValue.Number(new(random.Next(2))),
        _ => new FactValue.Flag(random.Next(2) == 0),
    };
}
