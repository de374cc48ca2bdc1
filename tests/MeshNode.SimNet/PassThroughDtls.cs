using System.Buffers.Binary;
using MeshNode.Rtc;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Sctp;

namespace MeshNode.SimNet;

/// <summary>
/// Stands in for DTLS in simulations that must repeat exactly: two flights, fingerprints compared, close_notify, and
/// no protection whatsoever, not even against replay. A CRC at the end of every datagram stands for the tags by which DTLS
/// knows what was damaged. It lives in the tests; no shipped type can run without DTLS.
/// <code>
/// 22 1 digest   the client's hello        23 payload   application data
/// 22 2 digest   the server's answer       21 0         close_notify      21 42   bad certificate
/// </code>
/// </summary>
public sealed class PassThroughDtls : IDtlsTransport
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;
    private const byte BadCertificate = 42;

    private readonly byte[] _digest;
    private readonly DtlsRole _role;
    private readonly IReadOnlyList<DtlsFingerprint> _expected;
    private readonly Queue<byte[]> _outgoing = new();
    private TimeSpan _timeout;
    private MonotonicTime? _deadline;

    internal PassThroughDtls(DtlsCertificate certificate, DtlsRole role, IReadOnlyList<DtlsFingerprint> expected)
    {
        _digest = certificate.Fingerprint.Digest.ToArray();
        _role = role;
        _expected = expected;
    }

    DtlsState IDtlsTransport.State => State;

    string? IDtlsTransport.FailureReason => IsPeerMismatched ? "the fingerprint does not match" : null;

    bool IDtlsTransport.IsPeerMismatched => IsPeerMismatched;

    MonotonicTime? IDtlsTransport.NextTimeout => State == DtlsState.Connecting ? _deadline : null;

    private DtlsState State { get; set; }

    private bool IsPeerMismatched { get; set; }

    /// <summary>The same configuration, with this in place of DTLS.</summary>
    public static PeerConnectionConfiguration Replace(PeerConnectionConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration with { DtlsFactory = (certificate, role, expected) => new PassThroughDtls(certificate, role, expected) };
    }

    void IDtlsTransport.Start(MonotonicTime now, TimeSpan initialTimeout)
    {
        State = DtlsState.Connecting;
        _timeout = initialTimeout;
        if (_role == DtlsRole.Client)
        {
            _outgoing.Enqueue([Handshake, 1, .. _digest]);
            _deadline = now + _timeout;
        }
    }

    bool IDtlsTransport.HandleDatagram(MonotonicTime now, ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length)
    {
        length = 0;
        if (State is not (DtlsState.Connecting or DtlsState.Connected) || !TryOpen(ref datagram))
        {
            return false;
        }

        switch (datagram[0])
        {
            case ApplicationData when State == DtlsState.Connected:
                datagram[1..].CopyTo(plaintext);
                length = datagram.Length - 1;
                return true;
            case Handshake when datagram.Length == 34:
                HandleHello(datagram[1], datagram[2..]);
                return false;
            case Alert when datagram[1] == BadCertificate:
                State = DtlsState.Failed;
                return false;
            case Alert when State == DtlsState.Connected:
                ((IDtlsTransport)this).Close();
                return false;
            default:
                return false;
        }
    }

    void IDtlsTransport.HandleTimeout(MonotonicTime now)
    {
        if (State == DtlsState.Connecting && _deadline <= now)
        {
            _outgoing.Enqueue([Handshake, 1, .. _digest]);
            _timeout = _timeout + _timeout < TimeSpan.FromSeconds(3) ? _timeout + _timeout : TimeSpan.FromSeconds(3);
            _deadline = now + _timeout;
        }
    }

    bool IDtlsTransport.TryTransmit(MonotonicTime now, Span<byte> destination, out int length)
    {
        length = 0;
        if (!_outgoing.TryDequeue(out var datagram))
        {
            return false;
        }

        datagram.CopyTo(destination);
        length = Seal(destination, datagram.Length);
        return true;
    }

    bool IDtlsTransport.TrySeal(ReadOnlySpan<byte> plaintext, Span<byte> destination, out int length)
    {
        length = 0;
        if (State != DtlsState.Connected)
        {
            return false;
        }

        destination[0] = ApplicationData;
        plaintext.CopyTo(destination[1..]);
        length = Seal(destination, plaintext.Length + 1);
        return true;
    }

    void IDtlsTransport.Close()
    {
        if (State == DtlsState.Connected)
        {
            _outgoing.Enqueue([Alert, 0]);
        }

        State = State == DtlsState.Failed ? State : DtlsState.Closed;
    }

    void IDisposable.Dispose() => State = DtlsState.Closed;

    private static int Seal(Span<byte> destination, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[length..], Crc32c.Compute(destination[..length]));
        return length + sizeof(uint);
    }

    private static bool TryOpen(ref ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2 + sizeof(uint)
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[^sizeof(uint)..]) != Crc32c.Compute(datagram[..^sizeof(uint)]))
        {
            return false;
        }

        datagram = datagram[..^sizeof(uint)];
        return true;
    }

    private void HandleHello(byte flight, ReadOnlySpan<byte> digest)
    {
        if (flight != (_role == DtlsRole.Server ? 1 : 2))
        {
            return;
        }

        if (!IsExpected(digest))
        {
            IsPeerMismatched = true;
            State = DtlsState.Failed;
            _outgoing.Enqueue([Alert, BadCertificate]);
            return;
        }

        State = DtlsState.Connected;
        if (_role == DtlsRole.Server)
        {
            _outgoing.Enqueue([Handshake, 2, .. _digest]);
        }
    }

    private bool IsExpected(ReadOnlySpan<byte> digest)
    {
        foreach (var fingerprint in _expected)
        {
            if (fingerprint.Digest.SequenceEqual(digest))
            {
                return true;
            }
        }

        return false;
    }
}
