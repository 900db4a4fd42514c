using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// The names of an edition that conditions can read. All are declared before any condition is read; their numbers are those of the
/// file until <see cref="EditionOrder"/> sorts them by what they read.
/// </summary>
internal sealed class Symbols(Vocabulary vocabulary)
{
    /// <summary>What can be told, the facts of the requests included.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>States and roles by their full name.</summary>
    public Dictionary<string, StateSymbol> States { get; } = new(StringComparer.Ordinal);

    /// <summary>The edition before, with the states and roles that it has where this one has none: for who forgot to take them over.</summary>
    public (string Edition, IReadOnlySet<string> States)? Before { get; set; }

    /// <summary>Metrics, those of the units included.</summary>
    public Dictionary<string, MetricSymbol> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Ladders.</summary>
    public Dictionary<string, LadderSymbol> Ladders { get; } = new(StringComparer.Ordinal);

    /// <summary>Obligations: their numbers in file order.</summary>
    public Dictionary<string, (int Index, Place Place)> Obligations { get; } = new(StringComparer.Ordinal);

    /// <summary>Constant look-ups.</summary>
    public Dictionary<string, Table> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>Years of the program's own.</summary>
    public Dictionary<string, NamedYear> Years { get; } = new(StringComparer.Ordinal);

    /// <summary>Scheduled runs.</summary>
    public Dictionary<string, ScheduledRun> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Rules.</summary>
    public Dictionary<string, RuleSymbol> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Rules of earlier editions whose credits go on.</summary>
    public IReadOnlyDictionary<string, KeptRule> Kept { get; init; } = new Dictionary<string, KeptRule>();

    /// <summary>A kind of subject by name.</summary>
    public SubjectKind? Kind(string name)
    {
        foreach (var kind in vocabulary.Kinds)
        {
            if (kind.Name == name) { return kind; }
        }
        return null;
    }

    /// <summary>A unit by name.</summary>
    public Unit? Unit(string name)
    {
        foreach (var unit in vocabulary.Units)
        {
            if (unit.Name == name) { return unit; }
        }
        return null;
    }

    /// <summary>A type of fact by name.</summary>
    public FactType? Fact(string name)
    {
        foreach (var fact in vocabulary.FactTypes)
        {
            if (fact.Name == name) { return fact; }
        }
        return null;
    }

    /// <summary>The type that a field's values have in conditions.</summary>
    /// <param name="owner">The kind that has the field, or the fact that carries it.</param>
    public CelType TypeOf(FieldType type, string owner, string field) => type switch
    {
        FieldType.Text => CelType.Text,
        FieldType.Number or FieldType.Money => CelType.Number,
        FieldType.Flag => CelType.Bool,
        FieldType.Instant => CelType.Timestamp,
        FieldType.Choice choice => new CelType.Choice($"{owner}.{field}", choice.Values, Ordered: false),
        FieldType.Reference reference => new CelType.Reference(vocabulary.Kinds[reference.Kind].Name),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A state or role.</summary>
/// <param name="Index">Its number among the states or among the roles, in file order.</param>
internal sealed record StateSymbol(string Name, int Index, int Kind, bool IsRole, Place Place);

/// <summary>A metric and the type of its value.</summary>
internal sealed record MetricSymbol(string Name, int Index, CelType Type, Place Place);

/// <summary>A ladder and its rungs as a type; with <c>per</c>, a map of them.</summary>
internal sealed record LadderSymbol(string Name, int Index, CelType Type, Place Place)
{
    /// <summary>With <c>per</c>: the key, and the values that there is a level for.</summary>
    public (string Path, CelType.Choice Values)? Per { get; init; }
}

/// <summary>A rule: what can be told of it before its conditions are read.</summary>
/// <param name="Kind">The kind that it is about; -1 where that can't be told.</param>
/// <param name="Unit">What it gives; -1 where that can't be told.</param>
internal sealed record RuleSymbol(string Name, int Index, int Kind, int Unit, Place Place);
