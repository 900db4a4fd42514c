using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// The steps of a fold as they happened: a flat tape that is cheap to write, and read back as <see cref="Evaluation"/> trees only
/// where somebody asks.
/// </summary>
internal sealed class TraceTape
{
    private enum Mark : byte { Begin, End, False, True, Value, Because }

    private long[] _steps = new long[1024];
    private readonly List<Value> _values = [];
    private int _count;

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
        Reserve(4);
        _steps[_count++] = Word(Mark.Begin, (int)part, definition);
        _steps[_count++] = member;
        _steps[_count++] = fact;
        _steps[_count++] = at.Micros;
    }

    public void End()
    {
        Reserve(1);
        _steps[_count++] = Word(Mark.End, 0, 0);
    }

    public void Result(int node, in Value value)
    {
        Reserve(1);
        if (value.Kind == ValueKind.Bool)
        {
            _steps[_count++] = Word(value.Truth == Truth.True ? Mark.True : Mark.False, node, 0);
            return;
        }
        _steps[_count++] = Word(Mark.Value, node, _values.Count);
        _values.Add(value);
    }

    public void Because(int node, int fact, Instant since)
    {
        Reserve(2);
        _steps[_count++] = Word(Mark.Because, node, fact);
        _steps[_count++] = since.Micros;
    }

    /// <summary>Reads the tape: every outermost evaluation, with those inside it.</summary>
    public IReadOnlyList<Evaluation> Read()
    {
        var at = 0;
        var found = new List<Evaluation>();
        while (at < _count) { found.Add(ReadOne(ref at)); }
        return found;
    }

    private Evaluation ReadOne(ref int at)
    {
        var head = _steps[at];
        var evaluation = new Evaluation((TracePart)First(head), Second(head), (int)_steps[at + 1], (int)_steps[at + 2], new(_steps[at + 3]));
        at += 4;
        while (at < _count)
        {
            var word = _steps[at];
            switch (MarkOf(word))
            {
                case Mark.Begin:
                    evaluation.Inner.Add(ReadOne(ref at));
                    continue;
                case Mark.End:
                    at++;
                    return evaluation;
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
            at++;
        }
        return evaluation;
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
