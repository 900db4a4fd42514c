using System.Runtime.InteropServices;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// Gathers facts one by one, in the order of the log, and builds the history from them. A fact that is refused leaves no trace.
/// </summary>
/// <remarks>
/// A fact whose source and id are there already is accepted and changes nothing where it says the same: type, subject, time and data;
/// when it was learnt the second time does not matter. Holds up to 2 GiB of ids, of texts and of names each.
/// </remarks>
public sealed partial class HistoryBuilder
{
    private const int ShapesMax = ushort.MaxValue;

    private readonly FactReader _reader;
    private readonly TextsBuilder _sources = new();
    private readonly TextsBuilder _keys = new();
    private readonly TextsBuilder _subjects = new();
    private readonly TextsBuilder _texts = new();
    private readonly List<Number> _numbers = [];
    private readonly Dictionary<Number, int> _numberPlaces = [];
    private readonly List<FactShape> _shapes = [];
    private readonly Dictionary<(int Type, ulong Present), int> _shapePlaces = [];
    private readonly FactColumns _columns = new();

    private long _recordedMax = long.MinValue;

    /// <summary>Starts with no fact.</summary>
    /// <exception cref="ArgumentException">The vocabulary has more than 256 kinds, or a type of fact that carries more than 64 fields.</exception>
    public HistoryBuilder(Vocabulary vocabulary)
    {
        if (vocabulary.Kinds.Count > 256) { throw new ArgumentException("a vocabulary has at most 256 kinds", nameof(vocabulary)); }
        Vocabulary = vocabulary;
        _reader = new(vocabulary);
    }

    /// <summary>What can be told.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How many facts are recorded so far.</summary>
    public int Count => _columns.Count;

    /// <summary>How many facts came after one that was learnt later. The history puts them in order.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>The line of the first fact that came after one that was learnt later; 0 where there is none.</summary>
    public long FirstOutOfOrder { get; private set; }

    /// <summary>Records a fact.</summary>
    public Verdict Add(Fact fact) => AddLine(FactJson.Write(fact, Vocabulary), 0);

    /// <summary>Records the fact of a line: one CloudEvents object as JSON.</summary>
    /// <param name="utf8Line">The line without its end.</param>
    /// <param name="number">Its number in its file, from 1; 0 where it is of no file.</param>
    public Verdict AddLine(ReadOnlySpan<byte> utf8Line, long number)
    {
        if (!_reader.TryRead(utf8Line)) { return new Verdict.Refused(_reader.Refuse(utf8Line, number)); }
        var draft = _reader.Draft;
        var type = draft.Type!.Type;
        var shapeKnown = _shapePlaces.TryGetValue((type.Order, draft.Present), out var shape);
        if (!shapeKnown && _shapes.Count == ShapesMax)
        {
            return new Verdict.Refused(_reader.Refuse(RefusalCode.TooManyShapes, "type", draft[draft.Id], utf8Line, number));
        }
        var source = _sources.Find(draft[draft.Source]);
        var key = draft.Key(source >= 0 ? source : _sources.Count);
        var hash = Texts.Hash(key);
        var twin = source >= 0 ? _keys.Find(key, hash) : -1;
        if (twin >= 0)
        {
            return shapeKnown && Says(twin, shape, draft)
                ? Verdict.WasUnchanged
                : new Verdict.Refused(_reader.Refuse(RefusalCode.FactIdReused, "id", draft[draft.Id], utf8Line, number));
        }
        if (source < 0) { _sources.Intern(draft[draft.Source]); }
        _keys.Add(key, hash);
        Keep(draft, shapeKnown ? shape : AddShape(draft), number);
        return Verdict.WasRecorded;
    }

    /// <summary>The history of all facts recorded so far.</summary>
    public History Build() => HistoryLayout.Build(Vocabulary, _columns, new(_sources, _keys, _subjects, _texts), [.. _shapes], [.. _numbers], OutOfOrder > 0, _supposedFrom);

    private void Keep(FactDraft draft, int shape, long number)
    {
        var recorded = draft.Recorded ?? draft.At;
        if (recorded < _recordedMax)
        {
            if (OutOfOrder++ == 0) { FirstOutOfOrder = number; }
        }
        else { _recordedMax = recorded; }
        var subject = draft.Subject.Length == 0 ? -1 : _subjects.Intern(draft[draft.Subject]);
        _columns.Add(draft.At, recorded, subject, (ushort)shape);
        foreach (var field in _shapes[shape].Fields) { _columns.Values.Add(ValueOf(draft, field)); }
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
        place = _numbers.Count;
        _numbers.Add(number);
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
        if (_columns.Shape[fact] != shape || _columns.At[fact] != draft.At) { return false; }
        var subject = draft.Subject.Length == 0 ? -1 : _subjects.Find(draft[draft.Subject]);
        if (_columns.Subject[fact] != subject) { return false; }
        var value = _columns.FirstValue[fact];
        foreach (var field in _shapes[shape].Fields)
        {
            var told = draft.Type!.Fields[field].Field.Type switch
            {
                FieldType.Text => _texts.Find(draft[draft.Texts[field]]),
                FieldType.Reference => _subjects.Find(draft[draft.Texts[field]]),
                FieldType.Number => NumberBits.Of(draft.Numbers[field]) ?? (_numberPlaces.TryGetValue(draft.Numbers[field], out var place) ? NumberBits.Aside(place) : null),
                _ => draft.Bits[field],
            };
            if (_columns.Values[value++] != told) { return false; }
        }
        return true;
    }
}
