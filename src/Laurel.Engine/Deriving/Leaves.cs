using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>A state of the subject, or of one that it refers to.</summary>
internal sealed class StateLeaf<TTrace>(int node, Step[] path, bool before, int bit, string name) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>Where the state is a condition: that, so that a trace shows why it holds.</summary>
    public HoldingPlan<TTrace>? Definition { get; set; }

    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var truth = Test(frame, ref trace);
        return truth == Truth.Unknown ? Value.NotTold(name) : Value.Of(truth);
    }

    public override Truth Test(FoldFrame frame, ref TTrace trace)
    {
        var subject = path.Length == 0 && !before ? frame.Subject : frame.Follow(path, before);
        if (subject is null) { return Truth.Unknown; }
        var holds = (subject.States >> bit & 1) != 0;
        if (TTrace.On) { Note(frame, subject, ref trace); }
        return holds ? Truth.True : Truth.False;
    }

    private void Note(FoldFrame frame, SubjectFrame subject, ref TTrace trace)
    {
        var times = subject.StateTimes[bit];
        trace.Because(node, times.CausePlusOne - 1, times.WasNever ? Instant.Ever : new(times.Since));
        if (Definition is not { Condition: { } condition }) { return; }
        var (asked, recalls) = (frame.Subject, frame.Recall.IsOpen);
        // What is kept is of the subject that is folded.
        frame.Recall.IsOpen = recalls && subject == asked;
        frame.Subject = subject;
        trace.Inner(node, Definition.Rule.Index);
        condition.Test(frame, ref trace);
        trace.End();
        (frame.Subject, frame.Recall.IsOpen) = (asked, recalls);
    }
}

/// <summary>Since when a state holds, of the subject or of one that it refers to; not told while it does not hold.</summary>
internal sealed class SinceLeaf<TTrace>(int node, Step[] path, bool before, int bit, string name) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var subject = frame.Follow(path, before);
        var holds = subject is not null && (subject.States >> bit & 1) != 0;
        var times = holds ? subject!.StateTimes[bit] : default;
        var value = holds && new Instant(times.Since).IsReal ? Value.Of(new Instant(times.Since)) : Value.NotTold(name);
        if (TTrace.On) { trace.Because(node, times.CausePlusOne - 1, Instant.Ever); }
        return value;
    }
}

/// <summary>A role of the member in question on the subject, or on one that it refers to; with nobody in question, of anybody.</summary>
internal sealed class RoleLeaf<TTrace>(int node, Step[] path, bool before, int bit, string name) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var truth = Test(frame, ref trace);
        return truth == Truth.Unknown ? Value.NotTold(name) : Value.Of(truth);
    }

    public override Truth Test(FoldFrame frame, ref TTrace trace)
    {
        var subject = path.Length == 0 && !before ? frame.Subject : frame.Follow(path, before);
        if (subject is null) { return Truth.Unknown; }
        var holds = Holds(frame, subject);
        if (TTrace.On && frame.Row >= 0)
        {
            var times = subject.RoleTimes[(frame.Row * subject.RoleCount) + bit];
            trace.Because(node, times.CausePlusOne - 1, times.WasNever ? Instant.Ever : new(times.Since));
        }
        return holds ? Truth.True : Truth.False;
    }

    private bool Holds(FoldFrame frame, SubjectFrame subject)
    {
        if (frame.Row >= 0) { return (subject.Roles[frame.Row] >> bit & 1) != 0; }
        for (var row = 0; row < frame.Members.Count; row++)
        {
            if ((subject.Roles[row] >> bit & 1) != 0) { return true; }
        }
        return false;
    }
}

/// <summary>A field of the subject, or of one that it refers to.</summary>
internal sealed class FieldLeaf<TTrace>(int node, Step[] path, bool before, int slot, string name, FieldType type, History history) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var value = Read(frame, out var fact);
        if (TTrace.On) { trace.Because(node, fact, Instant.Ever); }
        return value;
    }

    public override Node<FoldFrame, TTrace>? EqualTo(int node, Value constant)
    {
        if (constant.Kind != ValueKind.Text) { return null; }
        return type switch
        {
            FieldType.Choice choice => new FieldEquals<TTrace>(this, path, before, slot, choice.Values.ToList().IndexOf(constant.AsText)),
            FieldType.Text => new FieldEquals<TTrace>(this, path, before, slot, history.TextNumber(constant.AsText)),
            _ => null,
        };
    }

    private Value Read(FoldFrame frame, out int fact)
    {
        var subject = path.Length == 0 && !before ? frame.Subject : frame.Follow(path, before);
        fact = subject is null ? -1 : subject.Told[slot];
        if (fact < 0) { return Value.NotTold(name); }
        return FactValues.Of(subject!.Data[slot], type, frame.History);
    }
}

