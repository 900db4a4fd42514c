using System.Globalization;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Facts of many subjects that have nothing to do with each other: what befalls one by one seed befalls another by the next.</summary>
internal static class Lives
{
    /// <summary>Facts in the order of the log, of as many lives as are asked for.</summary>
    public static IReadOnlyList<Fact> Of(PartnerProgram program, ulong seed, int count) =>
        SomeFacts.Log(Enumerable.Range(0, count).SelectMany(i => SomeFacts.Some(new Chance((seed * 1000) + (ulong)i), program, 30).Select(f => Named(f, i))));

    private static Fact Named(Fact fact, int life) => fact with
    {
        Id = Named(fact.Id, life),
        Subject = fact.Subject is { } subject ? subject with { Name = Named(subject.Name, life) } : null,
        Data = [.. fact.Data.Select(d => new KeyValuePair<string, FactValue>(d.Key, d.Value switch
        {
            FactValue.Reference reference => new FactValue.Reference(Named(reference.Name, life)),
            FactValue.Text text when fact.Type.BuiltIn == BuiltIn.Retracted && d.Key == "id" => new FactValue.Text(Named(text.Value, life)),
            var other => other,
        }))],
    };

    private static string Named(string name, int life) => string.Create(CultureInfo.InvariantCulture, $"{name}-{life}");
}
