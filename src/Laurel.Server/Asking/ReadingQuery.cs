using System.ComponentModel;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Asking;

/// <summary>What every read may ask: when, as known when, by which rules.</summary>
internal sealed class ReadingQuery
{
    private const string Instants = "A date (the end of that day, in the program's zone) or an instant such as 2024-06-01T09:00:00Z.";

    /// <summary>When.</summary>
    [FromQuery(Name = "at"), Description($"When it is asked for; now where it is left out. {Instants}")]
    public string? At { get; set; }

    /// <summary>As known when.</summary>
    [FromQuery(Name = "known"), Description($"What was learnt later is left out; nothing is where it is left out. {Instants}")]
    public string? Known { get; set; }

    /// <summary>By which rules.</summary>
    [FromQuery(Name = "under"), Description("An edition or draft, as if it alone had always been in force; the editions in force where it is left out.")]
    public string? Under { get; set; }

    /// <summary>Reads what the question about a member of the address needs.</summary>
    /// <param name="context">The request.</param>
    /// <param name="others">Other subjects that the answer depends on.</param>
    /// <exception cref="Refused">The question names what there is not.</exception>
    public async Task<Asked> OfMember(HttpContext context, params IReadOnlyCollection<SubjectName> others)
    {
        var name = Names.Of(context, Names.Member);
        var asked = await Of(context, [Names.Reader(context).Member(name), .. others]).ConfigureAwait(false);
        return asked.History.SubjectOf(Vocabulary.MemberKind, name) is { } member
            ? asked with { Member = member }
            : throw NoMember(asked.Program, name);
    }

    /// <summary>There is no such member.</summary>
    public static Refused NoMember(PartnerProgram program, string name) =>
        Refused.Unknown($"no fact speaks of a member `{name}`", $"GET /v1/programs/{program.Name}/members lists those that there are.");

    /// <summary>True where something is asked for.</summary>
    public bool IsAsked => (At ?? Known ?? Under) is not null;

    /// <summary>Reads what a question about some subjects needs.</summary>
    /// <param name="context">The request.</param>
    /// <param name="subjects">The subjects; null for all.</param>
    /// <exception cref="Refused">The question names what there is not.</exception>
    public Task<Asked> Of(HttpContext context, IReadOnlyCollection<SubjectName>? subjects) =>
        Of(context, (reader, whole) => reader.About(subjects ?? [], subjects is null || whole, context.RequestAborted));

    /// <summary>Reads what a question about some members needs.</summary>
    /// <inheritdoc cref="Of(HttpContext, IReadOnlyCollection{SubjectName})"/>
    public Task<Asked> OfListed(HttpContext context, IReadOnlyCollection<ListedMember> members) => Of(context, (reader, whole) => reader.AboutListed(members, whole, context.RequestAborted));

    private async Task<Asked> Of(HttpContext context, Func<Reader, bool, Task<Extract>> about)
    {
        var reader = Names.Reader(context);
        var program = reader.Program;
        Instant? at = At is null ? null : Instant("at", At, program.Vocabulary.Zone), known = Known is null ? null : Instant("known", Known, program.Vocabulary.Zone);
        var under = Under is null ? null : program.Find(Under) ?? throw Refused.Unknown(NotThere.Edition(program, Under));
        var extract = await about(reader, program.ComparesMembers(under)).ConfigureAwait(false);
        var now = Engine.Values.Instant.Max(await Clock.Now(context).ConfigureAwait(false), extract.Position.Recorded);
        // What is still being staged is not published yet.
        program = await reader.Opened(extract.Position, now, known ?? now, context.RequestAborted).ConfigureAwait(false);
        var book = under is null ? reader.BookOf(program, known ?? now) : RuleBook.Under(program, under);
        var asked = new Asked(program, book, extract.History, extract.Position, at ?? now, known ?? now, now, under, -1);
        asked.CheckEdition();
        return asked;
    }

    /// <summary>Reads an instant of a parameter.</summary>
    public static Instant Instant(string name, string text, Zone zone) => zone.TryParseAsked(text, out var at) ? at : throw Refused.Parameter(
        name, $"`{name}={text}` is neither a date nor an instant", $"Write a date such as 2024-06-01 (the end of that day, {zone.Name}), or an instant such as 2024-06-01T09:00:00Z.");
}

/// <summary>A question with all that it is about.</summary>
/// <param name="Program">The program.</param>
/// <param name="Book">The rules that count.</param>
/// <param name="History">The facts, as far as they matter.</param>
/// <param name="Position">As of which position.</param>
/// <param name="At">When it is asked for.</param>
/// <param name="Known">What was learnt later is left out.</param>
/// <param name="Now">When it is asked.</param>
/// <param name="Under">The edition that alone counts; null for those in force.</param>
/// <param name="Member">The member's subject number; -1 for none.</param>
internal sealed record Asked(PartnerProgram Program, RuleBook Book, History History, Position Position, Instant At, Instant Known, Instant Now, Edition? Under, int Member)
{
    /// <summary>The member's name.</summary>
    public string Name => History.NameOf(Member);

    /// <summary>The edition that says so at the instant of the question.</summary>
    /// <exception cref="Refused">No edition was published by then.</exception>
    public Edition CheckEdition() => Book.At(At)
        ?? throw new Refused(ProblemType.NoEdition, $"{Program.Name} had published no edition by {Known}", "Ask for a later `known`, or name an edition with `under`.");

    /// <summary>As of when it is known that nothing else was learnt: whoever has not been heard of for long is asked for all the same.</summary>
    public Instant AsOf => Instant.Min(Known, Now);

    /// <summary>As known when, no later than there is something to know: editions are published ahead.</summary>
    public Instant Learnt => Instant.Min(Known, Program.Editions.Select(e => e.Published).Aggregate(Now, Instant.Max));

    /// <summary>The question as the engine has it.</summary>
    public Scoring Score() => new(Program, History, Book, Known, AsOf);

    /// <summary>An answer to it.</summary>
    public Answer Answer(Action<System.Text.Json.Utf8JsonWriter> write) =>
        Answering.Answer.To(json => StandingJson.WriteQuestion(json, Program, At, Known, Under), write, Position);
}
