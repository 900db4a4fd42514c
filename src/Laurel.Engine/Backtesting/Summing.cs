namespace Laurel.Engine.Backtesting;

/// <summary>Adds up differences of members.</summary>
internal sealed class Summing(Backtest backtest)
{
    private readonly AmountPair[] _amounts = new AmountPair[backtest.History.Vocabulary.Units.Count];
    private readonly int[] _gaining = new int[backtest.History.Vocabulary.Units.Count];
    private readonly int[] _losing = new int[backtest.History.Vocabulary.Units.Count];
    private readonly (long Against, long Draft)[] _rules = new (long, long)[backtest.Rules.Count];
    private readonly Dictionary<LevelPair, int>[] _levels = [.. backtest.Ladders.Select(_ => new Dictionary<LevelPair, int>())];
    private readonly (int Gained, int Lost)[] _benefits = new (int, int)[backtest.Benefits.Count];
    private int _members;
    private int _enrolled;
    private int _changed;

    /// <summary>Adds a member.</summary>
    public void Add(MemberDifference difference)
    {
        _members++;
        if (difference.Enrolled) { _enrolled++; }
        if (difference.Changed) { _changed++; }
        for (var unit = 0; unit < _amounts.Length; unit++)
        {
            var amounts = difference.Amounts[unit];
            _amounts[unit] += amounts;
            if (amounts.Draft > amounts.Against) { _gaining[unit]++; }
            if (amounts.Draft < amounts.Against) { _losing[unit]++; }
        }
        foreach (var rule in difference.Rules)
        {
            _rules[rule.Rule].Against += rule.Against;
            _rules[rule.Rule].Draft += rule.Draft;
        }
        for (var i = 0; i < _levels.Length; i++) { _levels[i][difference.Levels[i]] = _levels[i].GetValueOrDefault(difference.Levels[i]) + 1; }
        foreach (var benefit in difference.Gained) { _benefits[benefit].Gained++; }
        foreach (var benefit in difference.Lost) { _benefits[benefit].Lost++; }
    }

    /// <summary>The sums.</summary>
    public BacktestSum Sum() => new(
        _members, _enrolled, _changed,
        [.. _amounts.Select((amounts, unit) => new UnitSum(amounts, _gaining[unit], _losing[unit]))],
        [.. _rules.Select((rule, place) => new RuleDifference(place, rule.Against, rule.Draft)).Where(r => r.Against != 0 || r.Draft != 0)],
        [.. _levels.Select((pairs, i) => SumOf(backtest.Ladders[i], pairs))],
        [.. _benefits.Select(b => new BenefitSum(b.Gained, b.Lost))]);

    private static LadderSum SumOf(BacktestLadder ladder, Dictionary<LevelPair, int> pairs)
    {
        return new([.. pairs.OrderBy(p => p.Key.Against).ThenBy(p => p.Key.Draft).Select(p => (p.Key, p.Value))], Going(LevelWay.Up), Going(LevelWay.Down), Going(LevelWay.Other));

        int Going(LevelWay way) => pairs.Where(p => ladder.WayOf(p.Key) == way).Sum(p => p.Value);
    }
}
