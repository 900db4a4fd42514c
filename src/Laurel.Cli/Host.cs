using System.Runtime.InteropServices;
using Laurel.Cli.Calling;
using Laurel.Storage;

namespace Laurel.Cli;

/// <summary>The command line's entry: the only place that knows the process, its streams and the clock.</summary>
internal static class Host
{
    /// <summary>The error of whoever writes into a pipe that nobody reads: EPIPE.</summary>
    private const int BrokenPipe = 32;

    private static int Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var terminal = Terminal.OfProcess(TimeProvider.System, stop.Token);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop, terminal));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop, terminal));
        return (int)Run(arguments, terminal);
    }

    /// <summary>Runs a call to its end, and says what stopped it.</summary>
    public static ExitCode Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try { return Answer(arguments, terminal); }
        catch (OperationCanceledException) when (terminal.Stop.IsCancellationRequested)
        {
            terminal.Say("stopped");
            return ExitCode.Stopped;
        }
        catch (IOException failure) when (failure.HResult == BrokenPipe)
        {
            // Whoever reads has what they wanted, as head has.
            return ExitCode.Fine;
        }
        catch (System.Data.Common.DbException failure)
        {
            var explained = Database.Explain(failure);
            terminal.Complain(explained?.Message ?? $"the database does not do what it is asked: {failure.Message}", explained?.Remedy ?? "");
            return ExitCode.Misuse;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whatever is read says itself why it can't be: what fails here was written.
            terminal.Complain($"the answer can't be written: {failure.Message}", "What is there of it is not all. Make room, or write it to another place.");
            return ExitCode.Misuse;
        }
    }

    private static ExitCode Answer(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            var code = CommandLine.Run(arguments, terminal);
            terminal.Output.Flush();
            return code;
        }
        catch (Halt halt)
        {
            // What was found before stays: a ledger up to the place where it went wrong is worth reading.
            terminal.Output.Flush();
            terminal.Complain(halt.Message, halt.Remedy);
            return halt.Code;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop, Terminal terminal)
    {
        signal.Cancel = true;
        if (stop.IsCancellationRequested) { Environment.Exit((int)ExitCode.Stopped); }
        stop.Cancel();

        // A read that waits for a terminal or a pipe hears no token.
        _ = Task.Delay(terminal.Patience, TimeProvider.System, CancellationToken.None).ContinueWith(_ => Environment.Exit((int)ExitCode.Stopped), TaskScheduler.Default);
    }
}
