using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Benchmarks;

/// <summary>Measures a whole history: reading, deriving, assessing; and the same totals and levels by SQL. Compares what both say.</summary>
internal sealed class Whole
{
    private const string Under = "W5";
    private const string EngineTotal = "points and levels, 2 cores: derive, settle, assess all of time";
    private const string SqlTotal = "points and levels by SQL, at the instant";

    private readonly WholeOptions _options;
    private readonly PartnerProgram _program;
    private readonly Report _report = new("whole", "A whole history");
    private History _history;

    private Whole(WholeOptions options, SampleProgram samples, string path)
    {
        _options = options;
        _program = samples.Program;
        _history = null!;
        for (var i = 0; i < options.Repeat; i++) { _report.Time("read JSON lines, 1 core", () => _history = samples.Load(path)); }
        _report.FactsAre(_history.FactCount);
        _report.Note($"{_history.FactCount:N0} facts ({options.Lines:N0} lines), {_history.SubjectCount:N0} subjects, {_history.BytesHeld / (double)_history.FactCount:F1} bytes a fact held");
    }

    /// <summary>Runs everything, prints the table and keeps it.</summary>
    /// <returns>0; 1 where the engine and SQL disagree.</returns>
    public static int Run(WholeOptions options)
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        using var facts = options.Facts(samples);
        var whole = new Whole(options, samples, facts.Path);
        var standings = whole.MeasureEngine();
        var agree = whole.MeasureSql(facts.Path, standings);
        whole._report.Keep(options);
        return agree ? 0 : 1;
    }

    private Dictionary<string, (long Points, int Level)> MeasureEngine()
    {
        var scoring = new Scoring(_program, _history, _program.Find(Under), Instant.Last);
        var inForce = new Scoring(_program, _history, under: (Edition?)null, Instant.Last);
        var cores = Environment.ProcessorCount;
        for (var i = 0; i < _options.Repeat; i++)
        {
            _report.Time($"derive under {Under}, no trace, 1 core", () => Derive(scoring, 1));
            _report.Time($"derive under {Under}, no trace, {cores} cores", () => Derive(scoring, cores));
            _report.Time($"derive under {Under}, traced, 1 core", () => DeriveTraced(scoring));
            _report.Time($"derive under the editions in force, {cores} cores", () => Derive(inForce, cores));
            _report.Time(EngineTotal, () => Assess(scoring, cores));
        }
        return Agreement.Standings(_program, _history, Under);
    }

    private bool MeasureSql(string path, Dictionary<string, (long Points, int Level)> standings)
    {
        if (Postgres.Find() is not { } programs)
        {
            _report.Note("SQL: left out, since no PostgreSQL is installed");
            return true;
        }
        using var server = Postgres.Start(programs, Postgres.Settings);
        using var peer = new SqlPeer(server, _program.Vocabulary);
        _report.Time("SQL: parse and COPY", () => peer.Load(path));
        _report.Time("SQL: index, VACUUM, ANALYZE", peer.Index);
        var said = peer.Score(Agreement.At.Micros);
        for (var i = 0; i < _options.Repeat; i++) { _report.Time(SqlTotal, () => said = peer.Score(Agreement.At.Micros)); }
        var differences = Agreement.Differences(standings, peer, said);
        _report.Note($"PostgreSQL {peer.Version}, {string.Join(", ", Postgres.Settings)}; one warm run first");
        _report.Note($"{standings.Count:N0} members compared at {Agreement.At}: {differences.Count:N0} differ");
        foreach (var difference in differences.Take(20)) { _report.Note(difference); }
        _report.Note($"SQL takes {_report.MedianOf(SqlTotal) / _report.MedianOf(EngineTotal):F1} times as long as the engine. It finds the state at one instant, by the last fact of each kind; the engine finds all of time, past and foreseeable");
        return differences.Count == 0;
    }

    private void Derive(Scoring scoring, int cores) => Parts.Run(_history.SubjectCount, cores, (_, first, end) =>
    {
        var credits = new CreditList();
        var deriver = new Deriver(scoring.Plan, scoring.Enrolment);
        for (var subject = first; subject < end; subject++)
        {
            deriver.Derive(subject, scoring.UpTo, credits);
            if (credits.Count > 10_000) { credits.Clear(); }
        }
    });

    private void DeriveTraced(Scoring scoring)
    {
        var credits = new CreditList();
        var tape = new TraceTape();
        var book = scoring.Plan.Book;
        var deriver = new SubjectDeriver<Traced>(book, [new EditionPlan<Traced>(book, 0, _history)], _history, scoring.Enrolment, _ => new Traced(tape));
        for (var subject = 0; subject < _history.SubjectCount; subject++)
        {
            tape.Clear();
            deriver.Derive(subject, scoring.UpTo, credits);
            if (credits.Count > 10_000) { credits.Clear(); }
        }
    }

    private void Assess(Scoring scoring, int cores)
    {
        var parts = new CreditList[Parts.Of(cores)];
        Parts.Run(_history.SubjectCount, cores, (part, first, end) => parts[part] = scoring.Derive(first, end));
        var credits = scoring.Gather(parts);
        var members = scoring.Members.ToArray();
        Parts.Run(members.Length, cores, (_, first, end) =>
        {
            var assessing = credits.ForThread();
            for (var i = first; i < end; i++) { assessing.TimelineOf(members[i]).At(Agreement.At); }
        });
    }
}
