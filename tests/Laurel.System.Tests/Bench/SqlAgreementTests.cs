using Laurel.Benchmarks;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Bench;

/// <summary>The engine beside SQL that was written without it: both must say the same of every member.</summary>
public sealed class SqlAgreementTests
{
    [PostgresFact]
    public void SQL_gives_every_member_the_points_and_level_that_the_engine_gives()
    {
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        var path = Path.GetTempFileName();
        try
        {
            samples.Write(path, seed: 11, members: 400, facts: 20_000);
            using var server = Postgres.Start(Postgres.Find()!, Postgres.Settings);
            using var peer = new SqlPeer(server, samples.Program.Vocabulary);
            peer.Load(path);
            peer.Index();

            var engine = Agreement.Standings(samples.Program, samples.Load(path), "W5");

            Assert.True(engine.Values.Count(said => said.Points > 0) > 100, "most members of the sample have points");
            Assert.Empty(Agreement.Differences(engine, peer, peer.Score(Agreement.At.Micros)));
        }
        finally { File.Delete(path); }
    }
}
