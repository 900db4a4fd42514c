using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Importing;

/// <summary>Facts that were read and wait to be recorded: on disk, since there may be more than fit into memory, and in the order in which they were learnt.</summary>
internal sealed class FactSpool(Vocabulary vocabulary) : IDisposable
{
    private readonly FileStream _file = new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private readonly List<Place> _places = [];

    /// <summary>Where a fact stands.</summary>
    /// <param name="Learnt">When it was learnt, in microseconds.</param>
    /// <param name="Offset">Where in the spool.</param>
    /// <param name="Length">How many bytes it has there.</param>
    /// <param name="File">The number of its file.</param>
    /// <param name="Line">Its line there.</param>
    public readonly record struct Place(long Learnt, long Offset, int Length, int File, long Line);

    /// <summary>How many there are.</summary>
    public int Count => _places.Count;

    /// <summary>Adds a fact.</summary>
    public void Add(Fact fact, int file, long line)
    {
        var json = FactJson.Write(fact, vocabulary);
        _places.Add(new((fact.Recorded ?? fact.Time).Micros, _file.Position, json.Length, file, line));
        _file.Write(json);
    }

    /// <summary>Puts them in the order in which they were learnt; of one instant in that of their files.</summary>
    public void Sort()
    {
        // The places of one instant rise with their offsets, so that the order is the same each time.
        _places.Sort((a, b) => a.Learnt != b.Learnt ? a.Learnt.CompareTo(b.Learnt) : a.Offset.CompareTo(b.Offset));
    }

    /// <summary>The facts, some at a time.</summary>
    public IEnumerable<IReadOnlyList<(Place Place, Fact Fact)>> Read(int together)
    {
        _file.Flush();
        var parser = new FactParser(vocabulary);
        foreach (var places in _places.Chunk(together))
        {
            yield return [.. places.Select(place => (place, Read(place, parser)))];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private Fact Read(Place place, FactParser parser)
    {
        var bytes = new byte[place.Length];
        for (var read = 0; read < bytes.Length;) { read += RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(read), place.Offset + read); }
        return parser.Read(bytes, place.Line, out _) ?? throw new JsonException("the spool has what was not put into it");
    }
}
