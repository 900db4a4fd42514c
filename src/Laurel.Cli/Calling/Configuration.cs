using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Calling;

/// <summary>One thing that can be set: in the file by its key, in the environment by its variable, in a call by its option.</summary>
/// <param name="Key">Its key in the file.</param>
/// <param name="Default">What it is where nobody says; empty for nothing.</param>
/// <param name="Means">What it is.</param>
/// <param name="Option">Its option.</param>
internal sealed record Setting(string Key, string Default, string Means, string? Option)
{
    /// <summary>What keys begin with that are OpenTelemetry's own variables.</summary>
    public const string Standard = "otel-";

    /// <summary>What stands between several values; null where it takes one.</summary>
    public char? Between { get; init; }

    /// <summary>Its variable.</summary>
    public string Variable => (Key.StartsWith(Standard, StringComparison.Ordinal) ? "" : "LAUREL_") + Key.ToUpperInvariant().Replace('-', '_');
}

/// <summary>What was set, and where: an option comes before the environment, and the environment before the file.</summary>
internal sealed class Configuration
{
    /// <summary>The option that names the file.</summary>
    public const string FileOption = "--config";

    private const string FileVariable = "LAUREL_CONFIG";
    private const string DefaultFile = "laurel.yaml";

    private readonly Dictionary<string, (string Value, string Where)> _file = [];

