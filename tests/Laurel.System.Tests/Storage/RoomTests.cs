using Laurel.Storage;

namespace Laurel.System.Tests.Storage;

/// <summary>All programs together keep no more at hand than one alone may.</summary>
public sealed class RoomTests
{
    [Fact]
    public void Who_has_more_than_the_average_gives_way_where_all_have_too_much()
    {
        var room = new Room(100);
        var (busy, small, idle) = (new Room.Share(room), new Room.Share(room), new Room.Share(room));

        Assert.False(busy.Has(60));
        Assert.False(idle.Has(40));
        Assert.False(small.Has(5));
        Assert.True(busy.Has(61));
        Assert.False(busy.Has(0));
        Assert.False(idle.Has(40));
        Assert.False(small.Has(60));
        Assert.False(idle.Has(41));
        Assert.True(small.Has(60));
    }

    [Fact]
    public void One_alone_gives_way_where_it_has_too_much_itself()
    {
        var share = new Room.Share(new(100));

        Assert.False(share.Has(100));
        Assert.True(share.Has(101));
    }

    [Fact]
    public void Whatever_programs_take_to_hand_it_stays_bounded()
    {
        var (room, random) = (new Room(10_000), new Random(1));
        var (shares, kept) = (Enumerable.Range(0, 8).Select(_ => new Room.Share(room)).ToList(), new int[8]);
        var most = 0;
        for (var round = 0; round < 5_000; round++)
        {
            for (var program = 0; program < kept.Length; program++)
            {
                // Some only look in.
                kept[program] += random.Next(8) <= program ? random.Next(20) : 0;
                if (shares[program].Has(kept[program])) { shares[program].Has(kept[program] = 0); }
            }
            most = Math.Max(most, kept.Sum());
        }

        Assert.InRange(most, 9_000, 10_000 + (kept.Length * 20));
    }
}
