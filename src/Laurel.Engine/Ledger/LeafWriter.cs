using System.Globalization;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>A fact as it is hashed: names and texts only.</summary>
/// <param name="Source">Who told it.</param>
/// <param name="Id">Its id among those of its source.</param>
/// <param name="Type">Its type.</param>
/// <param name="Subject">What it is about, as "site/s1"; null for a retraction.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Recorded">When it was learnt.</param>
/// <param name="Data">Its data as canonical JSON, as <see cref="LeafWriter.DataOf"/> writes it.</param>
/// <param name="Salt">Bytes without which the leaf can't be guessed once the data is gone, in hexadecimal digits; empty where nothing will be erased.</param>
public sealed record FactLine(string Source, string Id, string Type, string? Subject, Instant Time, Instant Recorded, string Data, string Salt);

/// <summary>An entry as it is hashed: names and texts only.</summary>
/// <param name="Position">Its place in the ledger, from 0.</param>
/// <param name="CauseSource">The source of the fact that caused it; with <paramref name="CauseId"/> its identity.</param>
/// <param name="Edition">The edition by which it was given; empty for adjustments and migrations.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Member">The member, without its kind.</param>
/// <param name="Subject">The subject, as "site/s1".</param>
/// <param name="Unit">The unit.</param>
/// <param name="From">What it comes from.</param>
/// <param name="To">What it goes to.</param>
/// <param name="Amount">In smallest parts of the unit.</param>
/// <param name="Dated">The instant that windows and limits count it by.</param>
/// <param name="Starts">The first instant at which it counts; <paramref name="Ends"/> the first after.</param>
public sealed record EntryLine(
    long Position, string CauseSource, string CauseId, string Edition, string Rule, string Member, string Subject, string Unit, Account From, Account To, long Amount, Instant Dated, Instant Starts, Instant Ends)
{
    /// <summary>An account by name: "rule/W5/studio_creator", "member/ada", "member/ada/pending", "member/ada/paid".</summary>
    public static string NameOf(Account account, string member, string edition, string rule) => account switch
    {
        Account.Member => $"member/{member}",
        Account.Pending => $"member/{member}/pending",
        Account.Paid => $"member/{member}/paid",
        _ => edition.Length > 0 ? $"rule/{edition}/{rule}" : $"rule/{rule}",
    };
}

/// <summary>
/// Writes the leaves of the two Merkle logs as canonical JSON: 64-bit values are texts, names stand for numbers, so that any script can
/// read them and find the same roots. For one thread; what it gives is valid until its next call.
/// </summary>
public sealed class LeafWriter
{
    private readonly CanonicalJsonWriter _writer = new();
    private readonly List<KeyValuePair<string, FactValue>> _fields = [];

    /// <summary>A fact's leaf.</summary>
    public ReadOnlySpan<byte> Of(FactLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _writer.Clear();
        _writer.StartObject();
        _writer.Name("data");
        _writer.Canonical(line.Data);
        Name("id", line.Id);
        Name("recordedtime", line.Recorded.ToString());
        if (line.Salt.Length > 0) { Name("salt", line.Salt); }
        Name("source", line.Source);
        if (line.Subject is { } subject) { Name("subject", subject); }
        Name("time", line.Time.ToString());
        Name("type", line.Type);
        _writer.EndObject();
        return _writer.Written;
    }

    /// <summary>An entry's leaf.</summary>
    public ReadOnlySpan<byte> Of(EntryLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _writer.Clear();
        _writer.StartObject();
        Name("amount", Text(line.Amount));
        _writer.Name("cause");
        _writer.StartObject();
        Name("id", line.CauseId);
        Name("source", line.CauseSource);
        _writer.EndObject();
        Name("dated", line.Dated.ToString());
        Name("edition", line.Edition);
        Name("ends", line.Ends.ToString());
        Name("from", EntryLine.NameOf(line.From, line.Member, line.Edition, line.Rule));
        Name("member", line.Member);
        Name("position", Text(line.Position));
        Name("rule", line.Rule);
        Name("starts", line.Starts.ToString());
        Name("subject", line.Subject);
        Name("to", EntryLine.NameOf(line.To, line.Member, line.Edition, line.Rule));
        Name("unit", line.Unit);
        _writer.EndObject();
        return _writer.Written;
    }

    /// <summary>The data of a fact.</summary>
    public ReadOnlySpan<byte> DataOf(IEnumerable<KeyValuePair<string, FactValue>> data)
    {
        _writer.Clear();
        _writer.StartObject();
        _fields.Clear();
        _fields.AddRange(data);
        _fields.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach (var (name, value) in _fields)
        {
            _writer.Name(name);
            if (value is FactValue.Flag flag) { _writer.Flag(flag.Value); }
            else { _writer.Text(value.ToString()); }
        }
        _writer.EndObject();
        return _writer.Written;
    }

    private void Name(string name, string value)
    {
        _writer.Name(name);
        _writer.Text(value);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
