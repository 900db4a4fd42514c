using Laurel.Engine.Deriving;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Deriving;

public sealed class RuleBookTests
{
    [Fact]
    public void Before_its_date_nobody_knows_of_a_draft()
    {
        var program = Told.Of("program: maple\nunits: { points: {} }\n---\nedition: e1\neffective: 2024-01-01\n---\nedition: e2\neffective: 2025-01-01\n---\nedition: e3\neffective: 2026-01-01").Program;
        var (first, second, draft) = (program.Editions[0], program.Editions[1], program.Editions[2]);
        var book = RuleBook.With(program, draft, Some.At("2025-07-01"), Instant.Never);
        Assert.Equal([(first, Some.At("2024-01-01"), Some.At("2025-01-01")), (second, Some.At("2025-01-01"), Some.At("2025-07-01")), (draft, Some.At("2025-07-01"), Instant.Never)], book.Editions.Select(e => (e.Edition, e.InForce.Starts, e.InForce.Ends)));
        Assert.Equal([first, second], book.KnownAt(Some.At("2025-06-30")).Editions.Select(e => e.Edition));
        Assert.Equal([first], book.KnownAt(Some.At("2024-06-30")).Editions.Select(e => e.Edition));
        Assert.Equal([first, second, draft], book.KnownAt(Some.At("2025-07-01")).Editions.Select(e => e.Edition));
        Assert.Equal((first, first, second, draft), (book.At(Some.At("2023-01-01")), book.At(Some.At("2024-01-01")), book.At(Some.At("2025-06-30")), book.At(Some.At("2025-07-01"))));
    }
}
