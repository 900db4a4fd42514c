using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Laurel.Storage;

/// <summary>
/// What Laurel tells of its work to whoever listens: spans and metrics. They carry names of programs, counts and times, never of whom a fact
/// speaks. Where nobody listens each costs a comparison.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "Laurel";

    private const string ProgramTag = "laurel.program";
    private const string KindTag = "laurel.kind";

    private static readonly ActivitySource Spans = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Facts = Meter.CreateCounter<long>("laurel.facts", "{fact}", "facts that were told, by what became of them");
    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>("laurel.commit.duration", "s", "how long a commit took until it was durable; their count is that of commits");
    private static readonly Histogram<long> CommitFacts = Meter.CreateHistogram<long>("laurel.commit.facts", "{fact}", "how many facts a commit had");
    private static readonly UpDownCounter<long> LaneQueue = Meter.CreateUpDownCounter<long>("laurel.lane.queue", "{fact}", "facts that wait for their commit");
    private static readonly Histogram<double> LaneWait = Meter.CreateHistogram<double>("laurel.lane.wait", "s", "how long facts waited before their commit was begun");
    private static readonly Counter<long> LaneMoves = Meter.CreateCounter<long>("laurel.lane.moves", "{move}", "how often a program's lane came here, or was found elsewhere");
    private static readonly Counter<long> DueWork = Meter.CreateCounter<long>("laurel.due.work", "{item}", "what fell due and was looked at");
    private static readonly Gauge<double> DueLag = Meter.CreateGauge<double>("laurel.due.lag", "s", "how long what is due has been due; 0 where nothing is");

    /// <summary>What became of a fact that was told.</summary>
    /// <param name="program">The program.</param>
    /// <param name="verdict">"recorded", "unchanged" or "refused".</param>
    /// <param name="code">Why it was refused; null where it was not.</param>
    public static void Told(string program, string verdict, string? code)
    {
        if (code is null) { Facts.Add(1, new(ProgramTag, program), new("laurel.verdict", verdict)); }
        else { Facts.Add(1, new(ProgramTag, program), new("laurel.verdict", verdict), new("laurel.code", code)); }
    }

    /// <summary>What went wrong, and where. Without messages, which may name people, but for those of databases, which do not.</summary>
    public static string Trail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var said = exception is DbException or StorageException or IOException ? $" {exception.Message}" : "";
        var inner = exception.InnerException is { } cause ? $" by {Trail(cause)}" : "";
        return $"{exception.GetType().FullName}{said}\n{exception.StackTrace}{inner}";
    }

    /// <summary>Begins a span; null where nobody listens.</summary>
    internal static Activity? Begin(string name, string program, IEnumerable<ActivityContext> from)
    {
        if (!Spans.HasListeners()) { return null; }
        return Spans.StartActivity(ActivityKind.Internal, parentContext: default, tags: [new(ProgramTag, program)], links: from.Select(context => new ActivityLink(context)), name: name);
    }

    /// <summary>A commit is durable, or was refused.</summary>
    internal static void Committed(Activity? span, string program, CommitKind kind, long facts, TimeSpan took)
    {
        var name = kind.ToString().ToLowerInvariant();
        CommitDuration.Record(took.TotalSeconds, new(ProgramTag, program), new(KindTag, name));
        CommitFacts.Record(facts, new(ProgramTag, program), new(KindTag, name));
        span?.SetTag(KindTag, name).SetTag("laurel.facts", facts);
    }

    /// <summary>Facts wait, or do no longer.</summary>
    internal static void Queued(string program, int facts) => LaneQueue.Add(facts, new KeyValuePair<string, object?>(ProgramTag, program));

    /// <summary>Facts have waited.</summary>
    internal static void Waited(string program, TimeSpan waited) => LaneWait.Record(waited.TotalSeconds, new KeyValuePair<string, object?>(ProgramTag, program));

    /// <summary>A lane came here, or was found elsewhere.</summary>
    internal static void Moved(string program, bool here) => LaneMoves.Add(1, new(ProgramTag, program), new("laurel.to", here ? "here" : "elsewhere"));

    /// <summary>Something that fell due was looked at.</summary>
    /// <param name="program">The program.</param>
    /// <param name="kind">"close", "publication" or "member".</param>
    /// <param name="done">How many were done.</param>
    /// <param name="skipped">How many came to nothing.</param>
    internal static void Due(string program, string kind, int done, int skipped)
    {
        if (done > 0) { DueWork.Add(done, new(ProgramTag, program), new(KindTag, kind), new("laurel.outcome", "done")); }
        if (skipped > 0) { DueWork.Add(skipped, new(ProgramTag, program), new(KindTag, kind), new("laurel.outcome", "skipped")); }
    }

    /// <summary>How long what is due has been due.</summary>
    internal static void Lags(string program, TimeSpan lag) => DueLag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>(ProgramTag, program));
}
