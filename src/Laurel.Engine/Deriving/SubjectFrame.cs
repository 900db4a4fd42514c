using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What is true of one subject at an instant while its facts are folded. Reused from subject to subject.</summary>
/// <param name="fields">How many fields its kind has.</param>
/// <param name="states">How many states of its kind the edition has.</param>
/// <param name="roles">How many roles.</param>
/// <param name="triggers">How many conditions that are watched for becoming true.</param>
/// <param name="rows">For how many members there is room before it grows.</param>
internal sealed class SubjectFrame(int fields, int states, int roles, int triggers, int rows = 4)
{
    /// <summary>The subject's number.</summary>
    public int Subject { get; set; }

    /// <summary>By field: the last value told.</summary>
    public long[] Data { get; } = new long[fields];

    /// <summary>By field: the fact that told it; -1 for nobody.</summary>
    public int[] Told { get; } = new int[fields];

    /// <summary>The states that hold, a bit each, by the state's place in its kind.</summary>
    public ulong States { get; set; }

    /// <summary>Of a member: whether it is enrolled.</summary>
    public bool Enrolled { get; set; }

    /// <summary>By state: its times.</summary>
    public Holding[] StateTimes { get; } = New<Holding>(states);

    /// <summary>By row (a member of the fold): the roles that it has, a bit each.</summary>
    public ulong[] Roles { get; private set; } = New<ulong>(rows);

    /// <summary>By row and role: its times.</summary>
    public Holding[] RoleTimes { get; private set; } = New<Holding>(rows * roles);

    /// <summary>Conditions watched for the subject, a bit each: whether they held when last looked at.</summary>
    public ulong Watched { get; set; }

    /// <summary>By row: the same for conditions watched for a member.</summary>
    public ulong[] WatchedByRow { get; private set; } = New<ulong>(rows);

    /// <summary>By watched condition: since when it holds; by row and condition after those.</summary>
    public long[] WatchedSince { get; private set; } = New<long>((rows + 1) * triggers);

    /// <summary>What changed at the instant at hand: states, fields, and roles of anybody.</summary>
    public ulong ChangedStates { get; set; }

    /// <inheritdoc cref="ChangedStates"/>
    public ulong ChangedFields { get; set; }

    /// <inheritdoc cref="ChangedStates"/>
    public ulong ChangedRoles { get; set; }

    /// <summary>The next instant at which anything here ends by itself, as last looked for.</summary>
    public long NextEnd { get; set; } = long.MaxValue;

    /// <summary>True where that may have changed since.</summary>
    public bool EndsMoved { get; set; }

    /// <summary>How many members there is room for; what is beyond is of an earlier subject.</summary>
    public int Rows { get; private set; }

    /// <summary>How many roles a row has times for.</summary>
    public int RoleCount => roles;

    /// <summary>How many conditions are watched.</summary>
    public int TriggerCount => triggers;

    /// <summary>Makes it the frame of a subject of which nothing is known yet.</summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="blank">What is true of any subject of its kind before anything was told.</param>
    public void Reset(int subject, SubjectFrame blank)
    {
        Subject = subject;
        blank.Told.CopyTo(Told, 0);
        States = blank.States;
        Enrolled = false;
        blank.StateTimes.CopyTo(StateTimes, 0);
        Watched = blank.Watched;
        if (triggers > 0) { Array.Copy(blank.WatchedSince, WatchedSince, triggers); }
        NextEnd = long.MaxValue;
        EndsMoved = true;
        Rows = 0;
    }

    /// <summary>Makes room for a number of members; the new ones have no role.</summary>
    public void EnsureRows(int rows)
    {
        if (rows > Roles.Length) { Grow(Math.Max(rows, Roles.Length * 2)); }
        for (; Rows < rows; Rows++)
        {
            Roles[Rows] = 0;
            Array.Clear(RoleTimes, Rows * roles, roles);
            if (triggers == 0) { continue; }
            WatchedByRow[Rows] = 0;
            Array.Clear(WatchedSince, (Rows + 1) * triggers, triggers);
        }
    }

    /// <summary>A frame of its own that stays as this one is now.</summary>
    public SubjectFrame Copy()
    {
        var copy = Another();
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The same, with all that a fold needs to go on from there.</summary>
    public SubjectFrame CopyWhole()
    {
        var copy = Another();
        copy.CopyWholeFrom(this);
        return copy;
    }

    /// <summary>Copies what conditions can read: the frame as it was just before a fact.</summary>
    public void CopyFrom(SubjectFrame other)
    {
        Subject = other.Subject;
        Rows = 0;
        EnsureRows(other.Rows);
        other.Data.CopyTo(Data, 0);
        other.Told.CopyTo(Told, 0);
        States = other.States;
        Enrolled = other.Enrolled;
        other.StateTimes.CopyTo(StateTimes, 0);
        Array.Copy(other.Roles, Roles, Rows);
        Array.Copy(other.RoleTimes, RoleTimes, Rows * roles);
    }

    /// <summary>Copies all that a fold needs to go on from there: what conditions can read, and what is watched.</summary>
    public void CopyWholeFrom(SubjectFrame other)
    {
        CopyFrom(other);
        (Watched, NextEnd, EndsMoved) = (other.Watched, other.NextEnd, other.EndsMoved);
        if (triggers == 0) { return; }
        Array.Copy(other.WatchedByRow, WatchedByRow, Rows);
        Array.Copy(other.WatchedSince, WatchedSince, (Rows + 1) * triggers);
    }

    private SubjectFrame Another() => new(Data.Length, StateTimes.Length, roles, triggers, Rows);

    private static T[] New<T>(int size) => size == 0 ? [] : new T[size];

    private void Grow(int rows)
    {
        Roles = Grown(Roles, rows);
        RoleTimes = Grown(RoleTimes, rows * roles);
        WatchedByRow = Grown(WatchedByRow, rows);
        WatchedSince = Grown(WatchedSince, (rows + 1) * triggers);
    }

    private static T[] Grown<T>(T[] array, int size)
    {
        Array.Resize(ref array, size);
        return array;
    }
}

/// <summary>The times of a state or role.</summary>
internal struct Holding
{
    /// <summary>When it last turned on or off; the start of the present stretch while it is on.</summary>
    public long Since;

    /// <summary>When it last ended: a start at the same instant goes on without a gap.</summary>
    public long EndedAt;

    /// <summary>Since when it held before that end.</summary>
    public long HeldSince;

    /// <summary>Its last start, renewals included.</summary>
    public long LastStart;

    /// <summary>When it ends by itself; <see cref="Instant.Never"/> for never.</summary>
    public long EndsAt;

    /// <summary>The fact that last started or ended it, plus one; 0 for none (time or a condition).</summary>
    public int CausePlusOne;

    /// <summary>True where the last end was by time.</summary>
    public bool ByTime;

    /// <summary>True before its first start.</summary>
    public readonly bool WasNever => Since == 0 && CausePlusOne == 0 && !ByTime;
}
