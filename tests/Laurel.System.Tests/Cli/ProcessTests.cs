using System.Diagnostics;
using System.Text;
using Xunit.Abstractions;

namespace Laurel.System.Tests.Cli;

/// <summary>How a run behaves as a process: interrupted, in a pipe that ends early, with a file larger than it should hold.</summary>
public sealed class ProcessTests(ITestOutputHelper said)
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_run_that_waits_for_facts_ends_when_it_is_interrupted(string signal)
    {
        using var process = CliRun.Start(["score", "wix-partner", "-"]);
        var error = process.StandardError.ReadToEndAsync();

        // It has started when it takes its input; the line is refused in silence until the end of the input.
        await process.StandardInput.WriteAsync(new string(' ', 1 << 20) + "\n");
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        Assert.Equal(130, process.ExitCode);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_ends_early_is_no_error()
    {
        using var process = CliRun.Start(["sample", "wix-partner", "--facts", "50000"]);
        Assert.NotNull(process.StandardOutput.ReadLine());
        process.StandardOutput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [Fact]
    public void A_pipe_that_ends_early_ends_the_run()
    {
        // Written to the end it would be 200 GB.
        using var process = CliRun.Start(["sample", "wix-partner", "--facts", "1000000000", "--members", "1000000"]);
        Assert.NotNull(process.StandardOutput.ReadLine());
        process.StandardOutput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "it still runs");
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
    }

    [Theory]
    [InlineData("check wix-partner")]
    [InlineData("score wix-partner DEMO")]
    [InlineData("score wix-partner DEMO --format json")]
    [InlineData("score wix-partner DEMO --format csv")]
    [InlineData("score wix-partner DEMO --member ada")]
    [InlineData("explain wix-partner DEMO --member ada")]
    [InlineData("forecast wix-partner DEMO --member ada --format json")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expired⎵site=gallery")]
    [InlineData("backtest wix-partner DEMO --draft W6")]
    [InlineData("ledger wix-partner DEMO")]
    [InlineData("ledger wix-partner DEMO --format json")]
    [InlineData("sample wix-partner")]
    [InlineData("help score")]
    [InlineData("--version")]
    public void A_full_disk_ends_the_run_with_two_and_a_sentence(string call)
    {
        var words = call.Replace("DEMO", CliRun.Demo, StringComparison.Ordinal).Split(' ').Select(word => word.Replace('⎵', ' '));
        var run = CliRun.Into("/dev/full", [.. words]).Expect(2);
        Assert.Contains("laurel: error: the answer can't be written: No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Contains("Make room", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_can_be_told_the_exit_code_still_tells()
    {
        using var scratch = new Scratch();
        var facts = scratch.Write("facts.jsonl", "not json\n");
        CliRun.Into("/dev/null 2>/dev/full", "score", "wix-partner", facts).Expect(1);
        CliRun.Into("/dev/null 2>/dev/full", "scoer").Expect(2);
        CliRun.Into("/dev/full 2>/dev/full", "score", "wix-partner", CliRun.Demo).Expect(2);
    }

    [LongFact]
    public void A_file_of_a_gigabyte_is_read_in_pieces()
    {
        const long FileBytes = 1L << 30;
        const long HeldMax = 400L << 20;
        using var scratch = new Scratch();
        var demo = File.ReadAllBytes(Path.Combine(CliRun.Root, CliRun.Demo));
        using (var file = File.Create(scratch["big.jsonl"]))
        {
            while (file.Length < FileBytes) { file.Write(demo); }
        }
        using var process = CliRun.Start(["score", "wix-partner", scratch["big.jsonl"], "--format", "csv"]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var held = 0L;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(200)))
        {
            process.Refresh();
            if (!process.HasExited) { held = Math.Max(held, process.PeakWorkingSet64); }
        }
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(7, output.Result.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("told twice", error.Result, StringComparison.Ordinal);
        Assert.InRange(held, 1, HeldMax);
        said.WriteLine($"a file of {FileBytes >> 20} MB read with {held >> 20} MB held at most");
    }

    [Fact]
    public void Colours_and_bars_stay_away_where_there_is_no_terminal()
    {
        var run = CliRun.With(new string('x', 100) + "\n" + File.ReadAllText(Path.Combine(CliRun.Root, CliRun.Demo)), "score", "wix-partner").Expect(1);
        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.All(Encoding.UTF8.GetBytes(run.Output), b => Assert.NotEqual((byte)'\r', b));
    }
}

/// <summary>A test of minutes: skipped where nobody asked for it with LAUREL_LONG_TESTS=1.</summary>
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("LAUREL_LONG_TESTS") != "1") { Skip = "takes minutes: set LAUREL_LONG_TESTS=1"; }
    }
}
