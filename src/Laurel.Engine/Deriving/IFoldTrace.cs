using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What part of a definition an evaluation was of.</summary>
public enum TracePart : byte
{
    /// <summary>A state that is a condition.</summary>
    State,

    /// <summary>Who gets it.</summary>
    To,

    /// <summary>What must stay true.</summary>
    While,

    /// <summary>What must hold at the moment.</summary>
    Where,

    /// <summary>How much.</summary>
    Give,

    /// <summary>A request's condition.</summary>
    Request,

    /// <summary>What starts or ends something, and a state that is a condition as it is settled: named by its number in the plan.</summary>
    Trigger,

    /// <summary>A rung, a benefit or a formula: something about the member.</summary>
    Member,
}

/// <summary>What a fold leaves behind, besides what its expressions do.</summary>
internal interface IFoldTrace : ITrace
{
    /// <summary>An expression begins to be evaluated; its results follow until <see cref="End"/>.</summary>
    /// <param name="part">What it is of.</param>
    /// <param name="definition">The state's, rule's or request's index in the edition; of a <see cref="TracePart.Trigger"/>, the condition's number in the plan.</param>
    /// <param name="member">The member in question; -1 for none.</param>
    /// <param name="fact">The fact at hand; -1 for none.</param>
    /// <param name="at">The instant.</param>
    void Begin(TracePart part, int definition, int member, int fact, Instant at);

    /// <summary>Inside another, the condition of a state begins to be evaluated; its results follow until <see cref="End"/>.</summary>
    /// <param name="node">The number of the leaf that reads the state.</param>
    /// <param name="state">The state's index in the edition.</param>
    void Inner(int node, int state);

    /// <summary>The innermost expression has been evaluated.</summary>
    void End();

    /// <summary>Where the results of the innermost expression will stand.</summary>
    int Place { get; }

    /// <summary>Nothing has changed since the innermost expression was last evaluated: it came to the same.</summary>
    /// <param name="place">Where its results stand.</param>
    /// <param name="holds">What it came to.</param>
    void Again(int place, bool holds);

    /// <summary>What a rule gave at a moment was taken back.</summary>
    void TakenBack(in TakenBack back);
}

/// <summary>Keeps nothing, at no cost.</summary>
internal readonly struct Untraced : IFoldTrace
{
    public static bool On => false;

    public void Result(int node, in Value value) { }

    public void Because(int node, int fact, Instant since) { }

    public void Result(int node, bool holds) { }

    public void Begin(TracePart part, int definition, int member, int fact, Instant at) { }

    public void Inner(int node, int state) { }

    public void End() { }

    public int Place => 0;

    public void Again(int place, bool holds) { }

    public void TakenBack(in TakenBack back) { }
}

/// <summary>Keeps everything, in the order in which it happened.</summary>
/// <param name="tape">Where.</param>
internal readonly struct Traced(TraceTape tape) : IFoldTrace
{
    public static bool On => true;

    public void Result(int node, in Value value) => tape.Result(node, value);

    public void Result(int node, bool holds) => tape.Result(node, holds);

    public void Because(int node, int fact, Instant since) => tape.Because(node, fact, since);

    public void Begin(TracePart part, int definition, int member, int fact, Instant at) => tape.Begin(part, definition, member, fact, at);

    public void Inner(int node, int state) => tape.Inner(node, state);

    public void End() => tape.End();

    public int Place => tape.Length;

    public void Again(int place, bool holds) => tape.Again(place);

    public void TakenBack(in TakenBack back) => tape.TakenBack.Add(back);
}
