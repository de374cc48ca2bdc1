using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Sctp;

/// <summary>Protocol parameters of an association (RFC 9260 §16), with defaults that suit a data channel.</summary>
public sealed record SctpConfiguration
{
    /// <summary>Port in the common header; WebRTC uses 5000 on both sides (RFC 8841 sctp-port).</summary>
    public ushort LocalPort { get; init; } = 5000;

    public ushort RemotePort { get; init; } = 5000;

    /// <summary>Bytes of received user data that may wait here at first; what a_rwnd advertises.</summary>
    public int ReceiveWindow { get; init; } = 1024 * 1024;

    /// <summary>
    /// Bytes up to which the receive window grows while the application keeps up and the path has more under way than the window
    /// holds: 100 Mbit/s over 500 ms are 6.25 MB, and twice that lets one round trip's losses be repaired. Memory is used only by what waits.
    /// </summary>
    public int MaxReceiveWindow { get; init; } = 16 * 1024 * 1024;

    /// <summary>Announces I-DATA (RFC 8260), and uses it when the far side does, too.</summary>
    public bool Interleaving { get; init; } = true;

    /// <summary>
    /// Announces that packets without a checksum are accepted (RFC 9653), and sends them so when the far side announces it: true
    /// because DTLS is always below; tests that corrupt packets without DTLS turn it off.
    /// </summary>
    internal bool ZeroChecksum { get; init; } = true;

    /// <summary>Largest message accepted from the far side, in bytes; larger ones end the association.</summary>
    public int MaxMessageSize { get; init; } = 262144;

    /// <summary>Bytes of an SCTP packet, without the DTLS record: 1,200 less 13 + 8 + 16 of an AES-GCM record, in whole words.</summary>
    public int MaxPacketSize { get; init; } = 1160;

    /// <summary>
    /// Packet sizes above <see cref="MaxPacketSize"/> that path MTU discovery tries, in bytes, ascending; none turns it off.
    /// The owner must not let packets be fragmented on their way.
    /// </summary>
    internal IReadOnlyList<int> LargerPacketSizes { get; init; } = [];

    /// <summary>Streams asked for in each direction; 65,535 stream ids are the most that data channels use (RFC 8831 §6.2).</summary>
    public ushort MaxStreams { get; init; } = 65535;

    /// <summary>RTO.Initial.</summary>
    public TimeSpan RtoInitial { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>RTO.Min. Below the 1 s of RFC 9260, like every data channel stack: consent freshness bounds the harm.</summary>
    public TimeSpan RtoMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>RTO.Max.</summary>
    public TimeSpan RtoMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least 4·RTTVAR in the RTO: the far side may delay its SACK by 200 ms (RFC 9260 §6.2).</summary>
    public TimeSpan DelayedSackAllowance { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>SACK.Delay: how long a lone DATA chunk waits for its acknowledgement.</summary>
    public TimeSpan SackDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>HB.interval; zero sends none, which RFC 9260 §8.3 leaves to the upper layer.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Valid.Cookie.Life.</summary>
    public TimeSpan ValidCookieLife { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>T5-shutdown-guard; the RFC's 5 · RTO.Max would outlive every owner's patience.</summary>
    public TimeSpan ShutdownGuard { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Association.Max.Retrans.</summary>
    public int MaxRetransmissions { get; init; } = 10;

    /// <summary>Max.Init.Retransmits.</summary>
    public int MaxInitRetransmissions { get; init; } = 8;

    /// <summary>Initial congestion window in packets (RFC 6928 by analogy; RFC 9260 §7.2.1 allows 4,380 bytes).</summary>
    public int InitialWindowPackets { get; init; } = 10;

    /// <summary>How the path's capacity is found and shared; Congestion/README.md has the figures behind the default.</summary>
    public CongestionControl CongestionControl { get; init; } = CongestionControl.Bbr;

    /// <summary>Bytes of unsent user data over all streams; a send beyond it is refused.</summary>
    public long SendBufferLimit { get; init; } = 64L * 1024 * 1024;
}
