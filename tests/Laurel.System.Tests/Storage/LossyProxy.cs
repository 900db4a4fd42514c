using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Laurel.System.Tests.Storage;

/// <summary>Stands between a client and PostgreSQL, passes everything on, and breaks a connection, or holds all of them, when it is told to.</summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private int _loseAnswer;
    private int _loseQuestion;
    private int _lost;
    private volatile TaskCompletionSource? _held;

    public LossyProxy(NpgsqlConnectionStringBuilder server)
    {
        _server = server;
        _listener.Start();
        Connection = new NpgsqlConnectionStringBuilder(server.ToString()) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable }.ToString();
        _ = Accept();
    }

    /// <summary>How a client reaches the server through it.</summary>
    public string Connection { get; }

    /// <summary>How many messages it lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>The server gets the next message, but its answer never comes.</summary>
    public void LoseNextAnswer() => Volatile.Write(ref _loseAnswer, 1);

    /// <summary>The server never gets the next message.</summary>
    public void LoseNextQuestion() => Volatile.Write(ref _loseQuestion, 1);

    /// <summary>Nothing comes through, and no connection is broken, until it is let go.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held comes through.</summary>
    public void LetGo()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient(_server.Host!, _server.Port);
                _ = Pass(client, server, () => Interlocked.Exchange(ref _loseQuestion, 0) == 1);
                _ = Pass(server, client, () => Interlocked.Exchange(ref _loseAnswer, 0) == 1);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException) { }
    }

    private async Task Pass(TcpClient from, TcpClient to, Func<bool> loses)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (loses())
                {
                    Interlocked.Increment(ref _lost);
                    break;
                }
                if (_held is { } held) { await held.Task; }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException) { }
        from.Dispose();
        to.Dispose();
    }
}
