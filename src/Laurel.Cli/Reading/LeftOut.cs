using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Reading;

/// <summary>Members that an answer is without, since their amounts can't be added.</summary>
internal sealed class LeftOut
{
    private const int ShownMax = 20;

    private readonly List<AmountOverflowException> _members = [];

    /// <summary>The results of those that are in it, in their order; the others are kept to be named.</summary>
    /// <param name="results">By member: its result.</param>
    /// <param name="failures">By member: why it has none; null where it has.</param>
    public IEnumerable<T> Without<T>(IReadOnlyList<T> results, IReadOnlyList<AmountOverflowException?> failures)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (failures[i] is { } failure) { _members.Add(failure); }
            else { yield return results[i]; }
        }
    }

    /// <summary>Names them, after the answer.</summary>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="otherwise">What the run comes to where nobody is left out.</param>
    public ExitCode Say(Terminal terminal, ExitCode otherwise)
    {
        if (_members.Count == 0) { return otherwise; }
        foreach (var member in _members.Take(ShownMax)) { terminal.Complain(member.Message, Asked.RemedyOf(member)); }
        var first = _members.Count > ShownMax ? $"; the first {ShownMax} are named" : "";
        terminal.Complain($"{Shown.Count(_members.Count, "member")} left out{first}: the answer is without them", "");
        return ExitCode.Wrong;
    }
}
