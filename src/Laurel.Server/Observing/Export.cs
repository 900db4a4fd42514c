using Laurel.Storage;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Laurel.Server.Observing;

/// <summary>Sends spans and metrics to a collector, by OTLP. What OpenTelemetry's standard variables say holds; where none of them names a collector there is none of this.</summary>
internal sealed class Export : IDisposable
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>How long a server that stops waits for a collector: a part of what it has to close its books.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TracerProvider _spans;
    private readonly MeterProvider _metrics;

    private Export(IConfiguration configuration)
    {
        _spans = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .AddSource(Telemetry.Name, "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddOtlpExporter().Build();
    }

    /// <summary>Begins to export; null where nobody says where to.</summary>
    /// <param name="variables">OpenTelemetry's standard variables, wherever they were said.</param>
    public static Export? Begin(IReadOnlyDictionary<string, string> variables) =>
        Endpoints.Any(variables.ContainsKey) ? new(new ConfigurationBuilder().AddInMemoryCollection(variables!).Build()) : null;

    /// <summary>Sends what is left, as far as the collector takes it in time, and ends.</summary>
    public void Dispose() => Task.WaitAll([Task.Run(_spans.Dispose), Task.Run(_metrics.Dispose)], Patience);
}
