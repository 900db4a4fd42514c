using System.CommandLine;
using System.Globalization;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Server;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel serve: takes facts and answers questions over HTTP, until it is stopped.</summary>
internal static class ServeVerb
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private const string Demo = "wix-partner";

    /// <summary>How long what was asked before may go on once it is to stop.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var database = DatabaseOption.Make();
        var urls = new Option<string[]>("--urls") { AllowMultipleArgumentsPerToken = false };
        var port = new Option<string?>("--port");
        var address = new Option<string?>("--address");
        var programs = new Option<string?>("--programs");
        var demo = new Option<bool>("--demo");
        var command = new Command("serve");
        foreach (var option in (Option[])[database, urls, port, address, programs, demo]) { command.Options.Add(option); }
        return new(
            new("serve", "takes facts and answers questions over HTTP", "[--port PORT] [--database CONNECTION] [--demo]",
                "Serves the programs of a database until it is interrupted: then it answers what was asked before, and ends. A fact is answered once it is durable. A database is named by a connection string: \"Data Source=FILE\" is SQLite, \"Host=…;Database=…;Username=…\" PostgreSQL. The first time it prints a key, without which nobody is answered. Where programs are found by name, the server can take them in by name too.",
                [
                    DatabaseOption.Help,
                    ("--port PORT", "where it listens, for this machine alone; default: 8080"),
                    ("--urls URL", "where it listens, as http://0.0.0.0:80; may be repeated"),
                    ("--address URL", "where other servers reach it; default: where it listens"),
                    ("--programs FOLDER", "take in every program of a folder that is not there yet"),
                    ("--demo", $"take in {Demo} with its demo history"),
                ],
                "serve --port 8080 --demo"),
            command,
            (call, terminal) => Run(DatabaseOption.Of(call.GetValue(database)), UrlsOf(call.GetValue(urls) ?? [], call.GetValue(port)), AddressOf(call.GetValue(address)), call.GetValue(programs), call.GetValue(demo), terminal));
    }

    private static ExitCode Run(string database, IReadOnlyList<string> urls, string? address, string? programs, bool demo, Terminal terminal)
    {
        if (programs is not null && !Directory.Exists(programs)) { throw Halt.Misuse($"there is no folder `{programs}`", "Name a folder whose folders are programs."); }
        terminal.Patience = Patience;
        try { Serve(new(database, urls, ProgramFolder.Places().FirstOrDefault(Directory.Exists), programs) { Address = address }, demo, terminal).GetAwaiter().GetResult(); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException) { throw Halt.Misuse(e.Message, "Stop what listens there, or name another with --port."); }
        return ExitCode.Fine;
    }

    private static async Task Serve(Settings settings, bool demo, Terminal terminal)
    {
        await using var serving = await Serving.Start(settings, terminal.Clock, terminal.Stop).ConfigureAwait(false);
        foreach (var problem in serving.Problems) { terminal.Show(problem); }
        if (demo) { await TellDemo(serving, settings, terminal).ConfigureAwait(false); }
        using (var text = terminal.OpenText()) { WriteFirst(text, serving, demo); }
        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        var stopped = new TaskCompletionSource();
        using var hears = terminal.Stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
        terminal.Say("stopping: what was asked before is answered");
    }

    private static async Task TellDemo(Serving serving, Settings settings, Terminal terminal)
    {
        var file = Path.Combine(settings.Library ?? ".", Demo, "demo.jsonl");
        if (!File.Exists(file)) { throw Halt.Misuse($"there is no demo: `{file}` is not there", "Start it in a clone, or say with LAUREL_PROGRAMS where the programs are."); }
        using var facts = File.OpenRead(file);
        if (await serving.Tell(Demo, facts, terminal.Stop).ConfigureAwait(false) is not 0) { throw Halt.Wrong($"the demo in `{file}` could not be taken in", "laurel check, and laurel score with that file, say why."); }
    }

    /// <summary>Says what to do next.</summary>
    private static void WriteFirst(TextWriter text, Serving serving, bool demo)
    {
        var url = serving.Addresses[0];
        text.WriteLine($"Laurel listens on {string.Join(", ", serving.Addresses)}; Ctrl-C stops it.");
        text.WriteLine();
        text.WriteLine(serving.FirstKey is null ? "Say which key you have: export LAUREL_KEY=laurel_…" : "This is the first key. It is shown once; keep it, and make others with it.");
        if (serving.FirstKey is { } key) { text.WriteLine($"  export LAUREL_KEY={key}"); }
        text.WriteLine();
        text.WriteLine("Try in another terminal:");
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" {url}/v1/programs");
        if (!demo)
        {
            text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" {url}/v1/library");
            return;
        }
        var member = $"{url}/v1/programs/{Demo}/members";
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" \"{member}/ada/standing?at=2025-12-31\"");
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" -H \"Accept: text/plain\" \"{member}/cleo/explanation?subject=certificate/tom-web-designer&at=2025-12-31\"");
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" \"{member}/ada/forecast?at=2025-12-31\"");
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" -H \"Content-Type: application/json\" {url}/v1/programs/{Demo}/facts -d '{{\"id\":\"try-1\",\"source\":\"me\",\"type\":\"member.joined\",\"subject\":\"member/zoe\",\"time\":\"2025-12-01\"}}'");
        text.WriteLine($"  curl -H \"Authorization: Bearer $LAUREL_KEY\" {member}/zoe/timeline");
    }

    private static string? AddressOf(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") ? address : throw Halt.Misuse($"`--address {address}` is no address", "Write http://, a host and a port.");

    private static string[] UrlsOf(string[] urls, string? port)
    {
        if (port is not null && urls.Length > 0) { throw Halt.Misuse("--port and --urls can't both be asked", "Leave one of them out."); }
        if (urls.FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out var uri) || uri.Scheme is not "http") is { } wrong) { throw Halt.Misuse($"`--urls {wrong}` is no address to listen on", "Write http://, a host and a port."); }
        if (port is null) { return urls.Length > 0 ? urls : [DefaultUrl]; }
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? [$"http://127.0.0.1:{number}"]
            : throw Halt.Misuse($"`--port {port}` is no port", "Write a whole number from 0 to 65535; 0 takes any that is free.");
    }
}
