using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Ledger;

namespace Laurel.Cli.Ledgers;

/// <summary>
/// A ledger as JSON lines: each fact and each entry as the leaf that is hashed, then what was asked for, then the roots. From the
/// lines alone anybody derives the roots again.
/// </summary>
internal sealed class LedgerJson(LedgerLines lines, Asked asked, Terminal terminal) : ILedgerForm
{
    private MerkleFrontier _facts = MerkleFrontier.Empty;
    private MerkleFrontier _entries = MerkleFrontier.Empty;

    /// <inheritdoc/>
    public void Write(LogItem item)
    {
        if (asked.Member is not null) { return; }
        var leaf = lines.LeafOf(item);
        _facts = _facts.Append(MerkleHash.OfLeaf(leaf));
        WriteLine("fact", leaf);
    }

    /// <inheritdoc/>
    public void Write(Entry entry, LogItem cause)
    {
        var leaf = lines.LeafOf(entry, cause);
        _entries = _entries.Append(MerkleHash.OfLeaf(leaf));
        WriteLine("entry", leaf);
    }

    /// <inheritdoc/>
    public void End(LedgerBalances? balances)
    {
        foreach (var (member, unit, counts, pending) in balances?.All() ?? []) { WriteBalance(member, unit.Name, unit.Whole(counts).ToString(), unit.Whole(pending).ToString()); }
        if (asked.Member is null) { WriteRoots(); }
        else { terminal.Say("a member's part can't prove the whole: its facts and the roots are left out"); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void WriteLine(string name, ReadOnlySpan<byte> leaf)
    {
        terminal.Output.Write("{\""u8);
        terminal.Output.Write(Terminal.Utf8.GetBytes(name));
        terminal.Output.Write("\":"u8);
        terminal.Output.Write(leaf);
        terminal.Output.Write("}\n"u8);
    }

    private void WriteBalance(string member, string unit, string counts, string pending) => WriteObject("balance", json =>
    {
        json.WriteString("member", member);
        json.WriteString("unit", unit);
        json.WriteString("at", asked.At.ToString());
        json.WriteString("counts", counts);
        json.WriteString("pending", pending);
    });

    private void WriteRoots() => WriteObject("roots", json =>
    {
        json.WriteString("facts", _facts.Root.ToString());
        json.WriteString("entries", _entries.Root.ToString());
        json.WriteNumber("facts_size", _facts.Size);
        json.WriteNumber("entries_size", _entries.Size);
    });

    private void WriteObject(string name, Action<Utf8JsonWriter> properties)
    {
        using (var json = new Utf8JsonWriter(terminal.Output))
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            properties(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }
}
