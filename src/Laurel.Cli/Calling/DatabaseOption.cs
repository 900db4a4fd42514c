using System.CommandLine;

namespace Laurel.Cli.Calling;

/// <summary>--database and --config: which database a verb is about, and where that may be written.</summary>
internal sealed class DatabaseOption
{
    private readonly Option<string?> _database = new("--database");
    private readonly Option<string?> _file = new(Configuration.FileOption);

    /// <summary>Adds them to a verb.</summary>
    public DatabaseOption(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_file);
    }

    /// <summary>Their lines of help.</summary>
    public static IReadOnlyList<(string, string)> Help { get; } =
        [("--database CONNECTION", "default: LAUREL_DATABASE, else laurel.db here"), ("--config FILE", "settings; default: laurel.yaml here")];

    /// <summary>What is set.</summary>
    /// <exception cref="Halt">The file is not there, or wrong.</exception>
    public Configuration Settings(ParseResult call, Terminal terminal) => Configuration.Read(call.GetValue(_file), terminal);

    /// <summary>The connection string.</summary>
    /// <exception cref="Halt">The file is not there, or wrong.</exception>
    public string Of(ParseResult call, Terminal terminal) => Of(call, Settings(call, terminal));

    /// <summary>The connection string.</summary>
    public string Of(ParseResult call, Configuration settings) => settings.Of("database", call.GetValue(_database)).Value;
}
