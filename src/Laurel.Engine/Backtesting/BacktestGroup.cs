using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What a backtest groups members by.</summary>
public abstract record BacktestGroup
{
    private BacktestGroup() { }

    /// <summary>Whole years since the member joined, in the program's zone; null for one who is not enrolled.</summary>
    public sealed record Tenure : BacktestGroup;

    /// <summary>On how many subjects the member has credits on either side, in bands; of a band its least.</summary>
    public sealed record Size : BacktestGroup
    {
        private static readonly IReadOnlyList<int> Bands = [0, 1, 2, 6, 21, 101];

        /// <summary>The least of the band that a count lies in.</summary>
        public static int BandOf(int subjects) => Bands.Last(least => least <= subjects);

        /// <summary>The most of the band that has this least; null where it has no end.</summary>
        public static int? MostOf(int least) => Bands.Where(next => next > least).Select(next => (int?)next - 1).FirstOrDefault();

        /// <summary>The band of this least: "1", "2–5", "over 100".</summary>
        public static string Written(int least) => MostOf(least) switch
        {
            null => string.Create(CultureInfo.InvariantCulture, $"over {least - 1}"),
            { } most when most == least => least.ToString(CultureInfo.InvariantCulture),
            { } most => string.Create(CultureInfo.InvariantCulture, $"{least}–{most}"),
        };
    }

    /// <summary>What was told of the member; null where nobody had told it.</summary>
    /// <param name="Field">A choice, a text, a flag or a reference.</param>
    public sealed record OfField(Field Field) : BacktestGroup;

    /// <summary>What it is called: "tenure", "size", the field's name.</summary>
    public string Name => this switch
    {
        Tenure => "tenure",
        Size => "size",
        OfField told => told.Field.Name,
        _ => "",
    };

    /// <summary>A group's key for scripts, such as "3" or "2–5"; null where nobody told.</summary>
    public string? Written(in Value key) => key.Kind == ValueKind.Null ? null : this is Size ? Size.Written((int)key.AsNumber.Numerator) : StandingJson.Key(key);

    /// <summary>True for fields whose values make groups.</summary>
    public static bool Groups(FieldType type) => type is FieldType.Choice or FieldType.Text or FieldType.Flag or FieldType.Reference;

    /// <summary>The group that a member is in.</summary>
    internal Value KeyOf(Scoring scoring, int member, int subjects, Instant at) => this switch
    {
        Tenure => YearsOf(scoring, member, at),
        Size => Value.Of(new Number(Size.BandOf(subjects))),
        OfField field => Told(scoring, member, field.Field, at),
        _ => Value.Null,
    };

    private static Value YearsOf(Scoring scoring, int member, Instant at)
    {
        var zone = scoring.Program.Vocabulary.Zone;
        foreach (var span in scoring.Enrolment.Of(member))
        {
            if (!span.Contains(at)) { continue; }
            var (joined, today) = (zone.DateOf(span.Starts), zone.DateOf(at));
            var years = today.Year - joined.Year;
            return Value.Of(new Number(joined.AddYears(years) > today ? years - 1 : years));
        }
        return Value.Null;
    }

    private static Value Told(Scoring scoring, int member, Field field, Instant at)
    {
        var history = scoring.Plan.History;
        return new Telling(history, Vocabulary.MemberKind, field.Slot, scoring.UpTo).Last(member, at) is { } bits
            ? field.Type is FieldType.Reference ? Value.Of(history.NameOf((int)bits)) : FactValues.Of(bits, field.Type, history)
            : Value.Null;
    }
}
