using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>
/// What the conditions of rules come to in every case that there is, where cases are few: a state holds or not, a field has one of
/// a few values or was not told, a member has a role or not. The evaluator fills it once; the fold then looks up instead of evaluating.
/// </summary>
/// <remarks>Only rules with a constant amount, whose <c>to</c> reads roles of the subject alone and whose <c>while</c> reads its states
/// and choices alone; the others are evaluated.</remarks>
internal sealed class DecisionTable
{
    /// <summary>More cases than these many bits tell apart would cost more memory than evaluating costs time.</summary>
    private const int BitsMax = 12;

    private readonly ulong _has;
    private readonly (int Slot, int Shift)[] _fields;
    private readonly ulong[] _while;
    private readonly ulong[] _to;

    private DecisionTable(ulong has, (int Slot, int Shift)[] fields, ulong[] @while, ulong[] to) => (_has, _fields, _while, _to) = (has, fields, @while, to);

    /// <summary>Makes the table of a kind.</summary>
    /// <returns>Null where no rule can be in one, or where there are too many cases.</returns>
    public static DecisionTable? Of<TTrace>(SubjectKind kind, HoldingPlan<TTrace>[] holdings, RulePlan<TTrace>[] rules, History history)
        where TTrace : struct, IFoldTrace
    {
        var tabled = rules.Where(IsTabled).ToList();
        var (states, roles) = (holdings.Count(h => !h.IsRole), holdings.Count(h => h.IsRole));
        if (tabled.Count == 0 || rules.Length > 64 || roles > BitsMax) { return null; }
        var (fields, bits) = FieldsOf(kind, tabled.Select(r => r.Rule.While), states);
        if (bits > BitsMax) { return null; }
        var subject = new SubjectFrame(kind.Fields.Count, states, roles, 0);
        subject.EnsureRows(1);
        var frame = new FoldFrame(history) { Subject = subject, Fact = -1 };
        var @while = Fill(1 << bits, tabled, rule => rule.While, frame, index => Tell(subject, index, states, fields, kind));
        var to = Fill(1 << roles, tabled, rule => rule.To, frame, index => Give(subject, index));
        return new(tabled.Aggregate(0UL, (has, rule) => has | (1UL << rule.Place)), fields, @while, to);
    }

    /// <summary>True where a rule, by its place, is in the table.</summary>
    public bool Has(int rule) => (_has >> rule & 1) != 0;

    /// <summary>The rules whose <c>while</c> holds, a bit each.</summary>
    public ulong WhileHolds(SubjectFrame subject)
    {
        var index = (int)subject.States;
        foreach (var (slot, shift) in _fields)
        {
            if (subject.Told[slot] >= 0) { index |= (int)(subject.Data[slot] + 1) << shift; }
        }
        return _while[index];
    }

    /// <summary>The rules whose <c>to</c> a member with these roles is in, a bit each.</summary>
    public ulong ToHolds(ulong roles) => _to[roles];

    private static bool IsTabled<TTrace>(RulePlan<TTrace> rule)
        where TTrace : struct, IFoldTrace =>
        !rule.AtMoments && rule.To is not null && rule.Give is null
        && rule.Rule.To!.Bindings.Values.All(b => b is SubjectBinding.OfRole { Path.Count: 0, Before: false })
        && (rule.Rule.While is null || rule.Rule.While.Bindings.Values.All(b => b is SubjectBinding.OfState { Path.Count: 0, Before: false, State: >= 0 } || ChoiceOf(b) is not null));

    private static SubjectBinding.OfField? ChoiceOf(Binding binding) =>
        binding is SubjectBinding.OfField { Path.Count: 0, Before: false } field && (field.Type is CelType.Choice || field.Type == CelType.Bool) ? field : null;

    /// <summary>The fields that conditions read, each with the bits, after those of the states, that tell its values apart.</summary>
    private static ((int Slot, int Shift)[] Fields, int Bits) FieldsOf(SubjectKind kind, IEnumerable<Expression?> conditions, int bits)
    {
        var fields = new List<(int, int)>();
        foreach (var slot in conditions.OfType<Expression>().SelectMany(c => c.Bindings.Values).Select(ChoiceOf).OfType<SubjectBinding.OfField>().Select(f => f.Slot).Distinct())
        {
            fields.Add((slot, bits));
            bits += 1 + System.Numerics.BitOperations.Log2((uint)ValuesOf(kind, slot));
        }
        return ([.. fields], bits);
    }

    private static int ValuesOf(SubjectKind kind, int slot) => kind.Fields[slot].Type is FieldType.Choice choice ? choice.Values.Count : 2;

    /// <summary>Makes the subject the one of a case; false where there is none such.</summary>
    private static bool Tell(SubjectFrame subject, int index, int states, (int Slot, int Shift)[] fields, SubjectKind kind)
    {
        subject.States = (ulong)index & ((1UL << states) - 1);
        for (var i = 0; i < fields.Length; i++)
        {
            var bits = (i + 1 < fields.Length ? fields[i + 1].Shift : 31) - fields[i].Shift;
            var value = (index >> fields[i].Shift & (int)((1L << bits) - 1)) - 1;
            if (value >= ValuesOf(kind, fields[i].Slot)) { return false; }
            subject.Told[fields[i].Slot] = value < 0 ? -1 : 0;
            subject.Data[fields[i].Slot] = Math.Max(value, 0);
        }
        return true;
    }

    private static bool Give(SubjectFrame subject, int roles)
    {
        subject.Roles[0] = (ulong)roles;
        return true;
    }

    private static ulong[] Fill<TTrace>(int count, List<RulePlan<TTrace>> rules, Func<RulePlan<TTrace>, Node<FoldFrame, TTrace>?> condition, FoldFrame frame, Func<int, bool> tell)
        where TTrace : struct, IFoldTrace
    {
        var table = new ulong[count];
        var untraced = default(TTrace);
        for (var index = 0; index < count; index++)
        {
            if (!tell(index)) { continue; }
            foreach (var rule in rules)
            {
                if (condition(rule)?.Test(frame, ref untraced) is null or Truth.True) { table[index] |= 1UL << rule.Place; }
            }
        }
        return table;
    }
}
