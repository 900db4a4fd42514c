namespace Laurel.Storage;

/// <summary>How many facts all programs of a process have at hand together. Where that is too much, those give way that have more than the average.</summary>
/// <param name="most">So many facts are kept.</param>
internal sealed class Room(long most)
{
    private long _facts;
    private long _programs;

    /// <summary>What one program has of it. For one thread.</summary>
    public sealed class Share(Room room)
    {
        private int _facts;

        /// <summary>Says how many facts the program has at hand now.</summary>
        /// <returns>True where it has to give way.</returns>
        public bool Has(int facts)
        {
            var all = Interlocked.Add(ref room._facts, facts - _facts);
            var programs = Interlocked.Add(ref room._programs, Math.Sign(facts) - Math.Sign(_facts));
            _facts = facts;
            return all > room.Most && facts * programs >= all;
        }
    }

    private long Most { get; } = most;
}
