using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Standing;

public sealed class CoursesTests
{
    private readonly Courses _courses = new() { LengthMax = 2 };

    [Fact]
    public void Those_that_were_asked_for_last_are_kept()
    {
        foreach (var member in (int[])[1, 2, 3]) { Begin(member); }
        Assert.Equal([true, true, true, false], Has(1, 2, 3, 4));

        // With the fourth the first three may go: two of them are asked for once more.
        Begin(4);
        Assert.Equal([true, true], Has(1, 2));
        Begin(5);
        Assert.Equal([true, true, false, true, true], Has(1, 2, 3, 4, 5));
    }

    [Fact]
    public void One_that_is_removed_is_there_no_more()
    {
        foreach (var member in (int[])[1, 2, 3, 4]) { Begin(member); }
        _courses.Remove(1);
        Assert.Equal([false, true], Has(1, 2));
        _courses.Remove(2);
        Begin(3);
        _courses.Remove(3);
        Assert.Equal([false, false, false, true], Has(1, 2, 3, 4));
        _courses.Clear();
        Assert.Equal([false], Has(4));
    }

    private void Begin(int member) => _courses.Begin(member, new(edition: 0, Instant.Ever, before: null, []));

    private bool[] Has(params int[] members) => [.. members.Select(m => _courses.Of(m) is not null)];
}
