namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads all editions of a program, each knowing those before it.</summary>
internal sealed class EditionsReader(Vocabulary vocabulary, EditionTexts texts, ProblemList problems)
{
    private readonly List<ReadEdition> _published = [];
    private readonly List<ReadEdition> _drafts = [];

    /// <summary>Reads them. What could not be read is left out; then there are errors.</summary>
    public PartnerProgram Read()
    {
        foreach (var text in texts.All.Where(t => t.IsWhole))
        {
            // An edition comes after all that were in force before it; a draft also, as if published on its date.
            var before = _published.Where(p => p.Edition.Effective < text.Effective).ToList();
            problems.Reading(text);
            var read = new EditionReader(vocabulary, text, before, texts.AreWhole, problems).Read();
            (text.Draft ? _drafts : _published).Add(read);
        }
        problems.Reading(null);
        return new(vocabulary, [.. _published.Select(p => p.Edition)], [.. _drafts.Select(d => d.Edition)]);
    }
}

/// <summary>An edition that was read, with what the next ones need to know of it.</summary>
/// <param name="Rules">The names of its rules, those that could not be read included.</param>
/// <param name="Earlier">The rules of it and all before it.</param>
/// <param name="Kept">Of those, the ones of earlier editions whose credits still go on.</param>
internal sealed record ReadEdition(
    Edition Edition, IReadOnlySet<string> Rules, IReadOnlyDictionary<string, KeptRule> Earlier, IReadOnlyDictionary<string, KeptRule> Kept);
