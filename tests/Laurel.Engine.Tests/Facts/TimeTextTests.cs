using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Facts;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2024-06-16", "2024-06-16T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    [InlineData("2024-06-01T09:00Z", "2024-06-01T09:00:00Z")]
    [InlineData("2024-06-01t09:00:30z", "2024-06-01T09:00:30Z")]
    [InlineData("2024-06-01T09:00:00.5+02:00", "2024-06-01T07:00:00.5Z")]
    [InlineData("2024-06-01T09:00:00.123456-14:00", "2024-06-01T23:00:00.123456Z")]
    [InlineData("2024-06-01T09:00:00.12345600Z", "2024-06-01T09:00:00.123456Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Reads_dates_and_times_with_an_offset(string text, string instant) => Assert.Equal((null, instant), Read(text, Zone.Utc));

    [Theory]
    [InlineData("2024-06-01T09:00", RefusalCode.TimeWithoutZone)]
    [InlineData("2024-06-01T09:00:00.5", RefusalCode.TimeWithoutZone)]
    [InlineData("2024-06-01T09:00:00.1234567Z", RefusalCode.TimeTooFine)]
    [InlineData("2024-06-01T09:00:00.1234560001Z", RefusalCode.TimeTooFine)]
    [InlineData("0000-01-01", RefusalCode.TimeOutOfRange)]
    [InlineData("0001-01-01T00:00:00+00:01", RefusalCode.TimeOutOfRange)]
    [InlineData("9999-12-31T23:59:00-00:01", RefusalCode.TimeOutOfRange)]
    [InlineData("", RefusalCode.InvalidTime)]
    [InlineData("2024", RefusalCode.InvalidTime)]
    [InlineData("2023-02-29", RefusalCode.InvalidTime)]
    [InlineData("2024-13-01", RefusalCode.InvalidTime)]
    [InlineData("2024-00-01", RefusalCode.InvalidTime)]
    [InlineData("2024-06-00", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01 09:00Z", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T24:00Z", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:60Z", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:60Z", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:00.Z", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:00+0200", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:00+14:01", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:00Zulu", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01Z", RefusalCode.InvalidTime)]
    [InlineData("12024-06-01", RefusalCode.InvalidTime)]
    [InlineData("2024-06-01T09:00:00.٣Z", RefusalCode.InvalidTime)]
    public void Tells_what_is_wrong(string text, RefusalCode code) => Assert.Equal(code, Read(text, Zone.Utc).Code);

    [Fact]
    public void A_date_is_the_first_instant_of_its_day_in_the_programs_zone()
    {
        Assert.Equal((null, "2024-06-15T22:00:00Z"), Read("2024-06-16", Zone.Find("Europe/Berlin")!));

        // São Paulo began summer time at midnight: the first instant of that day is one o'clock.
        Assert.Equal((null, "2018-11-04T03:00:00Z"), Read("2018-11-04", Zone.Find("America/Sao_Paulo")!));
        Assert.Equal(RefusalCode.TimeOutOfRange, Read("0001-01-01", Zone.Find("Asia/Tokyo")!).Code);
    }

    [Fact]
    public void Agrees_with_how_programs_read_times()
    {
        const string Alphabet = "0123456789-T:Z+. ";
        var random = new Random(7);
        string[] good = ["2024-06-01", "2024-06-01T09:00Z", "2024-06-01T09:00:00.123456+02:00", "1999-12-31T23:59:59-11:30"];
        var agreed = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = good[random.Next(good.Length)].ToCharArray();
            text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            var expected = Zone.Utc.TryParse(new(text), out var at, out _);
            Assert.True((expected ? (null, at.ToString()) : Read(new(text), Zone.Utc)) == Read(new(text), Zone.Utc) && expected == (Read(new(text), Zone.Utc).Code is null), new(text));
            agreed += expected ? 1 : 0;
        }
        Assert.InRange(agreed, 50_000, 150_000);
    }

    private static (RefusalCode? Code, string At) Read(string text, Zone zone)
    {
        var code = TimeText.Read(Encoding.UTF8.GetBytes(text), zone, out var micros);
        return (code, code is null ? new Instant(micros).ToString() : "");
    }
}