/// <summary>A field compared with a constant by number.</summary>
internal sealed class FieldEquals<TTrace>(FieldLeaf<TTrace> leaf, Step[] path, bool before, int slot, long constant) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var truth = Test(frame, ref trace);
        return truth == Truth.Unknown ? leaf.Evaluate(frame, ref trace) : Value.Of(truth);
    }

    public override Truth Test(FoldFrame frame, ref TTrace trace)
    {
        var subject = path.Length == 0 && !before ? frame.Subject : frame.Follow(path, before);
        if (subject is null || subject.Told[slot] < 0) { return Truth.Unknown; }
        return subject.Data[slot] == constant ? Truth.True : Truth.False;
    }
}

/// <summary>The subject itself, or the one that a path of references leads to.</summary>
internal sealed class ReferenceLeaf<TTrace>(Step[] path, bool before, string name) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace) => frame.Follow(path, before) is { } subject
        ? Value.Reference(subject.Subject)
        : Value.NotTold(name);
}

/// <summary>What the fact at hand carries.</summary>
internal sealed class FactLeaf<TTrace>(int node, string field, int[] places, FieldType[] types) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    private readonly Value _notTold = Value.NotTold($"fact.{field}");

    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var value = Read(frame);
        if (TTrace.On) { trace.Because(node, frame.Fact, Instant.Ever); }
        return value;
    }

    private Value Read(FoldFrame frame)
    {
        if (frame.Fact < 0) { return _notTold; }
        if (field == "time") { return Value.Of(new Instant(frame.History.At[frame.Fact])); }
        var shape = frame.History.Shape[frame.Fact];
        if (places[shape] < 0) { return _notTold; }
        return FactValues.Of(frame.History.Values[frame.History.FirstValue[frame.Fact] + places[shape]], types[shape], frame.History);
    }
}

/// <summary>Whether the member in question is enrolled.</summary>
internal sealed class EnrolledLeaf<TTrace> : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace) =>
        Value.Of(frame.Row >= 0 && frame.Enrolment.Holds(frame.Members[frame.Row], frame.At));
}

/// <summary>Whether the member that the subject is, or that a path of references leads to, is enrolled.</summary>
internal sealed class OwnEnrolledLeaf<TTrace>(Step[] path, bool before) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace) =>
        frame.Follow(path, before) is { } member ? Value.Of(member.Enrolled) : Value.NotTold("member.enrolled");
}

/// <summary>A metric, a level, a state or a field of the member in question: what assessing it has found.</summary>
internal sealed class StandingLeaf<TTrace>(Edition edition, StandingBinding binding) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    public override Value Evaluate(FoldFrame frame, ref TTrace trace)
    {
        var member = frame.Row >= 0 ? frame.Members[frame.Row] : frame.Subject.Subject;
        var at = binding.Before || frame.JustBefore ? frame.At.JustBefore : frame.At;
        return frame.Standing is { } read ? read(edition, binding, member, at) : Value.NotTold("standing");
    }
}

/// <summary>Values of facts as values of expressions.</summary>
internal static class FactValues
{
    public static Value Of(long bits, FieldType type, History history) => type switch
    {
        FieldType.Choice choice => Value.Of(choice.Values[(int)bits]),
        FieldType.Text => Value.Of(history.TextOf(bits)),
        FieldType.Number => Value.Of(history.NumberOf(bits)),
        FieldType.Flag => Value.Of(bits != 0),
        FieldType.Instant => Value.Of(new Instant(bits)),
        FieldType.Money money => Value.Of(history.Vocabulary.Units[money.Unit].Whole(bits)),
        _ => Value.Reference((int)bits),
    };
}
