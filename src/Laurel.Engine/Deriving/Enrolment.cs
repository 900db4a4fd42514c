using System.Numerics;
using System.Runtime.InteropServices;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>When each member is enrolled, as known at a position of the log: from joining until leaving.</summary>
/// <remarks>
/// Credits ask for it in no order, so it is packed: members are numbered among themselves, and of one that joined once and stays, as
/// nearly all do, only the joining is kept.
/// </remarks>
public sealed class Enrolment
{
    // No member joins so early.
    private const long Otherwise = long.MinValue;

    private static readonly Span[] Nowhere = [];
    private readonly Dictionary<int, Span[]> _otherwise = [];
    private readonly Members[] _members;
    private readonly long[] _joined;

    /// <summary>Reads all members' enrolments.</summary>
    /// <param name="history">The facts.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public Enrolment(History history, int upTo)
    {
        _members = new Members[(history.SubjectCount / 64) + 1];
        var count = 0;
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            ref var members = ref _members[subject >> 6];
            if ((subject & 63) == 0) { members.Before = count; }
            if (history.Kinds[subject] != Vocabulary.MemberKind) { continue; }
            members.Bits |= 1UL << (subject & 63);
            count++;
        }
        _joined = new long[count];
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            if (history.Kinds[subject] == Vocabulary.MemberKind) { Read(history, upTo, subject); }
        }
    }

    /// <summary>Which of 64 subjects are members, and how many members there are before these.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Members
    {
        public ulong Bits;
        public int Before;
    }

    /// <summary>Reads one member's enrolment again, after news about it.</summary>
    public void Read(History history, int upTo, int member)
    {
        var spans = SpansOf(history, upTo, member);
        _otherwise.Remove(member);
        ref var joined = ref _joined[PlaceOf(member)];
        if (spans is [{ Ends: var ends } only] && ends == Instant.Never) { joined = only.Starts.Micros; }
        else { (joined, _otherwise[member]) = (Otherwise, spans); }
    }

    /// <summary>The spans in which a member is enrolled, in order.</summary>
    public IReadOnlyList<Span> Of(int member) => IsForGood(member, out var since) ? [new(since, Instant.Never)] : _otherwise[member];

    /// <summary>True where the member joined once and has not left, as nearly all have.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="since">Since when, if so.</param>
    internal bool IsForGood(int member, out Instant since)
    {
        since = new(_joined[PlaceOf(member)]);
        return since.Micros != Otherwise;
    }

    /// <summary>True where the member is enrolled at the instant.</summary>
    public bool Holds(int member, Instant at) => Of(member).Any(span => span.Contains(at));

    private int PlaceOf(int member)
    {
        ref readonly var members = ref _members[member >> 6];
        return members.Before + BitOperations.PopCount(members.Bits & ((1UL << (member & 63)) - 1));
    }

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
