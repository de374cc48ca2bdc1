using System.Runtime.CompilerServices;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sdp;

namespace MeshNode.Rtc;

/// <summary>Owns DTLS and the data channels over it, and moves packets between the two.</summary>
internal sealed class SecureChannels : IDisposable
{
    private static readonly TimeSpan MaxInitialTimeout = TimeSpan.FromSeconds(1);

    private readonly PeerConnectionConfiguration _configuration;
    private readonly DtlsGate _gate;

    public SecureChannels(PeerConnectionConfiguration configuration)
    {
        _configuration = configuration;
        _gate = new DtlsGate(configuration.DtlsFactory, configuration.Certificate);
        Channels = new DataChannelTransport(configuration.SizedDataChannels, configuration.Jitter, configuration.Secure);
    }

    public DataChannelTransport Channels { get; }

    /// <summary>New until negotiated and begun.</summary>
    public DtlsState State => _gate.Transport?.State ?? DtlsState.New;

    public bool IsNegotiated => _gate.Transport is not null;

    public bool IsStarted { get; private set; }

    /// <summary>The association was begun and is over.</summary>
    public bool HasEnded => IsStarted && Channels.State == SctpState.Closed;

    /// <summary>Why DTLS failed; null while it has not.</summary>
    public RtcError? Failure => _gate.Transport is { State: DtlsState.Failed } transport
        ? new RtcError(
            transport.IsPeerMismatched ? RtcErrorCode.Authentication : RtcErrorCode.Initialization,
            "DTLS: " + transport.FailureReason)
        : null;

    public MonotonicTime? NextTimeout =>
        MonotonicTime.Earliest(_gate.Transport?.NextTimeout, IsStarted ? Channels.NextTimeout : null);

    /// <summary>Both descriptions are known: opens the gate (once) and takes what came early.</summary>
    public void Apply(MonotonicTime now, DtlsRole role, DataChannelSdp remote, TimeSpan? roundTripTime)
    {
        Channels.SetRemoteMaxMessageSize(remote.MaxMessageSize);
        if (IsNegotiated)
        {
            return;
        }

        Channels.LimitPacketSize(PathMtuSizes.PacketOf((int)Math.Min(remote.MaxDatagramSize, PathMtuSizes.LargestDatagram)));
        Channels.SetDtlsRole(role == DtlsRole.Client);
        _gate.Open(role, remote.Fingerprints);
        foreach (var datagram in _gate.TakeEarly())
        {
            HandleDatagram(now, datagram, roundTripTime);
        }
    }

    /// <summary>A path can be used: the client begins. The server begins with the client's first datagram.</summary>
    public void PathIsUsable(MonotonicTime now, TimeSpan? roundTripTime)
    {
        if (_gate is { Transport: { State: DtlsState.New } transport, Role: DtlsRole.Client })
        {
            transport.Start(now, InitialTimeout(roundTripTime));
        }
    }

    /// <summary>Begins the association as soon as DTLS is connected.</summary>
    public void Advance(MonotonicTime now)
    {
        if (!IsStarted && State == DtlsState.Connected)
        {
            IsStarted = true;
            Channels.Start(now);
        }
    }

    /// <summary>Takes a datagram of an authenticated path. False when it came early and there was no room for it.</summary>
    [SkipLocalsInit]
    public bool HandleDatagram(MonotonicTime now, ReadOnlySpan<byte> datagram, TimeSpan? roundTripTime)
    {
        if (_gate.Transport is not { } transport)
        {
            return _gate.TryKeep(datagram);
        }

        if (transport.State == DtlsState.New && _gate.Role == DtlsRole.Server)
        {
            transport.Start(now, InitialTimeout(roundTripTime));
        }

        Span<byte> plaintext = stackalloc byte[DtlsTransport.MaxRecordLength]; // a record a time
        for (var input = datagram; transport.HandleDatagram(now, input, plaintext, out var length); input = default)
        {
            Advance(now);
            Channels.HandlePacket(now, plaintext[..length]);
        }

        return true;
    }

    public void HandleTimeout(MonotonicTime now)
    {
        _gate.Transport?.HandleTimeout(now);
        if (IsStarted)
        {
            Channels.HandleTimeout(now);
        }
    }

    /// <summary>The next datagram: handshake flights and alerts, then SCTP's packets sealed straight into the destination.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="destination">For one datagram.</param>
    /// <param name="isEnding">The association has ended: a close_notify follows its last packet.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, bool isEnding, out int length)
    {
        length = 0;
        if (_gate.Transport is not { } transport)
        {
            return false;
        }

        if (transport.TryTransmit(now, destination, out length) || TryTransmitPacket(now, transport, destination, out length))
        {
            return true;
        }

        if (!isEnding || transport.State != DtlsState.Connected)
        {
            return false;
        }

        transport.Close();
        return transport.TryTransmit(now, destination, out length);
    }

    /// <summary>Datagrams take another way from now on.</summary>
    public void HandlePathChange(MonotonicTime now) => Channels.HandlePathChange(now);

    /// <summary>The edge could not send a datagram of this size.</summary>
    public void HandleDatagramTooBig(MonotonicTime now, int size) => Channels.HandlePacketTooBig(now, PathMtuSizes.PacketOf(size));

    public void Dispose() => _gate.Dispose();

    [SkipLocalsInit]
    private bool TryTransmitPacket(MonotonicTime now, IDtlsTransport transport, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> packet = stackalloc byte[DtlsTransport.MaxRecordLength];
        packet = packet[..Math.Clamp(destination.Length - DtlsTransport.RecordOverhead, 0, packet.Length)];
        return IsStarted
            && transport.State == DtlsState.Connected
            && Channels.TryTransmit(now, packet, out var packetLength)
            && transport.TrySeal(packet[..packetLength], destination, out length);
    }

    private TimeSpan InitialTimeout(TimeSpan? roundTripTime)
    {
        var least = _configuration.DtlsInitialTimeout;
        var twice = roundTripTime is { } measured ? measured + measured : least;
        return twice < least ? least : twice > MaxInitialTimeout ? MaxInitialTimeout : twice;
    }
}
