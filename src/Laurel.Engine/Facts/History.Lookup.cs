using System.Text;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <content>Names, texts and facts by their numbers, and the other way.</content>
public sealed partial class History
{
    /// <summary>The sources; a key reads them by number.</summary>
    internal Texts Sources { get; init; } = Facts.Texts.None;

    /// <summary>By place (see <see cref="PlaceOf"/>): the fact's key (see <see cref="FactKey"/>).</summary>
    internal Texts Keys { get; init; } = Facts.Texts.None;

    /// <summary>By subject: the kind's index as one byte, then the name.</summary>
    internal Texts Subjects { get; init; } = Facts.Texts.None;

    /// <summary>The texts that fields have.</summary>
    internal Texts Texts { get; init; } = Facts.Texts.None;

    /// <summary>The numbers that do not fit a value's bits.</summary>
    internal Number[] Numbers { get; set; } = [];

    /// <summary>One bit for each fact that is retracted for some readers; empty where there is none.</summary>
    internal ulong[] EverRetracted { get; set; } = [];

    /// <summary>The bytes that the history takes in memory, the ids and names included.</summary>
    public long BytesHeld =>
        (8L * (At.Length + Values.Length + Recorded.Length + EverRetracted.Length)) + (4L * (FirstFact.Length + EndFact.Length + (Order?.Length ?? 0) + About.Length + Position.Length + FirstValue.Length + FactAt.Length))
        + (2L * Shape.Length) + Kinds.Length + (16L * Numbers.Length)
        + (20L * RetractedFrom.Count) + RetractionToggles.Values.Sum(toggles => 52L + (4L * toggles.Length))
        + Sources.BytesHeld + Keys.BytesHeld + Subjects.BytesHeld + Texts.BytesHeld;

    /// <summary>How long the log is, as far as it is known here: all positions are below.</summary>
    internal int LogEnd { get; set; }

    /// <summary>The text of a value of a text field.</summary>
    public string TextOf(long value) => Encoding.UTF8.GetString(Texts[(int)value]);

    /// <summary>The number of a value of a number field.</summary>
    public Number NumberOf(long value) => NumberBits.Read(value, Numbers);

    /// <summary>The value that a text field has with this text; -1 where no fact ever told it, and none will.</summary>
    public int TextNumber(string text) => Texts is TextsBuilder growing ? growing.Intern(Encoding.UTF8.GetBytes(text)) : Texts.Find(Encoding.UTF8.GetBytes(text));

    /// <summary>The subject of a kind and name; null where no fact is about it or names it.</summary>
    public int? SubjectOf(int kind, string name)
    {
        byte[] key = [(byte)kind, .. Encoding.UTF8.GetBytes(name)];
        return Subjects.Find(key) is >= 0 and var subject ? subject : null;
    }

    /// <summary>The name of a subject, without its kind.</summary>
    public string NameOf(int subject) => Encoding.UTF8.GetString(Subjects[subject][1..]);

    /// <summary>The kind of a subject, by <see cref="SubjectKind.Index"/>.</summary>
    public int KindOf(int subject) => Kinds[subject];

    /// <summary>The subjects of a kind, in the order in which they were first told.</summary>
    public IEnumerable<int> SubjectsOf(int kind)
    {
        for (var subject = 0; subject < SubjectCount; subject++)
        {
            if (Kinds[subject] == kind) { yield return subject; }
        }
    }

    /// <summary>A subject's facts, by when they happened.</summary>
    public FactList FactsOf(int subject)
    {
        var first = FirstFact[subject];
        return new(Order, first, (Order is null ? FirstFact[subject + 1] : EndFact[subject]) - first);
    }

    /// <summary>The place of the first fact in a subject's list that happened after an instant.</summary>
    internal int PlaceAfter(in FactList facts, long at)
    {
        var (low, high) = (0, facts.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At[facts[middle]] <= at) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }

    /// <summary>The facts of no subject: retractions of what nobody told.</summary>
    public FactList FactsOfNobody => Order is null ? new(null, FirstFact[^1], FactCount - FirstFact[^1]) : new([.. OfNobody], 0, OfNobody.Count);

