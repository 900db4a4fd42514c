using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Laurel.Engine.Tests.House;

/// <summary>The public types and members of an assembly, one a line, in a stable order: what others build on.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(char)] = "char",
    };

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal)) { text.Append("    ").Append(member).Append('\n'); }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : (Immutability.IsRecord(type) ? "record " : "") + (type.IsValueType ? "struct" : "class");
        var manner = type.IsEnum || type.IsInterface || type.IsValueType ? "" : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var parents = new[] { type.BaseType }.Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            .Concat(type.GetInterfaces().Where(parent => !type.IsEnum && parent.Name != "IEquatable`1").OrderBy(parent => parent.Name, StringComparer.Ordinal))
            .Select(parent => Name(parent!)).ToList();
        return $"{manner}{kind} {type.Namespace}.{Name(type)}{(parents.Count > 0 ? " : " : "")}{string.Join(", ", parents)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) { return Enum.GetValues(type).Cast<object>().Select(value => $"{Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),3} {value}"); }
        return type.GetMembers(Declared).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute))).Select(member => member switch
        {
            ConstructorInfo made when IsOpen(made) => $"{type.Name.Split('`')[0]}({Parameters(made)})",
            MethodInfo method when IsOpen(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
                $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
            PropertyInfo property when property.GetMethod is { } get && IsOpen(get) =>
                $"{(get.IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name}{(property.GetIndexParameters().Length > 0 ? $"[{Parameters(get)}]" : "")} {{ get; {(property.SetMethod is { } set && IsOpen(set) ? "init; " : "")}}}",
            FieldInfo { IsLiteral: true, IsPublic: true } constant => $"const {Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
            FieldInfo { IsPublic: true } field => $"{(field.IsStatic ? "static " : "")}readonly {Name(field.FieldType)} {field.Name}",
            _ => "",
        }).Where(line => line.Length > 0);
    }

    private static bool IsOpen(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && method.DeclaringType is { IsSealed: false } && !method.IsConstructor);

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var passed = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{passed}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}";
    }));

    private static string Name(Type type)
    {
        if (type.IsByRef) { return Name(type.GetElementType()!); }
        if (type.IsArray) { return Name(type.GetElementType()!) + "[]"; }
        if (Keywords.TryGetValue(type, out var keyword)) { return keyword; }
        if (type.IsGenericParameter) { return type.Name; }
        if (Nullable.GetUnderlyingType(type) is { } value) { return Name(value) + "?"; }
        var outer = type.DeclaringType is { } declaring ? Name(declaring).Split('<')[0] + "." : "";
        var arguments = type.GetGenericArguments();
        return outer + type.Name.Split('`')[0] + (arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(Name))}>" : "");
    }
}
