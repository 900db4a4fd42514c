using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>When each member is enrolled, as known at a position of the log: from joining until leaving.</summary>
public sealed class Enrolment
{
    // No member joins so early.
    private const long Otherwise = long.MinValue;

    private static readonly Span[] Nowhere = [];
    private readonly Dictionary<int, Span[]> _otherwise = [];
    private long[] _joined = [];

    /// <summary>Reads all members' enrolments.</summary>
    /// <param name="history">The facts.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public Enrolment(History history, int upTo)
    {
        MakeRoom(history.SubjectCount);
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            if (history.Kinds[subject] == Vocabulary.MemberKind) { Read(history, upTo, subject); }
        }
    }

    /// <summary>Reads one member's enrolment again, after news about it.</summary>
    public void Read(History history, int upTo, int member)
    {
        var spans = SpansOf(history, upTo, member);
        MakeRoom(member + 1);
        _otherwise.Remove(member);
        if (spans is [{ Ends: var ends } only] && ends == Instant.Never) { _joined[member] = only.Starts.Micros; }
        else { (_joined[member], _otherwise[member]) = (Otherwise, spans); }
    }

    /// <summary>The spans in which a member is enrolled, in order.</summary>
    public IReadOnlyList<Span> Of(int member) => SpansOf(member);

    /// <inheritdoc cref="Of"/>
    internal Span[] SpansOf(int member) => IsForGood(member, out var since) ? [new(since, Instant.Never)] : _otherwise.GetValueOrDefault(member, Nowhere);

    /// <summary>True where the member joined once and has not left, as nearly all have.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="since">Since when, if so.</param>
    internal bool IsForGood(int member, out Instant since)
    {
        // A member of whom nothing was told yet has no place in a history that grew since.
        since = new(member < _joined.Length ? _joined[member] : Otherwise);
        return since.Micros != Otherwise;
    }

    private void MakeRoom(int members)
    {
        var known = _joined.Length;
        if (members <= known) { return; }
        Array.Resize(ref _joined, Math.Max(members, known + (known / 2)));
        _joined.AsSpan(known).Fill(Otherwise);
    }

    /// <summary>Says that a member's enrolment will be asked for.</summary>
    internal void WillBeAsked(int member) => Prefetch.Of(_joined, member);

    /// <summary>True where the member is enrolled at the instant.</summary>
    public bool Holds(int member, Instant at) => Of(member).Any(span => span.Contains(at));

    private static Span[] SpansOf(History history, int upTo, int member)
    {
        List<Span>? spans = null;
        var joined = long.MaxValue;
        foreach (var fact in history.FactsOf(member))
        {
            var type = history.TypeOf(fact).BuiltIn;
            if (type is not (BuiltIn.Joined or BuiltIn.Left) || !history.IsKnown(fact, upTo)) { continue; }
            if (type == BuiltIn.Joined) { joined = Math.Min(joined, history.At[fact]); }
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
