using Laurel.Engine.Explaining;

namespace Laurel.Server.Refusing;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">Where in the body: a JSON pointer (RFC 6901); null where it is not in the body.</param>
/// <param name="Parameter">The parameter of the address, or the header; null where it is in the body.</param>
/// <param name="Code">A stable name, where there is one, such as that of a refusal of a fact.</param>
/// <param name="Detail">What is wrong; one sentence without a full stop.</param>
/// <param name="Remedy">What to do about it; full sentences, or empty.</param>
internal sealed record Wrong(string? Pointer, string? Parameter, string? Code, string Detail, string Remedy)
{
    /// <summary>Something in the body.</summary>
    public static Wrong At(string pointer, string detail, string remedy) => new(pointer, null, null, detail, remedy);

    /// <summary>Something in the address.</summary>
    public static Wrong In(string parameter, string detail, string remedy) => new(null, parameter, null, detail, remedy);
}

/// <summary>Ends a request with a problem. Caught in one place, which writes it.</summary>
internal sealed class Refused : Exception
{
    /// <summary>A request that is refused.</summary>
    /// <param name="type">What kind of problem.</param>
    /// <param name="detail">What is wrong; one sentence without a full stop.</param>
    /// <param name="remedy">What to do about it; full sentences, or empty.</param>
    /// <param name="errors">All that is wrong, where it has places.</param>
    public Refused(ProblemType type, string detail, string remedy, params IReadOnlyList<Wrong> errors) : base(detail) => (Type, Remedy, Errors) = (type, remedy, errors);

    /// <summary>What kind of problem.</summary>
    public ProblemType Type { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Wrong> Errors { get; }

    /// <summary>After how many seconds it is worth trying again; null where it never is.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A parameter that is wrong.</summary>
    public static Refused Parameter(string name, string detail, string remedy) => new(ProblemType.InvalidParameter, detail, remedy, Wrong.In(name, detail, remedy));

    /// <summary>Something that was asked for is not there.</summary>
    public static Refused Unknown(NotThere missing) => Unknown(missing.Message, missing.Remedy);

    /// <summary>Nothing of a name.</summary>
    public static Refused Unknown(string detail, string remedy) => new(ProblemType.UnknownName, detail, remedy);

    /// <summary>A body that does not say what it should.</summary>
    public static Refused Body(params IReadOnlyList<Wrong> errors) => new(ProblemType.InvalidBody, errors[0].Detail, errors[0].Remedy, errors);
}
