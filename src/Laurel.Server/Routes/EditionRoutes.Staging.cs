using System.Text.Json;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Routes;

/// <content>What is staged of an edition that is to be published.</content>
internal static partial class EditionRoutes
{
    private static async Task<IResult> Staged(HttpContext context, [AsParameters] Paging paging)
    {
        var (reader, count) = (Names.Reader(context), paging.Count());
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var (edition, staging) = await StagingOf(context).ConfigureAwait(false);
        var list = $"staged/{reader.Program.Name}/{edition.Name}";
        var (from, upTo) = paging.Range(context, list, head.Incarnation, long.MaxValue);
        var members = await reader.StagedChanges(edition.Name, from, count + 1, context.RequestAborted).ConfigureAwait(false);
        return Answer.To(_ => { }, json =>
        {
            json.WriteString("edition", edition.Name);
            json.WriteNumber("done", staging.Done);
            json.WriteNumber("total", staging.Total);
            json.WriteStartArray("members");
            foreach (var member in members.Take(count))
            {
                json.WriteStartObject();
                WriteStaged(json, member);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Paging.WriteNext(json, context, list, head.Incarnation, upTo, members.Count > count ? members[count].Number : null);
        }, head);
    }

    private static async Task<IResult> StagedMember(HttpContext context, CancellationToken stop)
    {
        var (reader, name) = (Names.Reader(context), Names.Of(context, Names.Member));
        var head = await reader.Head(context.RequestAborted).ConfigureAwait(false);
        var (edition, _) = await StagingOf(context).ConfigureAwait(false);
        var member = await reader.StagedStanding(edition.Name, name, stop).ConfigureAwait(false)
            ?? throw Refused.Unknown($"{edition.Name} is not staged for a member `{name}`", "GET editions/EDITION says how far it is; GET members lists the members.");
        return Answer.To(_ => { }, json =>
        {
            json.WriteString("edition", edition.Name);
            WriteStaged(json, member);
            WriteRaw(json, "present", member.Present);
            WriteRaw(json, "staged", member.Staged);
        }, head);
    }

    private static void WriteStaged(Utf8JsonWriter json, StagedStanding member)
    {
        json.WriteString("member", member.Name);
        json.WriteString("at", member.At.ToString());
        json.WriteBoolean("holds", member.Holds);
        json.WritePropertyName("changes");
        using var changes = JsonDocument.Parse(member.Changes ?? """{"changes":[]}""");
        changes.RootElement.GetProperty("changes").WriteTo(json);
    }

    private static async Task<(Edition Edition, Staging Staging)> StagingOf(HttpContext context)
    {
        var edition = Find(Names.Reader(context).Program, Names.Of(context, "edition"));
        var progress = await ProgressOf(context, context.RequestAborted).ConfigureAwait(false);
        return (edition, progress.StagingOf(edition) ?? throw new Refused(ProblemType.NotNow, $"{edition.Name} is not being staged", "An edition is staged from a day before it is published until it is; POST drafts/DRAFT/backtest compares any."));
    }

    /// <summary>What time it is, what is being staged, and the program as the log has it.</summary>
    private sealed record Progress(Instant Now, IReadOnlyDictionary<string, Staging> Stagings, PartnerProgram Opened)
    {
        /// <summary>How far an edition is that is being staged; null for another.</summary>
        public Staging? StagingOf(Edition edition) =>
            edition.Draft ? null : edition.Name == Begins?.Edition ? Begins : Stagings.TryGetValue(edition.Name, out var staging) && staging.State == BookState.Staging ? staging : null;

        /// <summary>What is about to be staged; null for nothing.</summary>
        public Staging? Begins { get; init; }

        /// <summary>True where an edition is published.</summary>
        public bool Has(Edition edition) => edition.Published <= Now && Opened.Editions.Any(e => e.Name == edition.Name);
    }

    private static async Task<Progress> ProgressOf(HttpContext context, CancellationToken stop)
    {
        var reader = Names.Reader(context);
        var head = await reader.Head(stop).ConfigureAwait(false);
        var now = Instant.Max(await Clock.Now(context).ConfigureAwait(false), head.Recorded);
        return new(now, await reader.Stagings(stop).ConfigureAwait(false), await reader.Opened(head, now, Instant.Last, stop).ConfigureAwait(false));
    }
}
