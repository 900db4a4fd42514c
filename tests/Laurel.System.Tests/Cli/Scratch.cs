namespace Laurel.System.Tests.Cli;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laurel-");

    /// <summary>The path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A small program, and the path of its folder.</summary>
    public string WriteProgram(string name = "maple")
    {
        Write($"{name}/program.yaml", """
            program: maple
            units: { points: {} }
            subjects:
              site: { plan: text }
            facts:
              site.created: { about: site, needs: [member] }
              plan.bought:  { about: site, needs: [plan] }
              plan.ended:   { about: site }
            """);
        Write($"{name}/editions/2024.yaml", """
            edition: maple-2024
            effective: 2024-01-01
            states:
              site.premium: { starts: plan.bought, ends: plan.ended }
            roles:
              site.owner: { starts: site.created }
            rules:
              site: { says: 100 points a site on a plan, give: 100 points, to: site.owner, while: site.premium }
            ladders:
              level: { rungs: [bronze, silver: points >= 300] }
            """);
        return this[name];
    }

    /// <summary>The small program with fields that are personal, and the path of its folder.</summary>
    public string WritePersonalProgram()
    {
        WriteProgram();
        Write("maple/program.yaml", """
            program: maple
            units: { points: {}, eur: { decimals: 2, money: true } }
            subjects:
              member:
                full_name: { type: text, personal: true }
                country: text
              site:
                plan: text
                contact: { type: text, personal: true }
                born: { type: instant, personal: true }
                fee: { type: eur, personal: true }
                adult: { type: flag, personal: true }
            facts:
              member.named:  { about: member, may: [full_name] }
              member.moved:  { about: member, may: [country] }
              site.created:  { about: site, needs: [member] }
              plan.bought:   { about: site, needs: [plan], may: [contact, born, fee, adult] }
              plan.ended:    { about: site }
            """);
        return this["maple"];
    }

    /// <summary>Copies a program of the library, and gives the path of its folder.</summary>
    public string CopyProgram(string name)
    {
        var from = Path.Combine(CliRun.Root, "programs", name);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) { Write(Path.Combine(name, Path.GetRelativePath(from, file)), File.ReadAllText(file)); }
        return this[name];
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
