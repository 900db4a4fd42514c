namespace Laurel.Engine.Scenarios;

/// <summary>The keys of scenario files, besides the names of a program. The published JSON Schema has the same; a test compares them.</summary>
internal static class ScenarioKeys
{
    /// <summary>A file of several scenarios.</summary>
    public static readonly IReadOnlyList<string> File = ["scenarios"];

    /// <summary>A scenario.</summary>
    public static readonly IReadOnlyList<string> Scenario = ["scenario", "case", "says", "source", "facts", "expect"];

    /// <summary>A fact; and the kinds and fields of its type, which win over all of these but the first two.</summary>
    public static readonly IReadOnlyList<string> Fact = ["at", "fact", "recorded", "id", "source", "repeat", "from", "refused"];

    /// <summary>An expectation; and the program's kinds, units, metrics, ladders and requests.</summary>
    public static readonly IReadOnlyList<string> Expectation =
        ["at", "known", "under", "from", "member", "rule", "pending", "paid", "next", "benefits", "states", "roles"];
}
