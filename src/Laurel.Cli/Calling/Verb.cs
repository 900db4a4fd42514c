using System.CommandLine;

namespace Laurel.Cli.Calling;

/// <summary>One thing that the command line does.</summary>
/// <param name="Help">What its help says.</param>
/// <param name="Command">Its arguments and options; parsing a call of it finds them.</param>
/// <param name="Run">Does it.</param>
internal sealed record Verb(VerbHelp Help, Command Command, Func<ParseResult, Terminal, ExitCode> Run);
