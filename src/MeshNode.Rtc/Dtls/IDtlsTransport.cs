namespace MeshNode.Rtc.Dtls;

/// <summary>
/// What the peer connection asks of the layer between ICE and SCTP. The one implementation that ships is
/// <see cref="DtlsTransport"/>; deterministic simulations put a pass-through of their own here.
/// </summary>
internal interface IDtlsTransport : IDisposable
{
    DtlsState State { get; }

    /// <summary>Why <see cref="State"/> became Failed; null otherwise.</summary>
    string? FailureReason { get; }

    /// <summary>True when it failed because the peer's certificate matched no fingerprint of its description.</summary>
    bool IsPeerMismatched { get; }

    MonotonicTime? NextTimeout { get; }

    /// <summary>Begins the handshake: a client's first flight is ready to transmit afterwards.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="initialTimeout">After which an unanswered first flight is sent again.</param>
    void Start(MonotonicTime now, TimeSpan initialTimeout);

    /// <summary>
    /// Takes a datagram and writes the next record of application data. While it returns true there may be more:
    /// call again with an empty datagram.
    /// </summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="datagram">One datagram as received, or empty to continue.</param>
    /// <param name="plaintext"><see cref="DtlsTransport.MaxRecordLength"/> bytes, or as long as the datagram was.</param>
    /// <param name="length">Bytes written to <paramref name="plaintext"/>.</param>
    bool HandleDatagram(MonotonicTime now, ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length);

    void HandleTimeout(MonotonicTime now);

    /// <summary>Takes the next handshake or alert datagram that waits.</summary>
    bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length);

    /// <summary>Seals application data straight into a datagram. False unless connected.</summary>
    /// <param name="plaintext">1 to <see cref="DtlsTransport.MaxRecordLength"/> bytes.</param>
    /// <param name="destination">At least <see cref="DtlsTransport.RecordOverhead"/> bytes longer.</param>
    /// <param name="length">Bytes written.</param>
    bool TrySeal(ReadOnlySpan<byte> plaintext, Span<byte> destination, out int length);

    /// <summary>Queues a close_notify when connected, and closes.</summary>
    void Close();
}
