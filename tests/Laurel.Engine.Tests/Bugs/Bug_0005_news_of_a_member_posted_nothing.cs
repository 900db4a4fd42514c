using Laurel.Engine.Ledger;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>A condition that reads a member along a reference was not looked at again after news about that member: the ledger stayed as it was.</summary>
public sealed class Bug_0005_news_of_a_member_posted_nothing
{
    [Fact]
    public void What_a_firm_gives_follows_its_owner()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { member: { stars: number }, firm: { owner: member } }
            facts: { member.praised: { about: member, needs: [stars] }, firm.opened: { about: firm, needs: [owner] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { firm: { give: 100 points, to: firm.owner, while: firm.owner.stars >= 3 } }
            """,
            "2024-02-01 member.joined member/ada", "2024-02-02 firm.opened firm/f1 owner=ada", "2024-03-01 member.praised member/ada stars=5");
        told.Gives("ada firm points firm/f1 2024-03-01T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 100, counts 100");
        var entry = Assert.Single(Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(p => p.Entries));
        Assert.Equal((100, Some.At("2024-03-01")), (entry.Amount, entry.Starts));
    }
}
