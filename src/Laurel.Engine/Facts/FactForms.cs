using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>What a vocabulary says of facts, made ready to read them by. Made once, for any number of parsers on any threads.</summary>
public sealed class FactForms
{
    /// <summary>Makes it ready.</summary>
    public FactForms(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Types = [.. vocabulary.FactTypes.Select(type => new TypeReader(vocabulary, type))];
        TypeNames = Names(vocabulary.FactTypes.Select(type => type.Name));
        KindNames = Names(vocabulary.Kinds.Select(kind => kind.Name));
    }

    internal Vocabulary Vocabulary { get; }

    /// <summary>The types of facts, by their order.</summary>
    internal IReadOnlyList<TypeReader> Types { get; }

    internal Texts TypeNames { get; }

    internal Texts KindNames { get; }

    private static Texts Names(IEnumerable<string> names)
    {
        var texts = new TextsBuilder();
        foreach (var name in names) { texts.Intern(Encoding.UTF8.GetBytes(name)); }
        return texts.Freeze();
    }
}
