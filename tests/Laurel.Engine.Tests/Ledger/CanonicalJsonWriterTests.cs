using System.Text;
using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class CanonicalJsonWriterTests
{
    [Fact]
    public void Writes_what_it_is_told()
    {
        var writer = new CanonicalJsonWriter();
        writer.StartObject();
        writer.Name("amount");
        writer.Text("-9223372036854775808");
        writer.Name("open");
        writer.Flag(true);
        writer.Name("rows");
        writer.StartArray();
        writer.Whole(-3);
        writer.Null();
        writer.StartArray();
        writer.EndArray();
        writer.StartObject();
        writer.EndObject();
        writer.EndArray();
        writer.EndObject();
        Assert.Equal("""{"amount":"-9223372036854775808","open":true,"rows":[-3,null,[],{}]}""", Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void Starts_anew_after_clear_wherever_it_was()
    {
        var writer = new CanonicalJsonWriter();
        writer.StartObject();
        writer.Name("half");
        writer.Clear();
        writer.Whole(1);
        Assert.Equal("1", Encoding.UTF8.GetString(writer.Written));
    }

    public static TheoryData<string, Action<CanonicalJsonWriter>> Wrong => new()
    {
        { "a name before the one before it", w => { w.StartObject(); w.Name("b"); w.Null(); w.Name("a"); } },
        { "a name twice", w => { w.StartObject(); w.Name("a"); w.Null(); w.Name("a"); } },
        { "the empty name twice", w => { w.StartObject(); w.Name(""); w.Null(); w.Name(""); } },
        { "two names in a row", w => { w.StartObject(); w.Name("a"); w.Name("b"); } },
        { "a name in an array", w => { w.StartArray(); w.Name("a"); } },
        { "a name outside", w => w.Name("a") },
        { "a value without a name", w => { w.StartObject(); w.Whole(1); } },
        { "a second value", w => { w.Whole(1); w.Whole(2); } },
        { "an end without a start", w => w.EndObject() },
        { "an end of the other kind", w => { w.StartArray(); w.EndObject(); } },
        { "an end after a name", w => { w.StartObject(); w.Name("a"); w.EndObject(); } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Refuses_what_is_not_JSON_or_not_in_order(string what, Action<CanonicalJsonWriter> write) =>
        Assert.True(Record.Exception(() => write(new())) is InvalidOperationException, what);

    [Fact]
    public void Refuses_a_number_beyond_53_bits()
    {
        var writer = new CanonicalJsonWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Whole(CanonicalJsonWriter.LargestWhole + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Whole(long.MinValue));
    }
}
