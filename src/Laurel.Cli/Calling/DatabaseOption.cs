using System.CommandLine;

namespace Laurel.Cli.Calling;

/// <summary>--database: which database a verb is about.</summary>
internal static class DatabaseOption
{
    private const string Variable = "LAUREL_DATABASE";
    private const string Default = "Data Source=laurel.db";

    /// <summary>Its line of help.</summary>
    public static readonly (string, string) Help = ("--database CONNECTION", $"default: {Variable}, else laurel.db here");

    /// <summary>The option.</summary>
    public static Option<string?> Make() => new("--database");

    /// <summary>The connection string: what was written, else what the environment says, else a file in the working folder.</summary>
    public static string Of(string? written) => written ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told ? told : Default);
}
