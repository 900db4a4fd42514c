using System.Globalization;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Makes facts for any program: in any order, late, ahead, taken back, many at one instant; times and numbers near edges.</summary>
internal sealed class SomeFacts
{
    private static readonly string[] Numbers = ["0", "9", "10", "11", "2.5", "100", "0.3"];

    private readonly Chance _chance;
    private readonly Vocabulary _vocabulary;
    private readonly List<Instant> _edges;
    private readonly bool _ranks;
    private readonly List<Instant> _used = [];
    private readonly List<Fact> _facts = [];

    private SomeFacts(Chance chance, PartnerProgram program)
    {
        _chance = chance;
        _vocabulary = program.Vocabulary;
        _edges = [.. Edges(program)];
        _ranks = program.ComparesMembers(under: null);
    }

    /// <summary>Facts in the order of the log: by when they were learnt.</summary>
    public static IReadOnlyList<Fact> Some(Chance chance, PartnerProgram program, int most) => new SomeFacts(chance, program).Make(most);

    /// <summary>The order of a log: by when facts were learnt; of one instant, as they came.</summary>
    public static IReadOnlyList<Fact> Log(IEnumerable<Fact> facts) => [.. facts.OrderBy(f => (f.Recorded ?? f.Time).Micros)];

    private IReadOnlyList<Fact> Make(int most)
    {
        foreach (var member in Names("member"))
        {
            if (_chance.Percent(80)) { Add(Type(BuiltIn.Joined), member, _chance.Percent(70) ? At("2023-06-01") : Time(), []); }
        }
        // Whoever is compared should differ.
        foreach (var member in Names("member").Where(_ => _ranks && _chance.Percent(75))) { Adjust(member, At(_chance.One("2023-12-31", "2024-02-29"))); }
        var types = _vocabulary.FactTypes.Where(t => t.BuiltIn is BuiltIn.None).ToList();
        foreach (var kind in _vocabulary.Kinds)
        {
            // What a subject refers to, and who is on it, is mostly known early.
            var naming = types.Where(t => t.About == kind.Index && t.Carries.Any(c => c.Type is FieldType.Reference)).ToList();
            foreach (var name in Names(kind.Name).Where(_ => naming.Count > 0 && _chance.Percent(75)))
            {
                var type = _chance.One(naming);
                Add(type, name, _chance.Percent(60) ? At(_chance.One("2023-06-01", "2023-12-31")) : Time(), type.Carries.Where(f => f.Needed || _chance.Percent(85)).Select(Value));
            }
        }
        var count = 1 + _chance.Below(most);
        for (var i = 0; i < count; i++)
        {
            if (_chance.Percent(5)) { Add(Type(_chance.One(BuiltIn.Left, BuiltIn.Joined)), _chance.One(Names("member")), Time(), []); }
            else if (_chance.Percent(3)) { Adjust(_chance.One(Names("member")), Time()); }
            else if (_chance.Percent(5)) { Retract(); }
            else
            {
                var type = _chance.One(types);
                Add(type, _chance.One(Names(_vocabulary.Kinds[type.About].Name)), Time(), type.Carries.Where(f => f.Needed || _chance.Percent(70)).Select(Value));
            }
        }
        return Log(_facts);
    }

    /// <summary>True at an end of time: what happened there was learnt at another one, since nobody learns anything then.</summary>
    public static bool IsEnd(Instant time) => time < new Instant(946_684_800 * Instant.MicrosPerSecond) || time > new Instant(2_524_608_000 * Instant.MicrosPerSecond);

    private FactType Type(BuiltIn builtIn) => _vocabulary.FactTypes.First(t => t.BuiltIn == builtIn);

    private void Add(FactType type, string? subject, Instant time, IEnumerable<KeyValuePair<string, FactValue>> fields)
    {
        var name = subject is null ? (SubjectName?)null : new SubjectName(_vocabulary.Kinds[type.About].Name, subject);
        Instant? recorded = _chance.Below(10) switch
        {
            0 => Moved(time, 1),
            1 => Moved(time, Instant.MicrosPerDay * 40),
            2 => At("2024-05-05"),
            3 => At("2023-06-01"),
            _ => null,
        };
        if (IsEnd(time)) { recorded = At("2024-05-05"); }
        _facts.Add(new("shop", string.Create(CultureInfo.InvariantCulture, $"f{_facts.Count}"), type, name, time, recorded == time ? null : recorded, [.. fields]));
        _used.Add(time);
    }

