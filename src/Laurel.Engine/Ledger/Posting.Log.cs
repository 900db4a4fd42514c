using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <content>A whole history, from its first fact to its last.</content>
public sealed partial class Posting
{
    /// <summary>Posts the log, item by item.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force.</param>
    /// <param name="known">Items recorded later are left out.</param>
    /// <returns>Each item of the log with the entries that it causes, in order; read it once.</returns>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add: what came before stands.</exception>
    public static IEnumerable<(LogItem Item, IReadOnlyList<Entry> Entries)> Run(PartnerProgram program, History history, Edition? under, Instant known) =>
        Run(program, history, under, known, Instant.Ever);

    /// <inheritdoc cref="Run(PartnerProgram, History, Edition?, Instant)"/>
    /// <param name="until">Periods are closed until then, though no fact be left.</param>
    public static IEnumerable<(LogItem Item, IReadOnlyList<Entry> Entries)> Run(PartnerProgram program, History history, Edition? under, Instant known, Instant until)
    {
        var posting = new Posting(program, history, under is null ? null : RuleBook.Under(program, under));
        foreach (var item in Log(program, history, under, known, until)) { yield return (item, posting.Post(item)); }
    }

    /// <summary>Posts the log by rules that count from the start.</summary>
    /// <returns>All entries, and what became of money owed.</returns>
    internal static (IReadOnlyList<Entry> Entries, IReadOnlyList<PayoutStep> Payouts) Run(PartnerProgram program, History history, RuleBook book, Instant known)
    {
        var posting = new Posting(program, history, book);
        var entries = Log(history, [.. book.Editions.Select(e => e.Edition)], [], known, Instant.Ever).SelectMany(posting.Post).ToList();
        return (entries, posting.PayoutSteps);
    }

    /// <summary>Posts the log of a part of a history, item by item.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The part.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force.</param>
    /// <param name="known">Items recorded later are left out.</param>
    /// <param name="until">The end of the whole log: periods are closed until then, whomever the last facts are about.</param>
    /// <returns>All entries, each with what caused it, and what became of money owed.</returns>
    internal static (IReadOnlyList<(LogItem Cause, Entry Entry)> Entries, IReadOnlyList<PayoutStep> Payouts) RunWithPayouts(PartnerProgram program, History history, Edition? under, Instant known, Instant until)
    {
        var posting = new Posting(program, history, under is null ? null : RuleBook.Under(program, under));
        var entries = Log(program, history, under, known, until).SelectMany(item => posting.Post(item).Select(entry => (item, entry))).ToList();
        return (entries, posting.PayoutSteps);
    }

    /// <summary>The log in the order of recording: a period is closed, and an edition published, before the facts of its instant.</summary>
    /// <param name="until">Periods are closed until then, though no fact be left.</param>
    internal static IEnumerable<LogItem> Log(PartnerProgram program, History history, Edition? under, Instant known, Instant until)
    {
        if (under is not null) { return Log(history, [under], [], known, until); }
        IReadOnlyList<Edition> published = [.. program.Editions.Where(e => e.Published <= known).OrderBy(e => e.Published)];
        return Log(history, published, published, known, until);
    }

    /// <param name="counting">The editions by which periods close.</param>
    /// <param name="published">Those whose publication stands in the log, in order.</param>
    private static IEnumerable<LogItem> Log(History history, IReadOnlyList<Edition> counting, IReadOnlyList<Edition> published, Instant known, Instant until)
    {
        var (position, next) = (0, 0);
        var closes = new PeriodCloses(counting, history.Vocabulary.Zone, Instant.Ever);
        var upTo = history.KnownUpTo(known);
        for (var i = 0; i <= upTo; i++)
        {
            // What is published after the last fact ends the log.
            var recorded = i < upTo ? history.RecordedAt(i) : Instant.Never;
            for (; next < published.Count && published[next].Published <= recorded; next++)
            {
                // Until there is a fact nothing closes.
                foreach (var close in i > 0 ? closes.Until(published[next].Published) : []) { yield return new(position++, -1, null, close); }
                yield return new(position++, -1, published[next], published[next].Published);
            }
            if (upTo == 0) { yield break; }
            foreach (var close in closes.Until(i < upTo ? recorded : until)) { yield return new(position++, -1, null, close); }
            if (i < upTo) { yield return new(position++, history.FactAt[i], null, recorded); }
        }
    }
}
