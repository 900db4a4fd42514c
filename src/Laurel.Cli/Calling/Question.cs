namespace Laurel.Cli.Calling;

/// <summary>What verbs that read facts are asked alike, as it was written.</summary>
/// <param name="Program">A folder, or the name of one among the programs.</param>
/// <param name="Facts">Files; "-" is standard input. None: standard input.</param>
/// <param name="At">A date or an instant; null for now.</param>
/// <param name="Known">A date or an instant; null for all that the facts tell.</param>
/// <param name="Under">An edition's name; null for those in force.</param>
/// <param name="Member">A member's name; null for all.</param>
/// <param name="Strict">True where one refused fact ends the run.</param>
/// <param name="Refusals">A file for all refusals; null for none.</param>
internal sealed record Question(string Program, IReadOnlyList<string> Facts, string? At, string? Known, string? Under, string? Member, bool Strict, string? Refusals);
