namespace Laurel.Engine.Standing;

/// <summary>
/// The courses of members that were asked for last, as many as are worth their memory: any other is begun anew. A course goes back no further than its
/// edition, until something was learnt of its member that did.
/// </summary>
internal sealed class Courses
{
    private readonly HashSet<int> _wentBack = [];
    private Dictionary<int, Course> _last = [];
    private Dictionary<int, Course> _before = [];
    private int _length;

    /// <summary>Of so many editions courses are kept for sure, and of no more than twice as many.</summary>
    public int LengthMax { get; set; } = 1 << 16;

    /// <summary>True where nobody has one.</summary>
    public bool None => _last.Count + _before.Count == 0;

    /// <summary>A member's course; null where there is none.</summary>
    public Course? Of(int member)
    {
        if (_last.TryGetValue(member, out var course)) { return course; }
        if (!_before.Remove(member, out course)) { return null; }
        Keep(member, course);
        return course;
    }

    /// <summary>Keeps a course that was begun and has gone on.</summary>
    public void Begin(int member, Course course)
    {
        Remove(member);
        if (!_wentBack.Contains(member)) { course.Leave(); }
        Keep(member, course);
    }

    /// <summary>Has a member begun anew.</summary>
    public void Remove(int member)
    {
        if (_last.Remove(member, out var course)) { _length -= course.Length; }
        else { _before.Remove(member); }
    }

    /// <summary>Goes back to before an instant at which something about a member is otherwise than was known.</summary>
    public void GoBack(int member, Values.Instant to)
    {
        if (Of(member)?.GoBack(to) is not false) { return; }
        _wentBack.Add(member);
        Remove(member);
    }

    /// <summary>Has all begun anew.</summary>
    public void Clear()
    {
        _last.Clear();
        _before.Clear();
        _wentBack.Clear();
        _length = 0;
    }

    private void Keep(int member, Course course)
    {
        if (_length > LengthMax) { (_before, _last, _length) = (_last, [], 0); }
        _last.Add(member, course);
        _length += course.Length;
    }
}
