using System.Xml.Linq;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>The engine refers to its few packages only.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Packages = ["NodaTime", "YamlDotNet"];

    // What the engine could only need for I/O, tasks or threads; what cannot be had without a reference needs no ban list.
    private static readonly string[] Refused =
    [
        "System.Net", "System.Data", "System.IO.Pipes", "System.IO.FileSystem", "System.IO.IsolatedStorage", "System.Console", "System.Diagnostics.Process",
        "System.Threading.Thread", "System.Threading.Tasks", "System.Threading.Channels", "Microsoft",
    ];

    [Fact]
    public void The_engine_is_linked_with_its_packages_and_the_framework_only() => House.Keeps(
        "Laurel.Engine refers to NodaTime, YamlDotNet and the pure part of the framework",
        typeof(Instant).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name =>
            !Packages.Contains(name) && (!name.StartsWith("System", StringComparison.Ordinal) || Refused.Any(refused => name == refused || name.StartsWith(refused + ".", StringComparison.Ordinal)))));

    [Fact]
    public void The_engine_s_project_asks_for_nothing_else()
    {
        var project = XDocument.Parse(Repository.Read("src/Laurel.Engine/Laurel.Engine.csproj"));
        House.Keeps("Laurel.Engine has no other project behind it", project.Descendants().Where(e => e.Name.LocalName is "ProjectReference" or "FrameworkReference" or "Reference").Select(e => e.ToString()));
        Assert.Equal(
            Packages,
            project.Descendants("PackageReference").Where(e => (string?)e.Attribute("PrivateAssets") != "all").Select(e => (string?)e.Attribute("Include")).Order());
    }

    [Fact]
    public void Each_project_is_in_the_solution_and_locks_its_packages() => House.Keeps(
        "each project is in Laurel.slnx and has a packages.lock.json beside it",
        Repository.Under("", ".csproj").Where(project =>
            !Repository.Read("Laurel.slnx").Contains($"\"{project}\"", StringComparison.Ordinal) || !Repository.Files.Contains(project[..(project.LastIndexOf('/') + 1)] + "packages.lock.json")));

    [Fact]
    public void Each_package_is_named_with_its_version_in_THIRD_PARTY()
    {
        var named = Repository.Read("THIRD-PARTY.md");
        House.Keeps(
            "THIRD-PARTY.md has a row for each package and version that is locked",
            from file in Repository.Under("", "packages.lock.json")
            from framework in System.Text.Json.Nodes.JsonNode.Parse(Repository.Read(file))!["dependencies"]!.AsObject()
            from package in framework.Value!.AsObject()
            where (string?)package.Value!["type"] != "Project"
            let row = $"| {package.Key} | {(string?)package.Value!["resolved"]} |"
            where !named.Contains(row, StringComparison.Ordinal)
            select row);
    }
}
