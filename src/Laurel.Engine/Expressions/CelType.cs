namespace Laurel.Engine.Expressions;

/// <summary>The type of an expression. Two types are the same where they are equal.</summary>
public abstract record CelType
{
    private CelType() { }

    /// <summary>True or false.</summary>
    public static readonly CelType Bool = new Simple("bool");

    /// <summary>CEL's 64-bit integer (plain dialect).</summary>
    public static readonly CelType Int = new Simple("int");

    /// <summary>CEL's 64-bit unsigned integer (plain dialect).</summary>
    public static readonly CelType UInt = new Simple("uint");

    /// <summary>CEL's double (plain dialect).</summary>
    public static readonly CelType Double = new Simple("double");

    /// <summary>An exact number (program dialect: every numeric literal and field).</summary>
    public static readonly CelType Number = new Simple("number");

    /// <summary>A text.</summary>
    public static readonly CelType Text = new Simple("string");

    /// <summary>Bytes (plain dialect).</summary>
    public static readonly CelType Bytes = new Simple("bytes");

    /// <summary>An instant.</summary>
    public static readonly CelType Timestamp = new Simple("timestamp");

    /// <summary>A length of time on the clock.</summary>
    public static readonly CelType Duration = new Simple("duration");

    /// <summary>null.</summary>
    public static readonly CelType Null = new Simple("null");

    /// <summary>The type of types.</summary>
    public static readonly CelType Type = new Simple("type");

    /// <summary>Whatever it turns out to be.</summary>
    public static readonly CelType Dyn = new Simple("dyn");

    /// <summary>A type without parts.</summary>
    public sealed record Simple(string Name) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A list.</summary>
    public sealed record List(CelType Element) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => $"list({Element})";
    }

    /// <summary>A map.</summary>
    public sealed record Map(CelType Key, CelType Value) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => $"map({Key}, {Value})";
    }

    /// <summary>
    /// A text that is one of a list: comparing it with a literal that is not in the list is a type error. Where it is
    /// ordered (the rungs of a ladder), <c>&lt;</c> and its like compare by position; else they are a type error.
    /// </summary>
    /// <param name="Name">What the list belongs to: "site.editor", "level".</param>
    /// <param name="Values">The values, low to high.</param>
    /// <param name="Ordered">True where the order means something.</param>
    public sealed record Choice(string Name, IReadOnlyList<string> Values, bool Ordered) : CelType
    {
        /// <inheritdoc/>
        public bool Equals(Choice? other) => other is not null && Name == other.Name && Ordered == other.Ordered && Values.SequenceEqual(other.Values);

        /// <inheritdoc/>
        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A reference to a subject of a kind; references compare for equality.</summary>
    public sealed record Reference(string Kind) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => Kind;
    }
}
