using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Server.Working;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs/{program}/editions and /drafts: what the rules are, what they are to become, and how they get there.</summary>
internal static partial class EditionRoutes
{
    private const string Yaml = "application/yaml";

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder program)
    {
        program.MapGet("/files", Files).Needs(Scopes.Read).WithTags("editions").Answers("Files").WithSummary("Read a program's files by their paths");
        program.MapPost("/files", Revise).Needs(Scopes.Operate).WithTags("editions").Answers("Revised").WithSummary("Revise a program's files; a published edition stays as it is").Takes("FileChanges");
        program.MapPost("/check", Check).Needs(Scopes.Read).WithTags("editions").Answers("Check").WithSummary("Check a program as it is, or as it would be: errors, warnings, scenarios, coverage").Takes("FilesToCheck").WithMetadata(new OfNoLog());
        program.MapGet("/editions", List).Needs(Scopes.Read).WithTags("editions").Answers("Editions").WithSummary("List editions and drafts, and where each stands");
        program.MapGet("/editions/{edition}", Read).Needs(Scopes.Read).WithTags("editions").Answers("Edition").AnswersAs(Yaml, "EditionText").WithSummary("Read an edition or a draft with its text");
        program.MapGet("/editions/{edition}/diff", Diff).Needs(Scopes.Read).WithTags("editions").Answers("Diff").WithSummary("What an edition or draft says otherwise than another, definition by definition");
        program.MapGet("/editions/{edition}/staged", Staged).Needs(Scopes.Read).WithTags("editions").Answers("Staged").WithSummary("What an edition that is being staged changes, member by member; those for whom it changes nothing are left out");
        program.MapGet("/editions/{edition}/staged/{member}", StagedMember).Needs(Scopes.Read).WithTags("editions").Answers("StagedMember").WithSummary("A member's standing by an edition that is being staged, beside the present one");
        program.MapPost("/editions/{edition}/withdrawal", Withdraw).Needs(Scopes.Operate).WithTags("editions").Answers("Edition").WithSummary("Take back an edition before it is published: it becomes a draft again");
        program.MapPost("/editions/{edition}/revert", Revert).Needs(Scopes.Operate).WithTags("editions").Answers("Edition", 200, 201).WithSummary("Draft an edition that says what this one says").Takes("Reversion");
        program.MapPut("/drafts/{draft}", Write).Needs(Scopes.Operate).WithTags("editions").Answers("Edition", 200, 201).WithSummary("Write a draft").Takes((Yaml, ["DraftText"]), ("text/yaml", ["DraftText"]), ("text/plain", ["DraftText"])).Reads(Header.IfMatch);
        program.MapDelete("/drafts/{draft}", Remove).Needs(Scopes.Operate).WithTags("editions").AnswersNothing().WithSummary("Take a draft away").Reads(Header.IfMatch);
        program.MapPost("/drafts/{draft}/publication", Publish).Needs(Scopes.Operate).WithTags("editions").Answers("Edition", 200, 201).WithSummary("Publish a draft: from a date it is in force").Takes("Publication").Reads(Header.IfMatch);
    }

    private static async Task<IResult> Files(HttpContext context, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var files = await reader.Texts(stop).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartObject("files");
            foreach (var (path, text) in files.OrderBy(f => f.Key, StringComparer.Ordinal)) { json.WriteString(path, text); }
            json.WriteEndObject();
        }, head);
    }

    private static async Task<IResult> Revise(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var changes = Changes(body, needed: true);
        body.Check();
        return await Revisions.Make(context, changes, asRead: null, query.Read(), path => changes.ContainsKey(path) ? Revisions.PointerOf(path) : null, (revised, position) => Answered(revised, position, query.Read())).ConfigureAwait(false);
    }

    private static async Task<IResult> Check(HttpContext context, CancellationToken stop)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var changes = Changes(body, needed: false);
        body.Check();
        var files = await Names.Reader(context).Texts(changes, stop).ConfigureAwait(false);
        var read = ProgramReader.Read(files);
        var rehearsal = read.Program is { } program ? await Task.Run(() => Rehearsal.Of(program, files, stop), stop).ConfigureAwait(false) : null;
        var problems = read.Problems.Concat(rehearsal?.Problems ?? []).ToList();
        return Answer.Object(json =>
        {
            json.WriteNumber("errors", problems.Count(p => p.Severity == Severity.Error));
            json.WriteNumber("warnings", problems.Count(p => p.Severity == Severity.Warning));
            WriteProblems(json, problems);
            if (rehearsal is null) { return; }
            json.WriteStartObject("scenarios");
            json.WriteNumber("run", rehearsal.Scenarios);
            json.WriteNumber("passed", rehearsal.Passed);
            json.WriteString("coverage", rehearsal.Coverage?.ToString());
            json.WriteStartArray("not_reached");
            foreach (var gap in rehearsal.Coverage?.Gaps.Where(g => g.Reason is null) ?? []) { json.WriteStringValue(gap.ToString()); }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task<Answer> List(HttpContext context, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var (program, progress) = (reader.Program, await ProgressOf(context, stop).ConfigureAwait(false));
        return Answer.To(_ => { }, json =>
        {
            json.WriteStartArray("editions");
            foreach (var edition in program.Editions.Concat(program.Drafts))
            {
                json.WriteStartObject();
                WriteHead(json, edition, program, progress);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }, head);
    }

    private static async Task<IResult> Read(HttpContext context, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var edition = Find(reader.Program, Names.Of(context, "edition"));
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var (path, text) = await TextOf(context, edition, stop).ConfigureAwait(false);
        context.Response.Headers[Answer.PositionHeader] = Positions.Write(head);
        return Accepted.Prefers(context.Request, Yaml)
            ? Results.Text(text, Yaml, Encoding.UTF8)
            : Whole(edition, reader.Program, await ProgressOf(context, stop).ConfigureAwait(false), path, text, [], StatusCodes.Status200OK, dryRun: false, head);
    }

    private static async Task<IResult> Diff(HttpContext context, [FromQuery(Name = "against"), Description("The edition or draft to compare with; the edition before, where it is left out.")] string? against, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var program = reader.Program;
        var edition = Find(program, Names.Of(context, "edition"));
        var other = against is { } named
            ? program.Find(named) ?? throw Refused.Parameter("against", NotThere.Edition(program, named).Message, NotThere.Edition(program, named).Remedy)
            : program.Editions.LastOrDefault(e => e.Effective < edition.Effective) ?? throw Refused.Parameter("against", $"{edition.Name} is the first edition", "Name what to compare it with.");
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var differences = EditionDiff.Between(program, await reader.Texts(stop).ConfigureAwait(false), other.Name, edition.Name);
        return Answer.To(_ => { }, json =>
        {
            json.WriteString("edition", edition.Name);
            json.WriteString("against", other.Name);
            json.WriteStartArray("differences");
            foreach (var difference in differences)
            {
                json.WriteStartObject();
                json.WriteString("section", difference.Section);
                json.WriteString("name", difference.Name.Length == 0 ? null : difference.Name);
                json.WriteString("change", difference.Change.ToString().ToLowerInvariant());
                if (difference.Section == "rules") { json.WriteBoolean("credits_go_on", difference.GoesOn); }
                WriteRaw(json, "before", difference.Before);
                WriteRaw(json, "after", difference.After);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }, head);
    }

    private static async Task<IResult> Write(HttpContext context, [AsParameters] DryRunQuery query)
    {
        if (Bodies.TypeOf(context.Request) is not (Yaml or "text/yaml" or "text/plain")) { throw Bodies.WrongType(context.Request, Yaml); }
        var (name, bytes, dryRun) = (Names.Of(context, "draft"), await Bodies.Read(context).ConfigureAwait(false), query.Read());
        if (bytes.Length == 0 || !Utf8.IsValid(bytes) || bytes.Contains((byte)0)) { throw Refused.Body(Wrong.At("", "the body is no text in UTF-8", "Send the draft as YAML.")); }
        var files = await Names.Reader(context).Texts(context.RequestAborted).ConfigureAwait(false);
        var path = Revisions.PathOf(name, files);
        if (!Revisions.IsName(name)) { throw Refused.Parameter("draft", $"`{name}` can't be the name of a draft", "Write letters, digits, hyphens, underscores and points."); }
        var text = Encoding.UTF8.GetString(bytes);
        var (changes, asRead) = (new Dictionary<string, string?> { [path] = text }, await AsRead(context, name).ConfigureAwait(false));
        var tried = await Revisions.Try(context, changes).ConfigureAwait(false);
        if (tried.Program!.Drafts.All(d => d.Name != name)) { throw Refused.Body(Wrong.At("", $"the text is that of another edition than `{name}`", $"Write `edition: {name}`, or send it to that edition's address.")); }
        return await Edit(context, name, changes, asRead, dryRun, files.ContainsKey(path) || dryRun ? StatusCodes.Status200OK : StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task<IResult> Remove(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var (path, text) = await DraftOf(context).ConfigureAwait(false);
        var asRead = await AsRead(context, Names.Of(context, "draft")).ConfigureAwait(false) ?? (path, text);
        return await Revisions.Make(context, new Dictionary<string, string?> { [path] = null }, asRead, query.Read(), _ => null, (_, position) => Answer.Nothing(position)).ConfigureAwait(false);
    }

    private static async Task<IResult> Publish(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var (zone, now) = (Names.Reader(context).Program.Vocabulary.Zone, await Clock.Now(context).ConfigureAwait(false));
        var (effective, published, written) = (body.Instant("effective", zone), body.Instant("published", zone), body.Text("effective"));
        if (published < now) { body.Refuse("published", "an edition can't have been published before now", "Leave it out to publish it with its effect, or at once where that is past."); }
        body.Check();
        var (path, text) = await DraftOf(context).ConfigureAwait(false);
        var (draft, asRead) = (Find(Names.Reader(context).Program, Names.Of(context, "draft")), await AsRead(context, Names.Of(context, "draft")).ConfigureAwait(false));
        var from = effective ?? draft.Effective;
        // What begins later is published when it begins; what has begun, now.
        var known = published ?? (from > now ? from : now);
        var changes = Revisions.Publish(path, text, written, known == from ? null : known);
        var tried = await Revisions.Try(context, changes).ConfigureAwait(false);
        if (tried.Program!.Editions.FirstOrDefault(e => e.Name == draft.Name) is not { } then || then.Effective != from || then.Published != known)
        {
            throw new Refused(ProblemType.ProgramWrong, "the dates could not be written into the draft", "Write `edition:`, `effective:` and `published:` each as a line of its own.");
        }
        var beginning = await Names.Reader(context).Beginning(draft.Name, context.RequestAborted).ConfigureAwait(false);
        // What is published is what was read here: whoever writes the draft at this moment is not passed over.
        return await Edit(context, draft.Name, changes, asRead ?? (path, text), query.Read(), query.Read() ? StatusCodes.Status200OK : StatusCodes.Status201Created, beginning).ConfigureAwait(false);
    }

    private static async Task<IResult> Withdraw(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var edition = Find(Names.Reader(context).Program, Names.Of(context, "edition"));
        if (edition.Draft) { throw new Refused(ProblemType.NotNow, $"{edition.Name} is a draft: nobody published it", "DELETE drafts/DRAFT takes it away."); }
        var progress = await ProgressOf(context, context.RequestAborted).ConfigureAwait(false);
        if (progress.Has(edition)) { throw Published(edition); }
        var (path, text) = await ToChange(context, edition).ConfigureAwait(false);
        return await Edit(context, edition.Name, Revisions.Withdraw(path, text), (path, text), query.Read(), StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private static async Task<IResult> Revert(HttpContext context, [AsParameters] DryRunQuery query)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var zone = Names.Reader(context).Program.Vocabulary.Zone;
        var (name, effective, written, gone) = (body.Needed("as"), body.Instant("effective", zone), body.Needed("effective"), body.Text("transition") ?? "keep");
        if (gone is not ("keep" or "end")) { body.Refuse("transition", $"`{gone}` is no transition", "Write keep (credits of rules that are gone go on until they end by their own edition) or end."); }
        if (name.Length > 0 && !Revisions.IsName(name)) { body.Refuse("as", $"`{name}` can't be the name of a draft", "Write letters, digits, hyphens, underscores and points."); }
        body.Check();
        var edition = Find(Names.Reader(context).Program, Names.Of(context, "edition"));
        if (Names.Reader(context).Program.Find(name) is not null) { throw new Refused(ProblemType.NotNow, $"there is an edition or draft `{name}` already", "Give this one another name."); }
        var (_, text) = await TextOf(context, edition, context.RequestAborted).ConfigureAwait(false);
        var path = Revisions.PathOf(name, await Names.Reader(context).Texts(context.RequestAborted).ConfigureAwait(false));
        var changes = new Dictionary<string, string?> { [path] = Revisions.Again(text, name, written, Gone(Names.Reader(context).Program, edition, effective!.Value), gone) };
        return await Edit(context, name, changes, (path, null), query.Read(), query.Read() ? StatusCodes.Status200OK : StatusCodes.Status201Created).ConfigureAwait(false);
    }

    /// <summary>The rules that are in force before an instant, and that an edition does not have.</summary>
    private static IReadOnlyList<string> Gone(PartnerProgram program, Edition edition, Instant effective)
    {
        var names = edition.Rules.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        return [.. program.Editions.LastOrDefault(e => e.Effective < effective)?.Rules.Select(r => r.Name).Where(name => !names.Contains(name)) ?? []];
    }

    private static Refused Published(Edition edition) =>
        new(ProblemType.NotNow, $"{edition.Name} is published since {edition.Published}, and stays as it is", "Draft another one: POST editions/EDITION/revert drafts one that says what an earlier one says.");

    /// <summary>Makes changes by which an edition or a draft is another, and answers with it.</summary>
    private static async Task<IResult> Edit(HttpContext context, string name, Dictionary<string, string?> changes, (string Path, string? Text)? asRead, bool dryRun, int status, Staging? beginning = null)
    {
        var (stop, (path, text)) = (context.RequestAborted, changes.First(c => c.Value is not null));
        var before = await ProgressOf(context, stop).ConfigureAwait(false);
        return await Revisions.Make(context, changes, asRead, dryRun, _ => null, (revised, position) =>
        {
            var edition = Find(revised.Program!, name);
            // What is published by it now is staged first, where there are many members.
            var progress = edition.Draft || edition.Published > before.Now ? before : beginning is null ? before with { Opened = revised.Program! } : before with { Begins = beginning };
            return Whole(edition, revised.Program!, progress, path, text!, Of(revised.Problems, path), status, dryRun, position);
        }).ConfigureAwait(false);
    }

    /// <summary>The draft as whoever writes it has read it; null where they do not say what they have read.</summary>
    /// <exception cref="Refused">It is not there, or not as it was.</exception>
    private static async Task<(string Path, string? Text)?> AsRead(HttpContext context, string name)
    {
        if (context.Request.Headers.IfMatch is not { Count: > 0 } wanted) { return null; }
        var (reader, stop) = (Names.Reader(context), context.RequestAborted);
        if (reader.Program.Find(name) is { } edition)
        {
            var (path, text) = await TextOf(context, edition, stop).ConfigureAwait(false);
            var present = Whole(edition, reader.Program, await ProgressOf(context, stop).ConfigureAwait(false), path, text, [], StatusCodes.Status200OK, dryRun: false, await reader.Head(stop).ConfigureAwait(false));
            if (present.HasTag(wanted)) { return (path, text); }
        }
        throw new Refused(ProblemType.NotAsItWas, $"`{name}` is not what `If-Match` names", "Read it again, GET editions/EDITION, and change what it says by now.");
    }

    private static Answer Answered(Revised revised, Position? position, bool dryRun) => Answer.Value(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("program", revised.Program!.Name);
            if (dryRun) { json.WriteBoolean("dry_run", true); }
            WriteProblems(json, revised.Problems);
            json.WriteEndObject();
        },
        StatusCodes.Status200OK, position);

    private static async Task<(string Path, string Text)> DraftOf(HttpContext context)
    {
        var (program, name) = (Names.Reader(context).Program, Names.Of(context, "draft"));
        var draft = program.Drafts.FirstOrDefault(d => d.Name == name) ?? throw Refused.Unknown($"{program.Name} has no draft `{name}`", Choice.Among(name, program.Drafts.Select(d => d.Name)));
        return await ToChange(context, draft).ConfigureAwait(false);
    }

    /// <summary>The text of an edition that is to be changed.</summary>
    /// <exception cref="Refused">It was published, or withdrawn, since the rules were read.</exception>
    private static async Task<(string Path, string Text)> ToChange(HttpContext context, Edition edition)
    {
        var (path, text) = await TextOf(context, edition, context.RequestAborted).ConfigureAwait(false);
        return Revisions.IsDraft(path) == edition.Draft ? (path, text) : throw new Refused(ProblemType.NotAsItWas, $"{edition.Name} was {(edition.Draft ? "published" : "withdrawn")} at this moment", "Read it again, GET editions/EDITION.");
    }

    private static async Task<(string Path, string Text)> TextOf(HttpContext context, Edition edition, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var files = await reader.Texts(stop).ConfigureAwait(false);
        // Another may have taken it away at this moment.
        return ProgramReader.FileOf(files, edition.Name) is { } path ? (path, files[path]) : throw Refused.Unknown($"{reader.Program.Name} has no edition `{edition.Name}` any more", "GET editions lists those that there are.");
    }

    private static Edition Find(PartnerProgram program, string name) =>
        program.Find(name) ?? throw Refused.Unknown(NotThere.Edition(program, name));

    private static Dictionary<string, string?> Changes(JsonFields body, bool needed)
    {
        var changes = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (body.Object("files") is not { } files)
        {
            if (needed) { body.Refuse("files", "`files` is needed", "Write texts by their paths, null to take one away: {\"files\": {\"drafts/2027.yaml\": \"…\"}}."); }
            return changes;
        }
        foreach (var file in files.EnumerateObject())
        {
            var pointer = Revisions.PointerOf(file.Name)[1..];
            if (!Revisions.IsPath(file.Name)) { body.RefuseAt(pointer, $"`{file.Name}` is no file of a program", "Write program.yaml, editions/NAME.yaml, drafts/NAME.yaml or scenarios/NAME.yaml, names in small letters."); }
            else if (file.Value.ValueKind == JsonValueKind.String && file.Value.GetString() is { Length: > 0 } text) { changes[file.Name] = text; }
            else if (file.Value.ValueKind == JsonValueKind.Null) { changes[file.Name] = null; }
            else { body.RefuseAt(pointer, $"here stands {(file.Value.ValueKind == JsonValueKind.String ? "an empty text" : JsonFields.Called(file.Value))}, not a text or null", ""); }
        }
        return changes;
    }

    private static Answer Whole(Edition edition, PartnerProgram program, Progress progress, string path, string text, IEnumerable<Problem> problems, int status, bool dryRun, Position? position) => Answer.Value(
        json =>
        {
            json.WriteStartObject();
            WriteHead(json, edition, program, progress);
            json.WriteString("file", path);
            json.WriteString("text", text);
            WriteProblems(json, [.. problems]);
            if (dryRun) { json.WriteBoolean("dry_run", true); }
            json.WriteEndObject();
        },
        status, position);

    private static IEnumerable<Problem> Of(IReadOnlyList<Problem> problems, string path) => problems.Where(p => p.Place.File == path);

    private static void WriteHead(Utf8JsonWriter json, Edition edition, PartnerProgram program, Progress progress)
    {
        json.WriteString("edition", edition.Name);
        json.WriteString("title", edition.Title?.In("en"));
        json.WriteString("state", StateOf(edition, program, progress));
        json.WriteString("effective", edition.Effective.ToString());
        json.WriteString("published", edition.Draft ? null : edition.Published.ToString());
        json.WriteString("hash", edition.Hash);
        if (progress.StagingOf(edition) is not { } staging) { return; }
        json.WriteStartObject("staging");
        json.WriteNumber("done", staging.Done);
        json.WriteNumber("total", staging.Total);
        json.WriteEndObject();
    }

    private static string StateOf(Edition edition, PartnerProgram program, Progress progress) =>
        edition.Draft ? "draft"
        : !progress.Has(edition) ? "scheduled"
        : edition.Effective > progress.Now ? "announced"
        : program.Editions.Any(e => e.Effective > edition.Effective && e.Effective <= progress.Now && progress.Has(e)) ? "past" : "in-force";

    private static void WriteProblems(Utf8JsonWriter json, IReadOnlyList<Problem> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("severity", problem.Severity.ToString().ToLowerInvariant());
            json.WriteString("code", problem.Code);
            json.WriteString("file", problem.Place.File);
            json.WriteNumber("line", problem.Place.Line);
            json.WriteNumber("column", problem.Place.Column);
            json.WriteString("detail", problem.Message);
            json.WriteString("remedy", problem.Remedy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string? value)
    {
        json.WritePropertyName(name);
        if (value is null) { json.WriteNullValue(); }
        else { json.WriteRawValue(value); }
    }
}

/// <summary>Whether anything is to be kept.</summary>
internal sealed class DryRunQuery
{
    [FromQuery(Name = "dry-run"), Description("true: say what would become of it, and keep nothing.")]
    public string? DryRun { get; set; }

    /// <summary>Reads it.</summary>
    public bool Read() => Flags.Read("dry-run", DryRun);
}
