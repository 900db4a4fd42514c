using System.Globalization;

namespace Laurel.Benchmarks;

/// <summary>Where a benchmark starts: <c>whole</c> measures a history from end to end beside SQL, <c>backtest</c> a draft over it, <c>posting</c> a ledger fact by fact, <c>load</c> a server, <c>curve</c> how the cost of a fact grows with what is stored, <c>micro</c> the parts.</summary>
internal static class Host
{
    private const string Usage = "whole, backtest, posting, load or curve [--facts 5000000] [--members 100000] [--seed 1] [--repeat 5] [--file facts.jsonl], or: micro";

    private static int Main(string[] arguments)
    {
        // Whatever happens, what was started and made for a run is gone after it: that asks for somebody who catches.
        try { return Run(arguments); }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    private static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["micro", .. var rest]:
                Micro.Run(rest);
                return 0;
            case ["whole", .. var rest] when WholeOptions.Read(rest) is { } options:
                return Whole.Run(options);
            case ["backtest", .. var rest] when WholeOptions.Read(rest) is { } options:
                return Backtests.Run(options);
            case ["posting", .. var rest] when WholeOptions.Read(rest) is { } options:
                return Posts.Run(options);
            case ["load", .. var rest] when WholeOptions.Read(rest) is { } options:
                return Load.Run(options);
            case ["curve", .. var rest] when WholeOptions.Read(rest) is { } options:
                return Curve.Run(options);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}

/// <summary>What to measure.</summary>
internal sealed record WholeOptions(int Lines, int Members, int Seed, int Repeat, string? File)
{
    /// <summary>Reads options; null where they are wrong.</summary>
    public static WholeOptions? Read(string[] arguments)
    {
        var options = new WholeOptions(5_000_000, 100_000, 1, 5, null);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length) { return null; }
            if (arguments[i] == "--file")
            {
                options = options with { File = arguments[i + 1] };
                continue;
            }
            if (!int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) { return null; }
            switch (arguments[i])
            {
                case "--facts": options = options with { Lines = number }; break;
                case "--members": options = options with { Members = number }; break;
                case "--seed": options = options with { Seed = number }; break;
                case "--repeat": options = options with { Repeat = number }; break;
                default: return null;
            }
        }
        return options;
    }

    /// <summary>The facts to measure: the file that was named, else made up, and gone when this is disposed.</summary>
    public FactFile Facts(SampleProgram samples)
    {
        if (File is not null) { return new(File, IsOwn: false); }
        var path = Path.Combine(Path.GetTempPath(), $"laurel-facts-{Environment.ProcessId}.jsonl");
        samples.Write(path, Seed, Members, Lines);
        return new(path, IsOwn: true);
    }
}

/// <summary>A file of facts.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="IsOwn">True where it was made for one run.</param>
internal sealed record FactFile(string Path, bool IsOwn) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsOwn) { File.Delete(Path); }
    }
}
