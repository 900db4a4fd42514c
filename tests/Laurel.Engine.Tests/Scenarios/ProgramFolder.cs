using System.Collections.Concurrent;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Tests.House;
using Laurel.Engine.Tests.Programs;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>A folder under programs/, with everything in it.</summary>
internal sealed record ProgramFolder(string Name, ReadResult Read, ScenariosRead? Scenarios)
{
    private static readonly ConcurrentDictionary<string, Lazy<ProgramFolder>> Known = new();

    /// <summary>The folders.</summary>
    public static IEnumerable<string> Names => Directory.GetDirectories(Path.Combine(Repository.Root, "programs")).Select(folder => Path.GetFileName(folder)!).Order();

    /// <summary>A folder, read once.</summary>
    public static ProgramFolder Of(string name) => Known.GetOrAdd(name, Reading).Value;

    private static Lazy<ProgramFolder> Reading(string name) => new(() =>
    {
        var files = Folder.Read($"programs/{name}/");
        var read = ProgramReader.Read(files);
        return new(name, read, read.Program is null ? null : ScenarioReader.Read(read.Program, files));
    });
}
