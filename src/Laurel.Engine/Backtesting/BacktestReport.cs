using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What a backtest comes to: sums over members, groups, near misses, and what could not be judged.</summary>
/// <param name="All">Over all members.</param>
/// <param name="Groups">By group of the backtest: the sums of each of its values, in their order; what nobody told comes last.</param>
/// <param name="NearMisses">By gate of the draft's rungs: who misses the rung by that gate alone.</param>
/// <param name="Unjudged">What could not be judged under the draft, and for want of which field.</param>
public sealed record BacktestReport(
    BacktestSum All, IReadOnlyList<IReadOnlyList<BacktestGroupSum>> Groups, IReadOnlyList<BacktestGate> NearMisses, IReadOnlyList<UnjudgedSum> Unjudged)
{
    /// <summary>Adds up what was found member by member. The order in which it was found makes no difference.</summary>
    /// <param name="backtest">The backtest.</param>
    /// <param name="differences">Of each member.</param>
    /// <param name="unjudged">What could not be judged on subjects.</param>
    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    public static BacktestReport Of(Backtest backtest, IReadOnlyList<MemberDifference> differences, IReadOnlyList<UnjudgedSubject> unjudged)
    {
        var all = new Summing(backtest);
        var groups = backtest.Groups.Select(_ => new Dictionary<Value, Summing>()).ToList();
        foreach (var difference in differences)
        {
            all.Add(difference);
            for (var g = 0; g < groups.Count; g++)
            {
                if (!groups[g].TryGetValue(difference.Groups[g], out var sum)) { groups[g][difference.Groups[g]] = sum = new(backtest); }
                sum.Add(difference);
            }
        }
        return new(
            all.Sum(),
            [.. groups.Select(IReadOnlyList<BacktestGroupSum> (g) => [.. g.Select(e => new BacktestGroupSum(e.Key, e.Value.Sum())).Order(Comparer<BacktestGroupSum>.Create(InOrder))])],
            NearMissesOf(backtest, differences),
            UnjudgedOf(differences, unjudged));
    }

    private static int InOrder(BacktestGroupSum a, BacktestGroupSum b) =>
        Comparing.TryCompare(a.Key, b.Key, out var order) ? order : (a.Key.Kind == ValueKind.Null).CompareTo(b.Key.Kind == ValueKind.Null);

    /// <summary>Who misses by least comes first; of equals the one who was told first.</summary>
    private static List<BacktestGate> NearMissesOf(Backtest backtest, IReadOnlyList<MemberDifference> differences)
    {
        var missing = backtest.Gates.All.Select(_ => new List<(int Member, Number? Missing)>()).ToList();
        foreach (var difference in differences)
        {
            foreach (var miss in difference.NearMisses) { missing[miss.Gate].Add((difference.Member, miss.Missing)); }
        }
        return [.. backtest.Gates.All.Select((gate, i) => gate with { Missing = [.. missing[i].OrderBy(m => m.Missing ?? 0).ThenBy(m => m.Member)] })];
    }

    private static List<UnjudgedSum> UnjudgedOf(IReadOnlyList<MemberDifference> differences, IReadOnlyList<UnjudgedSubject> unjudged)
    {
        var ofMembers = differences.SelectMany(d => d.Unjudged.Select(what => new UnjudgedSubject(what, d.Member, d.Member)));
        return
        [
            .. unjudged.Concat(ofMembers).GroupBy(u => u.What)
                .Select(g => new UnjudgedSum(g.Key, g.Select(u => u.Subject).Distinct().Count(), g.Where(u => u.Member >= 0).Select(u => u.Member).Distinct().Count()))
                .OrderBy(s => s.What.Of).ThenBy(s => s.What.Name, StringComparer.Ordinal).ThenBy(s => s.What.Field, StringComparer.Ordinal),
        ];
    }
}

/// <summary>Sums over members.</summary>
/// <param name="Members">How many there are.</param>
/// <param name="Enrolled">How many of them are enrolled at the instant.</param>
/// <param name="Changed">For how many anything differs.</param>
/// <param name="Units">By unit.</param>
/// <param name="Rules">Of each rule that gives on a side, in the order of <see cref="Backtest.Rules"/>.</param>
/// <param name="Ladders">By ladder of the backtest.</param>
/// <param name="Benefits">By benefit of the backtest: how many gain and how many lose it.</param>
public sealed record BacktestSum(
    int Members, int Enrolled, int Changed, IReadOnlyList<UnitSum> Units, IReadOnlyList<RuleDifference> Rules, IReadOnlyList<LadderSum> Ladders, IReadOnlyList<BenefitSum> Benefits);

/// <summary>Sums over the members of one group.</summary>
/// <param name="Key">What they have in common; null for what nobody told.</param>
/// <param name="Sum">The sums.</param>
public sealed record BacktestGroupSum(Value Key, BacktestSum Sum);

/// <summary>Amounts of one unit over members.</summary>
/// <param name="Amounts">The sums.</param>
/// <param name="Gaining">How many members have more that counts under the draft.</param>
/// <param name="Losing">How many have less.</param>
public sealed record UnitSum(AmountPair Amounts, int Gaining, int Losing);

/// <summary>Levels on one ladder over members.</summary>
/// <param name="Pairs">How many have each pair of rungs, those that stay included; by the rung on the side compared with, then the draft's.</param>
/// <param name="Up">How many stand higher under the draft.</param>
/// <param name="Down">How many stand lower.</param>
/// <param name="Other">How many stand on a rung of which nothing says whether it is higher.</param>
public sealed record LadderSum(IReadOnlyList<(LevelPair Pair, int Members)> Pairs, int Up, int Down, int Other);

/// <summary>How many members gain a benefit under the draft, and how many lose it.</summary>
public sealed record BenefitSum(int Gained, int Lost);

/// <summary>A gate of a rung of the draft: a part of its condition that must hold with all others.</summary>
/// <param name="Ladder">The ladder.</param>
/// <param name="Rung">The rung.</param>
/// <param name="Source">The gate as written.</param>
/// <param name="Says">What it asks for, in words.</param>
public sealed record BacktestGate(Ladder Ladder, Rung Rung, string Source, Message Says)
{
    /// <summary>Who misses the rung by this gate alone, the nearest first: how much is missing, where the gate compares a number.</summary>
    public IReadOnlyList<(int Member, Number? Missing)> Missing { get; init; } = [];
}

/// <summary>On how many subjects, and for how many members, something could not be judged.</summary>
/// <param name="What">What, and for want of which field.</param>
/// <param name="Subjects">How many subjects.</param>
/// <param name="Members">How many members; fewer than it concerns, where who would get it is what nobody told.</param>
public sealed record UnjudgedSum(Unjudged What, int Subjects, int Members);
