using System.Text;
using Laurel.Cli.Writing;
using Laurel.Engine.Values;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Laurel.Cli.Calling;

/// <summary>What a run reads from and writes to: results on standard output, everything else on standard error; and what time it is.</summary>
internal sealed class Terminal : IDisposable
{
    private const int OutputBuffer = 1 << 16;
    private const nint StandardOutput = 1;

    private readonly Stream _input;
    private readonly TextWriter _error;

    private Terminal(Stream input, Stream output, Stream error, TimeProvider clock, CancellationToken stop)
    {
        _input = input;
        _error = new StreamWriter(error, Utf8) { AutoFlush = true, NewLine = "\n" };
        Output = new BufferedStream(output, OutputBuffer);
        Now = new(((clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / 10));
        Stop = stop;
        Clock = clock;
    }

    /// <summary>UTF-8 without a byte order mark; what no UTF-8 can say becomes a question mark.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output, buffered; the host flushes it.</summary>
    public Stream Output { get; }

    /// <summary>The start of the run.</summary>
    public Instant Now { get; }

    /// <summary>Whoever waits looks at this.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Whoever interrupts a run waits no longer than this for work that cannot be interrupted.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What time it is, for what goes on.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The terminal that standard output is; null where it goes elsewhere.</summary>
    public IAnsiConsole? Screen { get; private init; }

    /// <summary>The terminal that standard error is; null where it goes elsewhere.</summary>
    public IAnsiConsole? ErrorScreen { get; private init; }

    /// <summary>True where somebody types the input.</summary>
    private bool IsTyped { get; init; }

    /// <summary>Colours for standard output.</summary>
    public Paint Paint => Paint.For(Screen);

    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess(TimeProvider clock, CancellationToken stop) =>
        new(Console.OpenStandardInput(), OpenOutput(), Console.OpenStandardError(), clock, stop)
        {
            Screen = Console.IsOutputRedirected ? null : ScreenOf(Console.Out),
            ErrorScreen = Console.IsErrorRedirected ? null : ScreenOf(Console.Error),
            IsTyped = !Console.IsInputRedirected,
        };

    /// <summary>No input, and one stream for all that is said.</summary>
    public static Terminal Into(Stream said, TimeProvider clock) => new(Stream.Null, said, said, clock, CancellationToken.None);

    /// <summary>Standard input.</summary>
    public Stream OpenInput()
    {
        if (IsTyped) { Say("reading facts from the keyboard; Ctrl-D ends them"); }
        return _input;
    }

    /// <summary>A writer to standard output; dispose it to write what it holds.</summary>
    public TextWriter OpenText() => new StreamWriter(Output, Utf8, bufferSize: 4096, leaveOpen: true) { NewLine = "\n" };

    /// <summary>Says something that is no result.</summary>
    public void Say(string note) => WriteAside($"laurel: {Plain.Text(note)}");

    /// <summary>Says what is wrong, and what to do about it.</summary>
    public void Complain(string message, string remedy)
    {
        WriteAside($"laurel: {Paint.For(ErrorScreen).Bad("error:")} {Plain.Text(message)}");
        if (remedy.Length > 0) { WriteAside(Plain.Text(remedy)); }
    }

    /// <summary>Shows a problem as compilers do.</summary>
    public void Show(Problem problem)
    {
        var text = Plain.Text(problem.ToString());
        var paint = Paint.For(ErrorScreen);
        var (mark, painted) = problem.Severity == Severity.Error ? (": error: ", paint.Bad("error:")) : (": warning: ", paint.Warn("warning:"));
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        WriteAside(at < 0 ? text : $"{text[..at]}: {painted} {text[(at + mark.Length)..]}");
        WriteAside("");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try { Output.Dispose(); }
        catch (IOException)
        {
            // The host has flushed it before, and said that it can't be written.
        }
        _error.Dispose();
        _input.Dispose();
    }

    /// <summary>The console's stream goes on for ever into a pipe that nobody reads; a file's stream says so, but writes at a place of its own into a file that others append to.</summary>
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) { return Console.OpenStandardOutput(); }
        var file = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }

    private void WriteAside(string line)
    {
        try { _error.WriteLine(line); }
        catch (IOException)
        {
            // Nobody is left to be told; the exit code still says what the run came to.
        }
    }

    private static IAnsiConsole ScreenOf(TextWriter writer) => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer) });
}
