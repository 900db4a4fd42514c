using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>The API's page as a browser shows it, on a desk and on a phone, light and dark.</summary>
public sealed partial class DocumentPageTests
{
    /// <summary>Shows what axe found in the place of the page.</summary>
    private const string Look = """
        <script>addEventListener('load', async () => {
          const seen = { dark: matchMedia('(prefers-color-scheme: dark)').matches, wide: document.documentElement.scrollWidth > document.documentElement.clientWidth };
          const { violations, passes } = await axe.run();
          const found = document.createElement('pre');
          found.id = 'found';
          found.textContent = JSON.stringify({ ...seen, passes: passes.length, violations: violations.map(v => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' ')}`) });
          document.body.replaceChildren(found);
        });</script>
        """;

    [Theory]
    [InlineData("1280,900", false)]
    [InlineData("1280,900", true)]
    [InlineData("500,844", false)]
    [InlineData("500,844", true)]
    public async Task Nobody_is_kept_from_reading_it(string size, bool dark)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(server.Address, "/openapi"));
        var found = await Show(page, size, dark);
        Assert.Equal((dark, false), ((bool)found["dark"]!, (bool)found["wide"]!));
        Assert.True((int)found["passes"]! > 10, found.ToJsonString());
        Assert.Equal([], found["violations"]!.AsArray().Select(v => (string)v!));
    }

    [Fact]
    public async Task Of_a_page_that_keeps_somebody_it_is_found()
    {
        var found = await Show("<!doctype html><title>x</title><body style=\"color: #eee; background: #fff\"><p>pale<img src=x></p></body>", "1280,900", dark: false);
        Assert.Contains(found["violations"]!.AsArray(), v => ((string)v!).StartsWith("serious color-contrast", StringComparison.Ordinal));
    }

    private static async Task<JsonNode> Show(string page, string size, bool dark)
    {
        using var folder = new Scratch();
        var end = page.LastIndexOf("</body>", StringComparison.Ordinal);
        var file = folder.Write("page.html", $"{page[..end]}<script>{new BundledAxeScriptProvider().GetScript()}</script>{Look}{page[end..]}");
        var start = new ProcessStartInfo("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={folder["profile"]}", $"--window-size={size}", $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", "--virtual-time-budget=60000", "--dump-dom", new Uri(file).AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var chromium = Process.Start(start)!;
        var (shown, said) = (chromium.StandardOutput.ReadToEndAsync(), chromium.StandardError.ReadToEndAsync());
        await chromium.WaitForExitAsync();
        return Found().Match(await shown) is { Success: true } match ? JsonNode.Parse(WebUtility.HtmlDecode(match.Groups[1].Value))! : throw new InvalidOperationException($"axe said nothing\n{await said}");
    }

    [GeneratedRegex("<pre id=\"found\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Found();
}
