using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>When each member is enrolled, as known at a position of the log: from joining until leaving.</summary>
public sealed class Enrolment
{
    // No member joins so early.
    private const long Several = long.MinValue;

    private static readonly Span[] Nowhere = [];
    private readonly Dictionary<int, Span[]> _several = [];
    private readonly long[] _starts;
    private readonly long[] _ends;

    /// <summary>Reads all members' enrolments.</summary>
    /// <param name="history">The facts.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public Enrolment(History history, int upTo)
    {
        _starts = new long[history.SubjectCount];
        _ends = new long[history.SubjectCount];
        Array.Fill(_starts, long.MaxValue);
        Array.Fill(_ends, long.MaxValue);
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            if (history.Kinds[subject] == Vocabulary.MemberKind) { Read(history, upTo, subject); }
        }
    }

    /// <summary>Reads one member's enrolment again, after news about it.</summary>
    public void Read(History history, int upTo, int member)
    {
        var spans = SpansOf(history, upTo, member);
        _several.Remove(member);
        (_starts[member], _ends[member]) = spans.Length switch
        {
            0 => (long.MaxValue, long.MaxValue),
            1 => (spans[0].Starts.Micros, spans[0].Ends.Micros),
            _ => (Several, Several),
        };
        if (spans.Length > 1) { _several[member] = spans; }
    }

    /// <summary>The spans in which a member is enrolled, in order.</summary>
    public IReadOnlyList<Span> Of(int member)
    {
        if (_starts[member] == Several) { return _several[member]; }
        return _starts[member] == long.MaxValue ? Nowhere : [new(new(_starts[member]), new(_ends[member]))];
    }

    /// <summary>Where the member has one enrolment at most (nearly all have): that.</summary>
    /// <returns>False where there are several.</returns>
    internal bool TrySingle(int member, out Span span)
    {
        span = new(new(_starts[member]), new(_ends[member]));
        return _starts[member] != Several;
    }

    /// <summary>True where the member is enrolled at the instant.</summary>
    public bool Holds(int member, Instant at) => Of(member).Any(span => span.Contains(at));

    private static Span[] SpansOf(History history, int upTo, int member)
    {
        List<Span>? spans = null;
        var joined = long.MaxValue;
        for (var fact = history.FirstFact[member]; fact < history.FirstFact[member + 1]; fact++)
        {
            var type = history.TypeOf(fact).BuiltIn;
            if (type is not (BuiltIn.Joined or BuiltIn.Left) || !history.IsKnown(fact, upTo)) { continue; }
            if (type == BuiltIn.Joined)
            {
                // Joining at the very instant of leaving leaves no gap.
                if (joined == long.MaxValue && spans is { Count: > 0 } && spans[^1].Ends.Micros == history.At[fact])
                {
                    joined = spans[^1].Starts.Micros;
                    spans.RemoveAt(spans.Count - 1);
                }
                joined = Math.Min(joined, history.At[fact]);
            }
            else if (joined != long.MaxValue)
            {
                if (history.At[fact] > joined) { (spans ??= []).Add(new(new(joined), new(history.At[fact]))); }
                joined = long.MaxValue;
            }
        }
        if (joined != long.MaxValue) { (spans ??= []).Add(new(new(joined), Instant.Never)); }
        return spans?.ToArray() ?? Nowhere;
    }
}
