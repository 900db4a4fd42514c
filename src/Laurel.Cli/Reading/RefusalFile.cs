using System.Text.Json;
using Laurel.Cli.Calling;

namespace Laurel.Cli.Reading;

/// <summary>A file of all refusals, however many: one JSON object on a line.</summary>
internal sealed class RefusalFile : IDisposable
{
    /// <summary>The option that names it.</summary>
    public const string Option = "--refusals";

    private static readonly JsonWriterOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly FileStream _file;

    private RefusalFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Opens it; what was in it is gone.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="read">The files that are read, none of which it may be.</param>
    /// <exception cref="Halt">It can't be written.</exception>
    public static RefusalFile? Open(string? path, IReadOnlyList<string> read)
    {
        if (path is null) { return null; }
        if (path.Length > 0 && read.Any(f => f.Length > 0 && Path.GetFullPath(f) == Path.GetFullPath(path)))
        {
            throw Halt.Misuse($"`{Option} {path}` would overwrite a file that is read", "Name another file.");
        }
        try { return new(path, new(path, FileMode.Create, FileAccess.Write, FileShare.Read)); }
        catch (Exception e) when (IsRefusal(e)) { throw Unwritable(path, e); }
    }

    /// <summary>Adds a refusal.</summary>
    public void Add(RefusedLine refusal)
    {
        try
        {
            using (var json = new Utf8JsonWriter(_file, Json))
            {
                json.WriteStartObject();
                json.WriteString("file", refusal.File);
                json.WriteNumber("line", refusal.Line);
                json.WriteNumber("column", refusal.Column);
                json.WriteString("code", refusal.Code);
                json.WriteString("field", refusal.Field);
                json.WriteString("value", refusal.Value);
                json.WriteString("message", refusal.Message);
                json.WriteString("remedy", refusal.Remedy);
                json.WriteEndObject();
            }
            _file.WriteByte((byte)'\n');
        }
        catch (IOException e) { throw Unwritable(_path, e); }
    }

    /// <summary>Writes what it holds.</summary>
    /// <exception cref="Halt">It can't be written.</exception>
    public void Close()
    {
        try { _file.Flush(); }
        catch (IOException e) { throw Unwritable(_path, e); }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static Halt Unwritable(string path, Exception e) => Halt.Misuse($"`{Option} {path}` can't be written: {e.Message.TrimEnd('.')}", "Name a file in a folder that is there and can be written to.");
}
