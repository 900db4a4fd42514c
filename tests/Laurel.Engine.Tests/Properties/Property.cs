using System.Globalization;
using Xunit.Sdk;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Tries what must always hold on many cases; of a failure it shows the least case that still fails, with the seed.</summary>
/// <remarks>LAUREL_PROPERTY_RUNS says how many times as many cases to try (default 1); LAUREL_PROPERTY_SEED tries one seed alone.</remarks>
internal static class Property
{
    private const int TriesOfLessMax = 4000;

    public static void Holds(int cases, Action<Case> property)
    {
        if (Environment.GetEnvironmentVariable("LAUREL_PROPERTY_SEED") is { Length: > 0 } one)
        {
            Try(ulong.Parse(one, CultureInfo.InvariantCulture), property);
            return;
        }
        var times = double.Parse(Environment.GetEnvironmentVariable("LAUREL_PROPERTY_RUNS") is { Length: > 0 } runs ? runs : "1", CultureInfo.InvariantCulture);
        var first = ulong.Parse(Environment.GetEnvironmentVariable("LAUREL_PROPERTY_FIRST") is { Length: > 0 } from ? from : "1", CultureInfo.InvariantCulture);
        for (var i = 0UL; i < (ulong)Math.Max(1, cases * times); i++) { Try(first + i, property); }
    }

    private static void Try(ulong seed, Action<Case> property)
    {
        var made = Case.Some(seed);
        if (Failure(made, property) is not { } failure) { return; }
        var (least, why) = Shrink(made, failure, property);
        throw new XunitException($"{why}\n\nThe least case that fails (LAUREL_PROPERTY_SEED={seed} tries it again):\n{least}");
    }

    private static (Case Least, string Why) Shrink(Case failing, string why, Action<Case> property)
    {
        var tries = 0;
        for (var shrunk = true; shrunk;)
        {
            shrunk = false;
            foreach (var less in failing.Less())
            {
                if (tries++ >= TriesOfLessMax) { return (failing, why); }
                if (less.Log.Count == 0 || Failure(less, property) is not { } failure) { continue; }
                (failing, why, shrunk) = (less, failure, true);
                break;
            }
        }
        return (failing, why);
    }

    /// <summary>What is wrong; null where the property holds.</summary>
    private static string? Failure(Case made, Action<Case> property)
    {
        try
        {
            property(made);
            return null;
        }
        catch (XunitException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }
}
