using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>Reads the value that a limit groups credits by: a subject, or a field of one.</summary>
/// <param name="path">The references to follow.</param>
/// <param name="slot">The field at the end; -1 for the subject itself.</param>
internal sealed class KeyReader(Step[] path, int slot)
{
    /// <summary>True where it reads the subject itself.</summary>
    public bool IsOwn => path.Length == 0;

    /// <summary>The field that it reads at the end; -1 for the subject itself.</summary>
    public int Slot => slot;

    /// <summary>The reader of a limit's path, for a rule about a kind.</summary>
    public static KeyReader Of(LimitKey.Path key, int kind)
    {
        var expression = key.Paths[kind];
        return expression.Bindings[expression.Root.Id] switch
        {
            SubjectBinding.OfField field => new([.. field.Path], field.Slot),
            SubjectBinding other => new([.. other.Path], -1),
            _ => throw new NotSupportedException($"A limit groups by a path; the reader refuses {key.Text}."),
        };
    }

    /// <summary>The type of the field that a path leads to; null for a subject.</summary>
    public static FieldType? TypeOf(LimitKey.Path key, int kind, Vocabulary vocabulary)
    {
        if (key.Paths[kind].Bindings[key.Paths[kind].Root.Id] is not SubjectBinding.OfField field) { return null; }
        var owner = field.Root;
        foreach (var step in field.Path) { owner = ((FieldType.Reference)vocabulary.Kinds[step.Kind].Fields[step.Slot].Type).Kind; }
        return vocabulary.Kinds[owner].Fields[field.Slot].Type;
    }

    /// <summary>The value's bits, where <see cref="FoldFrame.Subject"/> is asked about.</summary>
    public long Read(FoldFrame frame)
    {
        var subject = frame.Follow(path, before: false);
        if (subject is not null && slot < 0) { return subject.Subject; }
        return Of(frame.Subject.Subject, subject is not null && subject.Told[slot] >= 0 ? subject.Data[slot] : null);
    }

    /// <summary>The value's bits; where nobody told it, a value that only this subject has, so that nothing competes by ignorance.</summary>
    public long Of(int subject, long? told) => IsOwn && slot < 0 ? subject : told ?? long.MinValue + subject;
}
