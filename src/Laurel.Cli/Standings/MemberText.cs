using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Server.Answering;

namespace Laurel.Cli.Standings;

/// <summary>One member in full, for people and as comma-separated values.</summary>
internal static class MemberText
{
    private const int Width = 80;

    /// <summary>Writes the standing, what it is made of, and the credits.</summary>
    public static void Write(MemberInFull member, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title($"{Plain.Line(member.Member)} in {Headline.Of(asked, member.Standing.Edition)}"));
        text.WriteLine();
        WriteStanding(text, member, asked, terminal);
        if (member.Credits.Count == 0) { return; }
        WriteGroups(text, terminal, "rule", member.ByRule());
        WriteGroups(text, terminal, "kind", member.ByKind());
        text.WriteLine();
        Engine.Programs.Unit? only = asked.Program.Vocabulary.Units is [var one] ? one : null;
        using var table = new Columns(text, terminal.Paint, terminal.Screen?.Profile.Width, [new("rule"), new("subject"), new("amount", Right: true), new("since"), new("until"), new("status")]);
        foreach (var credit in member.Credits)
        {
            var rule = credit.Edition.Length == 0 ? credit.Rule : $"{credit.Rule} {credit.Edition}";
            var amount = Shown.Amount(credit.Amount, credit.Unit);
            table.Add(rule, credit.Subject, only is null ? $"{amount} {credit.Unit.Name}" : amount, Shown.Date(credit.Span.Starts, asked.Zone), Shown.Date(credit.Span.Ends, asked.Zone), Described(credit));
        }
    }

    /// <summary>Writes a header and a line for each credit.</summary>
    public static void WriteCsv(MemberInFull member, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        Csv.Write(text, ["member", "rule", "edition", "subject", "unit", "amount", "counted", "since", "until", "status", "limit"]);
        foreach (var credit in member.Credits)
        {
            Csv.Write(text, [
                member.Member, credit.Rule, credit.Edition, credit.Subject, credit.Unit.Name, credit.Unit.Whole(credit.Amount).ToString(), credit.Unit.Whole(credit.Counted).ToString(),
                credit.Span.Starts.ToString(), credit.Span.Ends.ToString(), credit.Word, credit.Limit ?? ""]);
        }
    }

    private static void WriteStanding(TextWriter text, MemberInFull member, Asked asked, Terminal terminal)
    {
        var (row, edition) = (new StandingRow(member.Member, member.Standing, member.Next), member.Standing.Edition);
        var lines = new List<(string Name, string Value)>();
        if (!row.Enrolled) { lines.Add(("enrolled", "no")); }
        foreach (var ladder in edition.Ladders)
        {
            if (row.Levels[ladder.Index] is { } level) { lines.Add((ladder.Name, $"{level} since {asked.Zone.Written(row.Since[ladder.Index])}")); }
        }
        lines.AddRange(edition.Metrics.Select(m => (m.Name, Shown.Of(row.Metrics[m.Index]))));
        foreach (var obligation in edition.Obligations)
        {
            var (standing, unit) = (row.Obligations[obligation.Index], asked.Program.Vocabulary.Units[obligation.Unit]);
            if (standing.Period is not { } period) { continue; }
            var counts = standing.Counts ? "" : ", will not be counted";
            lines.Add((obligation.Name, $"{StandingJson.Row(standing)}; {Shown.Amount(standing.Amount, unit)} of {Shown.Amount(obligation.AtLeast, unit)} {unit.Name} before {Shown.Date(period.Ends, asked.Zone)}{counts}"));
        }
        foreach (var unit in asked.Program.Vocabulary.Units.Where(u => row.Pending[u.Index] != 0)) { lines.Add(("pending", $"{Shown.Amount(row.Pending[unit.Index], unit)} {unit.Name}")); }
        lines.Add(("next", row.Next is null ? "nothing changes by itself" : $"{asked.Zone.Written(row.Next.At)}: {StandingsText.Described(row.Next, asked.Program.Vocabulary, full: true)}"));
        if (row.Standing.States.Count > 0) { lines.Add(("states", string.Join(", ", row.Standing.States.Select(s => s.Name)))); }
        var benefits = edition.Benefits.Where(b => row.Benefits[b.Index]).Select(b => b.Name).ToList();
        if (benefits.Count > 0) { lines.Add(("benefits", string.Join(", ", benefits))); }
        var wide = lines.Max(line => line.Name.Length) + 2;
        foreach (var (name, value) in lines)
        {
            var folded = Columns.Fold(Plain.Line(value), Width - wide);
            text.WriteLine(terminal.Paint.Dim(name.PadRight(wide)) + folded[0]);
            foreach (var more in folded.Skip(1)) { text.WriteLine(new string(' ', wide) + more); }
        }
    }

    /// <summary>The status, and the limit where there is one.</summary>
    private static string Described(CreditLine credit) => credit switch
    {
        { Limit: null } => credit.Word,
        { Counted: 0 } => $"set aside: {credit.Limit}",
        _ => $"{credit.Word}, cut to {Shown.Amount(credit.Counted, credit.Unit)}: {credit.Limit}",
    };

    private static void WriteGroups(TextWriter text, Terminal terminal, string title, IEnumerable<(string Name, Unit Unit, int Credits, long Counted)> groups)
    {
        text.WriteLine();
        using var table = new Columns(text, terminal.Paint, null, [new($"by {title}"), new("credits", Right: true), new("counted", Right: true)]);
        foreach (var (name, unit, credits, counted) in groups) { table.Add(name, Shown.Count(credits), $"{Shown.Amount(counted, unit)} {unit.Name}"); }
    }
}
