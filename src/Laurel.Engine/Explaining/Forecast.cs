using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Something that will happen by itself to a member's standing.</summary>
/// <param name="At">When.</param>
/// <param name="Changes">What is different from then on; none where it stays and only what it is made of changes, or a review decides nothing.</param>
/// <param name="Told">The same in sentences, with the reasons.</param>
public sealed record ForecastStep(Instant At, IReadOnlyList<Change> Changes, Explanation Told);

/// <summary>What will happen by itself until the horizon, by what is known.</summary>
/// <param name="Steps">In order.</param>
/// <param name="Told">The same in sentences, each step a line.</param>
public sealed record ForecastSteps(IReadOnlyList<ForecastStep> Steps, Explanation Told);

/// <summary>What would follow if one subject were renewed, and if all but this one were.</summary>
/// <param name="Renewal">What would renew it.</param>
/// <param name="Then">What is different at the end of what holds now, beside no renewal at all.</param>
/// <param name="Alone">What is different at the horizon if this alone renews, beside no renewal at all.</param>
/// <param name="Missing">What is different at the horizon if this alone does not renew, beside the renewal of all.</param>
/// <param name="Told">The same in sentences.</param>
public sealed record RenewalOutcome(Renewal Renewal, IReadOnlyList<Change> Then, IReadOnlyList<Change> Alone, IReadOnlyList<Change> Missing, Explanation Told);

/// <summary>What would follow if all that ends until the horizon were renewed.</summary>
/// <param name="Each">One by one, by when.</param>
/// <param name="All">What is different at the horizon if all renew, beside no renewal at all.</param>
/// <param name="Told">The same in sentences, each renewal a line.</param>
public sealed record RenewalOutcomes(IReadOnlyList<RenewalOutcome> Each, IReadOnlyList<Change> All, Explanation Told);
