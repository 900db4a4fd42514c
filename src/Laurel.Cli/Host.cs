namespace Laurel.Cli;

/// <summary>The command line's entry.</summary>
internal static class Host
{
    private static int Main(string[] arguments) => arguments.Length;
}
