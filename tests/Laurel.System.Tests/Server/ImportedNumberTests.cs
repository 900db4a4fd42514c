using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>What numbers in the rows of other systems are read as, or that nobody knows.</summary>
public sealed class ImportedNumberTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    // written             mark  read
    [InlineData("1.234,5", ",", "1234.5")]
    [InlineData("-1 234 567,50", ",", "-1234567.5")]
    [InlineData("12’345.5", ".", "12345.5")]
    [InlineData("12,34,567", ".", "1234567")]
    [InlineData("+ 7", ".", "7")]
    [InlineData("12.50", ",", null)]
    [InlineData("1,234.56", ",", null)]
    [InlineData("1,5", ".", null)]
    [InlineData("1.2.3,5", ",", null)]
    [InlineData("1,234,5", ",", null)]
    [InlineData("1234.567", ",", null)]
    [InlineData("--5", ".", null)]
    public void Marks_in_a_number_stand_between_thousands_or_the_row_is_refused(string written, string mark, string? read)
    {
        using var store = Store.Empty("sqlite");
        _scratch.Write("oak/program.yaml", """
            program: oak
            units: { points: {} }
            subjects:
              site: { price: number }
            facts:
              site.priced: { about: site, needs: [price] }
            """);
        _scratch.Write("oak/editions/2024.yaml", "edition: oak-2024\neffective: 2024-01-01\n");
        _scratch.Write("prices.csv", $"Site;Price\ns1;{written}\n");
        _scratch.Write("prices.yaml", $$"""
            source: shop
            separator: ";"
            facts:
              site.priced:
                subject: site/{Site}
                time: "2024-03-01"
                data: { price: { from: "{Price}", decimal: "{{mark}}" } }
            """);
        var run = CliRun.Of("import", _scratch["oak"], _scratch["prices.csv"], "--mapping", _scratch["prices.yaml"], "--database", store.Connection).Expect(read is null ? 1 : 0);
        if (read is null) { Assert.Contains($"`{written}` is no number with `{mark}` before its decimals", run.Error, StringComparison.Ordinal); }
        else { Assert.Contains($"\"price\":{read}}}", CliRun.Of("export", "oak", "--what", "facts", "--output", "-", "--database", store.Connection).Expect(0).Output, StringComparison.Ordinal); }
    }

    public void Dispose() => _scratch.Dispose();
}
