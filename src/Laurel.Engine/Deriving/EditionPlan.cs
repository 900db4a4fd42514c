using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>An edition compiled against a history: texts have become the history's numbers, conditions have become code. A kind is compiled when it is asked for; any thread may ask.</summary>
internal sealed partial class EditionPlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    private readonly RuleBook _book;
    private readonly int _place;
    private readonly History _history;
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<(int Kind, int State), HoldingPlan<TTrace>> _conditions = [];
    private readonly Stack<(StateLeaf<TTrace> Leaf, int State)> _stateLeaves = [];
    private readonly KindPlan<TTrace>?[] _kinds;

    // Some whose conditions are not told yet what states that they read are: nobody is given these.
    private readonly KindPlan<TTrace>?[] _compiled;
    private readonly Lock _compiling = new();
    private readonly List<Expression> _tested = [];
    private readonly Dictionary<string, RecalledNode<TTrace>> _recalled = [];
    private readonly EditionReads _reads;
    private readonly Dictionary<string, int[]> _places = [];
    private readonly HashSet<int> _told;
    private readonly HashSet<int> _occurring;

    /// <param name="book">The rules that count.</param>
    /// <param name="edition">The edition's place among them.</param>
    /// <param name="history">The facts.</param>
    /// <param name="forGiving">True leaves out what no rule reads: what it gives is the same, and nothing else can be asked of it.</param>
    public EditionPlan(RuleBook book, int edition, History history, bool forGiving = false)
    {
        _book = book;
        _place = edition;
        Edition = book.Editions[edition].Edition;
        _reads = book.ReadsOf(edition, forGiving);
        _history = history;
        _vocabulary = history.Vocabulary;
        _told = history.Shapes.Select(shape => shape.Type).ToHashSet();
        _occurring = OccurringKinds();
        (_kinds, _compiled) = (new KindPlan<TTrace>?[_vocabulary.Kinds.Count], new KindPlan<TTrace>?[_vocabulary.Kinds.Count]);
    }

    /// <summary>As written.</summary>
    public Edition Edition { get; }

    /// <summary>What the edition means for all kinds.</summary>
    public IEnumerable<KindPlan<TTrace>> Kinds => _vocabulary.Kinds.Select(kind => KindAt(kind.Index));

    /// <summary>What the edition means for a kind.</summary>
    public KindPlan<TTrace> KindAt(int kind)
    {
        if (Volatile.Read(ref _kinds[kind]) is { } plan) { return plan; }
        lock (_compiling)
        {
            plan = Compiled(kind);
            Volatile.Write(ref _kinds[kind], plan);
            return plan;
        }
    }

    /// <summary>By number: the conditions of states, and of what starts, ends and takes back. A trace names them by it.</summary>
    public IReadOnlyList<Expression> Tested => _tested;

    /// <summary>Compiles an expression of a subject of a kind.</summary>
    public Node<FoldFrame, TTrace> Compile(Expression expression)
    {
        lock (_compiling)
        {
            var node = Compiled(expression);
            Define();
            return node;
        }
    }

    private Node<FoldFrame, TTrace> Compiled(Expression expression) => CelCompiler<FoldFrame, TTrace>.Compile(expression, _vocabulary.Zone, Leaf);

    /// <summary>A kind, with all kinds whose states its conditions read.</summary>
    private KindPlan<TTrace> Compiled(int kind)
    {
        if (_compiled[kind] is { } compiled) { return compiled; }
        compiled = _compiled[kind] = Compile(_vocabulary.Kinds[kind]);
        Define();
        return compiled;
    }

    /// <summary>Tells what is compiled of states what these are.</summary>
    private void Define()
    {
        while (_stateLeaves.TryPop(out var read))
        {
            Compiled(Edition.States[read.State].Kind);
            read.Leaf.Definition = _conditions.GetValueOrDefault((Edition.States[read.State].Kind, read.State));
        }
    }

    /// <summary>A condition of the kind at hand. With a trace, those that say the same are one, and evaluated only where something has changed.</summary>
    private Node<FoldFrame, TTrace> Condition(Expression expression)
    {
        if (!TTrace.On || ShownBy(expression) is not { Others: false } shown) { return Compiled(expression); }
        if (!_recalled.TryGetValue(expression.Source, out var node)) { _recalled[expression.Source] = node = new(_recalled.Count, Compiled(expression), shown); }
        return node;
    }

    private KindPlan<TTrace> Compile(SubjectKind kind)
    {
        var watches = 0;
        _recalled.Clear();
        // Of a kind of which there is nothing, nothing is asked; when there is, there is another shape.
        var occurs = _occurring.Contains(kind.Index);
        var holdings = _reads.States.Where(s => occurs && s.Kind == kind.Index).Select(s => (Rule: s, IsRole: false))
            .Concat(_reads.Roles.Where(r => occurs && r.Kind == kind.Index).Select(r => (Rule: r, IsRole: true)))
            .OrderBy(h => h.Rule.Layer)
            .Select(h => Holding(h.Rule, h.IsRole, ref watches)).ToArray();
        foreach (var holding in holdings.Where(h => h.Condition is not null)) { _conditions[(kind.Index, holding.Rule.Index)] = holding; }
        var rules = Edition.Rules.Where(r => occurs && r.Kind == kind.Index).Select((rule, place) => Rule(rule, place, ref watches)).ToArray();
        var all = _reads.Subjects[kind.Index];
        int[] followed = [.. all.Where(b => b.Path.Count > 0).Select(b => b.Path[0].Slot).Distinct()];
        int[] passed = [.. _reads.Passed[kind.Index]];
        var watched = holdings.SelectMany(h => h.Starts.Concat(h.Ends)).Concat(rules.SelectMany(r => r.Moments.Concat(r.TakesBack))).ToList();
        var table = TTrace.On ? null : DecisionTable.Of(kind, holdings, rules, _history);
        return new()
        {
            Kind = kind,
            Holdings = holdings,
            Settling = [.. holdings.Where(h => h.Condition is not null || h.Timed || h.Starts.Length + h.Ends.Length > 0)],
            Timed = [.. holdings.Where(h => h.Timed)],
            StateCount = holdings.Count(h => !h.IsRole),
            RoleCount = holdings.Count(h => h.IsRole),
            TriggerCount = watches,
            Rules = rules,
            Watching = [.. rules.Where(r => r.Moments.Length + r.TakesBack.Length > 0)],
            Closes = [.. rules.SelectMany(r => r.Rule.When.Where(t => t.Each is not null).Select(t => new PeriodClose<TTrace>(r, t.Each!.Value)))],
            Stretching = [.. rules.Where(r => !r.AtMoments && table?.Has(r.Place) != true)],
            Table = table,
            StageMost = rules.Select(r => r.Rule.Stage).DefaultIfEmpty(0).Max(),
            Facts = FactsOf(kind, holdings, rules, followed, passed),
            Recalled = [.. _recalled.Values],
            Depth = DepthOf(kind),
            Followed = followed,
            Passed = passed,
            ReadsBefore = all.Any(b => b.Before),
            GivesLater = rules.Any(r => r.Rule.OrLater is not null),
            WatchesMembers = holdings.Any(h => h.IsRole && h.Ends.Any(w => w.OfMember)),
            Waits = watched.Exists(w => w.Trigger.For is not null),
        };
    }

    /// <summary>Members, and the kinds that facts are about or name.</summary>
    private HashSet<int> OccurringKinds()
    {
        var types = _told.Select(type => _vocabulary.FactTypes[type]).ToList();
        return [Vocabulary.MemberKind, .. types.Select(t => t.About), .. types.SelectMany(t => t.Carries).Select(c => c.Type).OfType<FieldType.Reference>().Select(r => r.Kind)];
    }

    /// <summary>How many references lead on from a kind, one after the other. Kinds refer without a circle.</summary>
    private int DepthOf(SubjectKind kind) =>
        kind.Fields.Select(f => f.Type).OfType<FieldType.Reference>().Select(r => DepthOf(_vocabulary.Kinds[r.Kind]) + 1).DefaultIfEmpty(0).Max();

    private HoldingPlan<TTrace> Holding(StateRule rule, bool isRole, ref int watches) => new()
    {
        Rule = rule,
        IsRole = isRole,
        Timed = rule.For is not null || rule.Until >= 0,
        Bit = isRole ? _reads.RoleBits[rule.Index] : _reads.StateBits[rule.Index],
        Condition = rule.Condition is null ? null : Condition(rule.Condition),
        Number = NumberOf(rule.Condition),
        Reads = rule.Condition is null ? default : ReadsOf(rule.Condition),
        Starts = Watches(rule.Starts, ref watches),
        Ends = Watches(rule.Ends, ref watches),
    };

    private Watch<TTrace>[] Watches(IEnumerable<Trigger> triggers, ref int watches)
    {
        var found = new List<Watch<TTrace>>();
        foreach (var trigger in triggers.Where(t => t.Condition is not null && t.Fact < 0)) { found.Add(new(watches++, Condition(trigger.Condition!), trigger, NumberOf(trigger.Condition), ReadsOf(trigger.Condition!), IsOfMember(trigger.Condition!))); }
        return [.. found];
    }

    private RulePlan<TTrace> Rule(CreditRule rule, int place, ref int watches)
    {
        var constant = rule.Give.Bindings.Count == 0;
        var scale = Scales.Of(_vocabulary.Units[rule.Unit]);
        var give = Compiled(rule.Give);
        var path = rule.To is { Type: CelType.Reference };
        var untraced = default(TTrace);
        var keys = _book.KeyPaths(_book.NumberOf(_place, rule.Index)).Select(key => KeyReader.Of(key, rule.Kind));
        return new()
        {
            Rule = rule,
            Place = place,
            To = rule.To is null || path ? null : Condition(rule.To),
            ToPath = path ? Compiled(rule.To!) : null,
            While = rule.While is null ? null : Condition(rule.While),
            Where = rule.Where is null ? null : Condition(rule.Where),
            Give = constant && !TTrace.On ? null : give,
            Constant = constant && !TTrace.On ? Amount(give.Evaluate(new(_history), ref untraced), scale) ?? 0 : 0,
            Scale = scale,
            Reads = new[] { rule.To, rule.While, rule.Give }.OfType<Expression>().Select(ReadsOf).Aggregate(default(Reads), (a, b) => a | b),
            Moments = Watches(rule.When, ref watches),
            TakesBack = Watches(rule.Unless, ref watches),
            Names = PlacesOf("member"),
            Keys = [.. keys],
            AtMoments = rule.When.Count > 0,
        };
    }

    /// <summary>The result of <c>give</c> in smallest parts, rounded once; null where it could not be told, or is out of range.</summary>
    public static long? Amount(in Value value, long scale)
    {
        if (value.Kind != ValueKind.Number) { return null; }
        var number = value.AsNumber;
        var most = Scales.AmountMax / scale;
        return number > most || number < -most ? null : number.Round(scale);
    }

    /// <summary>By shape: what a fact of it does to a subject of the kind.</summary>
    private FactPlan<TTrace>?[] FactsOf(SubjectKind kind, HoldingPlan<TTrace>[] holdings, RulePlan<TTrace>[] rules, int[] followed, int[] passed)
    {
        var byType = _vocabulary.FactTypes.Select(type => type.About == kind.Index && _told.Contains(type.Order) ? Effects(type, holdings, rules) : null).ToArray();
        return [.. _history.Shapes.Select((shape, place) => byType[shape.Type] is { } effects ? Fact(shape, place, effects, followed, passed) : null)];
    }

    /// <summary>What a type of fact does.</summary>
    private sealed record FactEffects(FactAction<TTrace>[] Actions, int[] Moments, RuleTrigger<TTrace>[] TakesBack);

    private FactEffects Effects(FactType type, HoldingPlan<TTrace>[] holdings, RulePlan<TTrace>[] rules) => new(
        [.. holdings.SelectMany(h => h.Rule.Ends.Where(t => t.Fact == type.Order).Select(t => Action(h, starts: false, t))),
            .. holdings.SelectMany(h => h.Rule.Starts.Where(t => t.Fact == type.Order).Select(t => Action(h, starts: true, t)))],
        [.. rules.SelectMany(r => r.Rule.When.Where(t => t.Fact == type.Order).Select(_ => r.Place))],
        [.. rules.SelectMany(r => r.Rule.Unless.Where(t => t.Fact == type.Order).Select(t => new RuleTrigger<TTrace>(r.Place, Test(t), NumberOf(t.Condition))))]);

    private FactPlan<TTrace> Fact(FactShape shape, int place, FactEffects effects, int[] followed, int[] passed)
    {
        int[] slots = [.. shape.Fields.Select(f => _vocabulary.FactTypes[shape.Type].Carries[f].Slot)];
        return new()
        {
            Slots = slots,
            Following = [.. Enumerable.Range(0, slots.Length).Where(value => followed.Contains(slots[value]))],
            Passing = [.. Enumerable.Range(0, slots.Length).Where(value => passed.Contains(slots[value]))],
            Enrols = _vocabulary.FactTypes[shape.Type].BuiltIn is BuiltIn.Joined or BuiltIn.Left,
            Actions = [.. effects.Actions.Select(action => action.Holding.IsRole ? action with { Who = PlacesOf(action.Holding.Rule.Who)[place] } : action)],
            Moments = effects.Moments,
            TakesBack = effects.TakesBack,
            HasConditions = effects.Actions.Any(a => a.Condition is not null) || effects.TakesBack.Any(t => t.Condition is not null),
        };
    }

    private FactAction<TTrace> Action(HoldingPlan<TTrace> holding, bool starts, Trigger trigger) =>
        new(holding, starts, Test(trigger), NumberOf(trigger.Condition), -1);

    private int NumberOf(Expression? condition)
    {
        if (condition is null) { return -1; }
        _tested.Add(condition);
        return _tested.Count - 1;
    }

    private Node<FoldFrame, TTrace>? Test(Trigger trigger) => trigger.Condition is null ? null : Condition(trigger.Condition);

    /// <summary>By shape: where among a fact's values a field stands; -1 where it is not there.</summary>
    private int[] PlacesOf(string field) => _places.TryGetValue(field, out var places) ? places : _places[field] =
        [.. _history.Shapes.Select(shape => Array.FindIndex(shape.Fields, f => _vocabulary.FactTypes[shape.Type].Carries[f].Name == field))];
}
