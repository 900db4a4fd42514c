using Laurel.Storage;

namespace Laurel.Server.Calling;

/// <summary>Scopes as callers write them.</summary>
internal static class ScopeNames
{
    private static readonly (string Name, Scopes Scope)[] Names = [("read", Scopes.Read), ("facts:write", Scopes.Write), ("operate", Scopes.Operate), ("personal:read", Scopes.Personal)];

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Names.Select(n => n.Name);

    /// <summary>The names of scopes.</summary>
    public static IEnumerable<string> Of(Scopes scopes) => Names.Where(n => scopes.HasFlag(n.Scope)).Select(n => n.Name);

    /// <summary>The names of scopes, for a sentence.</summary>
    public static string Write(Scopes scopes) => string.Join(" and ", Of(scopes).Select(name => $"`{name}`"));

    /// <summary>The scope of a name; null where there is none.</summary>
    public static Scopes? Find(string name) => Names.Where(n => n.Name == name).Select(n => (Scopes?)n.Scope).FirstOrDefault();
}
