using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Whether what a line says speaks for the thing explained.</summary>
public enum Mark
{
    /// <summary>Neither: it informs.</summary>
    None,

    /// <summary>A condition that holds.</summary>
    Yes,

    /// <summary>A condition that fails.</summary>
    No,
}

/// <summary>A line of an explanation and what stands behind it.</summary>
/// <param name="Says">The sentence, as a key with arguments.</param>
/// <param name="Mark">Whether it holds.</param>
/// <param name="Because">What stands behind it.</param>
public sealed record Explanation(Message Says, Mark Mark, IReadOnlyList<Explanation> Because)
{
    /// <summary>A line that only informs.</summary>
    public static Explanation Of(Message says, params IReadOnlyList<Explanation> because) => new(says, Mark.None, because);
}

/// <summary>A sentence: a key of the phrase book, with arguments.</summary>
/// <param name="Key">The key, such as "rule.active".</param>
/// <param name="Arguments">The arguments by name.</param>
public sealed record Message(string Key, IReadOnlyList<KeyValuePair<string, Argument>> Arguments)
{
    /// <summary>A sentence with its arguments.</summary>
    public static Message Of(string key, params IReadOnlyList<(string Name, Argument Value)> arguments) =>
        new(key, [.. arguments.Select(a => new KeyValuePair<string, Argument>(a.Name, a.Value))]);
}

/// <summary>What a sentence speaks of.</summary>
public abstract record Argument
{
    private Argument() { }

    /// <summary>A text that is the same in every language: an id, a member's name, an expression.</summary>
    public sealed record Verbatim(string Value) : Argument;

    /// <summary>A name of the program: what pages call it, in the reader's language.</summary>
    public sealed record Name(string Value) : Argument;

    /// <summary>A value of a field: what the program calls it, else as it was told.</summary>
    public sealed record Given(string Value) : Argument;

    /// <summary>The program's own words.</summary>
    public sealed record Words(Phrase Value) : Argument;

    /// <summary>An instant.</summary>
    public sealed record When(Instant Value) : Argument;

    /// <summary>A period of the calendar, by its kind and its first instant.</summary>
    public sealed record Period(WindowKind Kind, Instant Starts) : Argument;

    /// <summary>An amount of a unit, in whole units.</summary>
    public sealed record Amount(Number Value, string Unit) : Argument
    {
        /// <summary>An amount in smallest parts of a unit.</summary>
        public static Amount Of(Unit unit, long parts)
        {
            ArgumentNullException.ThrowIfNull(unit);
            return new(unit.Whole(parts), unit.Name);
        }
    }

    /// <summary>A number; where it is no whole one, with so many decimals at least.</summary>
    public sealed record Count(Number Value, int Decimals = 0) : Argument;

    /// <summary>A length of time.</summary>
    public sealed record Length(Duration Value) : Argument;

    /// <summary>Another sentence.</summary>
    public sealed record Inner(Message Value) : Argument;

    /// <summary>Several, in a row.</summary>
    /// <param name="Items">The items.</param>
    /// <param name="Joined">The key of what stands between them: "and", "or", "nor".</param>
    public sealed record Several(IReadOnlyList<Argument> Items, string Joined = "and") : Argument;

    /// <summary>A text that is the same in every language.</summary>
    public static implicit operator Argument(string value) => new Verbatim(value);

    /// <summary>An instant.</summary>
    public static implicit operator Argument(Instant value) => new When(value);

    /// <summary>A number.</summary>
    public static implicit operator Argument(Number value) => new Count(value);

    /// <summary>Another sentence.</summary>
    public static implicit operator Argument(Message value) => new Inner(value);
}
