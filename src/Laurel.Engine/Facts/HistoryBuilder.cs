using System.Numerics;
using System.Runtime.InteropServices;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// Gathers facts one by one, in the order of the log, and builds the history from them. A fact that is refused leaves no trace.
/// </summary>
/// <remarks>
/// Source and id are a fact's identity. One whose identity is there already is accepted and changes nothing where it says the same: type,
/// subject, time and data. Where it says something else, the one that was learnt first stays and the other is refused; of two learnt
/// at one instant, the one that came first. So the order of coming decides nothing that the facts tell. What stays was learnt when it
/// was first learnt. Holds up to 2 GiB of ids, of texts and of names each.
/// </remarks>
public sealed partial class HistoryBuilder
{
    private const int ShapesMax = ushort.MaxValue;

    private readonly FactReader _reader;
    private readonly TextsBuilder _sources = new();
    private readonly TextsBuilder _keys = new();
    private readonly TextsBuilder _subjects = new();
    private readonly TextsBuilder _texts = new();
    private Number[] _numbers = new Number[16];
    private int _numberCount;
    private readonly Dictionary<Number, int> _numberPlaces = [];
    private readonly List<FactShape> _shapes = [];
    private readonly Dictionary<(int Type, ulong Present), int> _shapePlaces = [];
    private readonly GatheredFacts _facts;

    // Rows whose identity belongs to another row since.
    private readonly HashSet<int> _displaced = [];

    private long _recordedMax = long.MinValue;

    /// <summary>Starts with no fact.</summary>
    /// <exception cref="ArgumentException">The vocabulary has more than 256 kinds, or a type of fact that carries more than 64 fields.</exception>
    public HistoryBuilder(Vocabulary vocabulary)
        : this(vocabulary, new GatheredRows())
    {
    }

    /// <summary>Starts with no fact, to gather them in one way or another.</summary>
    internal HistoryBuilder(Vocabulary vocabulary, GatheredFacts facts)
    {
        _facts = facts;
        if (vocabulary.Kinds.Count > 256) { throw new ArgumentException("a vocabulary has at most 256 kinds", nameof(vocabulary)); }
        Vocabulary = vocabulary;
        _reader = new(new FactForms(vocabulary));
    }

    /// <summary>What can be told.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How many facts are recorded so far.</summary>
    public int Count => _facts.Count - _displaced.Count;

    /// <summary>How many facts came after one that was learnt later. The history puts them in order.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>The line of the first fact that came after one that was learnt later; 0 where there is none.</summary>
    public long FirstOutOfOrder { get; private set; }

    /// <summary>Records a fact.</summary>
    public Verdict Add(Fact fact) => (_reader.TryTake(fact) ? Record(0) : null) ?? AddLine(FactJson.Write(fact, Vocabulary), 0);

    /// <summary>Records the fact of a line: one CloudEvents object as JSON.</summary>
    /// <param name="utf8Line">The line without its end.</param>
    /// <param name="number">Its number in its file, from 1; 0 where it is of no file.</param>
    public Verdict AddLine(ReadOnlySpan<byte> utf8Line, long number) =>
        _reader.TryRead(utf8Line) ? Record(number) ?? Refuse(utf8Line, number) : new Verdict.Refused(_reader.Refuse(utf8Line, number));

    /// <summary>Records the fact that was read; null, with nothing changed, where that is refused, or another one then.</summary>
    private Verdict? Record(long number)
    {
        var draft = _reader.Draft;
        var shapeKnown = _shapePlaces.TryGetValue((draft.Type!.Type.Order, draft.Present), out var shape);
        var (twin, hash) = Find(draft);
        if (twin >= 0 && !(shapeKnown && Says(twin, shape, draft))) { return null; }
        if (twin >= 0 && !IsLearntBefore(twin, draft)) { return Verdict.WasUnchanged; }
        if (!shapeKnown && _shapes.Count == ShapesMax) { return null; }
        if (twin < 0) { _keys.Add(draft.Key(_sources.Intern(draft[draft.Source])), hash); }
        else { Displace(twin, hash); }
        Keep(draft, shapeKnown ? shape : AddShape(draft), number);
        return twin < 0 ? Verdict.WasRecorded : Verdict.WasUnchanged;
    }

    /// <summary>Refuses the fact that was read, or the one of before that says something else and was learnt later.</summary>
    private Verdict Refuse(ReadOnlySpan<byte> utf8Line, long number)
    {
        var draft = _reader.Draft;
        var shapeKnown = _shapePlaces.TryGetValue((draft.Type!.Type.Order, draft.Present), out var shape);
        if (!shapeKnown && _shapes.Count == ShapesMax) { return new Verdict.Refused(_reader.Refuse(RefusalCode.TooManyShapes, utf8Line, number)); }
        var (twin, hash) = Find(draft);
        if (!IsLearntBefore(twin, draft)) { return new Verdict.Refused(_reader.Refuse(RefusalCode.FactIdReused, utf8Line, number)); }
        Displace(twin, hash);
        Keep(draft, shapeKnown ? shape : AddShape(draft), number);
        return new Verdict.Recorded(_reader.RefuseDisplaced(new(_facts[twin].Recorded), utf8Line, number));
    }

