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

/// <summary>What a rule gave at a moment, or may still give, while it may end or be taken back.</summary>
internal struct Grant
{
    /// <summary>What it is so far.</summary>
    public Raw Raw;

    /// <summary>The rule's place in its kind.</summary>
    public int Place;

    /// <summary>The row of the member.</summary>
    public int Row;

    /// <summary>Whether the member has it.</summary>
    public Share Share;

    /// <summary>For one that waits until its member gains the role: how long.</summary>
    public Instant WaitsUntil;

    /// <summary>True once it is void: as if never given.</summary>
    public bool Void;
}

/// <summary>A rule that holds for a member, from when and with what amount.</summary>
internal struct Stretch
{
    /// <summary>True while it holds.</summary>
    public bool Open;

    /// <summary>Since when it holds.</summary>
    public long Moment;

    /// <summary>Since when with this amount.</summary>
    public long Starts;

    /// <summary>How much, in smallest parts.</summary>
    public long Amount;

    /// <summary>The fact at whose instant this amount began; -1 for none.</summary>
    public int Fact;

    /// <summary>Where the values that limits group by start; -1 for none.</summary>
    public int Key;
}

/// <summary>How a member stands to what a rule gives at a moment, and to whoever gains the role later.</summary>
internal enum Share : byte
{
    /// <summary>It has it.</summary>
    Given,

    /// <summary>It is in the role and has it not: only who is out of the role can gain it.</summary>
    Inside,

    /// <summary>It is not in the role.</summary>
    Outside,
}
