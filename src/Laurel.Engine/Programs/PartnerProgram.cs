using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>One scheme with its own rules, members and ledger: what can be told (the vocabulary) and what it means (the editions).</summary>
/// <param name="Vocabulary">What can be told.</param>
/// <param name="Editions">The published editions by rising effective date.</param>
/// <param name="Drafts">Editions not published: only ever read by name.</param>
public sealed record PartnerProgram(Vocabulary Vocabulary, IReadOnlyList<Edition> Editions, IReadOnlyList<Edition> Drafts)
{
    /// <summary>The program's name.</summary>
    public string Name => Vocabulary.Program;

    /// <summary>The edition or draft of that name; null where there is none.</summary>
    public Edition? Find(string edition) =>
        Editions.FirstOrDefault(e => e.Name == edition) ?? Drafts.FirstOrDefault(e => e.Name == edition);

    /// <summary>True where what one member has depends on what others have.</summary>
    /// <param name="under">By one edition alone; null for the published ones.</param>
    public bool ComparesMembers(Edition? under) => under is null ? Editions.Any(e => e.ComparesMembers) : under.ComparesMembers;
}

/// <summary>What can be told: the contract with the platform. It only grows.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="Title">What pages call it.</param>
/// <param name="Zone">The zone of every date, day, month and year.</param>
/// <param name="Units">What is counted; <see cref="Unit.Index"/> is the position here.</param>
/// <param name="Kinds">The kinds of subject; <see cref="SubjectKind.Index"/> is the position here. Member and person always come first.</param>
/// <param name="FactTypes">The types of fact, in the order in which facts of one instant count; <see cref="FactType.Order"/> is the position here. The built-in ones come first, the requests' last.</param>
/// <param name="Words">What a name is called on pages.</param>
public sealed record Vocabulary(
    string Program,
    Phrase Title,
    Zone Zone,
    IReadOnlyList<Unit> Units,
    IReadOnlyList<SubjectKind> Kinds,
    IReadOnlyList<FactType> FactTypes,
    IReadOnlyDictionary<string, Phrase> Words)
{
    /// <summary>The index of the kind "member".</summary>
    public const int MemberKind = 0;

    /// <summary>The index of the kind "person".</summary>
    public const int PersonKind = 1;
}

/// <summary>What is counted: points, money, hours.</summary>
/// <param name="Name">Its name; also the name of the metric of what is active now.</param>
/// <param name="Index">Its position in <see cref="Vocabulary.Units"/>.</param>
/// <param name="Decimals">How many digits after the point its smallest part has, 0 to 9.</param>
/// <param name="Money">True for a currency: never mixed with other units, and never lapsing because a member leaves.</param>
/// <param name="SecondPersonAbove">An adjustment above this many smallest parts needs a second person; null for never.</param>
public sealed record Unit(string Name, int Index, int Decimals, bool Money, long? SecondPersonAbove)
{
    /// <summary>What one of it is called; null where that is no other word.</summary>
    public Phrase? One { get; init; }

    /// <summary>An amount in smallest parts as an exact number of whole units.</summary>
    public Number Whole(long parts) => Number.Of(parts, Scales.Of(this));
}

/// <summary>A kind of thing that facts are about.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its position in <see cref="Vocabulary.Kinds"/>.</param>
/// <param name="Fields">All that can be known of one; <see cref="Field.Slot"/> is the position here.</param>
public sealed record SubjectKind(string Name, int Index, IReadOnlyList<Field> Fields);

/// <summary>One thing that can be known of a subject.</summary>
public sealed record Field(string Name, int Slot, FieldType Type)
{
    /// <summary>True where its values are about a person and may be erased: nothing that is computed reads it.</summary>
    public bool Personal { get; init; }
}

/// <summary>What values a field has.</summary>
public abstract record FieldType
{
    private FieldType() { }

    /// <summary>Any text.</summary>
    public sealed record Text : FieldType;

    /// <summary>An exact number.</summary>
    public sealed record Number : FieldType;

    /// <summary>True or false.</summary>
    public sealed record Flag : FieldType;

    /// <summary>An instant, or a date (its first instant in the program's zone).</summary>
    public sealed record Instant : FieldType;

    /// <summary>One of the values listed.</summary>
    public sealed record Choice(IReadOnlyList<string> Values) : FieldType;

    /// <summary>An amount of a money unit, in its smallest parts.</summary>
    public sealed record Money(int Unit) : FieldType;

    /// <summary>Another subject, by name.</summary>
    public sealed record Reference(int Kind) : FieldType;
}

/// <summary>A type of fact.</summary>
/// <param name="Name">Its name, such as "plan.activated".</param>
/// <param name="Order">Its position in <see cref="Vocabulary.FactTypes"/>: facts of one instant count in this order.</param>
/// <param name="About">The index of the kind that it is about.</param>
/// <param name="Carries">The fields that it needs or may have. A reference that is no field of the subject (a member named) has <see cref="FactField.Slot"/> -1.</param>
/// <param name="BuiltIn">What the engine itself makes of it.</param>
public sealed record FactType(string Name, int Order, int About, IReadOnlyList<FactField> Carries, BuiltIn BuiltIn = BuiltIn.None);

/// <summary>A field that a fact carries.</summary>
/// <param name="Name">The field's name, or the name of a kind.</param>
/// <param name="Type">Its type.</param>
/// <param name="Slot">The subject's field that it sets; -1 where it only names.</param>
/// <param name="Needed">True where a fact without it is refused.</param>
public sealed record FactField(string Name, FieldType Type, int Slot, bool Needed)
{
    /// <summary>True where the subject's field is: see <see cref="Field.Personal"/>.</summary>
    public bool Personal { get; init; }
}

/// <summary>Facts that the engine itself knows the meaning of.</summary>
public enum BuiltIn
{
    /// <summary>None: an edition says what it means.</summary>
    None,

    /// <summary>member.joined: the member is enrolled from then.</summary>
    Joined,

    /// <summary>member.left: the member is enrolled no more.</summary>
    Left,

    /// <summary>member.adjusted: an amount given or taken by a person.</summary>
    Adjusted,

    /// <summary>member.migrated: an amount brought from before.</summary>
    Migrated,

    /// <summary>fact.retracted: an earlier fact is as if never told.</summary>
    Retracted,

    /// <summary>edition.published: written by the program itself.</summary>
    Published,
}
