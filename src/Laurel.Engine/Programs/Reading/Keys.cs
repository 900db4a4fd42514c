namespace Laurel.Engine.Programs.Reading;

/// <summary>The keys of the program's files. The published JSON Schemas have the same; a test compares them.</summary>
internal static class Keys
{
    /// <summary>program.yaml.</summary>
    public static readonly IReadOnlyList<string> Program = ["program", "same-as", "title", "time-zone", "units", "subjects", "facts", "words", "says", "source"];

    /// <summary>program.yaml of a program that has the rules of another.</summary>
    public static readonly IReadOnlyList<string> SameAs = ["program", "same-as", "title", "words", "says", "source"];

    /// <summary>A unit.</summary>
    public static readonly IReadOnlyList<string> Unit = ["decimals", "money", "one", "second-person-above", "says", "source", "meant"];

    /// <summary>A field, where it has more than a type.</summary>
    public static readonly IReadOnlyList<string> Field = ["type", "personal"];

    /// <summary>A type of fact.</summary>
    public static readonly IReadOnlyList<string> Fact = ["about", "needs", "may", "says", "source", "meant"];

    /// <summary>The sections of an edition that <c>based-on</c> takes over where they are not written.</summary>
    public static readonly IReadOnlyList<string> Inherited = ["calendar", "tables", "states", "roles", "requests", "rules", "limits", "metrics", "obligations", "ladders", "benefits", "payouts"];

    /// <summary>An edition.</summary>
    public static readonly IReadOnlyList<string> Edition =
        ["edition", "title", "says", "source", "meant", "effective", "published", "counts-from", "based-on", .. Inherited, "transition"];

    /// <summary>A calendar.</summary>
    public static readonly IReadOnlyList<string> Calendar = ["weekend", "holidays", "years", "runs", "says", "source"];

    /// <summary>A year of the program's own.</summary>
    public static readonly IReadOnlyList<string> Year = ["starts", "cutoff", "says", "source"];

    /// <summary>A scheduled run.</summary>
    public static readonly IReadOnlyList<string> ScheduledRun = ["each", "day", "roll", "covers", "says", "source", "meant"];

    /// <summary>A state that starts and ends.</summary>
    public static readonly IReadOnlyList<string> State = ["starts", "ends", "for", "until", "says", "source", "unreached", "meant"];

    /// <summary>A role.</summary>
    public static readonly IReadOnlyList<string> Role = ["starts", "ends", "for", "until", "one", "who", "says", "source", "unreached", "meant"];

    /// <summary>A request.</summary>
    public static readonly IReadOnlyList<string> Request = ["about", "asks", "where", "form", "remind", "escalate", "expires", "says", "source", "unreached", "meant"];

    /// <summary>A rule.</summary>
    public static readonly IReadOnlyList<string> Rule =
        ["give", "to", "or-later", "when", "where", "while", "after", "for", "unless", "within", "says", "source", "unreached", "meant"];

    /// <summary>A limit.</summary>
    public static readonly IReadOnlyList<string> Limit = ["of", "per", "best", "first", "from", "at-most", "budget", "says", "source", "unreached", "meant"];

    /// <summary>A metric.</summary>
    public static readonly IReadOnlyList<string> Metric = ["sum", "count", "median", "runs", "broken-by", "in", "per", "is", "rank", "among", "at", "says", "source", "unreached", "meant"];

    /// <summary>An obligation.</summary>
    public static readonly IReadOnlyList<string> Obligation = ["at-least", "each", "term", "during", "strength", "says", "source", "unreached", "meant"];

    /// <summary>A ladder.</summary>
    public static readonly IReadOnlyList<string> Ladder = ["per", "rungs", "up", "down", "says", "source", "unreached", "meant"];

    /// <summary>How a level moves.</summary>
    public static readonly IReadOnlyList<string> Movement = ["at", "lag", "grace", "best", "stay", "needs"];

    /// <summary>A payout.</summary>
    public static readonly IReadOnlyList<string> Payout = ["each", "after", "at-least", "where", "says", "source", "unreached", "meant"];

    /// <summary>A benefit.</summary>
    public static readonly IReadOnlyList<string> Benefit = ["while", "kind", "says", "source", "unreached", "meant"];
}
