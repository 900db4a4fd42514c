using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Reading;

/// <summary>A question with all that it is about: the program and the facts are read, the names are found.</summary>
/// <param name="Program">The program.</param>
/// <param name="History">The facts.</param>
/// <param name="At">When it is asked for.</param>
/// <param name="Known">What was learnt later is left out.</param>
/// <param name="Under">The edition that alone counts; null for those in force.</param>
/// <param name="Member">The member's subject number; null for all.</param>
/// <param name="Refused">How many facts were refused.</param>
internal sealed record Asked(PartnerProgram Program, History History, Instant At, Instant Known, Edition? Under, int? Member, long Refused)
{
    private const string MemberPrefix = "member/";

    /// <summary>What the run comes to when the answer is given: refused facts make it wrong.</summary>
    public ExitCode Code => Refused > 0 ? ExitCode.Wrong : ExitCode.Fine;

    /// <summary>The program's zone.</summary>
    public Zone Zone => Program.Vocabulary.Zone;

    /// <summary>Reads what a question needs.</summary>
    /// <exception cref="Halt">The program is wrong, or the question names what there is not.</exception>
    public static Asked Read(Question question, Terminal terminal, Progress progress)
    {
        var program = ReadProgram(question.Program, terminal);
        var zone = program.Vocabulary.Zone;
        var at = question.At is null ? terminal.Now : Moment.Read("--at", question.At, zone);
        Instant? known = question.Known is null ? null : Moment.Read("--known", question.Known, zone);
        var under = question.Under is null ? null : FindEdition(program, question.Under);
        var intake = FactFiles.Read(program.Vocabulary, question.Facts, question.Refusals, terminal, progress);
        if (intake.Refused > 0 && question.Strict) { throw Halt.Wrong($"{Shown.Count(intake.Refused, "fact")} refused, and --strict allows none", "Correct them, or leave out --strict to go on without them."); }
        var history = intake.History;
        var asked = new Asked(program, history, at, known ?? AllTold(history, terminal.Now), under, null, intake.Refused);
        SayWhatIsAhead(asked, question, terminal);
        return question.Member is null ? asked : asked with { Member = FindMember(history, question.Member) };
    }

    /// <summary>Says once more, after the answer, that it lacks the refused facts.</summary>
    public void SayRefused(Terminal terminal)
    {
        if (Refused > 0) { terminal.Complain($"{Shown.Count(Refused, "fact")} refused: the answer is without them", ""); }
    }

    /// <summary>The edition that says so at the instant of the question.</summary>
    /// <exception cref="Halt">No edition was published by then.</exception>
    public Edition CheckEdition() => (Under is null ? RuleBook.InForce(Program, Known) : RuleBook.Under(Program, Under)).At(At) ?? throw NoEdition();

    /// <summary>No edition was published by then.</summary>
    public Halt NoEdition() => Halt.Misuse(
        $"{Program.Name} had published no edition by {Zone.WrittenAsked(Known)}",
        $"Ask for a later --known, or name an edition with --under. {Choice.Among("", Program.Editions.Select(e => e.Name))}");

    /// <summary>What to say where a member's amounts can't be added.</summary>
    public static Halt TooMuch(AmountOverflowException overflow) => Halt.Wrong(overflow.Message, RemedyOf(overflow));

    /// <summary>What to do about it.</summary>
    public static string RemedyOf(AmountOverflowException overflow) =>
        $"Look for facts with amounts that nobody can mean, and retract them: laurel ledger, with --member {overflow.Member}, lists what each fact gave.";

    /// <summary>A program without errors; its warnings are for check.</summary>
    public static PartnerProgram ReadProgram(string name, Terminal terminal) => ReadProgram(name, terminal, out _);

    /// <summary>A program without errors; its warnings are for check.</summary>
    /// <param name="name">Its folder, or its name.</param>
    /// <param name="terminal">Where errors are shown.</param>
    /// <param name="texts">The folder's texts.</param>
    public static PartnerProgram ReadProgram(string name, Terminal terminal, out IReadOnlyDictionary<string, string> texts)
    {
        var folder = ProgramFolder.Find(name);
        var result = folder.Read(out texts);
        if (result.Program is { } program) { return program; }
        var errors = result.Problems.Where(p => p.Severity == Severity.Error).ToList();
        foreach (var problem in errors) { terminal.Show(problem); }
        throw Halt.Wrong($"the program {folder.Path} has {Shown.Count(errors.Count, "error")}", "");
    }

    /// <summary>A member's name without its kind.</summary>
    public static string BareName(string name) => name.StartsWith(MemberPrefix, StringComparison.Ordinal) ? name[MemberPrefix.Length..] : name;

    /// <summary>The subject number of a member.</summary>
    /// <exception cref="Halt">No fact speaks of it.</exception>
    public static int FindMember(History history, string name)
    {
        var bare = BareName(name);
        return history.SubjectOf(Vocabulary.MemberKind, bare)
            ?? throw Halt.Misuse($"no fact speaks of a member `{bare}`", Choice.Among(bare, history.SubjectsOf(Vocabulary.MemberKind).Select(history.NameOf)));
    }

    /// <summary>The edition or draft of a name.</summary>
    /// <exception cref="Halt">There is none.</exception>
    public static Edition FindEdition(PartnerProgram program, string name)
    {
        if (program.Find(name) is { } edition) { return edition; }
        var none = NotThere.Edition(program, name);
        throw Halt.Misuse(none.Message, none.Remedy);
    }

    /// <summary>Whoever hands over a file knows what is in it, announcements of next year included.</summary>
    private static Instant AllTold(History history, Instant now) =>
        history.FactCount == 0 ? now : Instant.Max(now, history.RecordedAt(history.FactCount - 1));

    private static void SayWhatIsAhead(Asked asked, Question question, Terminal terminal)
    {
        var history = asked.History;
        var upTo = history.KnownUpTo(asked.Known);
        if (upTo < history.FactCount) { terminal.Say($"{Shown.Count(history.FactCount - upTo, "fact")} learnt after {asked.Zone.WrittenAsked(asked.Known)}: left out"); }
        if (question.At is not null) { return; }
        var ahead = 0L;
        for (var fact = 0; fact < history.FactCount; fact++)
        {
            if (history.TimeOf(fact) > asked.At && history.PositionOf(fact) < upTo) { ahead++; }
        }
        if (ahead > 0) { terminal.Say($"{Shown.Count(ahead, "fact")} dated after now: the known future"); }
    }
}
