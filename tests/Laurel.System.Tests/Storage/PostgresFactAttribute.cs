using Laurel.Benchmarks;

namespace Laurel.System.Tests.Storage;

/// <summary>A fact that is skipped, visibly, where no PostgreSQL is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = Postgres.Find() is null ? "no PostgreSQL is installed; ./test installs it" : null!;
}
