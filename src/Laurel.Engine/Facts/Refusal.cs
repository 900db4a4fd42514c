using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>Why a fact was not recorded, for people and for scripts.</summary>
/// <param name="Code">Why.</param>
/// <param name="Line">The line of the file, from 1; 0 where the fact came from no file.</param>
/// <param name="Column">Where in the line, in characters from 1; 0 for the line as a whole.</param>
/// <param name="Field">The attribute ("time") or field ("data.plan"); empty for the line as a whole.</param>
/// <param name="Value">What stood there, at most 60 characters of it; may be empty.</param>
/// <param name="Message">What is wrong; one sentence without a full stop.</param>
/// <param name="Remedy">What to do about it; full sentences.</param>
/// <param name="Excerpt">The part of the line around the place, or empty.</param>
/// <param name="ExcerptColumn">Where in the excerpt the place is, from 1.</param>
public sealed record Refusal(
    RefusalCode Code, long Line, int Column, string Field, string Value, string Message, string Remedy, string Excerpt, int ExcerptColumn)
{
    /// <summary>The refusal as a problem of the file that the line stands in.</summary>
    public Problem ToProblem(string file)
    {
        var line = (int)Math.Min(Line, int.MaxValue);
        // What is no JSON or no UTF-8 is so from a place on: there the value says what is wrong, not what stands there.
        var length = Code is RefusalCode.NotJson or RefusalCode.NotUtf8 ? 1 : Math.Max(1, Math.Min(Value.Length, Excerpt.Length - ExcerptColumn + 1));
        return new(Severity.Error, Code.ToString(), new(file, line, Math.Max(1, Column), length), Message, Remedy, Excerpt, Excerpt.Length > 0 ? Column - ExcerptColumn : 0);
    }

    /// <summary>One line: where, which field, what is wrong, what to do.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"line {Line}: ") : "";
        return $"{place}{Code}: {Message}. {Remedy}";
    }
}
