namespace Laurel.System.Tests.Cli;

/// <summary>Whoever calls wrongly is told what there is; nothing goes to standard output.</summary>
public sealed class MisuseTests
{
    [Theory]
    // call, what is said
    [InlineData("scoer wix-partner", "there is no verb `scoer`", "Did you mean `score`?")]
    [InlineData("--at 2024-01-01", "begins with a verb", "laurel help")]
    [InlineData("help scoer", "there is no verb `scoer`", "Did you mean `score`?")]
    [InlineData("score wix-partner --formt csv", "score has no option `--formt`", "Did you mean `--format`?")]
    [InlineData("score wix-partner --format xml", "no format `xml`", "`text`, `json`, `csv`")]
    [InlineData("explain wix-partner DEMO --member ada --format csv", "no format `csv`", "`text`, `json`")]
    [InlineData("score", "argument", "Usage: laurel score")]
    [InlineData("score wix-partner --at", "`--at` has no value", "Usage: laurel score")]
    [InlineData("score wix-partner DEMO --at 2025-01-01 --at 2025-01-02", "`--at` stands twice", "Usage: laurel score")]
    [InlineData("score wix-partner DEMO --format csv --format csv", "`--format` stands twice", "Usage: laurel score")]
    [InlineData("check nosuch wix-partnr", "no program `wix-partnr`", "Did you mean `wix-partner`?")]
    [InlineData("check", "argument", "Usage: laurel check")]
    [InlineData("sample wix-partner more", "does not know what to do with `more`", "Usage: laurel sample")]
    [InlineData("score wix-partnr", "no program `wix-partnr`", "Did you mean `wix-partner`?")]
    [InlineData("score programs/none", "no program `programs/none`", "`wix-partner`")]
    [InlineData("score programs/wix-partner/program.yaml", "is a file", "Name the folder")]
    [InlineData("score wix-partner none.jsonl", "no file `none.jsonl`", "standard input")]
    [InlineData("score wix-partner programs", "`programs` is a folder", "standard input")]
    [InlineData("score wix-partner - -", "only once", "Write - once")]
    [InlineData("score wix-partner DEMO --at yesterday", "`--at yesterday` is neither a date nor an instant", "2024-06-01")]
    [InlineData("score wix-partner DEMO --at 2024-02-30", "neither a date nor an instant", "2024-06-01")]
    [InlineData("score wix-partner DEMO --at 2024-06-01T09:00", "neither a date nor an instant", "2024-06-01T09:00:00Z")]
    [InlineData("score wix-partner DEMO --known 0000-01-01", "`--known 0000-01-01`", "UTC")]
    [InlineData("score wix-partner DEMO --under W9", "no edition `W9`", "`W5`")]
    [InlineData("score wix-partner DEMO --known 2019-01-01", "published no edition by 2019-01-01", "--under")]
    [InlineData("score wix-partner DEMO --member adda", "no fact speaks of a member `adda`", "Did you mean `ada`?")]
    [InlineData("score wix-partner DEMO --top 0", "`--top 0` is no count", "from 1 on")]
    [InlineData("score wix-partner DEMO --top -3", "`--top -3` is no count", "from 1 on")]
    [InlineData("score wix-partner DEMO --top 99999999999999999999", "is no count", "from 1 on")]
    [InlineData("score wix-partner DEMO --top 3 --member ada", "can't both be asked", "Leave one of them out")]
    [InlineData("explain wix-partner DEMO", "explain needs a member", "--member")]
    [InlineData("explain wix-partner DEMO --member ada --rule classic", "a rule is explained on a subject", "--subject site/s1")]
    [InlineData("explain wix-partner DEMO --member ada --subject bakery", "`bakery` is no subject", "site")]
    [InlineData("explain wix-partner DEMO --member ada --subject site/bakary", "no fact speaks of a site `bakary`", "Did you mean `bakery`?")]
    [InlineData("explain wix-partner DEMO --member ada --subject site/bakery --rule clasic", "no rule `clasic`", "Did you mean `classic`?")]
    [InlineData("explain wix-partner DEMO --member ada --metric pionts", "no metric `pionts`", "Did you mean `points`?")]
    [InlineData("explain wix-partner DEMO --member ada --level icom", "no level `icom`", "Did you mean `icon`?")]
    [InlineData("explain wix-partner DEMO --member ada --benefit dashbord", "no benefit `dashbord`", "Did you mean `dashboard`?")]
    [InlineData("explain wix-partner DEMO --member ada --level icon --metric points", "at once", "Ask for one of them")]
    [InlineData("explain wix-partner DEMO --member ada --language tlh", "no sentences in `tlh`", "`en`")]
    [InlineData("forecast wix-partner DEMO", "forecast needs a member", "--member")]
    [InlineData("forecast wix-partner DEMO --member ada --at 2025-01-01 --until 2045-01-02", "`--until 2045-01-02` is more than 20 years after 2025-01-01", "earlier date")]
    [InlineData("forecast wix-partner DEMO --member ada --at 2025-01-01 --until 2024-01-01", "`--until 2024-01-01` is not after 2025-01-01", "earlier --at")]
    [InlineData("forecast wix-partner DEMO --member ada --known 2019-01-01", "published no edition by 2019-01-01", "--under")]
    [InlineData("what-if wix-partner DEMO --suppose member.left", "what-if needs a member", "--member")]
    [InlineData("what-if wix-partner DEMO --member ada", "nothing is supposed", "--suppose")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose member.lft", "neither a file nor a fact", "Did you mean `member.left`?")]
    [InlineData("what-if wix-partner DEMO --member zed --suppose plan.expired⎵site=s1", "no fact speaks of a member `zed`", "`ada`")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expird⎵site=s1", "there is no fact `plan.expird`", "Did you mean `plan.expired`?")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.activated⎵site=s1⎵plan=gold", "none of its values", "`business`")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.activated⎵site=s1⎵plan", "`plan` in", "NAME=VALUE")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.activated⎵site=s1⎵colour=red⎵plan=other", "no field `colour`", "`plan_ends`")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expired⎵site=s1⎵site=s2", "stands twice", "once")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expired⎵site=s1⎵at=soon", "time", "2024-06-01")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expired", "does not say which site", "Write site=NAME")]
    [InlineData("what-if wix-partner DEMO --member ada --suppose plan.expired⎵site=\"s1", "is not closed", "second one")]
    [InlineData("backtest wix-partner DEMO", "backtest needs a draft", "--draft")]
    [InlineData("backtest wix-partner DEMO --draft W7", "no edition `W7`", "`W6-upgraded`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --against W9", "no edition `W9`", "`W5`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --known 2019-01-01", "published no edition by 2019-01-01", "later `known`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --from soon", "`--from soon` is neither", "the start of that day")]
    [InlineData("backtest wix-partner DEMO --draft W6 --from 2024-06-01", "W4 is in force until then, and the transition of W6 is written for the rules of W5", "Name a date after 2025-01-01.")]
    [InlineData("backtest wix-partner DEMO --draft W6 --from 2025-01-01", "W6 can't come into force", "Name a date after 2025-01-01.")]
    [InlineData("backtest wix-partner DEMO --draft W4 --from 2025-06-01", "W5 is in force until then, and the transition of W4 is written for the rules of W3", "Name a date after 2023-01-01, and not after 2025-01-01.")]
    [InlineData("backtest wix-partner DEMO --draft W6 --from 2026-01-01 --at 2025-12-31", "W6 would begin on 2026-01-01, after 2025-12-31", "later `at`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --from 2026-01-01 --against W5", "W5 is one of them", "leave out `from`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --group height", "members have no field `height`", "`tenure`, `size`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --top none", "`--top none` is no count", "from 1 on")]
    [InlineData("backtest wix-partner DEMO --draft W6 --explain adda", "no fact speaks of a member `adda`", "Did you mean `ada`?")]
    [InlineData("backtest wix-partner DEMO --draft W6 --explain ada --explain-all", "can't both be asked", "Leave one of them out")]
    [InlineData("backtest wix-partner DEMO --draft W6 --explain-all --format csv", "csv has no explanations", "--format json")]
    [InlineData("backtest wix-partner DEMO --draft W6 --explain ada --language tlh", "no sentences in `tlh`", "`en`")]
    [InlineData("backtest wix-partner DEMO --draft W6 --under W5", "no option `--under`", "`--draft`")]
    [InlineData("sample wix-partner --facts -1", "`--facts -1`", "Write one from 1")]
    [InlineData("sample wix-partner --facts 99999999999999999999", "`--facts 99999999999999999999`", "Write one from 1")]
    [InlineData("sample wix-partner --members 0", "`--members 0`", "Write one from 1")]
    [InlineData("sample wix-partner --seed one", "`--seed one`", "whole number")]
    public void A_wrong_call_ends_with_two_and_a_remedy(string call, string says, string remedy)
    {
        var run = CliRun.Of([.. call.Replace("DEMO", CliRun.Demo, StringComparison.Ordinal).Split(' ').Select(word => word.Replace('⎵', ' '))]).Expect(2);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("laurel: error: ", run.Error.Split('\n').First(l => l.Contains("error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_found_by_its_name_where_LAUREL_PROGRAMS_says()
    {
        using var scratch = new Scratch();
        scratch.WriteProgram("oak");
        CliRun.Of("check", "oak").Expect(2);
        CliRun.WithPrograms(scratch[""], "check", "oak").Expect(0);
        Assert.Contains("Did you mean `oak`?", CliRun.WithPrograms(scratch[""], "check", "oka").Expect(2).Error, StringComparison.Ordinal);
    }
}
