namespace Laurel.Server.Refusing;

/// <summary>A kind of problem, by which scripts tell what is wrong: its address never changes.</summary>
/// <param name="Name">The last part of its address.</param>
/// <param name="Status">The status that it is answered with.</param>
/// <param name="Title">What is wrong, in general.</param>
internal sealed record ProblemType(string Name, int Status, string Title)
{
    private const string Base = "/problems/";

    /// <summary>Its address, relative to the server's: RFC 9457 section 3.1.1.</summary>
    public string Address => Base + Name;

    public static readonly ProblemType BadRequest = new("bad-request", 400, "The request is not HTTP as it should be");
    public static readonly ProblemType NotJson = new("not-json", 400, "The body is not JSON");
    public static readonly ProblemType InvalidBody = new("invalid-body", 400, "The body does not say what it should");
    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "A part of the address is wrong");
    public static readonly ProblemType InvalidCursor = new("invalid-cursor", 400, "The cursor is not one that this server gave for this list");
    public static readonly ProblemType NoKey = new("no-key", 401, "There is no key, or it is worth nothing any more");
    public static readonly ProblemType NotAllowed = new("not-allowed", 403, "The key may not do this");
    public static readonly ProblemType UnknownRoute = new("unknown-route", 404, "There is nothing at this address");
    public static readonly ProblemType UnknownProgram = new("unknown-program", 404, "There is no such program");
    public static readonly ProblemType UnknownName = new("unknown-name", 404, "There is nothing of this name");
    public static readonly ProblemType WrongMethod = new("wrong-method", 405, "This address does not take this method");
    public static readonly ProblemType ProgramExists = new("program-exists", 409, "There is a program of this name");
    public static readonly ProblemType FactIdReused = new("fact-id-reused", 409, "Another fact of this source has this id");
    public static readonly ProblemType NotNow = new("not-now", 409, "It does not stand where this could be done");
    public static readonly ProblemType Archived = new("archived", 409, "The program is archived");
    public static readonly ProblemType EnrolmentClosed = new("enrolment-closed", 409, "No member may be enrolled at that time");
    public static readonly ProblemType NoSandbox = new("no-sandbox", 409, "The program goes by the server's clock");
    public static readonly ProblemType ClockBack = new("clock-back", 409, "The clock is further already");
    public static readonly ProblemType InFlight = new("in-flight", 409, "The same request is being answered at this moment");
    public static readonly ProblemType OtherIncarnation = new("other-incarnation", 412, "The database is not the one that this was given by");
    public static readonly ProblemType NotAsItWas = new("not-as-it-was", 412, "It is no longer as it was");
    public static readonly ProblemType TooLarge = new("too-large", 413, "The body is too large");
    public static readonly ProblemType AddressTooLong = new("address-too-long", 414, "The address is too long");
    public static readonly ProblemType WrongMediaType = new("wrong-media-type", 415, "The body is of a type that is not taken here");
    public static readonly ProblemType FactRefused = new("fact-refused", 422, "The fact is refused");
    public static readonly ProblemType ProgramWrong = new("program-wrong", 422, "The program has errors");
    public static readonly ProblemType KeyReused = new("idempotency-key-reused", 422, "The idempotency key was used for another request");
    public static readonly ProblemType NoEdition = new("no-edition", 422, "No edition had been published by then");
    public static readonly ProblemType TooMuch = new("too-much", 422, "Amounts of a member do not fit 64 bits");
    public static readonly ProblemType TooMany = new("too-many", 429, "Too many requests");
    public static readonly ProblemType HeadersTooLarge = new("headers-too-large", 431, "The headers are too many, or too large");
    public static readonly ProblemType Fault = new("fault", 500, "Something is wrong in Laurel");
    public static readonly ProblemType NotUnderstood = new("not-understood", 501, "The body is sent in a way that is not understood here");
    public static readonly ProblemType Unavailable = new("unavailable", 503, "Nothing can be taken for now");

    /// <summary>All of them, by status.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        BadRequest, NotJson, InvalidBody, InvalidParameter, InvalidCursor, NoKey, NotAllowed, UnknownRoute, UnknownProgram, UnknownName, WrongMethod, ProgramExists, FactIdReused, NotNow,
        Archived, EnrolmentClosed, NoSandbox, ClockBack, InFlight,
        OtherIncarnation, NotAsItWas, TooLarge, AddressTooLong, WrongMediaType, FactRefused, ProgramWrong, KeyReused, NoEdition, TooMuch, TooMany, HeadersTooLarge, Fault, NotUnderstood, Unavailable,
    ];

    /// <summary>The type of what the framework itself refuses, by its status.</summary>
    public static ProblemType OfStatus(int status) => status switch
    {
        401 => NoKey,
        403 => NotAllowed,
        404 => UnknownRoute,
        405 => WrongMethod,
        413 => TooLarge,
        414 => AddressTooLong,
        415 => WrongMediaType,
        429 => TooMany,
        431 => HeadersTooLarge,
        501 => NotUnderstood,
        503 => Unavailable,
        >= 500 => Fault,
        _ => BadRequest,
    };
}
