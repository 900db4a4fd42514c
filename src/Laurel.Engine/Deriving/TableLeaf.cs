using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>A constant table as a map, or a map of maps, whose "else" answers for what is not listed.</summary>
internal sealed class TableLeaf<TFrame, TTrace>(int node, Table table) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    private readonly Value _value = table.Keys == 1
        ? Value.Map(table.Rows.Select(row => new KeyValuePair<string, Value>(row.Key, Value.Of(row.Value[""]))))
        : Value.Map(table.Rows.Select(row => new KeyValuePair<string, Value>(row.Key, Value.Map(row.Value.Select(cell => new KeyValuePair<string, Value>(cell.Key, Value.Of(cell.Value)))))));

    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        if (TTrace.On) { trace.Result(node, _value); }
        return _value;
    }
}