    /// <summary>The fact that has the identity of another one, -1 for none; and the hash of that.</summary>
    private (int Twin, uint Hash) Find(FactDraft draft)
    {
        var source = _sources.Find(draft[draft.Source]);
        var key = draft.Key(source >= 0 ? source : _sources.Count);
        var hash = Texts.Hash(key);
        _keys.WillBeAsked(hash);
        AskAhead(draft);
        return (source >= 0 ? _keys.Find(key, hash) : -1, hash);
    }

    /// <summary>True where a fact was learnt before the one that has its identity. In columns the first to come stays.</summary>
    private bool IsLearntBefore(int twin, FactDraft draft) => _facts is not GrowingColumns && RecordedOf(draft) < _facts[twin].Recorded;

    private void Displace(int twin, uint hash)
    {
        _keys.AddAgain(twin, hash);
        _displaced.Add(twin);
    }

    /// <summary>The history of all facts recorded so far.</summary>
    public History Build()
    {
        var kept = _displaced.Count == 0 ? this : WithoutDisplaced();
        return HistoryLayout.Build(
            Vocabulary, (GatheredRows)kept._facts, new(kept._sources, kept._keys, kept._subjects, kept._texts), [.. kept._shapes], kept._numbers[..kept._numberCount], kept.OutOfOrder > 0, _supposedFrom);
    }

    /// <summary>Asks for all subjects that a fact names, before the first is looked up.</summary>
    private void AskAhead(FactDraft draft)
    {
        _subjects.WillBeAsked(Texts.Hash(draft[draft.Subject]));
        for (var rest = draft.Present & draft.Type!.References; rest != 0; rest &= rest - 1)
        {
            _subjects.WillBeAsked(Texts.Hash(draft[draft.Texts[BitOperations.TrailingZeroCount(rest)]]));
        }
    }

    private static long RecordedOf(FactDraft draft) => draft.Recorded ?? draft.At;

    private void Keep(FactDraft draft, int shape, long number)
    {
        var recorded = RecordedOf(draft);
        NoteOrder(recorded, number);
        var subject = draft.Subject.Length == 0 ? -1 : _subjects.Intern(draft[draft.Subject]);
        _facts.Add(draft.At, recorded, subject, (ushort)shape);
        foreach (var field in _shapes[shape].Fields) { _facts.Add(ValueOf(draft, field)); }
    }

    private void NoteOrder(long recorded, long number)
    {
        if (recorded < _recordedMax)
        {
            if (OutOfOrder++ == 0) { FirstOutOfOrder = number; }
        }
        else { _recordedMax = recorded; }
    }

    private long ValueOf(FactDraft draft, int field) => draft.Type!.Fields[field].Field.Type switch
    {
        FieldType.Text => _texts.Intern(draft[draft.Texts[field]]),
        FieldType.Reference => _subjects.Intern(draft[draft.Texts[field]]),
        FieldType.Number => NumberBits.Of(draft.Numbers[field]) ?? NumberBits.Aside(PlaceOf(draft.Numbers[field])),
        _ => draft.Bits[field],
    };

    private int PlaceOf(Number number)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_numberPlaces, number, out var there);
        if (there) { return place; }
        place = _numberCount++;
        if (place == _numbers.Length) { _numbers = GrowingColumns.Grown(_numbers); }
        _numbers[place] = number;
        return place;
    }

    private int AddShape(FactDraft draft)
    {
        var fields = Enumerable.Range(0, draft.Type!.Fields.Length).Where(field => (draft.Present & (1UL << field)) != 0);
        _shapes.Add(new(draft.Type.Type.Order, [.. fields]));
        _shapePlaces.Add((draft.Type.Type.Order, draft.Present), _shapes.Count - 1);
        return _shapes.Count - 1;
    }

    private bool Says(int fact, int shape, FactDraft draft)
    {
        var row = _facts[fact];
        if (row.Shape != shape || row.At != draft.At) { return false; }
        // A retraction is filed under the subject of the fact that it names, which its values say.
        if (draft.Subject.Length > 0 && row.Subject != _subjects.Find(draft[draft.Subject])) { return false; }
        var value = row.FirstValue;
        foreach (var field in _shapes[shape].Fields)
        {
            var told = draft.Type!.Fields[field].Field.Type switch
            {
                FieldType.Text => _texts.Find(draft[draft.Texts[field]]),
                FieldType.Reference => _subjects.Find(draft[draft.Texts[field]]),
                FieldType.Number => NumberBits.Of(draft.Numbers[field]) ?? (_numberPlaces.TryGetValue(draft.Numbers[field], out var place) ? NumberBits.Aside(place) : null),
                _ => draft.Bits[field],
            };
            if (_facts.Values[value++] != told) { return false; }
        }
        return true;
    }
}
