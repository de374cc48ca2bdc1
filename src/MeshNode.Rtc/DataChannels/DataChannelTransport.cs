using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// Data channels over one SCTP association (RFC 8831), opened in-band (RFC 8832) or negotiated. Sans-IO: plain SCTP packets
/// in and out; DTLS is the owner's. Used on one thread.
/// </summary>
public sealed class DataChannelTransport
{
    public DataChannelTransport(DataChannelTransportConfiguration configuration, RandomSource jitter, RandomSource secure)
    {
        Configuration = configuration;
    }

    public DataChannelTransportConfiguration Configuration { get; }

    public SctpState State => throw new NotImplementedException();

    /// <summary>Channels that are not closed.</summary>
    public IReadOnlyCollection<DataChannel> Channels => throw new NotImplementedException();

    public SctpStatistics Statistics => throw new NotImplementedException();

    /// <summary>Bytes of an SCTP packet, without the DTLS record.</summary>
    public int MaxPacketSize { get; set; }

    public MonotonicTime? NextTimeout => throw new NotImplementedException();

    /// <summary>Decides the parity of stream ids: the DTLS client takes even ones, the server odd ones (RFC 8832 §6).</summary>
    public void SetDtlsRole(bool isDtlsClient) => throw new NotImplementedException();

    /// <summary>The far side's max-message-size (RFC 8841): 65,536 when its SDP has none, 0 for no limit.</summary>
    public void SetRemoteMaxMessageSize(long bytes) => throw new NotImplementedException();

    /// <summary>Before or after the association is up.</summary>
    public DataChannel CreateDataChannel(MonotonicTime now, string label, DataChannelInit init) => throw new NotImplementedException();

    /// <summary>DTLS is up: sends INIT. Both sides do.</summary>
    public void Start(MonotonicTime now) => throw new NotImplementedException();

    public void HandlePacket(MonotonicTime now, ReadOnlySpan<byte> sctpPacket) => throw new NotImplementedException();

    public void HandleTimeout(MonotonicTime now) => throw new NotImplementedException();

    /// <summary>Writes one packet into <paramref name="destination"/>, which holds at least <see cref="MaxPacketSize"/> bytes.</summary>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length) => throw new NotImplementedException();

    public bool TryReadEvent(out DataChannelEvent dataChannelEvent) => throw new NotImplementedException();

    /// <summary>Sends what is queued, then ends the association; Closed follows.</summary>
    public void Shutdown(MonotonicTime now) => throw new NotImplementedException();

    /// <summary>Ends the association at once with an ABORT; Closed follows.</summary>
    public void Abort(MonotonicTime now, string reason) => throw new NotImplementedException();

    internal long BufferedAmount(DataChannel channel) => throw new NotImplementedException();

    internal DataChannelSendResult Send(MonotonicTime now, DataChannel channel, ReadOnlySpan<byte> data, DataChannelMessageKind kind) => throw new NotImplementedException();

    internal void Close(MonotonicTime now, DataChannel channel) => throw new NotImplementedException();
}
