using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>The engine's public face changes only where that is meant.</summary>
public sealed class ApiTests
{
    [Fact]
    public void The_engine_s_public_types_and_members_are_those_that_were_approved() =>
        House.Approves("tests/Laurel.Engine.Tests/House/engine-api.approved.txt", ApiListing.Of(typeof(Instant).Assembly));
}
