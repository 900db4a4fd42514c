using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>Where posting goes on: what the facts at hand do not tell.</summary>
/// <param name="Entries">How many entries the ledger has.</param>
/// <param name="Known">How many positions of the log were posted.</param>
/// <param name="Recorded">When the last of them was recorded; <see cref="Instant.Ever"/> for none.</param>
public sealed record PostingStart(int Entries, int Known, Instant Recorded)
{
    /// <summary>Before anything was posted.</summary>
    public static readonly PostingStart Nothing = new(0, 0, Instant.Ever);

    /// <summary>When the last edition was published whose publication was posted; <see cref="Instant.Ever"/> for none.</summary>
    public Instant Published { get; init; } = Instant.Ever;

    /// <summary>What was paid so far, of each member and unit.</summary>
    public IReadOnlyList<PaidSum> Paid { get; init; } = [];

    /// <summary>The ranks that were taken, by rising date.</summary>
    public IReadOnlyList<RankTable> Ranks { get; init; } = [];
}

/// <summary>What was paid to a member so far.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Unit">The unit's index.</param>
/// <param name="Amount">In smallest parts.</param>
public sealed record PaidSum(string Member, int Unit, long Amount);

/// <summary>A rank as it was taken on a date.</summary>
/// <param name="At">The date.</param>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Members">All that were ranked, by place.</param>
public sealed record RankTable(Instant At, string Metric, IReadOnlyList<RankRow> Members);

/// <summary>A member's place in a rank.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Place">From 1.</param>
/// <param name="By">The numbers that it was ranked by.</param>
public sealed record RankRow(string Member, int Place, IReadOnlyList<Number> By);
