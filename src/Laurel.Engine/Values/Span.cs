namespace Laurel.Engine.Values;

/// <summary>A half-open stretch of time: it holds from <see cref="Starts"/> until just before <see cref="Ends"/>.</summary>
/// <param name="Starts">The first instant inside; <see cref="Instant.Ever"/> for no start.</param>
/// <param name="Ends">The first instant after; <see cref="Instant.Never"/> for no end.</param>
public readonly record struct Span(Instant Starts, Instant Ends)
{
    /// <summary>All of time.</summary>
    public static readonly Span Always = new(Instant.Ever, Instant.Never);

    /// <summary>True where no instant lies inside.</summary>
    public bool IsEmpty => Starts >= Ends;

    /// <summary>True where the instant lies inside.</summary>
    public bool Contains(Instant at) => Starts <= at && at < Ends;

    /// <summary>The part that both have; may be empty.</summary>
    public Span Intersect(Span other) => new(Instant.Max(Starts, other.Starts), Instant.Min(Ends, other.Ends));
}
