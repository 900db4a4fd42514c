using Laurel.Cli.Samples;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Benchmarks;

/// <summary>The program that is measured, and its facts.</summary>
internal sealed class SampleProgram
{
    /// <summary>Reads the program of a folder.</summary>
    public SampleProgram(string folder)
    {
        Library = Path.GetDirectoryName(folder)!;
        Texts = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText);
        Program = ProgramReader.Read(Texts).Program ?? throw new InvalidOperationException($"{folder} is wrong");
    }

    /// <summary>The folder in which it lies beside others.</summary>
    public string Library { get; }

    /// <summary>The program's files.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>The program.</summary>
    public PartnerProgram Program { get; }

    /// <summary>The program in this repository, looked for from a folder upwards.</summary>
    public static SampleProgram Find(string from)
    {
        var folder = new DirectoryInfo(from);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "programs", "wix-partner"))) { folder = folder.Parent; }
        return new(Path.Combine(folder?.FullName ?? ".", "programs", "wix-partner"));
    }

    /// <summary>Writes made-up facts.</summary>
    public void Write(string path, int seed, int members, int facts)
    {
        var plan = SampleReader.Read(SampleReader.File, Texts[SampleReader.File], Program.Vocabulary).Plan!;
        using var stream = File.Create(path);
        SampleHistory.Write(stream, plan, seed, members, facts);
    }

    /// <summary>Reads facts as `laurel` does: in pieces.</summary>
    public History Load(string path)
    {
        var builder = new HistoryBuilder(Program.Vocabulary);
        var lines = new FactLines(builder, refusal => throw new InvalidOperationException(refusal.ToString()));
        using var stream = File.OpenRead(path);
        var piece = new byte[1 << 20];
        for (var read = stream.Read(piece); read > 0; read = stream.Read(piece)) { lines.Feed(piece.AsSpan(0, read)); }
        lines.Finish();
        return builder.Build();
    }
}
