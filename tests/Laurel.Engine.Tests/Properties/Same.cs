using Xunit.Sdk;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Compares lines, and shows those that differ.</summary>
internal static class Same
{
    public static void Lines(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string what)
    {
        if (expected.SequenceEqual(actual)) { return; }
        var differences = expected.Except(actual).Select(line => $"- {line}").Concat(actual.Except(expected).Select(line => $"+ {line}")).ToList();
        throw new XunitException($"{what} ({differences.Count} lines differ; - expected, + found)\n  {string.Join("\n  ", differences.DefaultIfEmpty("only their order").Take(40))}");
    }
}
