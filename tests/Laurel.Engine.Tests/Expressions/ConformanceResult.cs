namespace Laurel.Engine.Tests.Expressions;

/// <summary>What running a conformance file came to.</summary>
/// <param name="Wrong">Cases that fail and are not left out, or that are left out and need not be.</param>
internal sealed record ConformanceResult(string File, int Passed, int LeftOut, int All, IReadOnlyList<string> Wrong)
{
    private sealed record Group(string Reason, string Problem, IReadOnlyList<string> Paths);

    /// <summary>What is left out: the file, why, what the case then ends with, and the cases by section and name (* for all of a section).</summary>
    private static readonly Dictionary<string, Group> _leftOut = new()
    {
        ["comparisons"] = new("needs a protocol buffer message, and there are none", "a message is written out here",
            ["eq_wrapper/*", "eq_literal/eq_dyn_json_null", "eq_literal/not_eq_dyn_proto2_msg_null", "eq_literal/not_eq_dyn_proto3_msg_null",
                "ne_literal/ne_proto2", "ne_literal/ne_proto3", "ne_literal/ne_proto2_missing_fields_neq", "ne_literal/ne_proto3_missing_fields_neq",
                "ne_literal/ne_proto_nan_not_equal", "ne_literal/ne_proto_different_types",
                "ne_literal/ne_proto2_any_unpack", "ne_literal/ne_proto2_any_unpack_bytewise_fallback",
                "ne_literal/ne_proto3_any_unpack", "ne_literal/ne_proto3_any_unpack_bytewise_fallback"]),
        ["parse"] = new("needs a protocol buffer message, and there are none", "a message is written out here",
            ["struct_field_names/*", "whitespace/*", "comments/*", "nest/message_literal", "repeat/select", "repeat/message_literal"]),
    };

    public static ConformanceResult Of(string file)
    {
        var group = _leftOut.GetValueOrDefault(file);
        var wrong = new List<string>();
        var (passed, leftOut, all) = (0, 0, 0);
        foreach (var each in Conformance.Cases(file))
        {
            all++;
            var problem = each.Run();
            var excused = group is not null && (group.Paths.Contains(each.Path) || group.Paths.Contains(each.Section + "/*"));
            if (problem is null) { passed++; }
            else if (excused) { leftOut++; }
            if (problem is null && excused) { wrong.Add($"{each.Path} passes: it need not be left out"); }
            else if (problem is not null && !excused) { wrong.Add($"{each.Path} {problem}"); }
            else if (excused && !problem!.Contains(group!.Problem, StringComparison.Ordinal)) { wrong.Add($"{each.Path} is left out for another reason: {problem}"); }
        }
        return new(file, passed, leftOut, all, wrong);
    }

    public override string ToString() =>
        $"{File}: {Passed} of {All} pass" + (LeftOut == 0 ? "" : $"; {LeftOut} left out: {_leftOut[File].Reason}");
}
