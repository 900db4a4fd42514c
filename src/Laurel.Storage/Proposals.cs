using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>Where a proposal stands.</summary>
public enum ProposalState
{
    /// <summary>Nobody else has looked at it.</summary>
    Waiting,

    /// <summary>Somebody else has approved it: its fact is told.</summary>
    Approved,

    /// <summary>Somebody has declined it.</summary>
    Declined,
}

/// <summary>A fact that somebody proposed, and somebody else has to approve before it is told.</summary>
/// <param name="Id">Its name among proposals; the fact's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Proposed">When it was proposed.</param>
/// <param name="Key">Whose key proposed it.</param>
/// <param name="Decider">Whose key decided; null while it waits.</param>
/// <param name="Fact">The fact, as JSON.</param>
public sealed record Proposal(string Id, ProposalState State, Instant Proposed, string Key, string? Decider, string Fact);

/// <summary>What waits for a second person, in one program.</summary>
public sealed class Proposals
{
    private const string Columns = "proposal AS id, state, proposed, key, decider, fact";

    private readonly Database _database;
    private readonly int _program;
    private readonly Func<CancellationToken, Task<Instant>> _now;
    private readonly KeptAnswers _answers;

    internal Proposals(Database database, int program, Func<CancellationToken, Task<Instant>> now, KeptAnswers answers) => (_database, _program, _now, _answers) = (database, program, now, answers);

    /// <summary>Keeps a proposal; one that is there already stays as it is.</summary>
    /// <returns>True where it was not there yet.</returns>
    public async Task<Effect<bool>> Add(string id, string key, string fact, Keep<bool>? keep, CancellationToken stop)
    {
        var now = await _now(stop).ConfigureAwait(false);
        return await _answers.With(
            async (connection, transaction) => await connection.ExecuteAsync(
                "INSERT INTO proposals (proposed, program, state, proposal, key, fact) VALUES (@proposed, @program, 0, @id, @key, @fact) ON CONFLICT (program, proposal) DO NOTHING",
                new { proposed = now.Micros, program = _program, id, key, fact }, transaction).ConfigureAwait(false) == 1, keep, stop).ConfigureAwait(false);
    }

    /// <summary>A proposal; null where there is none of that name.</summary>
    public async Task<Proposal?> Find(string id, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        return (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM proposals WHERE program = @program AND proposal = @id", new { program = _program, id }).ConfigureAwait(false))?.ToProposal();
    }

    /// <summary>The proposals of a state, the oldest first.</summary>
    /// <param name="state">The state.</param>
    /// <param name="after">Those after this one, by when it was proposed and its name; null for all.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<Proposal>> List(ProposalState state, (Instant Proposed, string Id)? after, int most, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<Row>(
            $"SELECT {Columns} FROM proposals WHERE program = @program AND state = @state{(after is null ? "" : " AND (proposed, proposal) > (@proposed, @id)")} ORDER BY proposed, proposal LIMIT @most",
            new { program = _program, state = (int)state, proposed = after?.Proposed.Micros, id = after?.Id, most }).ConfigureAwait(false);
        return [.. rows.Select(r => r.ToProposal())];
    }

    /// <summary>Decides a proposal that waits.</summary>
    /// <returns>False where it does not wait, or another key is needed.</returns>
    public async Task<Effect<bool>> Decide(string id, ProposalState state, string key, Keep<bool>? keep, CancellationToken stop)
    {
        var now = await _now(stop).ConfigureAwait(false);
        return await _answers.With(
            async (connection, transaction) => await connection.ExecuteAsync(
                "UPDATE proposals SET state = @state, decider = @key, decided = @now WHERE program = @program AND proposal = @id AND state = 0",
                new { state = (int)state, key, now = now.Micros, program = _program, id }, transaction).ConfigureAwait(false) == 1, keep, stop).ConfigureAwait(false);
    }

    /// <summary>Lets a proposal wait again that was approved, and whose fact was refused then.</summary>
    public async Task LetWait(string id, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync("UPDATE proposals SET state = 0, decider = NULL, decided = NULL WHERE program = @program AND proposal = @id AND state = 1", new { program = _program, id }).ConfigureAwait(false);
    }

    // As the table has it.
    private sealed class Row
    {
        public string Id { get; set; } = "";

        public long State { get; set; }

        public long Proposed { get; set; }

        public string Key { get; set; } = "";

        public string? Decider { get; set; }

        public string Fact { get; set; } = "";

        public Proposal ToProposal() => new(Id, (ProposalState)State, new(Proposed), Key, Decider, Fact);
    }
}
