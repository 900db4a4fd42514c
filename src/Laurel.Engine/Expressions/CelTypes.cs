namespace Laurel.Engine.Expressions;

/// <summary>How types go together.</summary>
internal static class CelTypes
{
    /// <summary>True where a value of one type can stand where the other is asked for; <see cref="CelType.Dyn"/> goes with everything.</summary>
    public static bool Fits(CelType given, CelType asked) => (given, asked) switch
    {
        _ when given == CelType.Dyn || asked == CelType.Dyn || given == asked => true,
        (CelType.Choice, _) when asked == CelType.Text => true,
        (CelType.List a, CelType.List b) => Fits(a.Element, b.Element),
        (CelType.Map a, CelType.Map b) => Fits(a.Key, b.Key) && Fits(a.Value, b.Value),
        _ => false,
    };

    /// <summary>The type that covers both; <see cref="CelType.Dyn"/> where only that does.</summary>
    public static CelType Join(CelType a, CelType b) => (a, b) switch
    {
        _ when a == b => a,
        (CelType.List x, CelType.List y) => new CelType.List(Join(x.Element, y.Element)),
        (CelType.Map x, CelType.Map y) => new CelType.Map(Join(x.Key, y.Key), Join(x.Value, y.Value)),
        _ when IsText(a) && IsText(b) => CelType.Text,
        _ => CelType.Dyn,
    };

    /// <summary>True where both can be equal: one type, or one that may turn out to be the other.</summary>
    public static bool MayEqual(CelType a, CelType b, Dialect dialect) => (a, b) switch
    {
        _ when Fits(a, b) || Fits(b, a) => true,
        (CelType.Choice x, CelType.Choice y) => x.Values.Intersect(y.Values).Any(),
        (CelType.List x, CelType.List y) => MayEqual(x.Element, y.Element, dialect),
        (CelType.Map x, CelType.Map y) => MayEqual(x.Key, y.Key, dialect) && MayEqual(x.Value, y.Value, dialect),
        _ => dialect == Dialect.Plain && (a == CelType.Null || b == CelType.Null),
    };

    /// <summary>True for a text, and for a choice, which is one of some texts.</summary>
    public static bool IsText(CelType type) => type == CelType.Text || type is CelType.Choice;

    /// <summary>A type in the words of a person, with its article: "a number", "a value of site.editor".</summary>
    public static string Describe(CelType type) => type == CelType.Dyn ? "anything" : type == CelType.Bytes ? "bytes" : $"{(Noun(type) is "instant" or "int" ? "an" : "a")} {Noun(type)}";

    private static string Noun(CelType type) => type switch
    {
        CelType.Choice choice => $"value of {choice.Name}",
        CelType.Reference reference => reference.Kind,
        CelType.List list => list.Element == CelType.Dyn ? "list" : $"list of {Many(list.Element)}",
        CelType.Map map => map.Value == CelType.Dyn ? "map" : $"map to {Many(map.Value)}",
        CelType.Simple { Name: "bool" } => "condition",
        CelType.Simple { Name: "string" } => "text",
        CelType.Simple { Name: "timestamp" } => "instant",
        _ => type.ToString(),
    };

    private static string Many(CelType type) => type switch
    {
        CelType.Choice choice => $"values of {choice.Name}",
        CelType.List => "lists",
        CelType.Map => "maps",
        _ => type == CelType.Bytes ? "bytes" : Noun(type) + "s",
    };

    /// <summary>True where a value is of a type, as far as its kind tells.</summary>
    public static bool IsOf(in Value value, CelType type) => type switch
    {
        CelType.List => value.Kind == ValueKind.List,
        CelType.Map => value.Kind == ValueKind.Map,
        CelType.Choice => value.Kind == ValueKind.Text,
        CelType.Reference => value.Kind == ValueKind.Reference,
        _ => type == CelType.Dyn || type == TypeOf(value),
    };

    /// <summary>The type of a value; of a list, a map or a reference without its parts.</summary>
    public static CelType TypeOf(in Value value) => value.Kind switch
    {
        ValueKind.Null => CelType.Null,
        ValueKind.Bool => CelType.Bool,
        ValueKind.Int => CelType.Int,
        ValueKind.UInt => CelType.UInt,
        ValueKind.Double => CelType.Double,
        ValueKind.Number => CelType.Number,
        ValueKind.Text => CelType.Text,
        ValueKind.Bytes => CelType.Bytes,
        ValueKind.Timestamp => CelType.Timestamp,
        ValueKind.Duration => CelType.Duration,
        ValueKind.List => new CelType.List(CelType.Dyn),
        ValueKind.Map => new CelType.Map(CelType.Dyn, CelType.Dyn),
        ValueKind.Type => CelType.Type,
        _ => CelType.Dyn,
    };

    /// <summary>The name that CEL gives the type of a value, in <c>type(x)</c>.</summary>
    public static string NameOf(in Value value) => value.Kind switch
    {
        ValueKind.Null => "null_type",
        ValueKind.Timestamp => "google.protobuf.Timestamp",
        ValueKind.Duration => "google.protobuf.Duration",
        ValueKind.List => "list",
        ValueKind.Map => "map",
        _ => TypeOf(value).ToString(),
    };

    /// <summary>True for the names that stand for types in the plain dialect.</summary>
    public static bool IsTypeName(string name) => name is "bool" or "int" or "uint" or "double" or "string" or "bytes" or "list" or "map" or "null_type" or "type"
        or "google.protobuf.Timestamp" or "google.protobuf.Duration";
}
