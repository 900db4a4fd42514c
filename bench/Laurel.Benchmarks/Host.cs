namespace Laurel.Benchmarks;

internal static class Host
{
    private static int Main(string[] arguments) => arguments.Length;
}
