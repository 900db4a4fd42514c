using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>What has to come to hand before an item of the log can be posted.</summary>
public abstract record Missing
{
    private Missing() { }

    /// <summary>All facts about a subject that are in the log so far, and the retractions of these and of what is to be posted; there may be none.</summary>
    public sealed record FactsOf(SubjectName Subject) : Missing;

    /// <summary>Which subjects have facts that name this one.</summary>
    public sealed record Naming(SubjectName Subject) : Missing;

    /// <summary>The subject of the fact that is to be retracted.</summary>
    public sealed record FactOf(string Source, string Id) : Missing;

    /// <summary>The members to whom more of a unit is owed at an instant than was paid, by what was posted; others may be told too.</summary>
    public sealed record Owed(Unit Unit, Instant At) : Missing;

    /// <summary>The whole log: what is posted next concerns everybody.</summary>
    public sealed record All : Missing;
}
