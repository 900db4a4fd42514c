using System.Globalization;
using System.Text;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>
/// Entries as a journal that hledger reads: an entry holds over a span, so it is a transaction on its first day, and the same backwards on the day
/// on which it ends. The balance of a day is that at the end of it, in the program's zone.
/// </summary>
internal static class Journal
{
    /// <summary>An entry as one transaction, or two.</summary>
    public static string Of(PostedEntry entry, Vocabulary vocabulary)
    {
        var text = new StringBuilder();
        var (line, zone) = (entry.Line, vocabulary.Zone);
        Write(text, entry, line.Starts, line.From, line.To, vocabulary);
        if (line.Ends.IsReal && (!line.Starts.IsReal || zone.DateOf(line.Ends) >= zone.DateOf(line.Starts))) { Write(text, entry, line.Ends, line.To, line.From, vocabulary); }
        return text.ToString();
    }

    private static void Write(StringBuilder text, PostedEntry entry, Instant at, Account from, Account to, Vocabulary vocabulary)
    {
        var line = entry.Line;
        var date = at.IsReal ? vocabulary.Zone.DateOf(at) : DateOnly.MinValue;
        var amount = vocabulary.Units.First(u => u.Name == line.Unit).Whole(line.Amount).ToString();
        text.Append(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd} * ({entry.Position}) {Plain(line.Rule)} {Plain(line.Subject)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    {NameOf(to, line)}  {amount} \"{line.Unit}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"    {NameOf(from, line)}  -{amount} \"{line.Unit}\"\n\n");
    }

    private static string NameOf(Account account, EntryLine line) => account switch
    {
        Account.Member => $"member:{Plain(line.Member)}",
        Account.Pending => $"pending:{Plain(line.Member)}",
        Account.Paid => $"paid:{Plain(line.Member)}",
        _ => line.Edition.Length > 0 ? $"rule:{Plain(line.Edition)}:{Plain(line.Rule)}" : $"rule:{Plain(line.Rule)}",
    };

    /// <summary>A name as it can stand in a journal: what could mean something there is percent-encoded.</summary>
    private static string Plain(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' or '@' or '/') { text.Append(rune); }
            else
            {
                foreach (var b in Encoding.UTF8.GetBytes(rune.ToString())) { text.Append(CultureInfo.InvariantCulture, $"%{b:X2}"); }
            }
        }
        return text.ToString();
    }
}
