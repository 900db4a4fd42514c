namespace Laurel.Cli.Samples;

/// <summary>
/// Writes a made-up history of facts in the order in which they are learnt. The same plan, seed, members and facts give the same
/// bytes on every machine. Memory grows with what goes on at one time (sites that live, members that are active), not with the facts.
/// </summary>
internal static class SampleHistory
{
    /// <summary>Writes a history.</summary>
    /// <param name="stream">Takes the facts, one JSON object on a line.</param>
    /// <param name="plan">What happens.</param>
    /// <param name="seed">Another seed, another history.</param>
    /// <param name="members">How many members; at least 1. A few have thousands of stories, most have a few.</param>
    /// <param name="facts">How many lines, repeated ones included; at least 1. The history ends with the last one, near the plan's end.</param>
    /// <returns>How many lines were written: fewer than asked for where not that much happens.</returns>
    public static long Write(Stream stream, SamplePlan plan, long seed, int members, long facts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(facts, 1);
        return new SampleRun(stream, plan, seed, members, StoriesFor(plan, seed, members, facts), facts).Write();
    }

    /// <summary>How many stories come to so many facts, and hardly more.</summary>
    private static long StoriesFor(SamplePlan plan, long seed, int members, long facts)
    {
        const int TriesMax = 8;
        const long FactsTried = 500_000;
        var alone = new SampleRun(Stream.Null, plan, seed, members, 0, facts).Write();
        if (alone >= facts) { return 0; }
        var stories = Guess(plan, seed, members, facts - alone);

        // Of very many stories the mean is sure; of few, chance decides, and trying costs little.
        for (var tries = 0; tries < TriesMax && facts <= FactsTried && stories > 0; tries++)
        {
            var told = new SampleRun(Stream.Null, plan, seed, members, stories, facts).Write();
            if (told >= facts) { break; }
            stories = (long)((Int128)stories * facts * 103 / (100 * told)) + 1;
        }
        return stories;
    }

    /// <summary>How many stories come to so many facts by their mean, found by trying with fewer members, and a twelfth more.</summary>
    private static long Guess(SamplePlan plan, long seed, int members, long facts)
    {
        var tried = Math.Min(members, 20_000);
        var stories = Math.Max(20_000L, 4L * tried);
        var alone = new SampleRun(Stream.Null, plan, seed, tried, 0, long.MaxValue).Write();
        var both = new SampleRun(Stream.Null, plan, seed, tried, stories, long.MaxValue).Write();
        return both <= alone ? 0 : (long)((Int128)facts * stories * 13 / (12 * (both - alone))) + 1;
    }
}
