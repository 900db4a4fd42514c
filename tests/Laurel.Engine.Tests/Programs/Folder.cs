using Laurel.Engine.Programs;
using Laurel.Engine.Tests.House;

namespace Laurel.Engine.Tests.Programs;

/// <summary>Program folders as texts.</summary>
internal static class Folder
{
    /// <summary>The program that has every construct of the language once.</summary>
    public static Dictionary<string, string> Maple() => Read("tests/Laurel.Engine.Tests/Programs/Good/maple/");

    /// <summary>The YAML files of a folder of the repository, with those of the program whose rules it has.</summary>
    public static Dictionary<string, string> Read(string folder)
    {
        var files = Repository.Under(folder, ".yaml").ToDictionary(file => file[folder.Length..], Repository.Read);
        if (ProgramReader.SameAs(files) is not { } other) { return files; }
        var beside = folder[..(folder.TrimEnd('/').LastIndexOf('/') + 1)];
        foreach (var file in Repository.Under($"{beside}{other}/", ".yaml")) { files[$"../{file[beside.Length..]}"] = Repository.Read(file); }
        return files;
    }

    /// <summary>Reads texts that are right.</summary>
    public static PartnerProgram Program(IReadOnlyDictionary<string, string> files)
    {
        var (program, problems) = ProgramReader.Read(files);
        Assert.True(program is not null, string.Join("\n\n", problems));
        return program;
    }

    /// <summary>Maple with a part of a file replaced; the part must be there.</summary>
    public static Dictionary<string, string> Changed(string file, string part, string by)
    {
        var files = Maple();
        Assert.Contains(part, files[file], StringComparison.Ordinal);
        files[file] = files[file].Replace(part, by, StringComparison.Ordinal);
        return files;
    }
}
