using Laurel.Engine.Deriving;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Explaining;

/// <summary>The editions of a scoring compiled with a trace, each when it is first asked for. For one thread, and any number of members.</summary>
/// <param name="scoring">Under which rules.</param>
internal sealed class TracedPlans(Scoring scoring)
{
    private readonly EditionPlan<Traced>?[] _editions = new EditionPlan<Traced>?[scoring.Plan.Book.Editions.Count];
    private readonly SubjectFold<Traced>?[] _folds = new SubjectFold<Traced>?[scoring.Plan.Book.Editions.Count];
    private readonly MemberPlan<Traced>?[] _members = new MemberPlan<Traced>?[scoring.Plan.Book.Editions.Count];

    /// <summary>What is true of members themselves.</summary>
    public MemberStates States { get; } = new(scoring.Plan, scoring.Enrolment);

    /// <summary>What an edition means for subjects.</summary>
    /// <param name="place">The edition's place in the rule book.</param>
    public EditionPlan<Traced> Of(int place) => _editions[place] ??= new(scoring.Plan.Book, place, scoring.Plan.History);

    /// <summary>A fold of subjects by an edition: to be used at once, since it is the same each time.</summary>
    /// <param name="place">The edition's place in the rule book.</param>
    /// <param name="tape">Where it leaves its trace.</param>
    public SubjectFold<Traced> FoldOf(int place, TraceTape tape)
    {
        var fold = _folds[place] ??= new(Of(place), scoring.Plan.History, scoring.Enrolment, new(new()));
        fold.Trace = new(tape);
        return fold;
    }

    /// <summary>What an edition says about members.</summary>
    /// <param name="place">The edition's place in the rule book.</param>
    public MemberPlan<Traced> OfMembers(int place) => _members[place] ??= new(scoring.Plan.Book.Editions[place].Edition, scoring.Plan.History);
}
