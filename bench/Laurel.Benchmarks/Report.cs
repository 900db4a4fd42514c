using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Laurel.Benchmarks;

/// <summary>What was measured: medians and spreads, printed as a table and kept in the tree with the machine.</summary>
internal sealed class Report(string name, string title)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Dictionary<string, List<double>> _seconds = [];
    private readonly Dictionary<string, List<double>> _cpuSeconds = [];
    private readonly List<string> _notes = [];
    private int _facts;

    /// <summary>Adds a sentence.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Says how many facts rates are of.</summary>
    public void FactsAre(int facts) => _facts = facts;

    /// <summary>Times something once more.</summary>
    public void Time(string what, Action work)
    {
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        work();
        watch.Stop();
        Add(_seconds, what, watch.Elapsed);
        Add(_cpuSeconds, what, Environment.CpuUsage.TotalTime - before);
        Console.Error.WriteLine($"{what}: {watch.Elapsed.TotalSeconds:F3} s");
    }

    private static void Add(Dictionary<string, List<double>> times, string what, TimeSpan time)
    {
        if (!times.TryGetValue(what, out var all)) { times[what] = all = []; }
        all.Add(time.TotalSeconds);
    }

    /// <summary>The median of what was timed, in seconds.</summary>
    public double MedianOf(string what) => Median(_seconds[what]);

    /// <summary>Prints the table and writes it to bench/results, beside its figures as JSON.</summary>
    public void Keep(WholeOptions options)
    {
        var command = CommandOf($"{name} --facts {options.Lines} --members {options.Members} --seed {options.Seed} --repeat {options.Repeat}");
        Keep(name, title, command, Table(), new { machine = Machine(), commit = Commit(), command, facts = _facts, seconds = _seconds, cpuSeconds = _cpuSeconds, notes = _notes });
    }

    /// <summary>Prints a table under its title, and writes it to bench/results with the machine, beside its figures as JSON.</summary>
    public static void Keep(string name, string title, string command, string table, object figures)
    {
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = $"# {title}, {day}\n\n`{command}`, commit {Commit()}\n\n{Machine()}\n\n{table}";
        Console.WriteLine(text);
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine("bench", "results")).FullName, $"{day}-{name}");
        File.WriteAllText($"{file}.md", text);
        File.WriteAllText($"{file}.json", JsonSerializer.Serialize(figures, Indented) + "\n");
    }

    /// <summary>How a benchmark is called.</summary>
    public static string CommandOf(string arguments) => $"dotnet run -c Release --project bench/Laurel.Benchmarks -- {arguments}";

    private string Table()
    {
        var text = new StringBuilder();
        text.Append("| What | median s | least – most s | facts a second | facts a second of CPU |\n|---|--:|--:|--:|--:|\n");
        foreach (var (what, all) in _seconds)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {Median(all):F3} | {all.Min():F3} – {all.Max():F3} | {_facts / Median(all):N0} | {(IsSql(what) ? "" : $"{_facts / Median(_cpuSeconds[what]):N0}")} |\n");
        }
        text.Append('\n');
        foreach (var note in _notes) { text.Append(CultureInfo.InvariantCulture, $"- {note}.\n"); }
        return text.ToString();
    }

    /// <summary>SQL's work is the server's: what this process takes is not its cost.</summary>
    private static bool IsSql(string what) => what.Contains("SQL", StringComparison.Ordinal);

    private static double Median(List<double> all)
    {
        var sorted = all.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The machine, and how busy it is.</summary>
    public static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        return $"{model?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, "
            + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load of the machine at the end {load}";
    }

    /// <summary>The commit that was built.</summary>
    public static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty") { RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
