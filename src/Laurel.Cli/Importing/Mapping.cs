using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Importing;

/// <summary>What the rows of a file are told as.</summary>
/// <param name="Facts">The facts that a row may make, each where its tests hold.</param>
/// <param name="Key">What tells rows apart; null where only all that a row says does.</param>
/// <param name="Separator">What stands between cells; null to find it out.</param>
/// <param name="Encoding">How the file is written.</param>
internal sealed record Mapping(IReadOnlyList<MappedFact> Facts, MappedValue? Key, char? Separator, Encoding Encoding)
{
    /// <summary>The columns that it reads.</summary>
    public IEnumerable<string> Columns => Facts.SelectMany(f => f.Values.Concat(f.Tests.Select(t => t.Value))).Concat(Key is null ? [] : [Key]).SelectMany(v => v.Columns).Distinct();
}

/// <summary>A fact that a row may make.</summary>
/// <param name="Name">Its name in the mapping, with which its id begins.</param>
/// <param name="Type">Its type.</param>
/// <param name="Tests">Which rows make it: all of these hold.</param>
/// <param name="Attributes">Its attributes by their names in JSON.</param>
/// <param name="Data">Its fields.</param>
internal sealed record MappedFact(string Name, FactType Type, IReadOnlyList<MappedTest> Tests, IReadOnlyList<(string Name, MappedValue Value)> Attributes, IReadOnlyList<(FactField Field, MappedValue Value)> Data)
{
    /// <summary>All that it reads from a row.</summary>
    public IEnumerable<MappedValue> Values => Attributes.Select(a => a.Value).Concat(Data.Select(d => d.Value));

    /// <summary>What a row is asked for a part of it: "time", "data.plan"; null where the mapping says nothing of it.</summary>
    public MappedValue? ValueOf(string part) =>
        part.StartsWith("data.", StringComparison.Ordinal) ? Data.FirstOrDefault(d => d.Field.Name == part["data.".Length..]).Value : Attributes.FirstOrDefault(a => a.Name == part).Value;
}

/// <summary>A test of a row.</summary>
/// <param name="Value">The column.</param>
/// <param name="Among">What it may say; "*" is anything but nothing.</param>
/// <param name="Not">True where it may not.</param>
internal sealed record MappedTest(MappedValue Value, IReadOnlyList<string> Among, bool Not)
{
    private const string Anything = "*";

    /// <summary>True where a row passes.</summary>
    public bool Holds(Row row)
    {
        var cell = Value.Text(row);
        return Among.Any(a => a == Anything ? cell.Length > 0 : a == cell) != Not;
    }
}

/// <summary>A row of a file.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Columns">The number of each column, from 0.</param>
/// <param name="Cells">What stands in them, without blanks around it.</param>
internal sealed record Row(long Line, IReadOnlyDictionary<string, int> Columns, IReadOnlyList<string> Cells)
{
    /// <summary>What stands in a column; empty where nothing does.</summary>
    public string this[string column] => Columns.TryGetValue(column, out var index) && index < Cells.Count ? Cells[index] : "";
}
