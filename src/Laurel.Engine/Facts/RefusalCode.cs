namespace Laurel.Engine.Facts;

/// <summary>Why a fact was not recorded. Order is precedence: of all that is wrong with a fact, the first here is reported.</summary>
public enum RefusalCode
{
    /// <summary>The line is longer than 1 MiB.</summary>
    LineTooLong,

    /// <summary>The last line of the file ends in the middle.</summary>
    Truncated,

    /// <summary>The line is not UTF-8.</summary>
    NotUtf8,

    /// <summary>The line is not JSON.</summary>
    NotJson,

    /// <summary>The line is JSON, but no object.</summary>
    NotAnObject,

    /// <summary>An attribute or a field is written twice.</summary>
    Repeated,

    /// <summary>The attribute specversion is there and is not "1.0".</summary>
    UnknownVersion,

    /// <summary>An attribute that every fact needs is not there.</summary>
    MissingAttribute,

    /// <summary>An attribute is not a text.</summary>
    WrongAttributeType,

    /// <summary>The id is empty, longer than 255 bytes, or holds a character that no text may hold.</summary>
    InvalidId,

    /// <summary>The source is empty, longer than 1,024 bytes, or holds a character that no text may hold.</summary>
    InvalidSource,

    /// <summary>The program knows no fact of this type.</summary>
    UnknownType,

    /// <summary>Facts of this type are written by the program itself only.</summary>
    ReservedType,

    /// <summary>The subject is not a kind, a slash and a name of 1 to 255 bytes.</summary>
    InvalidSubject,

    /// <summary>The subject is of another kind than facts of this type are about.</summary>
    WrongKind,

    /// <summary>A time is neither a date nor a time of RFC 3339.</summary>
    InvalidTime,

    /// <summary>A time has no offset from UTC.</summary>
    TimeWithoutZone,

    /// <summary>A time is finer than a microsecond.</summary>
    TimeTooFine,

    /// <summary>A time lies outside the years 0001 to 9999.</summary>
    TimeOutOfRange,

    /// <summary>A fact would have been learnt outside the years 1970 to 2099.</summary>
    LearntOutOfRange,

    /// <summary>The attribute data is not a JSON object.</summary>
    DataNotAnObject,

    /// <summary>A fact of this type carries no such field.</summary>
    UnknownField,

    /// <summary>A field that a fact of this type needs is not there.</summary>
    MissingField,

    /// <summary>A field's value is of another type than the field.</summary>
    WrongType,

    /// <summary>A field's value is not one of those that it may have.</summary>
    UnknownValue,

    /// <summary>A text is longer than 4,096 bytes, a name is empty or longer than 255, or either holds a character that no text may hold.</summary>
    InvalidText,

    /// <summary>A number does not fit an exact fraction with 64-bit parts.</summary>
    NumberOutOfRange,

    /// <summary>An amount has more digits after the point than its unit.</summary>
    TooManyDecimals,

    /// <summary>An amount has more than 1,000,000,000,000,000 smallest parts of its unit.</summary>
    AmountOutOfRange,

    /// <summary>The history already holds 65,535 different pairs of a type and the optional fields that are there.</summary>
    TooManyShapes,

    /// <summary>Another fact of the same source has this id and says something else.</summary>
    FactIdReused,

    /// <summary>With it what a member gets would add up to more than 64 bits hold. Only a server says so: a score is told of the member instead.</summary>
    TotalOutOfRange,

    /// <summary>It enrols a member at a time at which none may be enrolled. Only a server says so.</summary>
    EnrolmentClosed,
}
