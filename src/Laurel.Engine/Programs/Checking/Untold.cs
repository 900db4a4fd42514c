using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds fields that are read and that nobody may ever tell: no fact must carry them, and nothing asks by <c>has()</c>.</summary>
internal static class Untold
{
    /// <summary>The fields, each once, as "site.price".</summary>
    public static IReadOnlyList<string> Find(PartnerProgram program)
    {
        var needed = program.Vocabulary.FactTypes.SelectMany(f => f.Carries.Where(c => c.Needed && c.Slot >= 0).Select(c => (f.About, c.Slot))).ToHashSet();
        return
        [
            .. from edition in program.Editions.Concat(program.Drafts)
               from expression in EditionExpressions.Of(edition)
               from field in Unasked(expression, program.Vocabulary)
               where !needed.Contains((field.Kind, field.Slot))
               let kind = program.Vocabulary.Kinds[field.Kind]
               group field by $"{kind.Name}.{kind.Fields[field.Slot].Name}" into same
               orderby same.Key
               select same.Key,
        ];
    }

    private static IEnumerable<(int Kind, int Slot)> Unasked(Expression expression, Vocabulary vocabulary)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var read = new List<(string Text, (int Kind, int Slot) Field)>();
        Walk(expression.Root);
        return read.Where(r => !asked.Contains(r.Text)).Select(r => r.Field);

        void Walk(Expr at)
        {
            var text = expression.Bindings.TryGetValue(at.Id, out var binding) && binding is SubjectBinding.OfField or MemberFieldBinding ? Canon.Expression(at) : "";
            if (at is Expr.Select { TestOnly: true } test) { asked.Add($"{Canon.Expression(test.Of)}.{test.Field}"); }
            else if (binding is MemberFieldBinding member) { read.Add((text, (Vocabulary.MemberKind, member.Slot))); }
            else if (binding is SubjectBinding.OfField field) { read.Add((text, (KindOf(field, vocabulary), field.Slot))); }
            foreach (var part in ExprParts.Of(at)) { Walk(part); }
        }
    }

    private static int KindOf(SubjectBinding of, Vocabulary vocabulary)
    {
        var kind = of.Root;
        foreach (var step in of.Path) { kind = vocabulary.Kinds[step.Kind].Fields[step.Slot].Type is FieldType.Reference reference ? reference.Kind : kind; }
        return kind;
    }
}
