using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// The steps of a fold as they happened: a flat tape that is cheap to write, and read back as <see cref="Evaluation"/> trees only
/// where somebody asks.
/// </summary>
internal sealed class TraceTape
{
    private enum Mark : byte { Begin, Inner, End, False, True, Value, Because, Again }

    private long[] _steps = new long[64];
    private readonly List<Value> _values = [];
    private int _count;
    private int _last;

    /// <summary>How many words are on the tape.</summary>
    public int Length => _count;

    /// <summary>What was taken back, in order.</summary>
    public List<TakenBack> TakenBack { get; } = [];

    /// <summary>Empties the tape.</summary>
    public void Clear()
    {
        _count = 0;
        TakenBack.Clear();
        _values.Clear();
    }

    public void Begin(TracePart part, int definition, int member, int fact, Instant at)
    {
        Reserve(3);
        _last = _count;
        _steps[_count++] = Word(Mark.Begin, (int)part, definition);
        _steps[_count++] = ((long)member << 32) | unchecked((uint)fact);
        _steps[_count++] = at.Micros;
    }

    public void Inner(int node, int state) => Add(Mark.Inner, node, state);

    public void End() => Add(Mark.End, 0, 0);

    public void Result(int node, bool holds) => Add(holds ? Mark.True : Mark.False, node, 0);

    public void Result(int node, in Value value)
    {
        if (value.Kind == ValueKind.Bool)
        {
            Result(node, value.Truth == Truth.True);
            return;
        }
        Add(Mark.Value, node, _values.Count);
        _values.Add(value);
    }

    public void Because(int node, int fact, Instant since)
    {
        Reserve(2);
        _steps[_count++] = Word(Mark.Because, node, fact);
        _steps[_count++] = since.Micros;
    }

    /// <summary>The expression came to the same as one before.</summary>
    /// <param name="place">Where the results of that stand.</param>
    public void Again(int place) => Add(Mark.Again, 0, place);

    /// <summary>Reads the tape: every outermost evaluation, with those inside it.</summary>
    public IReadOnlyList<Evaluation> Read()
    {
        var found = new List<Evaluation>();
        for (var at = 0; at < _count;) { found.Add(Read(ref at)); }
        return found;
    }

    /// <summary>Reads the outermost evaluation that was begun last.</summary>
    public Evaluation ReadLast()
    {
        var at = _last;
        return Read(ref at);
    }

    private Evaluation Read(ref int at)
    {
        var (head, who) = (_steps[at], _steps[at + 1]);
        var evaluation = new Evaluation((TracePart)First(head), Second(head), (int)(who >> 32), Second(who), new(_steps[at + 2]));
        at = ReadInto(evaluation, at + 3);
        return evaluation;
    }

    /// <summary>Reads the results of an evaluation.</summary>
    /// <returns>Where the next begins.</returns>
    private int ReadInto(Evaluation evaluation, int at)
    {
        for (; at < _count; at++)
        {
            var word = _steps[at];
            switch (MarkOf(word))
            {
                case Mark.Inner:
                    var inner = new Evaluation(TracePart.State, Second(word), evaluation.Member, evaluation.Fact, evaluation.At) { ReadBy = First(word) };
                    at = ReadInto(inner, at + 1) - 1;
                    evaluation.Inner.Add(inner);
                    break;
                case Mark.End:
                    return at + 1;
                case Mark.Again:
                    ReadInto(evaluation, Second(word));
                    break;
                case Mark.True:
                    evaluation.Results[First(word)] = Value.True;
                    break;
                case Mark.False:
                    evaluation.Results[First(word)] = Value.False;
                    break;
                case Mark.Value:
                    evaluation.Results[First(word)] = _values[Second(word)];
                    break;
                default:
                    evaluation.Reasons[First(word)] = new(Second(word), new(_steps[++at]));
                    break;
            }
        }
        return at;
    }

    private void Add(Mark mark, int first, int second)
    {
        Reserve(1);
        _steps[_count++] = Word(mark, first, second);
    }

    private static long Word(Mark mark, int first, int second) => ((long)mark << 56) | ((long)(first & 0xFFFFFF) << 32) | unchecked((uint)second);

    private static Mark MarkOf(long word) => (Mark)(word >> 56);

    private static int First(long word) => (int)(word >> 32) & 0xFFFFFF;

    private static int Second(long word) => unchecked((int)word);

    private void Reserve(int words)
    {
        if (_count + words > _steps.Length) { Array.Resize(ref _steps, _steps.Length * 2); }
    }
}

/// <summary>One expression as it was evaluated.</summary>
/// <param name="Part">What it is of.</param>
/// <param name="Definition">The state's, rule's or request's index in the edition; of a <see cref="TracePart.Trigger"/>, the condition's number in the plan.</param>
/// <param name="Member">The member in question; -1 for none.</param>
/// <param name="Fact">The fact at hand; -1 for none.</param>
/// <param name="At">The instant.</param>
internal sealed record Evaluation(TracePart Part, int Definition, int Member, int Fact, Instant At)
{
    /// <summary>By node number: what it came to.</summary>
    public Dictionary<int, Value> Results { get; } = [];

    /// <summary>By the number of a leaf: why it has its value.</summary>
    public Dictionary<int, Reason> Reasons { get; } = [];

    /// <summary>Of one inside another: the number of the leaf that read it.</summary>
    public int ReadBy { get; init; }

    /// <summary>The conditions of states that were read on the way.</summary>
    public List<Evaluation> Inner { get; } = [];
}

/// <summary>Why a leaf has its value.</summary>
/// <param name="Fact">The fact that made it so; -1 for none.</param>
/// <param name="Since">Since when; <see cref="Instant.Ever"/> for always.</param>
internal readonly record struct Reason(int Fact, Instant Since);

/// <summary>What a rule gave at a moment was taken back.</summary>
/// <param name="Rule">The rule's index in the edition.</param>
/// <param name="Member">Whose it was; -1 for those who would have gained the role later.</param>
/// <param name="Moment">The moment.</param>
/// <param name="MomentFact">The fact of the moment; -1 for a condition.</param>
/// <param name="At">When it was taken back.</param>
/// <param name="Fact">The fact that took it back; -1 for a condition.</param>
/// <param name="Release">Until when it was pending: before that it is as if never given.</param>
internal readonly record struct TakenBack(int Rule, int Member, Instant Moment, int MomentFact, Instant At, int Fact, Instant Release)
{
    /// <summary>True where it never counted.</summary>
    public bool IsVoid => At < Release;
}