    /// <summary>The subject that a fact is about; -1 for the retraction of a fact that nobody told.</summary>
    public int AboutOf(int fact)
    {
        if (Order is not null) { return About[fact]; }
        // Subjects without facts share their start with the next one: the last of those that start here is the one.
        var (low, high) = (0, FirstFact.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FirstFact[middle] <= fact) { low = middle + 1; }
            else { high = middle; }
        }
        return low - 1 == SubjectCount ? -1 : low - 1;
    }

    /// <summary>True where a fact of a subject comes before another: by when they happened, by their type's order, by position in the log.</summary>
    internal bool IsBefore(int fact, int other)
    {
        if (At[fact] != At[other]) { return At[fact] < At[other]; }
        var (type, otherType) = (TypeNumber(fact), TypeNumber(other));
        return type != otherType ? type < otherType : Position[fact] < Position[other];
    }

    /// <summary>The type of a fact, by <see cref="FactType.Order"/>.</summary>
    public int TypeNumber(int fact) => Shapes[Shape[fact]].Type;

    /// <summary>The type of a fact.</summary>
    public FactType TypeOf(int fact) => Vocabulary.FactTypes[TypeNumber(fact)];

    /// <summary>When a fact happened.</summary>
    public Instant TimeOf(int fact) => new(At[fact]);

    /// <summary>The position of a fact in the log, from 0.</summary>
    public int PositionOf(int fact) => Position[fact];

    /// <summary>True for a fact that nobody told: a what-if or a forecast supposes it.</summary>
    public bool IsSupposed(int fact) => Position[fact] >= SupposedFrom;

    /// <summary>The id of a fact among those of its source.</summary>
    public string IdOf(int fact)
    {
        FactKey.Read(Keys[PlaceOf(fact)], out var id);
        return Encoding.UTF8.GetString(id);
    }

    /// <summary>Who told a fact.</summary>
    public string SourceOf(int fact) => Encoding.UTF8.GetString(Sources[FactKey.Read(Keys[PlaceOf(fact)], out _)]);

    /// <summary>The fact of a source and id; null where nobody told it.</summary>
    public int? Find(string source, string id)
    {
        Span<byte> name = stackalloc byte[FactKey.SourceMax];
        if (!Encoding.UTF8.TryGetBytes(source, name, out var length) || Sources.Find(name[..length]) is not (>= 0 and var number)) { return null; }
        if (!Encoding.UTF8.TryGetBytes(id, name[..FactKey.IdMax], out length)) { return null; }
        return Keys.Find(FactKey.Write(stackalloc byte[FactKey.BytesMax], number, name[..length])) is >= 0 and var place ? Order is null ? FactAt[place] : place : null;
    }

    /// <summary>Where what is kept in the order of coming stands of a fact: at its position, where all of the log is here.</summary>
    internal int PlaceOf(int fact) => Order is null ? Position[fact] : fact;

    /// <summary>When a fact was first learnt.</summary>
    public Instant RecordedOf(int fact) => new(Recorded[PlaceOf(fact)]);

    /// <summary>When the fact at a position of the log was first learnt; the position must be that of a fact here.</summary>
    public Instant RecordedAt(int position) => new(Recorded[Order is null ? position : Array.IndexOf(Position, position, 0, FactCount)]);

    /// <summary>How many facts of the log were learnt by then: those at positions below this.</summary>
    public int KnownUpTo(Instant known)
    {
        if (Order is not null) { return Enumerable.Range(0, FactCount).Where(fact => Recorded[fact] <= known.Micros).Select(fact => Position[fact] + 1).DefaultIfEmpty(0).Max(); }
        var (low, high) = (0, Recorded.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (Recorded[middle] <= known.Micros) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }

    /// <summary>True where a fact counts for a reader who knows the first so many facts of the log: it is among them and not retracted.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="known">How many facts are known, as <see cref="KnownUpTo"/> says.</param>
    public bool IsKnown(int fact, int known) => (known >= LogEnd || Position[fact] < known) && !IsRetracted(fact, known);

    /// <summary>
    /// True where a fact is as if never told for a reader who knows the first so many facts of the log: its retraction is among
    /// them, and no retraction of that.
    /// </summary>
    /// <param name="fact">The fact.</param>
    /// <param name="known">How many facts are known, as <see cref="KnownUpTo"/> says.</param>
    public bool IsRetracted(int fact, int known) =>
        fact >> 6 < EverRetracted.Length && (EverRetracted[fact >> 6] & (1UL << (fact & 63))) != 0 && IsTakenBack(fact, known);

    // Apart, since every fact is asked for, and what the function below closes over costs an object at each call.
    private bool IsTakenBack(int fact, int known) =>
        RetractedFrom[fact] < known && (!RetractionToggles.TryGetValue(fact, out var toggles) || toggles.Count(position => position < known) % 2 == 1);

    /// <summary>A fact as it was told.</summary>
    public Fact FactOf(int fact)
    {
        var type = TypeOf(fact);
        var fields = Shapes[Shape[fact]].Fields;
        var data = new KeyValuePair<string, FactValue>[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = type.Carries[fields[i]];
            data[i] = new(field.Name, ValueOf(field.Type, Values[FirstValue[fact] + i]));
        }
        var about = AboutOf(fact);
        SubjectName? subject = about < 0 ? null : new(Vocabulary.Kinds[Kinds[about]].Name, NameOf(about));
        var (time, recorded) = (TimeOf(fact), RecordedOf(fact));
        return new(SourceOf(fact), IdOf(fact), type, subject, time, recorded == time ? null : recorded, data);
    }

    private FactValue ValueOf(FieldType type, long value) => type switch
    {
        FieldType.Text => new FactValue.Text(TextOf(value)),
        FieldType.Number => new FactValue.Number(NumberOf(value)),
        FieldType.Flag => new FactValue.Flag(value != 0),
        FieldType.Instant => new FactValue.Instant(new(value)),
        FieldType.Choice choice => new FactValue.Choice(choice.Values[(int)value]),
        FieldType.Money money => new FactValue.Money(value, money.Unit),
        FieldType.Reference => new FactValue.Reference(NameOf((int)value)),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
