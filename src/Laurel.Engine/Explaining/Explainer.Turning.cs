using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Explaining;

/// <content>The least that would turn a rule that gives nothing.</content>
public sealed partial class Explainer
{
    /// <summary>The least that would turn a rule that gives nothing now; nothing where it would take another kind of thing.</summary>
    private IEnumerable<Explanation> WhatWouldTurn(Case one)
    {
        if (one.Place != _place || one.Rule.When.Count > 0) { yield break; }
        if (PathLine(one).Exists(l => l.Mark == Mark.No)) { yield break; }
        var turns = new List<Argument?>();
        var asked = new List<Explanation>();
        if (!_standing.Enrolled) { turns.Add(Message.Of("wanted.enrolled")); }
        foreach (var (expression, evaluation) in LastOf(one)) { AddTurns(one, expression, evaluation, turns, asked); }
        if (turns.Count > 0 && turns.TrueForAll(t => t is not null)) { yield return Explanation.Of(Message.Of("turn", ("changes", new Argument.Several([.. turns.Select(t => t!)], "both"))), asked); }
    }

    private void AddTurns(Case one, Expression expression, Evaluation evaluation, List<Argument?> turns, List<Explanation> asked)
    {
        if (LeastChange.Of(expression.Root, evaluation, Cost(expression)) is not { } atoms)
        {
            turns.Add(null);
            return;
        }
        foreach (var atom in atoms) { AddTurn(one, expression, evaluation, atom, turns, asked); }
    }

    private void AddTurn(Case one, Expression expression, Evaluation evaluation, Expr atom, List<Argument?> turns, List<Explanation> asked)
    {
        var ends = evaluation.Results.TryGetValue(atom.Id, out var value) && value.Truth == Truth.True;
        switch (expression.Bindings.GetValueOrDefault(atom.Id))
        {
            case SubjectBinding.OfState { State: >= 0 } state when !ends && evaluation.Inner.Find(e => e.Part == TracePart.State && e.Definition == state.State) is { } inner:
                AddTurns(one, _edition.States[state.State].Condition!, inner, turns, asked);
                break;
            case SubjectBinding.OfRole role when !ends && RequestFor(_edition.Roles[role.Role]) is { } request:
                turns.Add(Message.Of("turn.by-request", ("words", new Argument.Name(_edition.Roles[role.Role].Name)), ("request", new Argument.Name(request.Name))));
                if (request.About == _history.KindOf(one.Subject)) { asked.Add(Request(request, one.Subject)); }
                break;
            case SubjectBinding.OfState { State: >= 0 } or SubjectBinding.OfRole:
                var words = _words.Of(expression, atom, wanted: true);
                turns.Add(ends ? Message.Of("turn.no-longer", ("words", words)) : words);
                break;
            default:
                turns.Add(value.Kind == ValueKind.NotTold ? new Argument.Inner(Message.Of("turn.told", ("name", new Argument.Name(value.AsText)))) : null);
                break;
        }
    }

    /// <summary>The request whose approval starts a role.</summary>
    private Request? RequestFor(StateRule role) => _edition.Requests.FirstOrDefault(r => role.Starts.Any(t => t.Fact == r.Approved));

    /// <summary>What people do (states, roles) turns sooner than what a thing is (its fields).</summary>
    private static Func<Expr, int> Cost(Expression expression) =>
        node => expression.Bindings.GetValueOrDefault(node.Id) is SubjectBinding.OfState or SubjectBinding.OfRole ? 2 : 3;
}
