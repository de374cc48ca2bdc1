using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc;

/// <summary>
/// Stands before DTLS until role and fingerprints are negotiated: keeps what a faster peer sends early
/// (which saves it a retransmission timeout), within limits, and nothing from anyone else.
/// </summary>
internal sealed class DtlsGate(DtlsTransportFactory factory, DtlsCertificate certificate) : IDisposable
{
    /// <summary>Datagrams kept: a client's first flight is one, or three when its ClientHello is large.</summary>
    public const int MaxEarlyDatagrams = 4;

    /// <summary>Bytes kept.</summary>
    public const int MaxEarlyBytes = 8 * 1024;

    private List<byte[]>? _early;
    private int _earlyBytes;

    /// <summary>Null until <see cref="Open"/>.</summary>
    public IDtlsTransport? Transport { get; private set; }

    public DtlsRole? Role { get; private set; }

    /// <summary>Makes the transport; idempotent.</summary>
    public void Open(DtlsRole role, IReadOnlyList<DtlsFingerprint> expected)
    {
        if (Transport is null)
        {
            Role = role;
            Transport = factory(certificate, role, expected);
        }
    }

    /// <summary>Keeps a copy while the gate is closed. False when it is full: the datagram is lost and will be sent again.</summary>
    public bool TryKeep(ReadOnlySpan<byte> datagram)
    {
        _early ??= [];
        if (_early.Count == MaxEarlyDatagrams || _earlyBytes + datagram.Length > MaxEarlyBytes)
        {
            return false;
        }

        _early.Add(datagram.ToArray());
        _earlyBytes += datagram.Length;
        return true;
    }

    /// <summary>What was kept, once.</summary>
    public IReadOnlyList<byte[]> TakeEarly()
    {
        var early = _early;
        _early = null;
        _earlyBytes = 0;
        return early ?? [];
    }

    public void Dispose()
    {
        Transport?.Dispose();
        TakeEarly();
    }
}
