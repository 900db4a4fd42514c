using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
using Laurel.Server.Refusing;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <summary>/v1/programs: the programs of the server, and what each says.</summary>
internal static class ProgramRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1, IEndpointRouteBuilder program)
    {
        v1.MapGet("/programs", List).Needs(Scopes.Read).WithTags("programs").Answers("Programs").WithSummary("List programs");
        v1.MapPost("/programs", Create).Needs(Scopes.Operate, wholeServer: true).WithTags("programs").Answers("Program", 200, 201).WithSummary("Take a program in: its files, or one of the library").Takes("NewProgram");
        v1.MapGet("/library", ListLibrary).Needs(Scopes.Read).WithTags("programs").Answers("Library").WithSummary("List the programs that can be taken in by name");
        program.MapGet("", Read).Needs(Scopes.Read).WithTags("programs").Answers("Program").WithSummary("Read what can be told of a program, and its editions");
    }

    private static async Task<Answer> List(HttpContext context, Shelf shelf, CancellationToken stop)
    {
        await shelf.Look(name: null, stop).ConfigureAwait(false);
        var only = Caller.Of(context)!.Program;
        return Answer.Object(json =>
        {
            json.WriteStartArray("programs");
            foreach (var name in shelf.Programs.Where(name => only is null || name == only))
            {
                var program = shelf.Read(name)!.Program;
                json.WriteStartObject();
                json.WriteString("program", name);
                json.WriteString("title", program.Vocabulary.Title.In("en"));
                json.WriteStartArray("editions");
                foreach (var edition in program.Editions) { json.WriteStringValue(edition.Name); }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static Answer ListLibrary(Library library) => Answer.Object(json =>
    {
        json.WriteStartArray("programs");
        foreach (var name in library.Names()) { json.WriteStringValue(name); }
        json.WriteEndArray();
    });

    private static async Task<IResult> Create(HttpContext context, [AsParameters] DryRunQuery query, Shelf shelf, Library library)
    {
        var body = await Bodies.Object(context).ConfigureAwait(false);
        var (name, files, sandbox, clock) = (body.Text("library"), body.Named("files"), body.Flag("sandbox"), StatusRoutes.Clock(body, Zone.Utc));
        if (clock is not null && !sandbox) { body.Refuse("clock", "only a sandbox has a clock of its own", "Write `\"sandbox\": true` too, or leave `clock` out."); }
        if (name is null == files is null) { body.Refuse("files", "one of `files` and `library` is needed", "Write the files by their paths, {\"files\": {\"program.yaml\": \"…\"}}, or a name of the library."); }
        foreach (var path in files?.Keys.Where(path => !Revisions.IsWithin(path)) ?? [])
        {
            body.RefuseAt(Revisions.PointerOf(path)[1..], $"`{path}` is no path in a program's folder", "Write program.yaml, editions/NAME.yaml and so on; what is of the program whose rules it has, as ../PROGRAM/program.yaml.");
        }
        body.Check();
        var texts = files;
        IReadOnlyList<Problem> unreadable = [];
        if (name is not null)
        {
            (texts, unreadable) = library.Find(name) ?? throw Refused.Unknown($"the library has no program `{name}`", Choice.Among(name, library.Names()));
        }
        if (unreadable.Count > 0) { throw Revisions.Wrong(unreadable, Revisions.PointerOf); }
        var now = Clock.OfServer(context);
        var status = ProgramStatus.Ordinary with { Clock = sandbox ? clock ?? now : null };
        var dryRun = query.Read();
        return dryRun ? Made(shelf.Try(texts!)) : await Idempotent.Answered<Created>(context, keep => shelf.Create(texts!, status, keep, context.RequestAborted), effect => Made(effect.Value)).ConfigureAwait(false);

        Answer Made(Created created) => created is { Program: { } program, Problems: var warnings }
            ? Answer.Value(json => Write(json, program, status, status.Clock ?? now, warnings, dryRun), dryRun ? StatusCodes.Status200OK : StatusCodes.Status201Created, null)
            : throw Revisions.Wrong(created.Problems, Revisions.PointerOf);
    }

    private static async Task<Answer> Read(HttpContext context, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var (status, now) = (await reader.Status(stop).ConfigureAwait(false), await reader.Now(stop).ConfigureAwait(false));
        return Answer.Value(json => Write(json, reader.Program, status, now, [], dryRun: false), StatusCodes.Status200OK, head);
    }

    private static void Write(Utf8JsonWriter json, PartnerProgram program, ProgramStatus status, Instant now, IReadOnlyList<Problem> warnings, bool dryRun)
    {
        var vocabulary = program.Vocabulary;
        json.WriteStartObject();
        json.WriteString("program", program.Name);
        json.WriteString("title", vocabulary.Title.In("en"));
        json.WriteString("zone", vocabulary.Zone.Name);
        StatusJson.Write(json, status, now);
        WriteList(json, "units", vocabulary.Units, unit =>
        {
            json.WriteString("unit", unit.Name);
            json.WriteNumber("decimals", unit.Decimals);
            json.WriteBoolean("money", unit.Money);
        });
        WriteList(json, "facts", vocabulary.FactTypes.Where(t => t.BuiltIn != BuiltIn.Published), type =>
        {
            json.WriteString("type", type.Name);
            json.WriteString("about", type.BuiltIn == BuiltIn.Retracted ? null : vocabulary.Kinds[type.About].Name);
            WriteList(json, "fields", type.Carries, field =>
            {
                json.WriteString("field", field.Name);
                json.WriteString("type", NameOf(field.Type, vocabulary));
                json.WriteBoolean("needed", field.Needed);
            });
        });
        WriteList(json, "editions", program.Editions, edition => Write(json, edition));
        WriteList(json, "drafts", program.Drafts, edition => Write(json, edition));
        if (warnings.Count > 0) { WriteList(json, "warnings", warnings, warning => json.WriteString("warning", $"{warning.Place.File}:{warning.Place.Line}: {warning.Message}. {warning.Remedy}")); }
        if (dryRun) { json.WriteBoolean("dry_run", true); }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Edition edition)
    {
        json.WriteString("edition", edition.Name);
        json.WriteString("effective", edition.Effective.ToString());
        json.WriteString("published", edition.Published.ToString());
        json.WriteString("hash", edition.Hash);
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string NameOf(FieldType type, Vocabulary vocabulary) => type switch
    {
        FieldType.Reference reference => vocabulary.Kinds[reference.Kind].Name,
        FieldType.Choice choice => string.Join(" | ", choice.Values),
        FieldType.Money money => vocabulary.Units[money.Unit].Name,
        _ => type.GetType().Name.ToLowerInvariant(),
    };
}
