using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests;

/// <summary>What does not matter to a test: a vocabulary with a field of every type, facts told in it.</summary>
internal static partial class Some
{
    private const int Person = Engine.Programs.Vocabulary.PersonKind;
    private const int Member = Engine.Programs.Vocabulary.MemberKind;
    private const int Site = 2;

    public static Vocabulary Vocabulary(string zone = "UTC")
    {
        SubjectKind[] kinds =
        [
            new("member", Member, []),
            new("person", Person, [new("team", 0, new FieldType.Reference(Member))]),
            new("site", Site,
            [
                new("editor", 0, new FieldType.Choice(["classic", "studio"])),
                new("plan", 1, new FieldType.Choice(["unlimited", "business"])),
                new("plan_ends", 2, new FieldType.Instant()),
                new("trial_ends", 3, new FieldType.Instant()),
                new("price", 4, new FieldType.Money(1)),
                new("refund", 5, new FieldType.Money(1)),
                new("weight", 6, new FieldType.Number()),
                new("free", 7, new FieldType.Flag()),
                new("note", 8, new FieldType.Text()),
            ]),
        ];
        var site = kinds[Site].Fields;
        FactField Sets(string name, bool needed = false) => new(name, site.Single(f => f.Name == name).Type, site.Single(f => f.Name == name).Slot, needed);
        FactField Names(int kind) => new(kinds[kind].Name, new FieldType.Reference(kind), -1, Needed: true);
        FactField Text(string name, bool needed = true) => new(name, new FieldType.Text(), -1, needed);
        FactField[] adjustment = [Text("unit"), new("amount", new FieldType.Number(), -1, Needed: true), Text("reason"), Text("by")];
        var types = new List<FactType>();
        void Add(string name, int about, BuiltIn builtIn, params FactField[] carries) => types.Add(new(name, types.Count, about, carries, builtIn));
        Add("member.joined", Member, BuiltIn.Joined);
        Add("member.left", Member, BuiltIn.Left);
        Add("member.adjusted", Member, BuiltIn.Adjusted, adjustment);
        Add("member.migrated", Member, BuiltIn.Migrated, adjustment);
        Add("fact.retracted", Member, BuiltIn.Retracted, Text("source"), Text("id"), Text("reason", needed: false));
        Add("edition.published", Member, BuiltIn.Published, Text("edition"), Text("hash"));
        Add("person.joined_team", Person, BuiltIn.None, new FactField("team", new FieldType.Reference(Member), 0, Needed: true));
        Add("site.created", Site, BuiltIn.None, Names(Member), Sets("editor", needed: true));
        Add("plan.expired", Site, BuiltIn.None);
        Add("plan.activated", Site, BuiltIn.None, Sets("plan", needed: true), Sets("plan_ends"), Sets("trial_ends"), Sets("price"), Sets("refund"), Sets("weight"), Sets("free"), Sets("note"));
        Unit[] units = [new("points", 0, 0, Money: false, null), new("usd", 1, 2, Money: true, null), new("hours", 2, 1, Money: false, null)];
        return new("maple", Phrase.Of("Maple"), Zone.Find(zone)!, units, kinds, types, new Dictionary<string, Phrase>());
    }

    /// <summary>A fact as a line; data is JSON, empty for none.</summary>
    public static string Line(string id, string type, string subject, string time, string data = "", string? recorded = null, string source = "shop")
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"{{type}}","subject":"{{subject}}","time":"{{time}}" """);
        if (recorded is not null) { line.Append(CultureInfo.InvariantCulture, $$""","recordedtime":"{{recorded}}" """); }
        if (data.Length > 0) { line.Append(CultureInfo.InvariantCulture, $$""","data":{{data}}"""); }
        return line.Append('}').ToString();
    }

    public static string Retraction(string id, string ofId, string time, string ofSource = "shop") =>
        $$$"""{"id":"{{{id}}}","source":"shop","type":"fact.retracted","time":"{{{time}}}","data":{"source":"{{{ofSource}}}","id":"{{{ofId}}}"}}""";

    public static Verdict Tell(this HistoryBuilder history, string line) => history.AddLine(Encoding.UTF8.GetBytes(line), 1);

    /// <summary>A history of lines that are all recorded.</summary>
    public static History History(params string[] lines)
    {
        var history = new HistoryBuilder(Vocabulary());
        foreach (var line in lines) { Assert.IsType<Verdict.Recorded>(history.Tell(line)); }
        return history.Build();
    }

    public static Instant At(string time) => Zone.Utc.TryParse(time, out var at, out _) ? at : throw new ArgumentException(time);
}
