namespace Laurel.Engine.Tests.Bugs;

/// <summary>
/// A path over two references found nothing, unless the subject between followed its reference too; and a subject that is reached on
/// two ways was settled before what it reads itself.
/// </summary>
public sealed class Bug_0008_references_of_references
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects:
          firm: { owner: member }
          person: { works_at: firm }
          certificate: { at: firm, holder: person }
        facts:
          firm.opened: { about: firm, needs: [owner] }
          firm.closed: { about: firm }
          person.hired: { about: person, needs: [works_at] }
          certificate.earned: { about: certificate, needs: [holder], may: [at] }
        ---
        edition: e1
        effective: 2024-01-01
        """;

    [Fact]
    public void A_path_leads_over_two_references() => Told.Of(
        Program + "\nrules: { certificate: { give: 100 points, to: certificate.holder.works_at.owner } }",
        "2024-02-01 member.joined member/ada", "2024-02-02 firm.opened firm/f1 owner=ada", "2024-02-03 person.hired person/p1 works_at=f1", "2024-02-04 certificate.earned certificate/c1 holder=p1")
        .Gives("ada certificate points certificate/c1 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until never: 100, counts 100");

    [Fact]
    public void What_is_reached_on_two_ways_is_settled_after_what_it_reads() => Told.Of(
        Program + """

        states:
          firm.open: { starts: firm.opened, ends: firm.closed }
          person.busy: person.works_at.open
        rules: { certificate: { give: 100 points, to: certificate.at.owner, while: certificate.holder.busy } }
        """,
        "2024-02-01 member.joined member/ada", "2024-02-02 firm.opened firm/f1 owner=ada", "2024-02-03 person.hired person/p1 works_at=f1",
        "2024-02-04 certificate.earned certificate/c1 at=f1 holder=p1", "2024-03-01 firm.closed firm/f1")
        .Gives("ada certificate points certificate/c1 2024-02-04T00:00:00Z Active from 2024-02-04T00:00:00Z until 2024-03-01T00:00:00Z: 100, counts 100");
}
