using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What a rule would give by one edition alone, before enrolment, the edition's dates and limits.</summary>
internal struct Raw
{
    /// <summary>The rule's index in its edition.</summary>
    public int Rule;

    /// <summary>The member.</summary>
    public int Member;

    /// <summary>The fact at whose instant it began; -1 for none.</summary>
    public int Fact;

    /// <summary>Where the values that limits group by start; -1 for none.</summary>
    public int Key;

    /// <summary>The moment; the start of the stretch.</summary>
    public Instant Moment;

    /// <summary>The first instant of this span.</summary>
    public Instant Starts;

    /// <summary>Until when it is pending; for a stretch found later, from its moment.</summary>
    public Instant Release;

    /// <summary>The first instant after.</summary>
    public Instant Ends;

    /// <summary>How much, in smallest parts.</summary>
    public long Amount;
}

/// <summary>What a rule gave at a moment, while it may still end or be taken back.</summary>
internal struct Grant
{
    /// <summary>What it is so far.</summary>
    public Raw Raw;

    /// <summary>The rule's place in its kind.</summary>
    public int Place;

    /// <summary>The row of the member; -1 where the moment waits for members who gain the role later.</summary>
    public int Row;

    /// <summary>For a moment that waits: until when.</summary>
    public Instant WaitsUntil;

    /// <summary>True once it is void: as if never given.</summary>
    public bool Void;
}
