using System.Reflection;
using System.Runtime.CompilerServices;

namespace Laurel.Engine.Tests.House;

/// <summary>What can't change once it is made.</summary>
internal static class Immutability
{
    private static readonly HashSet<string> Known =
    [
        "System.String", "System.Decimal", "System.Guid", "System.Type", "System.DateOnly", "System.DateTime", "System.DateTimeOffset", "System.TimeSpan",
        "System.Int128", "System.UInt128", "System.Half", "System.Numerics.BigInteger", "System.Range", "System.Index", "System.StringComparer", "System.Text.RegularExpressions.Regex", "System.Globalization.CultureInfo",
        "System.Text.UTF8Encoding", "System.Buffers.SearchValues`1", "System.Nullable`1", "System.Collections.Generic.KeyValuePair`2",
        "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IEnumerable`1",
        "System.Collections.Generic.IReadOnlyDictionary`2", "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Generic.IComparer`1", "System.Collections.Generic.IEqualityComparer`1", "System.Linq.ILookup`2",
        "System.Text.Encodings.Web.JavaScriptEncoder",
    ];

    private static readonly HashSet<string> MutableCollections =
        ["System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1", "System.Text.StringBuilder",
        "System.Collections.Generic.IList`1", "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.ISet`1"];

    /// <summary>The static fields that can change, or hold what can.</summary>
    public static IEnumerable<string> StaticProblems(Type type) =>
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !IsGenerated(type) && !field.IsLiteral
        let why = !field.IsInitOnly ? "is not readonly" : IsHeldImmutable(field, []) ? null : $"holds a {field.FieldType.Name}, which can change"
        where why is not null
        select $"{type}.{field.Name} {why}";

    /// <summary>What of a type's instances can change after they are made, or be changed by whoever reads them.</summary>
    public static IEnumerable<string> InstanceProblems(Type type)
    {
        // A private type within another is a working cell that nobody else sees.
        if (type.IsEnum || type.IsNestedPrivate || IsGenerated(type)) { return []; }
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        var problems = new List<string>();
        problems.AddRange(fields.Where(field => type.IsVisible && field.IsPublic && !field.IsInitOnly).Select(field => $"{type}.{field.Name} is a public field that can change"));
        if (type.IsVisible) { problems.AddRange(properties.Where(property => property.SetMethod is { IsPublic: true } set && !IsInit(set)).Select(property => $"{type}.{property.Name} has a public setter")); }
        if (!IsRecord(type)) { return problems; }
        problems.AddRange(properties.Where(property => property.SetMethod is { } set && !IsInit(set)).Select(property => $"{type}.{property.Name}, of a record, has a setter"));
        problems.AddRange(fields.Where(field => !field.IsInitOnly && !IsBacking(field)).Select(field => $"{type}.{field.Name}, of a record, is not readonly"));
        problems.AddRange(properties.Where(property => type.IsVisible && property.GetMethod is { IsPublic: true } && CanBeChanged(property.PropertyType))
            .Select(property => $"{type}.{property.Name}, of a record, hands out a {property.PropertyType.Name}: use its read-only interface"));
        return problems;
    }

    public static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Namespace == "System.Text.RegularExpressions.Generated" || (type.DeclaringType is { } outer && IsGenerated(outer)) || type.Name.StartsWith('<');

    private static bool CanBeChanged(Type type) => type.IsArray || MutableCollections.Contains(Open(type));

    // A private array that nobody hands out is as good as a constant, and what the framework's parsers take.
    private static bool IsHeldImmutable(FieldInfo field, HashSet<Type> looking) =>
        IsImmutable(field.IsPrivate && !IsBacking(field) ? WithoutArrays(field.FieldType) : field.FieldType, looking);

    private static Type WithoutArrays(Type type) => type.IsArray ? WithoutArrays(type.GetElementType()!) : type;

    private static bool IsBacking(FieldInfo field) => field.Name.EndsWith("k__BackingField", StringComparison.Ordinal);

    private static bool IsImmutable(Type type, HashSet<Type> looking)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsGenericParameter || typeof(Delegate).IsAssignableFrom(type) || !looking.Add(type)) { return true; }
        var full = Open(type);
        if (Known.Contains(full) || full.StartsWith("System.Collections.Frozen.", StringComparison.Ordinal) || full.StartsWith("System.Collections.Immutable.", StringComparison.Ordinal))
        {
            return type.GetGenericArguments().All(argument => IsImmutable(argument, looking));
        }
        if (full.StartsWith("NodaTime.", StringComparison.Ordinal)) { return true; }

        // A private object (a value's text or list) is trusted: no type says what it is.
        // A struct in a readonly field can't be written to; it is as good as what it holds. Of classes, only our own are looked into.
        if (!type.IsValueType && !full.StartsWith("Laurel.", StringComparison.Ordinal)) { return false; }
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).All(field =>
            (type.IsValueType || field.IsInitOnly || IsOfInitProperty(type, field)) && (IsHeldImmutable(field, looking) || (field.IsPrivate && field.FieldType == typeof(object))));
    }

    private static bool IsOfInitProperty(Type type, FieldInfo field) =>
        IsBacking(field) &&
        type.GetProperty(field.Name[1..field.Name.IndexOf('>')], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.SetMethod is { } set && IsInit(set);

    private static string Open(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