    /// <summary>All that can be set.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("database", "Data Source=laurel.db", "the database: a connection string of SQLite or PostgreSQL", "--database"),
        new("programs", "programs", "folders in which programs are found by name; several with `:` between them", null) { Between = Path.PathSeparator },
        new("urls", "http://127.0.0.1:8080", "where the server listens; several with a blank between them", "--urls") { Between = ' ' },
        new("address", "", "where other servers of the same PostgreSQL database reach this one; where it listens if left out", "--address"),
        new("take-in", "", "a folder whose programs are taken in at the start, where they are not there yet", "--take-in"),
        new("requests-per-second", "10000", "how many requests a second one key may send", "--requests-per-second"),
        new("strangers-per-second", "50", "how many requests a second an address without a key may send", "--strangers-per-second"),
        new("patience", "20", "how many seconds requests may go on once the server is to stop", "--patience"),
        new("first-key", "", "a file that is not there yet, for the key of the first start, which is then not printed", "--first-key"),
        new("log", "plain", "how lines of the log are written: plain or json", "--log"),
        new("log-level", "information", "the least that is told in the log: debug, information (a line for each request), warning, error", "--log-level"),
        new("otel-exporter-otlp-endpoint", "", "the collector that spans and metrics are sent to; nowhere if left out", null),
        new("otel-exporter-otlp-protocol", "http/protobuf", "how it is spoken to: http/protobuf or grpc", null),
        new("otel-exporter-otlp-headers", "", "what is sent with it, as name=value; several with a comma between them", null),
        new("otel-metric-export-interval", "60000", "how often metrics are sent, in milliseconds", null),
        new("otel-service-name", "laurel", "what this server is called there", null),
    ];

    /// <summary>Reads the file, where there is one.</summary>
    /// <param name="written">What the call names; null for what the environment does, else laurel.yaml in the working folder.</param>
    /// <param name="terminal">Where to show what is wrong with it.</param>
    /// <exception cref="Halt">It is not there, or wrong.</exception>
    public static Configuration Read(string? written, Terminal? terminal)
    {
        var configuration = new Configuration();
        var told = written ?? (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } variable ? variable : null);
        if (told is null && !File.Exists(DefaultFile)) { return configuration; }
        var file = told ?? DefaultFile;
        string text;
        try { text = File.ReadAllText(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"the configuration `{file}` can't be read: {e.Message}", "Name a file of YAML."); }
        configuration.ReadFile(file, text, terminal);
        return configuration;
    }

    /// <summary>What a setting is, and where that was said, as it was written there.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="written">What the call says; null for nothing.</param>
    public (string Value, string Where) Of(string key, string? written = null)
    {
        var setting = All.First(s => s.Key == key);
        if (written is not null) { return (written, $"`{setting.Option} {written}`"); }
        if (Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 } told) { return (told, $"`{setting.Variable}={told}`"); }
        return _file.TryGetValue(key, out var found) ? found : (setting.Default, $"`{setting.Key}`");
    }

    /// <summary>A setting that is a whole number.</summary>
    /// <exception cref="Halt">It is none, or less than one, or more than may be.</exception>
    public int Count(string key, string? written, int most)
    {
        var (value, where) = Of(key, written);
        return int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0 && count <= most
            ? count
            : throw Halt.Misuse($"{where} is no count", most == int.MaxValue ? "Write a whole number from 1 on." : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Write a whole number from 1 to {most}."));
    }

    /// <summary>A setting that is one of a few words.</summary>
    /// <exception cref="Halt">It is another.</exception>
    public string Choice(string key, string? written, params IReadOnlyList<string> choices)
    {
        var (value, where) = Of(key, written);
        return choices.Contains(value) ? value : throw Halt.Misuse($"{where} is none of {string.Join(", ", choices)}", Engine.Explaining.Choice.Among(value, choices));
    }

    /// <summary>OpenTelemetry's variables, as this and the environment say them, by their names.</summary>
    /// <exception cref="Halt">One of them is wrong.</exception>
    public IReadOnlyDictionary<string, string> Standard()
    {
        Choice("otel-exporter-otlp-protocol", null, "http/protobuf", "grpc");
        Count("otel-metric-export-interval", null, int.MaxValue);
        var (endpoint, where) = Of("otel-exporter-otlp-endpoint");
        if (endpoint.Length > 0 && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) { throw Halt.Misuse($"{where} is no address", "Write http://, a host and a port."); }
        var (headers, sent) = Of("otel-exporter-otlp-headers");
        if (headers.Length > 0 && !headers.Split(',').All(h => h.IndexOf('=', StringComparison.Ordinal) > 0)) { throw Halt.Misuse($"{sent} is not what headers are written as", "Write name=value; several with a comma between them."); }
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Where(v => $"{v.Key}".StartsWith("OTEL_", StringComparison.Ordinal)).ToDictionary(v => $"{v.Key}", v => $"{v.Value}", StringComparer.Ordinal);
        foreach (var setting in All.Where(s => s.Key.StartsWith(Setting.Standard, StringComparison.Ordinal) && Of(s.Key).Value.Length > 0)) { variables[setting.Variable] = Of(setting.Key).Value; }
        return variables;
    }

    private static string Read(YamlText yaml, string key, YamlNode node)
    {
        if (node is not YamlSequenceNode list) { return yaml.Text(node); }
        if (All.FirstOrDefault(s => s.Key == key)?.Between is not { } between) { yaml.Wrong(node, $"`{key}` takes one value", "Write it alone, without a list."); }
        else if (list.Children.Count == 0) { yaml.Wrong(node, $"`{key}` is a list of nothing", "Write what is meant, or leave the key out."); }
        else { return string.Join(between, yaml.Items(node).Select(yaml.Text)); }
        return "";
    }

    private void ReadFile(string file, string text, Terminal? terminal)
    {
        var yaml = new YamlText(file, "configuration");
        // A file in which all is commented out sets nothing.
        if (text.Split('\n').All(line => line.Trim() is "" or ['#', ..])) { return; }
        if (yaml.Parse(text) is { } root)
        {
            yaml.Only(root, [.. All.Select(s => s.Key)]);
            foreach (var (key, node) in yaml.Entries(root))
            {
                var value = Read(yaml, key.Value!, node);
                _file[key.Value!] = (value, $"{file}:{node.Start.Line}: `{key.Value}: {value}`");
            }
        }
        if (yaml.Problems.Count == 0) { return; }
        foreach (var problem in yaml.Problems) { terminal?.Show(problem); }
        throw Halt.Misuse($"the configuration {file} has {Shown.Count(yaml.Problems.Count, "error")}", terminal is null ? yaml.Problems[0].ToString() : "");
    }
}