    private void Adjust(string member, Instant time)
    {
        var unit = _chance.One(_vocabulary.Units);
        Add(Type(_chance.One(BuiltIn.Adjusted, BuiltIn.Migrated)), member, time,
        [
            new("unit", new FactValue.Text(unit.Name)), new("amount", new FactValue.Number(_chance.One(-50L, 1L, 120L))),
            new("reason", new FactValue.Text("goodwill")), new("by", new FactValue.Text("kim")),
        ]);
    }

    private void Retract() => Add(Type(BuiltIn.Retracted), null, Time(),
        [new("source", new FactValue.Text("shop")), new("id", new FactValue.Text($"f{_chance.Below(_facts.Count + 3)}"))]);

    private KeyValuePair<string, FactValue> Value(FactField field) => new(field.Name, field.Type switch
    {
        FieldType.Text => new FactValue.Text(_chance.One("one", "two")),
        FieldType.Number => new FactValue.Number(Number(_chance.One(Numbers))),
        FieldType.Flag => new FactValue.Flag(_chance.Percent(50)),
        FieldType.Instant => new FactValue.Instant(Time()),
        FieldType.Choice choice => new FactValue.Choice(_chance.One(choice.Values)),
        FieldType.Money money => new FactValue.Money(_chance.One(0L, 1L, 999L), money.Unit),
        FieldType.Reference reference => new FactValue.Reference(_chance.One(Names(_vocabulary.Kinds[reference.Kind].Name))),
        _ => throw new NotSupportedException(field.Name),
    });

    private static Number Number(string text) => Engine.Values.Number.TryParse(text, out var number) ? number : throw new FormatException(text);

    private static IReadOnlyList<string> Names(string kind) => kind switch
    {
        "member" => ["ada", "ben", "cyd"],
        "site" => ["s1", "s2", "s3"],
        "certificate" => ["c1", "c2"],
        "firm" => ["f1"],
        _ => [$"{kind[0]}1", $"{kind[0]}2"],
    };

    private Instant Time()
    {
        if (_used.Count > 0 && _chance.Percent(30)) { return _chance.One(_used); }
        if (_used.Count > 0 && _chance.Percent(25))
        {
            var length = _chance.One<Duration>(new(0, 14, 0), new(0, 1, 0), new(0, 3, 0), new(1, 0, 0), new(0, 0, Instant.MicrosPerDay * 3 / 2), new(0, 60, 0), new(0, 30, 0));
            return Real(_vocabulary.Zone.Move(_chance.One(_used), length));
        }
        var edge = _chance.One(_edges);
        return _chance.Percent(15) ? Moved(edge, _chance.One(-1, 1)) : edge;
    }

    /// <summary>The dates of editions, month ends, a leap day, turns of the clock, and now and then the ends of time.</summary>
    private IEnumerable<Instant> Edges(PartnerProgram program)
    {
        foreach (var edition in program.Editions)
        {
            yield return edition.Effective;
            yield return new(edition.Effective.Micros + (200 * Instant.MicrosPerDay));
        }
        foreach (var day in (string[])["2023-12-31", "2024-01-01", "2024-01-15", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01", "2024-05-05", "2024-06-15", "2024-12-31"])
        {
            yield return At(day);
            yield return At($"{day}T09:30Z");
        }
        yield return At("2024-03-31T01:30Z");
        yield return At("2024-03-10T07:30Z");
        if (_chance.Percent(4)) { yield return _chance.One(new Instant(0), Instant.First, Instant.Last, At("1970-01-31")); }
    }

    private Instant At(string time) => _vocabulary.Zone.TryParse(time, out var at, out _) ? at : throw new FormatException(time);

    private static Instant Moved(Instant at, long micros) => Real(new(at.Micros + micros));

    private static Instant Real(Instant at) => at.IsReal ? at : at < Instant.First ? Instant.First : Instant.Last;
}
