using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>Reads a file of facts into a history.</summary>
public sealed class FactLines : LineFeed
{
    private readonly HistoryBuilder _history;
    private readonly Action<Refusal> _refused;

    /// <summary>Starts a file.</summary>
    /// <param name="history">Takes the facts.</param>
    /// <param name="refused">Is told of every line that is refused, in order.</param>
    public FactLines(HistoryBuilder history, Action<Refusal> refused) => (_history, _refused) = (history, refused);

    /// <summary>How many facts were recorded.</summary>
    public long Recorded { get; private set; }

    /// <summary>How many facts were there already.</summary>
    public long Unchanged { get; private set; }

    /// <summary>How many lines were refused.</summary>
    public long Refused { get; private set; }

    /// <inheritdoc/>
    protected override void Take(ReadOnlySpan<byte> line, bool ended)
    {
        switch (_history.AddLine(line, Lines))
        {
            case Verdict.Recorded { Displaced: { } displaced }:
                Refused++;
                _refused(displaced);
                break;
            case Verdict.Recorded:
                Recorded++;
                break;
            case Verdict.Unchanged:
                Unchanged++;
                break;
            case Verdict.Refused refused:
                Refused++;
                _refused(Told(refused.Refusal, line, ended, _history.Vocabulary));
                break;
        }
    }
}

/// <summary>Reads a file of facts one by one.</summary>
public sealed class ParsedLines : LineFeed
{
    private readonly Vocabulary _vocabulary;
    private readonly FactParser _parser;
    private readonly Action<long, Fact?, Refusal?> _read;

    /// <summary>Starts a file.</summary>
    /// <param name="vocabulary">What can be told.</param>
    /// <param name="read">Is told of every line that is not blank, in order: its number from 1, and its fact, or why it is refused.</param>
    public ParsedLines(Vocabulary vocabulary, Action<long, Fact?, Refusal?> read) => (_vocabulary, _parser, _read) = (vocabulary, new(vocabulary), read);

    /// <inheritdoc/>
    protected override void Take(ReadOnlySpan<byte> line, bool ended)
    {
        var fact = _parser.Read(line, Lines, out var refusal);
        _read(Lines, fact, refusal is null ? null : Told(refusal, line, ended, _vocabulary));
    }
}
