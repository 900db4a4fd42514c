using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Server.Answering;

namespace Laurel.Cli.Standings;

/// <summary>Standings as a table, and as comma-separated values.</summary>
internal static class StandingsText
{
    /// <summary>Writes the table and the line of totals.</summary>
    public static void Write(IEnumerable<StandingRow> rows, StandingTotals totals, StandingReader answer, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title(Headline.Of(asked, answer.Edition)));
        text.WriteLine();
        using (var table = new Columns(text, terminal.Paint, terminal.Screen?.Profile.Width, ColumnsOf(answer)))
        {
            foreach (var row in rows) { table.Add(CellsOf(row, answer, asked)); }
        }
        text.WriteLine();
        text.WriteLine(totals.Line());
    }

    /// <summary>Writes a header and a line for each member.</summary>
    public static void WriteCsv(IEnumerable<StandingRow> rows, StandingReader answer, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        Csv.Write(text, [
            "member", "enrolled", .. answer.Edition.Ladders.Select(l => l.Name), .. answer.Plain.Select(m => m.Name),
            .. answer.Units.Select(u => $"pending_{u.Name}"), "next_at", "next"]);
        foreach (var row in rows)
        {
            Csv.Write(text, [
                row.Member, row.Enrolled ? "true" : "false", .. row.Levels.Select(level => level ?? ""), .. answer.Plain.Select(m => row.Metrics[m.Index].ToString()),
                .. answer.Units.Select(u => u.Whole(row.Pending[u.Index]).ToString()), row.Next?.At.ToString() ?? "", Described(row.Next, asked.Program.Vocabulary, full: true)]);
        }
    }

    /// <summary>What changes next, in words.</summary>
    /// <param name="next">The change; null for none.</param>
    /// <param name="vocabulary">What can be told.</param>
    /// <param name="full">False leaves out what follows from the rest: benefits, and where there is more to say, what is pending.</param>
    public static string Described(NextChange? next, Vocabulary vocabulary, bool full)
    {
        if (next is null) { return ""; }
        var telling = next.Changes.Where(c => full || c is not (Change.Benefit or Change.Pending)).ToList();
        return string.Join(", ", (telling.Count > 0 ? telling : next.Changes).Select(c => Changes.Say(c, vocabulary)));
    }

    private static List<Column> ColumnsOf(StandingReader answer) =>
    [
        new("member"), .. answer.Edition.Ladders.Select(l => new Column(l.Name)), .. answer.Plain.Select(m => new Column(m.Name, Right: true)),
        .. answer.Units.Select(u => new Column(answer.Units.Count == 1 ? "pending" : $"pending {u.Name}", Right: true)), new("next change"),
    ];

    private static string[] CellsOf(StandingRow row, StandingReader answer, Asked asked) =>
    [
        row.Member, .. row.Levels.Select(level => level ?? "not enrolled"), .. answer.Plain.Select(m => Shown.Of(row.Metrics[m.Index])),
        .. answer.Units.Select((Unit u) => Shown.Amount(row.Pending[u.Index], u)),
        row.Next is null ? "" : $"{Shown.Date(row.Next.At, asked.Zone)} {Described(row.Next, asked.Program.Vocabulary, full: false)}",
    ];
}
