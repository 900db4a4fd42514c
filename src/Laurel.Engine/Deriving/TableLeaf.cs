using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>A constant table as a map, or a map of maps, whose "else" answers for what is not listed.</summary>
internal sealed class TableLeaf<TFrame, TTrace>(Table table) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    private readonly Value _value = Map(table.Rows.Select(row => new KeyValuePair<string, Value>(row.Key, table.Keys == 1
        ? Value.Of(row.Value[""])
        : Map(row.Value.Select(cell => new KeyValuePair<string, Value>(cell.Key, Value.Of(cell.Value)))))));

    public override Value Evaluate(TFrame frame, ref TTrace trace) => _value;

    private static Value Map(IEnumerable<KeyValuePair<string, Value>> entries)
    {
        var listed = entries.ToList();
        var otherwise = listed.Where(e => e.Key == "else").Select(e => (Value?)e.Value).FirstOrDefault();
        return Value.Map(ValueMap.Of(listed.Where(e => e.Key != "else").Select(e => new KeyValuePair<Value, Value>(Value.Of(e.Key), e.Value)), otherwise));
    }
}
