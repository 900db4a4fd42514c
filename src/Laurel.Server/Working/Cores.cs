using Laurel.Engine.Standing;

namespace Laurel.Server.Working;

/// <summary>Work on a whole history, on all cores. What comes out does not depend on how many there are.</summary>
/// <param name="report">Told how much of a stage is done: its name, how much, of how much. Called on several threads.</param>
/// <param name="stop">Ends the work.</param>
internal sealed class Cores(Action<string, long, long> report, CancellationToken stop)
{
    private const int PartsPerCore = 16;

    /// <summary>Told how much of a stage is done.</summary>
    public Action<string, long, long> Report => report;

    /// <summary>Derives all credits of a scoring.</summary>
    /// <exception cref="OverflowException">An amount does not fit 64 bits.</exception>
    public MemberCredits Derive(Scoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var done = 0;
        return scoring.Gather(InParts("deriving", scoring.Plan.History.SubjectCount, (first, end, parts) =>
        {
            var part = scoring.Derive(first, end);
            report("deriving", Interlocked.Increment(ref done), parts);
            return part;
        }));
    }

    /// <summary>Divides so many things into parts, and makes the result of each.</summary>
    /// <param name="work">What it is, for errors.</param>
    /// <param name="count">How many things there are.</param>
    /// <param name="make">Makes the result of a part: from its first thing, up to the one after its last, of so many parts.</param>
    public T[] InParts<T>(string work, int count, Func<int, int, int, T> make)
    {
        var made = new T[Math.Clamp(count, 1, Environment.ProcessorCount * PartsPerCore)];
        int Bound(int part) => (int)((long)count * part / made.Length);
        Each(work, made.Length, part => made[part] = make(Bound(part), Bound(part + 1), made.Length));
        return made;
    }

    /// <summary>Does something for each of so many things.</summary>
    /// <exception cref="OverflowException">An amount does not fit 64 bits.</exception>
    public void Each(string work, int count, Action<int> action)
    {
        try { Parallel.For(0, count, new() { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, action); }
        catch (AggregateException failures) when (failures.InnerExceptions.All(f => f is OverflowException)) { throw new OverflowException($"{work}: an amount does not fit 64 bits", failures); }
    }
}
