using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Finds the kind that a rule is about: that of its <c>when</c> facts, else the one that its conditions start from.</summary>
internal sealed class RuleKind(ReadingContext context, TriggerReader triggers)
{
    /// <summary>The kind; null, and a problem, where it can't be told.</summary>
    public SubjectKind? Find(YamlNode.Scalar name, YamlNode.Map rule)
    {
        var kinds = context.Names.Vocabulary.Kinds;
        var facts = triggers.FactsIn(rule.Find("when"));
        var about = facts.Select(f => f.About).Distinct().ToList();
        if (about.Count == 1) { return kinds[about[0]]; }
        if (about.Count > 1)
        {
            Tell(name, $"the facts of `when` are about {List(about.Select(a => kinds[a].Name))}", "Write one rule for each kind.");
            return null;
        }
        // A moment whose fact is misspelt is told of there; the rest of the rule then can't be read.
        if (rule.Find("when") is { } when && PlainValues.Items(when).OfType<YamlNode.Scalar>().Any(i => Names.IsDotted(i.Text) && !IsState(i.Text)))
        {
            triggers.Read(when, new($"`when` of `{name.Text}`", $"rule {name.Text}", GuessFrom(rule) ?? kinds[Vocabulary.MemberKind], Conditional: false));
            return null;
        }
        var roots = RootsOf(rule, "when", "to", "while", "give");
        if (roots.Count > 1) { roots.Remove("member"); }
        if (roots.Count == 1) { return context.Names.Kind(roots.First()); }
        if (roots.Count == 0 && rule.Find("when") is not null) { return kinds[Vocabulary.MemberKind]; }
        if (roots.Count > 1) { Tell(name, $"its conditions start from {List(roots)}", "Start all of them from one kind; others are reached by its fields."); }
        else if (!context.Problems.Has("unknown-kind")) { Tell(name, "none of its conditions starts from a kind", "Write `when: fact`, or a condition such as `while: site.premium`."); }
        return null;
    }

    private bool IsState(string text) =>
        context.Names.States.ContainsKey(text) || context.Names.Kind(text[..text.IndexOf('.', StringComparison.Ordinal)]) is not null;

    private SubjectKind? GuessFrom(YamlNode.Map rule) => RootsOf(rule, "to", "while", "give") is { Count: 1 } roots ? context.Names.Kind(roots.First()) : null;

    private HashSet<string> RootsOf(YamlNode.Map rule, params IReadOnlyList<string> keys)
    {
        var roots = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            foreach (var item in rule.Find(key) is { } node ? PlainValues.Items(node) : [])
            {
                if (item is YamlNode.Scalar { Text: var text } && CelParser.Parse(Expressed(text, key), Dialect.Program).Root is { } root) { Walk(root, []); }
            }
        }
        return roots;

        void Walk(Expr expr, IReadOnlyList<string> variables)
        {
            if (expr is Expr.Select { Of: Expr.Ident { Name: "before" } } before && context.Names.Kind(before.Field) is not null) { roots.Add(before.Field); }
            if (expr is Expr.Ident ident && !variables.Contains(ident.Name) && context.Names.Kind(ident.Name) is not null) { roots.Add(ident.Name); }
            if (expr is Expr.Comprehension each)
            {
                Walk(each.Range, variables);
                foreach (var part in ExprParts.Of(each).Skip(1)) { Walk(part, [.. variables, each.Variable]); }
                return;
            }
            foreach (var part in ExprParts.Of(expr)) { Walk(part, variables); }
        }
    }

    // The amount without its unit; the condition without how long it has stayed true.
    private static string Expressed(string text, string key)
    {
        if (key == "give") { return text.LastIndexOf(' ') is > 0 and var space ? text[..space] : ""; }
        return key == "when" && text.LastIndexOf(" for ", StringComparison.Ordinal) is > 0 and var at ? text[..at] : text;
    }

    private void Tell(YamlNode.Scalar name, string why, string remedy) =>
        context.Error("rule-kind", name.Place, $"it can't be told what kind of subject the rule `{name.Text}` is about: {why}", remedy);

    private static string List(IEnumerable<string> names) => string.Join(" and ", names.Select(n => $"`{n}`"));
}
