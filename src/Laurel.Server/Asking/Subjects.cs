using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Server.Answering;
using Laurel.Server.Refusing;

namespace Laurel.Server.Asking;

/// <summary>Reads subjects.</summary>
internal static class Subjects
{
    /// <summary>The subjects of which a fact speaks.</summary>
    public static IEnumerable<SubjectName> Of(Fact fact, Vocabulary vocabulary)
    {
        if (fact.Subject is { } subject) { yield return subject; }
        foreach (var field in fact.Type.Carries)
        {
            if (field.Type is FieldType.Reference reference && fact[field.Name] is { } value) { yield return new(vocabulary.Kinds[reference.Kind].Name, value.ToString()); }
        }
    }

    /// <summary>A subject of a body's field `subject`, which is needed; none where something is wrong with it, which is noted.</summary>
    public static SubjectName Needed(JsonFields body, Vocabulary vocabulary)
    {
        var text = body.Needed("subject");
        if (Find(text, vocabulary) is { } subject) { return subject; }
        if (text.Length > 0) { body.Refuse("subject", $"`{text}` is no subject", Form(vocabulary)); }
        return default;
    }

    /// <summary>A subject of a parameter: "site/s1".</summary>
    /// <exception cref="Refused">It is none.</exception>
    public static SubjectName Read(string name, string text, Vocabulary vocabulary) => Find(text, vocabulary) ?? throw Refused.Parameter(name, $"`{name}={text}` is no subject", Form(vocabulary));

    private static SubjectName? Find(string text, Vocabulary vocabulary)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 && vocabulary.Kinds.Any(k => k.Name == text[..slash]) ? new(text[..slash], text[(slash + 1)..]) : null;
    }

    private static string Form(Vocabulary vocabulary) => $"Write its kind, a slash and its name. Kinds: {string.Join(", ", vocabulary.Kinds.Select(k => k.Name))}.";
}
