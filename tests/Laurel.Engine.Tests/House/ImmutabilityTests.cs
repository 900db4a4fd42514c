using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>Immutable records in, immutable records out; nothing static that changes.</summary>
public sealed class ImmutabilityTests
{
    private static readonly Type[] Types = typeof(Instant).Assembly.GetTypes();

    [Fact]
    public void What_the_engine_makes_stays_as_it_is() =>
        House.Keeps("records of the engine are immutable, and no type of it has a public setter", Types.SelectMany(Immutability.InstanceProblems));

    [Fact]
    public void The_engine_has_no_static_state() =>
        House.Keeps("static fields of the engine are readonly, of immutable types", Types.SelectMany(Immutability.StaticProblems));

    [Fact]
    public void The_engine_has_records() => Assert.True(Types.Count(Immutability.IsRecord) > 20);

    [Theory]
    [InlineData(typeof(GoodRecord), 0)]
    [InlineData(typeof(GoodStruct), 0)]
    [InlineData(typeof(SettableRecord), 2)] // once as any type, once as a record
    [InlineData(typeof(SettableStruct), 2)]
    [InlineData(typeof(ListRecord), 1)]
    [InlineData(typeof(FieldRecord), 1)]
    [InlineData(typeof(SettableClass), 1)]
    public void Finds_what_can_change(Type type, int problems) => Assert.Equal(problems, Immutability.InstanceProblems(type).Count());

    [Theory]
    [InlineData(typeof(GoodStatics), 0)]
    [InlineData(typeof(BadStatics), 5)]
    public void Finds_static_state(Type type, int problems) => Assert.Equal(problems, Immutability.StaticProblems(type).Count());

#pragma warning disable CA2211, CA1051, IDE0044, IDE0051, CS0169, CS0649, CA1823, IDE0052, CA1805 // these are wrong on purpose
    public sealed record GoodRecord(int Number, IReadOnlyList<string> Names)
    {
        public string Text { get; init; } = "";
    }

    public readonly record struct GoodStruct(int Number);

    public sealed record SettableRecord(int Number)
    {
        public string Text { get; set; } = "";
    }

    public record struct SettableStruct(int Number);

    public sealed record ListRecord(List<string> Names);

    public sealed record FieldRecord(int Number)
    {
        private int _count;
    }

    public sealed class SettableClass
    {
        public int Count { get; set; }

        public int Known { get; private set; }
    }

    private static class GoodStatics
    {
        public const int Three = 3;
        public static readonly GoodRecord Record = new(1, []);
        public static readonly Func<int, int> Same = x => x;
        private static readonly string[] Formats = ["a"];
    }

    private static class BadStatics
    {
        public static int Count;
        public static readonly List<string> Names = [];
        public static readonly string[] Open = ["a"];
        private static readonly SettableRecord Record = new(1);
        private static int Hidden { get; set; }
    }
#pragma warning restore
}
