using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;
using Laurel.Engine.Values;

namespace Laurel.Cli.Forecasting;

/// <summary>The option that says how far ahead to look.</summary>
internal sealed class HorizonOption
{
    private static readonly Duration Default = new(12, 0, 0);
    private readonly Option<string?> _until = new("--until");

    /// <summary>Adds it to a verb.</summary>
    public HorizonOption(Command verb) => verb.Options.Add(_until);

    /// <summary>What it means, for help.</summary>
    public static readonly (string Option, string Means) Help = ("--until WHEN", "how far ahead it looks; default: one year");

    /// <summary>The horizon of a question.</summary>
    /// <exception cref="Halt">It is no instant, does not lie ahead, or too far.</exception>
    public Instant Read(ParseResult call, Asked asked)
    {
        if (call.GetValue(_until) is not { } text) { return Instant.Min(Calendar.Of(asked.Zone).Add(asked.At, Default), Instant.Last); }
        var until = Moment.Read("--until", text, asked.Zone);
        if (until <= asked.At) { throw Halt.Misuse($"`--until {text}` is not after {asked.Zone.WrittenAsked(asked.At)}", "Name a later date, or an earlier --at."); }
        return until <= Calendar.Of(asked.Zone).Add(asked.At, new(Forecaster.YearsMax * 12, 0, 0)) ? until
            : throw Halt.Misuse($"`--until {text}` is more than {Forecaster.YearsMax} years after {asked.Zone.WrittenAsked(asked.At)}", "Name an earlier date: what is further ahead is not told.");
    }
}
