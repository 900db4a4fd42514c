namespace Laurel.Engine.Expressions;

/// <summary>What a name in an expression means. Each room that owns names derives its own.</summary>
/// <param name="Type">The type of its value.</param>
public abstract record Binding(CelType Type);

/// <summary>The names that an expression may use.</summary>
public interface IScope
{
    /// <summary>
    /// Finds what the longest possible prefix of a dotted path means ("certificate.holder.team" is one binding; of
    /// "customers.size" only the first name may be).
    /// </summary>
    /// <param name="path">The names, at least one.</param>
    /// <param name="used">How many of the names the binding covers; at least one where there is a binding.</param>
    /// <param name="problem">
    /// Where nothing is found: a sentence that names the unknown part and what is there instead. Of several sentences the
    /// first is told as what is wrong, the others as what to do.
    /// </param>
    Binding? Resolve(IReadOnlyList<string> path, out int used, out string problem);

    /// <summary>What <c>ago(name, "12 months")</c> or <c>since(name)</c> means: names with something beside them rather than functions of values.</summary>
    /// <param name="function">"ago" or "since".</param>
    /// <param name="of">What the name means; null where there is no name alone.</param>
    /// <param name="text">The text told second; null for none.</param>
    /// <param name="problem">Where it means nothing: as with <see cref="Resolve"/>.</param>
    Binding? ResolveCall(string function, Binding? of, string? text, out string problem)
    {
        problem = $"`{function}` can't be read here.";
        return null;
    }
}
