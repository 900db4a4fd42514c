using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

internal sealed partial class Assessor
{
    /// <summary>What a run works with: those along a course, which keep nothing of it, share one of their edition.</summary>
    private sealed class Board
    {
        public Board(Assessor assessor, int edition)
        {
            var (of, vocabulary) = (assessor._plans[edition].Edition, assessor._history.Vocabulary);
            Frame = new(assessor._history, of);
            Tallies = [.. of.Metrics.Select(m => m.Unit < 0 ? null : new Tally(m, Scales.Of(vocabulary.Units[m.Unit])))];
            Ladders = [.. of.Ladders.Select(l => new LadderRun(l, of.Calendar))];
            (Pending, Benefits, Since) = (new long[vocabulary.Units.Count], new bool[of.Benefits.Count], new Instant[Ladders.Length]);
        }

        public MemberFrame Frame { get; }

        public Tally?[] Tallies { get; }

        public LadderRun[] Ladders { get; }

        public long[] Pending { get; }

        public bool[] Benefits { get; }

        public Instant[] Since { get; }

        // What was kept last of each, of whomever.
        public int[] LastLevels = [];
        public ObligationStanding[] LastObligations = [];
        public bool[] LastBenefits = [];
        public Value[] LastMetrics = [];
        public long[] LastPending = [];
        public StateRule[] LastStates = [];
        public Instant[] LastSince = [];

        public void Clear(int member)
        {
            Frame.Clear(member);
            foreach (var tally in Tallies) { tally?.Clear(); }
            foreach (var ladder in Ladders) { ladder.Clear(); }
            Array.Clear(Pending);
            Array.Clear(Benefits);
        }
    }
}
