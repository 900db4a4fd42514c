using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Server;
using Laurel.Storage;
using Microsoft.Extensions.Logging;

namespace Laurel.Cli.Verbs;

/// <summary>laurel serve: takes facts and answers questions over HTTP, until it is stopped.</summary>
internal static class ServeVerb
{
    private const string Demo = "wix-partner";

    /// <summary>The longest patience, in seconds: a day.</summary>
    private const int PatienceMax = 86_400;

    /// <summary>How long closing the books may take, after all is answered.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(10);

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var (urls, port) = (new Option<string[]>("--urls") { AllowMultipleArgumentsPerToken = false }, new Option<string?>("--port"));
        var address = new Option<string?>("--address");
        var (takeIn, requests, strangers, patience) = (new Option<string?>("--take-in"), new Option<string?>("--requests-per-second"), new Option<string?>("--strangers-per-second"), new Option<string?>("--patience"));
        var (firstKey, log, level) = (new Option<string?>("--first-key"), new Option<string?>("--log"), new Option<string?>("--log-level"));
        var demo = new Option<bool>("--demo");
        var command = new Command("serve");
        var database = new DatabaseOption(command);
        foreach (var option in (Option[])[urls, port, address, takeIn, requests, strangers, patience, firstKey, log, level, demo]) { command.Options.Add(option); }
        return new(
            new("serve", "takes facts and answers questions over HTTP", "[--port PORT] [--database CONNECTION] [--demo]",
                "Serves the programs of a database until it is interrupted: then it answers what was asked before, and ends. A fact is answered once it is durable. A database is named by a connection string: \"Data Source=FILE\" is SQLite, \"Host=…;Database=…;Username=…\" PostgreSQL. The first time it prints a key, without which nobody is answered. Where programs are found by name, the server can take them in by name too. docs/operating.md has all settings.",
                [
                    .. DatabaseOption.Help,
                    ("--port PORT", "listens there, for this machine alone; default: 8080"),
                    ("--urls URL", "listens there, as http://0.0.0.0:80; may be repeated"),
                    ("--address URL", "how other servers reach it; else where it listens"),
                    ("--take-in FOLDER", "take in the programs of a folder that are not there"),
                    ("--requests-per-second N", "how many one key may send; default: 10000"),
                    ("--strangers-per-second N", "the same without a key, of one address; default: 50"),
                    ("--patience SECONDS", "for what was asked before it is to stop; default: 20"),
                    ("--first-key FILE", "write the first key there, not to the terminal"),
                    ("--log FORM", "how the log is written: plain, json; default: plain"),
                    ("--log-level LEVEL", "debug, information, warning, error"),
                    ("--demo", $"take in {Demo} with its demo history"),
                ],
                "serve --port 8080 --demo"),
            command,
            (call, terminal) =>
            {
                var set = database.Settings(call, terminal);
                var (folder, where) = set.Of("take-in", call.GetValue(takeIn));
                if (folder.Length > 0 && !Directory.Exists(folder)) { throw Halt.Misuse($"{where}: there is no folder `{folder}`", "Name a folder whose folders are programs."); }
                var settings = new Settings(database.Of(call, set), UrlsOf(set, call.GetValue(urls) ?? [], call.GetValue(port)), ProgramFolder.Places(set), folder.Length > 0 ? folder : null)
                {
                    Address = AddressOf(set, call.GetValue(address)),
                    RequestsPerSecond = set.Count("requests-per-second", call.GetValue(requests), int.MaxValue),
                    StrangersPerSecond = set.Count("strangers-per-second", call.GetValue(strangers), int.MaxValue),
                    Patience = TimeSpan.FromSeconds(set.Count("patience", call.GetValue(patience), PatienceMax)),
                    FirstKeyFile = set.Of("first-key", call.GetValue(firstKey)).Value is { Length: > 0 } file ? file : null,
                    LogsJson = set.Choice("log", call.GetValue(log), "plain", "json") == "json",
                    LogLevel = Enum.Parse<LogLevel>(set.Choice("log-level", call.GetValue(level), "debug", "information", "warning", "error"), ignoreCase: true),
                    Exports = set.Standard(),
                };
                return Run(settings, call.GetValue(demo), terminal);
            });
    }

    private static ExitCode Run(Settings settings, bool demo, Terminal terminal)
    {
        terminal.Patience = settings.Patience + Closing;
        try { Serve(settings, demo, terminal).GetAwaiter().GetResult(); }
        // What is not the call's fault may be over the next time: whoever starts servers starts this one again.
        catch (StorageException e) when (e.Problem is StorageProblem.Unreachable or StorageProblem.InUse) { throw Halt.Wrong(e.Message, e.Remedy); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && settings.FirstKeyFile is { } file && e.Message.Contains(file, StringComparison.Ordinal)) { throw Halt.Misuse($"the first key can't be written: {e.Message}", "No key was made. Name a file that is not there yet, in a folder that can be written to."); }
        catch (SocketException e) { throw Halt.Misuse($"nobody can listen on {string.Join(", ", settings.Urls)}: {e.Message}", "Name an address of this machine, and a port that this user may take."); }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException) { throw Halt.Misuse(e.Message, "Stop what listens there, or name another with --port."); }
        return ExitCode.Fine;
    }

    private static async Task Serve(Settings settings, bool demo, Terminal terminal)
    {
        await using var serving = await Serving.Start(settings, terminal.Clock, terminal.Stop).ConfigureAwait(false);
        foreach (var problem in serving.Problems) { terminal.Show(problem); }
        if (demo) { await TellDemo(serving, settings, terminal).ConfigureAwait(false); }
        using (var text = terminal.OpenText()) { WriteFirst(text, serving, settings, demo); }
        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        var stopped = new TaskCompletionSource();
        using var hears = terminal.Stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }

    private static async Task TellDemo(Serving serving, Settings settings, Terminal terminal)
    {
        var files = settings.Library.Select(place => Path.Combine(place, Demo, "demo.jsonl")).ToList();
        if (files.Find(File.Exists) is not { } file) { throw Halt.Misuse($"there is no demo: `{string.Join("` or `", files)}` is not there", "Start it in a clone, or say with LAUREL_PROGRAMS where the programs are."); }
        using var facts = File.OpenRead(file);
        if (await serving.Tell(Demo, facts, terminal.Stop).ConfigureAwait(false) is not 0) { throw Halt.Wrong($"the demo in `{file}` could not be taken in", "laurel check, and laurel score with that file, say why."); }
    }

    /// <summary>Says what to do next.</summary>
    private static void WriteFirst(TextWriter text, Serving serving, Settings settings, bool demo)
    {
        var url = serving.Addresses[0];
        text.WriteLine($"Laurel listens on {string.Join(", ", serving.Addresses)}; Ctrl-C stops it.");
        text.WriteLine();
        if (serving.FirstKey is { } key)
        {
            text.WriteLine("This is the first key. It is shown once; keep it, and make others with it.");
            text.WriteLine($"  export LAUREL_KEY={key}");
        }
        else { text.WriteLine(serving.FirstKeyFiled ? $"The first key is in {settings.FirstKeyFile}: export LAUREL_KEY=$(cat {settings.FirstKeyFile})" : "Say which key you have: export LAUREL_KEY=laurel_…"); }
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

    private static string? AddressOf(Configuration set, string? address)
    {
        var (told, where) = set.Of("address", address);
        if (told.Length == 0) { return null; }
        return Uri.TryCreate(told, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? told : throw Halt.Misuse($"{where} is no address", "Write http://, a host and a port.");
    }

    private static string[] UrlsOf(Configuration set, string[] urls, string? port)
    {
        if (port is not null && urls.Length > 0) { throw Halt.Misuse("--port and --urls can't both be asked", "Leave one of them out."); }
        if (port is not null)
        {
            return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? [$"http://127.0.0.1:{number}"]
                : throw Halt.Misuse($"`--port {port}` is no port", "Write a whole number from 0 to 65535; 0 takes any that is free.");
        }
        var (told, where) = set.Of("urls", urls.Length > 0 ? string.Join(' ', urls) : null);
        var all = told.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Of a name, a server would listen on all addresses of the machine.
        static bool IsPlace(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "" } && (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || uri is { Host: "localhost", Port: not 0 });
        return all.Length > 0 && all.All(IsPlace) ? all : throw Halt.Misuse($"{where} is no address to listen on", "Write http://, an IP address (0.0.0.0 for all that the machine has) or localhost, and a port.");
    }
}
