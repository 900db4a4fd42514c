using System.Text.Json;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>What would follow from facts that are told in a dry run, member by member: credits, entries, changes, and why; and why a fact changes nothing.</summary>
/// <param name="Members">Each member whom they are about, or for whom anything would be different.</param>
/// <param name="LeftOut">How many of those are not told of.</param>
/// <param name="Program">The program.</param>
/// <param name="At">When they are looked at.</param>
/// <param name="Book">The language of the sentences.</param>
internal sealed record Following(IReadOnlyList<(string Member, WhatIf Difference)> Members, int LeftOut, PartnerProgram Program, Instant At, PhraseBook Book)
{
    /// <summary>From more facts it is not told what would follow.</summary>
    public const int FactsMax = 100;

    /// <summary>Of more members it is not told.</summary>
    public const int MembersMax = 20;

    private static readonly Duration Horizon = new(12, 0, 0);

    /// <summary>What would follow from facts; null where nothing may: the key can't read, none would be recorded, they are too many, or no edition is in force.</summary>
    /// <param name="context">The request.</param>
    /// <param name="told">The facts, each with what would become of it.</param>
    /// <exception cref="AmountOverflowException">A member's amounts would be too large to add.</exception>
    public static async Task<Following?> Of(HttpContext context, IReadOnlyList<Told> told)
    {
        var facts = told.Where(t => t.Receipt is Receipt.Recorded).Select(t => t.Fact!).ToList();
        if (facts.Count is 0 or > FactsMax || !Caller.Of(context)!.Scopes.HasFlag(Scopes.Read)) { return null; }
        var reader = Names.Reader(context);
        var (program, stop) = (reader.Program, context.RequestAborted);
        var subjects = facts.SelectMany(fact => Subjects.Of(fact, program.Vocabulary)).ToHashSet();
        // A retraction may be retracted itself, and that again.
        var (open, seen) = (facts, new HashSet<(string, string)>());
        while (open.Where(f => f.Type.BuiltIn == BuiltIn.Retracted).Select(f => (f["source"]!.ToString(), f["id"]!.ToString())).Where(seen.Add).ToList() is { Count: > 0 } retracted)
        {
            open = [.. (await reader.Find(retracted, stop).ConfigureAwait(false)).Values.Select(f => f.Fact)];
            subjects.UnionWith(open.SelectMany(f => Subjects.Of(f, program.Vocabulary)));
        }
        var extract = await reader.About(subjects, program.ComparesMembers(under: null), stop).ConfigureAwait(false);
        var now = Instant.Max(await Clock.Now(context).ConfigureAwait(false), extract.Position.Recorded);
        // What is still being staged is not published yet.
        program = await reader.Opened(extract.Position, now, now, stop).ConfigureAwait(false);
        if (new Scoring(program, extract.History, under: null, now).Plan.Book.At(now) is null) { return null; }
        var kind = program.Vocabulary.Kinds[Vocabulary.MemberKind].Name;
        var named = subjects.Where(s => s.Kind == kind).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var members = named.Order(StringComparer.Ordinal).Concat(extract.History.SubjectsOf(Vocabulary.MemberKind).Select(extract.History.NameOf).Where(m => !named.Contains(m)).Order(StringComparer.Ordinal));
        var differences = members.Select(member => (member, Difference: new WhatIf(program, extract.History, under: null, now, member, facts))).Where(d => named.Contains(d.member) || d.Difference.ChangesAnything).ToList();
        return new([.. differences.Take(MembersMax)], Math.Max(0, differences.Count - MembersMax), program, now, Languages.BookOf(context, program.Vocabulary));
    }

    /// <summary>Writes it, as properties <c>follows</c> and <c>left_out</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var until = Instant.Min(Calendar.Of(Program.Vocabulary.Zone).Add(At, Horizon), Instant.Last);
        json.WriteStartArray("follows");
        foreach (var (member, difference) in Members)
        {
            json.WriteStartObject();
            json.WriteString("at", At.ToString());
            WhatIfJson.Write(json, difference, Program, facts: null, member, At, until, Book);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("left_out", LeftOut);
    }
}
