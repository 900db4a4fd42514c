using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>
/// Credits as lines that are equal where they say the same, however they are cut into spans and whatever numbers a history gives
/// its subjects: what one rule gives one member for one subject by one moment, amount and what counts of it, over time.
/// </summary>
internal sealed class CreditLines
{
    private readonly SortedDictionary<string, SortedDictionary<Instant, (long Amount, long Counted)>> _lines = new(StringComparer.Ordinal);

    /// <summary>Those of the engine, of all members, settled.</summary>
    public static IReadOnlyList<string> Of(Scoring scoring, History history)
    {
        var lines = new CreditLines();
        var credits = scoring.Derive().ForThread();
        foreach (var member in history.SubjectsOf(Vocabulary.MemberKind)) { lines.Add(credits.CreditsOf(member), scoring.Plan.Book, history); }
        return lines.Read();
    }

    /// <summary>A list of the engine's.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Credit> credits, RuleBook book, History history)
    {
        var lines = new CreditLines();
        lines.Add(credits, book, history);
        return lines.Read();
    }

    /// <summary>Those of the independent computation.</summary>
    public static IReadOnlyList<string> Of(NaiveCredits credits)
    {
        var lines = new CreditLines();
        foreach (var piece in credits.Members.SelectMany(credits.Of)) { lines.Add(piece); }
        return lines.Read();
    }

    private void Add(IEnumerable<Credit> credits, RuleBook book, History history)
    {
        foreach (var credit in credits)
        {
            Assert.False(credit.Span.IsEmpty, $"{credit} lasts no time");
            var subject = new SubjectName(history.Vocabulary.Kinds[history.KindOf(credit.Subject)].Name, history.NameOf(credit.Subject));
            var unit = history.Vocabulary.Units[book.UnitOf(credit.Rule)].Name;
            Add($"{history.NameOf(credit.Member)} {book.NameOf(credit.Rule)} {unit} {subject} {credit.Moment} {credit.Status}", credit.Span, credit.Amount, credit.Counted);
        }
    }

    private void Add(Piece piece)
    {
        var status = piece.Pending ? CreditStatus.Pending : CreditStatus.Active;
        Add($"{piece.Of.Member.Name} {piece.Of.Rule} {piece.Of.Unit.Name} {piece.Of.Subject} {piece.Of.Moment} {status}", piece.Span, piece.Amount, piece.Counted);
    }

    private void Add(string line, Span span, long amount, long counted)
    {
        if (!_lines.TryGetValue(line, out var changes)) { _lines[line] = changes = []; }
        Change(span.Starts, amount, counted);
        Change(span.Ends, -amount, -counted);

        void Change(Instant at, long by, long byCounted)
        {
            var (a, c) = changes.GetValueOrDefault(at);
            changes[at] = (a + by, c + byCounted);
        }
    }

    private List<string> Read()
    {
        var read = new List<string>();
        foreach (var (line, changes) in _lines)
        {
            var (since, amount, counted) = (Instant.Ever, 0L, 0L);
            foreach (var (at, change) in changes.Where(c => c.Value != (0, 0)))
            {
                if ((amount, counted) != (0, 0)) { read.Add(string.Create(CultureInfo.InvariantCulture, $"{line} from {since} until {at}: {amount}, counts {counted}")); }
                (since, amount, counted) = (at, amount + change.Amount, counted + change.Counted);
            }
        }
        return read;
    }
}
