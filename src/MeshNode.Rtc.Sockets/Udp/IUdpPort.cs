using System.Net;

namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>
/// One UDP port number on one or several local addresses, and the wait for it. Everything but <see cref="Wake"/> and
/// <see cref="Statistics"/> belongs to one thread.
/// </summary>
/// <remarks>
/// Sending is in two steps, so that a datagram is written where the kernel will read it:
/// <code>
/// while (port.CanSend)
///     core.TryTransmit(now, port.GetSendBuffer(), out transmit) → port.Send(transmit)
/// port.Flush()
/// </code>
/// </remarks>
internal interface IUdpPort : IDisposable
{
    /// <summary>What is bound, with the real port.</summary>
    IReadOnlyList<IPEndPoint> LocalEndPoints { get; }

    /// <summary>False while datagrams of an earlier batch wait for the kernel's send queue; <see cref="Wait"/> returns when it has room.</summary>
    bool CanSend { get; }

    /// <summary>Bytes of a datagram that may be sent: what fragmentation cannot be forbidden for stays small.</summary>
    int MaxDatagramSize { get; }

    UdpPortStatistics Statistics { get; }

    /// <summary>Hands over what has arrived, at most one batch for each socket; never waits.</summary>
    /// <returns>Datagrams handed over; 0 when nothing has arrived.</returns>
    int Receive(IDatagramReceiver receiver);

    /// <summary>Room for the next datagram, at least <see cref="UdpLimits.MinSendBuffer"/> bytes. Only while <see cref="CanSend"/>.</summary>
    Span<byte> GetSendBuffer();

    /// <summary>Queues the first bytes of the buffer that <see cref="GetSendBuffer"/> returned last.</summary>
    void Send(in Transmit transmit);

    /// <summary>Gives everything queued to the kernel, as far as it takes it.</summary>
    void Flush();

    /// <summary>Takes one of the datagrams that could not be sent because the first hop takes none that long.</summary>
    bool TryTakeTooBig(out TransportPath path, out int size);

    /// <summary>Waits until something arrives, waiting datagrams can be sent, or <see cref="Wake"/> is called.</summary>
    /// <param name="timeout">Null: for ever. Zero or less: only looks.</param>
    /// <returns>True when something happened; false when the time is over.</returns>
    bool Wait(TimeSpan? timeout);

    /// <summary>Ends the current or the next <see cref="Wait"/>. From any thread, also after disposal.</summary>
    void Wake();
}
