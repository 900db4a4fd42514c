using System.Globalization;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>One case of a conformance file.</summary>
internal sealed record ConformanceCase(string Section, string Name, TextProto Test)
{
    public string Path => $"{Section}/{Name}";

    private string Source => Test.Text("expr");

    /// <summary>Runs it, with and without a trace.</summary>
    /// <returns>Null where it passes, else what went wrong.</returns>
    public string? Run()
    {
        var names = Bindings(out var problem);
        if (names is null) { return problem; }
        var parsed = CelParser.Parse(Source, Dialect.Plain);
        if (parsed.Root is null) { return $"does not parse: {parsed.Problems[0].Message}"; }
        Expression expression;
        if (Test.Has("disable_check")) { expression = CelChecker.Unchecked(parsed.Root, parsed.NodeCount, Source, names, Dialect.Plain); }
        else
        {
            var result = CelChecker.Check(parsed.Root, parsed.NodeCount, Source, names, Dialect.Plain, expected: null);
            if (result.Expression is null) { return $"does not check: {result.Problems[0].Message}"; }
            expression = result.Expression;
        }
        return Judge(names.Evaluate<NoTrace>(expression, default)) ?? Judge(names.Evaluate(expression, Noted.New()));
    }

    private string? Judge(Value value)
    {
        if (Test.Has("eval_error")) { return value.Kind == ValueKind.Error ? null : $"gives {value} where it should be an error"; }
        if (Test.Message("value") is not { } message) { return "expects nothing that this reader knows"; }
        var expected = ValueOf(message);
        if (expected is null) { return "expects a message"; }
        return Identical(value, expected.Value) ? null : $"gives {value.Kind} {value}, not {expected.Value.Kind} {expected}";
    }

    /// <summary>Equal, and of the same kind; minus zero is not zero.</summary>
    private static bool Identical(in Value a, in Value b)
    {
        if (a.Kind != b.Kind) { return false; }
        if (a.Kind == ValueKind.Double) { return BitConverter.DoubleToInt64Bits(a.AsDouble) == BitConverter.DoubleToInt64Bits(b.AsDouble); }
        if (a.Kind != ValueKind.List) { return a == b; }
        var (x, y) = (a.AsList, b.AsList);
        return x.Count == y.Count && x.Zip(y).All(pair => Identical(pair.First, pair.Second));
    }

    private Names? Bindings(out string problem)
    {
        var types = Test.Messages("type_env").ToDictionary(entry => entry.Text("name"), entry => TypeOf(entry.Message("ident")!.Message("type")!));
        var names = new Names();
        problem = "binds a message";
        foreach (var binding in Test.Messages("bindings"))
        {
            var name = binding.Text("key");
            if (ValueOf(binding.Message("value")!.Message("value")!) is not { } value) { return null; }
            // The named constants can't be shadowed; a scope is not even asked for them.
            names.Add(name, types.GetValueOrDefault(name, CelType.Dyn), value);
        }
        return names;
    }

    private static CelType TypeOf(TextProto type)
    {
        if (type.Message("list_type") is { } list) { return new CelType.List(TypeOf(list.Message("elem_type")!)); }
        if (type.Message("map_type") is { } map) { return new CelType.Map(TypeOf(map.Message("key_type")!), TypeOf(map.Message("value_type")!)); }
        if (type.Has("null")) { return CelType.Null; }
        if (type.Has("message_type")) { return type.Text("message_type") == "google.protobuf.Duration" ? CelType.Duration : CelType.Dyn; }
        return type.Word("primitive") switch
        {
            "BOOL" => CelType.Bool,
            "INT64" => CelType.Int,
            "UINT64" => CelType.UInt,
            "DOUBLE" => CelType.Double,
            "STRING" => CelType.Text,
            "BYTES" => CelType.Bytes,
            var other => throw new FormatException(other),
        };
    }

    private static Value? ValueOf(TextProto message)
    {
        var kind = message.Names.Single();
        switch (kind)
        {
            case "bool_value": return Value.Of(message.Word(kind) == "true");
            case "int64_value": return Value.Int(long.Parse(message.Word(kind), CultureInfo.InvariantCulture));
            case "uint64_value": return Value.UInt(ulong.Parse(message.Word(kind), CultureInfo.InvariantCulture));
            case "double_value": return Value.Double(TextProto.Double(message.Word(kind)));
            case "string_value": return Value.Of(message.Text(kind));
            case "bytes_value": return Value.Bytes(message.Bytes(kind));
            case "null_value": return Value.Null;
            case "type_value": return Value.TypeNamed(message.Text(kind));
            case "list_value": return Value.List([.. message.Message(kind)!.Messages("values").Select(each => ValueOf(each)!.Value)]);
            case "map_value":
                return Value.Map(ValueMap.Of(message.Message(kind)!.Messages("entries")
                    .Select(entry => new KeyValuePair<Value, Value>(ValueOf(entry.Message("key")!)!.Value, ValueOf(entry.Message("value")!)!.Value))));
            default:
                if (message.Message(kind)?.Message("[type.googleapis.com/google.protobuf.Duration]") is not { } duration) { return null; }
                return Value.Duration((long.Parse(duration.Word("seconds"), CultureInfo.InvariantCulture) * 1_000_000_000) + long.Parse(duration.Word("nanos"), CultureInfo.InvariantCulture));
        }
    }
}
