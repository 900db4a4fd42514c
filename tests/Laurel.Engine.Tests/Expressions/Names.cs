using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>A bag of names with values: the scope, and the frame, of these tests.</summary>
internal sealed class Names : IScope
{
    private readonly Dictionary<string, (CelType Type, Value Value)> _names = [];

    private sealed record Named(string Name, CelType Type) : Binding(Type);

    /// <summary>How often each name was read.</summary>
    public Dictionary<string, int> Reads { get; } = [];

    /// <summary>True where leaves offer a faster test for equality.</summary>
    public bool Fast { get; init; }

    public Names Add(string name, CelType type, Value value)
    {
        _names[name] = (type, value);
        return this;
    }

    public Binding? Resolve(IReadOnlyList<string> path, out int used, out string problem)
    {
        for (used = path.Count; used > 0; used--)
        {
            var name = string.Join('.', path.Take(used));
            if (!_names.TryGetValue(name, out var found)) { continue; }
            problem = "";
            return new Named(name, found.Type);
        }
        problem = $"`{string.Join('.', path)}` is not known here. Known are: {string.Join(", ", _names.Keys)}.";
        return null;
    }

    public Value Evaluate<TTrace>(Expression expression, TTrace trace, Zone? zone = null)
        where TTrace : struct, ITrace =>
        CelCompiler<Names, TTrace>.Compile(expression, zone ?? Zone.Utc, Leaf<TTrace>).Evaluate(this, ref trace);

    public Truth Test<TTrace>(Expression expression, TTrace trace, Zone? zone = null)
        where TTrace : struct, ITrace =>
        CelCompiler<Names, TTrace>.Compile(expression, zone ?? Zone.Utc, Leaf<TTrace>).Test(this, ref trace);

    private LeafNode<TTrace> Leaf<TTrace>(Binding binding, int node)
        where TTrace : struct, ITrace => new(((Named)binding).Name, Fast);

    private sealed class LeafNode<TTrace>(string name, bool fast) : Node<Names, TTrace>
        where TTrace : struct, ITrace
    {
        public override Value Evaluate(Names frame, ref TTrace trace)
        {
            frame.Reads[name] = frame.Reads.GetValueOrDefault(name) + 1;
            return frame._names[name].Value;
        }

        public override Node<Names, TTrace>? EqualTo(int node, Value constant) => fast ? new FastNode<TTrace>(name, constant) : null;
    }

    private sealed class FastNode<TTrace>(string name, Value constant) : Node<Names, TTrace>
        where TTrace : struct, ITrace
    {
        public override Value Evaluate(Names frame, ref TTrace trace)
        {
            var value = frame._names[name].Value;
            return value.IsMissing ? value : Value.Of(value == constant);
        }
    }
}

/// <summary>A trace that keeps everything.</summary>
internal readonly struct Noted : ITrace
{
    private Noted(Dictionary<int, Value> results) => Results = results;

    public static bool On => true;

    public Dictionary<int, Value> Results { get; }

    public static Noted New() => new([]);

    public void Result(int node, in Value value) => Results[node] = value;

    public void Result(int node, bool holds) => Results[node] = Value.Of(holds);

    public void Because(int node, int fact, Instant since) { }
}
