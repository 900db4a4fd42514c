namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads until when a rule's credits are pending: a length of time, a run, or a field that tells an instant.</summary>
internal sealed class DelayReader(ReadingContext context)
{
    /// <summary>Reads <c>after</c> of a rule.</summary>
    /// <param name="keys">The rule's keys.</param>
    /// <param name="kind">The kind that it is about.</param>
    public Delay? Read(Keyed keys, SubjectKind kind)
    {
        if (keys.Find("after") is not { } node || context.Plain.Scalar(node, "`after`") is not { } text) { return null; }
        if (context.Plain.TryLength(text.Text, out var length)) { return new Delay.Length(length); }
        if (context.Names.Runs.TryGetValue(text.Text, out var run)) { return new Delay.UntilRun(run); }
        if (Names.IsDotted(text.Text)) { return ReadTold(text, keys, kind); }
        var runs = string.Join(", ", context.Names.Runs.Keys.Select(name => $"`{name}`"));
        context.Error(
            "after", text.Place, $"`after` is a length of time, a run or a field, and `{text.Text}` is none",
            $"Write for instance `14 days` or `3 business days`, a field that tells an instant, or a run of `calendar`{(runs.Length == 0 ? "; there is none yet" : $": {runs}")}.");
        return null;
    }

    private Delay.UntilTold? ReadTold(YamlNode.Scalar text, Keyed keys, SubjectKind kind)
    {
        if (context.InstantOf(text, "`after`", kind) is not { } field) { return null; }
        if (keys.Find("when") is not null) { return new(field.Slot); }
        context.Error(
            "needs-when", text.Place, "`after` names a field and stands without `when`",
            "Write `when: fact`: a field tells when something that happened once is released. What holds for a time starts with a state, such as one with `until`.");
        return null;
    }
}
