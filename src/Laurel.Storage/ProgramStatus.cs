using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What an operator has said of a program.</summary>
/// <param name="Clock">What time it is in a sandbox, where it stands until it is moved; null for a program that goes by the server's clock.</param>
/// <param name="Opens">From when on members may be enrolled; null where no date says so.</param>
/// <param name="Closes">From when on they may not; null where no date says so.</param>
/// <param name="Archived">Since when it is only read; null where it is not archived.</param>
public sealed record ProgramStatus(Instant? Clock, Instant? Opens, Instant? Closes, Instant? Archived)
{
    /// <summary>A program of which nobody has said anything.</summary>
    public static ProgramStatus Ordinary { get; } = new(null, null, null, null);

    /// <summary>True where a member may be enrolled at an instant: what the later of the dates that have come says; before both, the opposite of what the first one says.</summary>
    public bool Enrols(Instant at) => (Opens, Closes) switch
    {
        (null, null) => true,
        ({ } opens, null) => at >= opens,
        (null, { } closes) => at < closes,
        ({ } opens, { } closes) => opens < closes ? at >= opens && at < closes : at < closes || at >= opens,
    };

    /// <summary>True for a fact that enrols a member at a time at which none may be.</summary>
    public bool Refuses(Fact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return fact.Type.BuiltIn == BuiltIn.Joined && !Enrols(fact.Time);
    }
}

/// <summary>Something that an operator says of a program.</summary>
public abstract record Direction
{
    private Direction() { }

    /// <summary>A sandbox's clock goes on to an instant; what falls due until then is done, each at its own.</summary>
    public sealed record Move(Instant To) : Direction;

    /// <summary>From when until when members may be enrolled: see <see cref="ProgramStatus"/>.</summary>
    public sealed record Enrol(Instant? Opens, Instant? Closes) : Direction;

    /// <summary>The program is only read from now on.</summary>
    /// <param name="Since">Since when it is, where that was said before, elsewhere; null for now.</param>
    public sealed record Archive(Instant? Since) : Direction;

    /// <summary>The program goes on; what fell due meanwhile is done, each at its own instant.</summary>
    public sealed record Restore : Direction;

    /// <summary>The status that follows, or why there is none.</summary>
    internal (ProgramStatus? Status, Undirected Why) After(ProgramStatus status, Instant now) => this switch
    {
        Archive archive => (status.Archived is null ? status with { Archived = archive.Since ?? now } : status, default),
        Restore => (status with { Archived = null }, default),
        _ when status.Archived is not null => (null, Undirected.Archived),
        Enrol enrol => (status with { Opens = enrol.Opens, Closes = enrol.Closes }, default),
        Move when status.Clock is null => (null, Undirected.NoSandbox),
        Move { To: var to } when to < status.Clock => (null, Undirected.Backwards),
        Move { To: var to } => (status with { Clock = to }, default),
        _ => throw new InvalidOperationException($"nobody knows what {this} does"),
    };
}

/// <summary>Why an operator's word changes nothing. Order is precedence.</summary>
public enum Undirected
{
    /// <summary>The program is archived.</summary>
    Archived,

    /// <summary>The program goes by the server's clock.</summary>
    NoSandbox,

    /// <summary>The clock is further already.</summary>
    Backwards,
}

/// <summary>What became of an operator's word.</summary>
/// <param name="Status">The program's status then.</param>
/// <param name="Refused">Why it changes nothing; null where it holds.</param>
public sealed record Directed(ProgramStatus Status, Undirected? Refused);

/// <summary>The program is archived: nothing was written.</summary>
public sealed class ArchivedException(string program) : Exception($"{program} is archived, and only read");

/// <summary>What operators said of programs, as the database has it.</summary>
internal static class Statuses
{
    private const string Columns = "number, clock, opens, closes, archived";

    /// <summary>The status of a program now.</summary>
    public static async Task<ProgramStatus> Of(Database database, int program, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return (await connection.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM statuses WHERE program = @program ORDER BY number DESC LIMIT 1", new { program }).ConfigureAwait(false))?.Status() ?? ProgramStatus.Ordinary;
    }

    /// <summary>A status as a row of a commit.</summary>
    public static Rows RowOf(ProgramStatus status, long number, int program) => new Rows("statuses", 1)
        .With("number", number).With("clock", [status.Clock?.Micros]).With("opens", [status.Opens?.Micros]).With("closes", [status.Closes?.Micros]).With("archived", [status.Archived?.Micros]).With("program", program);

    /// <summary>The first status that can't have come about as it says; null where all can.</summary>
    /// <param name="database">The database.</param>
    /// <param name="program">The program's number.</param>
    /// <param name="head">Up to which commit.</param>
    /// <param name="stop">Ends the waiting.</param>
    public static async Task<string?> Difference(Database database, int program, long head, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var said = (await connection.QueryAsync<Row>($"SELECT {Columns} FROM statuses WHERE program = @program AND number <= @head ORDER BY number", new { program, head }).ConfigureAwait(false)).ToList();
        var commits = (await connection.QueryAsync<long>("SELECT number FROM commits WHERE program = @program AND number <= @head AND kind = @kind", new { program, head, kind = (int)CommitKind.Status }).ConfigureAwait(false)).ToHashSet();
        foreach (var number in commits.Order())
        {
            if (!said.Exists(s => s.Number == number)) { return FormattableString.Invariant($"commit {number} says something of the program, and what is not there"); }
        }
        var before = said is [{ Number: 0 }, ..] ? said[0].Status() : ProgramStatus.Ordinary;
        foreach (var row in said.Where(s => s.Number > 0))
        {
            var status = row.Status();
            if ((status.Clock is null) != (before.Clock is null) || status.Clock < before.Clock) { return FormattableString.Invariant($"with commit {row.Number} the program's clock goes back, or comes or goes"); }
            if (!commits.Contains(row.Number) && status with { Clock = before.Clock } != before) { return FormattableString.Invariant($"commit {row.Number} says nothing of the program, and its status changes with it"); }
            before = status;
        }
        return null;
    }

    // As the table has it.
    private sealed class Row
    {
        public long Number { get; set; }

        public long? Clock { get; set; }

        public long? Opens { get; set; }

        public long? Closes { get; set; }

        public long? Archived { get; set; }

        public ProgramStatus Status() => new(At(Clock), At(Opens), At(Closes), At(Archived));

        private static Instant? At(long? micros) => micros is { } at ? new(at) : null;
    }
}
