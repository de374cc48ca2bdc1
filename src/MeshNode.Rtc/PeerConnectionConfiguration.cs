using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc;

/// <summary>What a <see cref="PeerConnection"/> is made of; immutable, so that all connections of a node may share one.</summary>
public sealed record PeerConnectionConfiguration
{
    private const int Unlimited = 1_000_000; // at RTO.Max, 10 s, that is 115 days

    public required DtlsCertificate Certificate { get; init; }

    /// <summary>Seedable chance for timers. Not thread-safe: one for each event loop.</summary>
    public required RandomSource Jitter { get; init; }

    /// <summary>Cryptographically secure chance for credentials, tags and cookies.</summary>
    public required RandomSource Secure { get; init; }

    public IceAgentConfiguration Ice { get; init; } = new();

    /// <summary>
    /// Unlike RFC 9260's defaults SCTP never gives up by itself: whether the peer is there is told by ICE's consent
    /// (RFC 7675), and an ICE restart must find the association alive however long the path was gone. Nor does it send
    /// heartbeats, which RFC 9260 section 8.3 leaves to the upper layer: consent checks are more frequent, and cheaper.
    /// </summary>
    public DataChannelTransportConfiguration DataChannels { get; init; } = new()
    {
        Sctp = new() { MaxRetransmissions = Unlimited, MaxInitRetransmissions = Unlimited, HeartbeatInterval = TimeSpan.Zero },
    };

    public IceTransportPolicy IceTransportPolicy { get; init; } = IceTransportPolicy.All;

    /// <summary>From the first description, or an ICE restart, until connected; then the connection fails with Timeout.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a graceful close waits for queued data and the far side before it ends at once.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First DTLS timeout where ICE has measured no round trip; otherwise twice that is used, and never less than this.</summary>
    public TimeSpan DtlsInitialTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of a UDP datagram with application data: what every IPv6 path carries (1,280 less 40 and 8), rounded down.</summary>
    public int DatagramSize { get; init; } = 1200;

    /// <summary>
    /// Largest UDP datagram that path MTU discovery (RFC 8899) tries, once enough was sent for it to pay; up to 16,421, the
    /// largest DTLS record. At or below <see cref="DatagramSize"/> there is none. Datagrams must not be fragmented on their way
    /// then, and the buffers given to <see cref="PeerConnection.TryTransmit"/> bound it as well.
    /// </summary>
    public int MaxDatagramSize { get; init; } = PathMtuSizes.LargestDatagram;

    /// <summary>Only simulations replace it, by a pass-through in virtual time.</summary>
    internal DtlsTransportFactory DtlsFactory { get; init; } =
        (certificate, role, fingerprints) => new DtlsTransport(certificate, role, fingerprints);

    /// <summary>The channels' configuration with the packet sizes that follow from the datagrams'.</summary>
    internal DataChannelTransportConfiguration SizedDataChannels => DataChannels with
    {
        Sctp = DataChannels.Sctp with
        {
            MaxPacketSize = PathMtuSizes.PacketOf(DatagramSize),
            LargerPacketSizes = PathMtuSizes.Packets(DatagramSize, MaxDatagramSize),
        },
    };
}
