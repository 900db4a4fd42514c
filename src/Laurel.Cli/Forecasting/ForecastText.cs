using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Forecasting;

/// <summary>A forecast for people: two lists, one after the other.</summary>
internal static class ForecastText
{
    /// <summary>Writes it.</summary>
    public static void Write(ForecastSteps will, RenewalOutcomes renewals, PhraseBook book, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title($"{Plain.Line(asked.History.NameOf(asked.Member!.Value))} in {Headline.OfExplanation(asked)}"));
        ExplanationText.WriteList(text, will.Told, book, terminal.Paint);
        ExplanationText.WriteList(text, renewals.Told, book, terminal.Paint);
    }
}
