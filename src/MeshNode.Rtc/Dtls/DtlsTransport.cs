using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// DTLS 1.2 (RFC 6347) over datagrams by OpenSSL. Owned by one thread. OpenSSL keeps the flights and their numbers;
/// we own the deadline after which a flight is sent again.
/// </summary>
internal sealed unsafe class DtlsTransport : IDtlsTransport
{
    /// <summary>Header 13, explicit nonce 8, tag 16 (RFC 5288); ChaCha20-Poly1305 needs less.</summary>
    public const int RecordOverhead = 37;

    /// <summary>Bytes of application data in one record (RFC 6347 section 4.1: 2^14).</summary>
    public const int MaxRecordLength = 16384;

    /// <summary>Sizes OpenSSL's write buffer until a longer record is to be sealed, which an idle peer never does.</summary>
    private const int SmallRecordLength = 2048;

    /// <summary>Bytes of a handshake datagram; longer messages are fragmented (RFC 6347 section 4.2.3).</summary>
    public const int HandshakeMtu = 1200;

    // The flight is sent at most 12 times again, which is OpenSSL's own limit (DTLS1_TMO_ALERT_COUNT):
    // from 50 ms with this bound that takes 21 s, within the connection timeout of 30 s.
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Without a record for this long, OpenSSL's record buffers are given back until the next one.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(200);

    private const int RecordHeaderLength = 13;
    private const byte ApplicationData = 23;
    private const uint HourInMicroseconds = 3_600_000_000;

    private readonly SslHandle _ssl;
    private TimeSpan _initialTimeout;
    private TimeSpan _timeout;
    private MonotonicTime? _deadline;
    private uint _flight;
    private bool _wasOneRecord; // of application data: the last datagram
    private MonotonicTime _now; // of the last call that told it
    private MonotonicTime _lastUse; // of the record buffers
    private bool _wasUsed; // since they were given back, or could not be
    private bool _hasBuffers = true;
    private int _maxRecord = SmallRecordLength;

    /// <param name="certificate">Ours, with the SSL_CTX to use.</param>
    /// <param name="role">Client or server.</param>
    /// <param name="expected">The peer's fingerprints, one or more.</param>
    public DtlsTransport(DtlsCertificate certificate, DtlsRole role, IReadOnlyList<DtlsFingerprint> expected)
    {
        OpenSslError.Clear();
        _ssl = new SslHandle(LibSsl.SSL_new(certificate.Context));
        if (_ssl.IsInvalid)
        {
            throw new CryptographicException("OpenSSL could not create a connection: " + OpenSslError.Take());
        }

        DtlsPeerVerification.Expect(_ssl.State, expected);
        _ssl.State->TimerMicroseconds = HourInMicroseconds;
        LibSsl.SSL_set_ex_data(_ssl, 0, _ssl.State);
        DatagramBio.Attach(_ssl);
        LibSsl.SSL_ctrl(_ssl, LibSsl.SslCtrlSetMtu, new CLong(HandshakeMtu), null);
        LibSsl.SSL_ctrl(_ssl, LibSsl.SslCtrlSetMaxSendFragment, new CLong(SmallRecordLength), null);
        LibSsl.DTLS_set_timer_cb(_ssl, &NextTimerDuration);
        if (role == DtlsRole.Client)
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
    }

    public DtlsState State { get; private set; }

    public string? FailureReason { get; private set; }

    public bool IsPeerMismatched => !_ssl.IsClosed && _ssl.State->PeerMismatched;

    public MonotonicTime? NextTimeout => State switch
    {
        DtlsState.Connecting => _deadline,
        DtlsState.Connected when _wasUsed => _lastUse + IdleTime,
        _ => null,
    };

    /// <summary>The cipher suite by OpenSSL's name; null before the handshake is complete.</summary>
    public string? CipherName =>
        State == DtlsState.Connected ? Marshal.PtrToStringUTF8((nint)LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(_ssl))) : null;

    /// <summary>Whether the master secret is bound to the handshake (RFC 7627).</summary>
    public bool HasExtendedMasterSecret =>
        State == DtlsState.Connected && LibSsl.SSL_ctrl(_ssl, LibSsl.SslCtrlGetExtmsSupport, default, null).Value == 1;

    public void Start(MonotonicTime now, TimeSpan initialTimeout)
    {
        if (State != DtlsState.New)
        {
            return;
        }

        State = DtlsState.Connecting;
        _initialTimeout = _timeout = initialTimeout;
        ContinueHandshake(now);
    }

    public bool HandleDatagram(MonotonicTime now, ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length)
    {
        length = 0;
        if (State is not (DtlsState.Connecting or DtlsState.Connected) || !TryUseBuffers(now))
        {
            return false;
        }

        // Once connected, and its flights read, nothing is left of a datagram that is one record: asking again would cost as much
        // as a third of opening it.
        if (datagram.IsEmpty && _wasOneRecord)
        {
            return false;
        }

        _wasOneRecord = State == DtlsState.Connected && IsOneRecord(datagram);
        fixed (byte* input = datagram, output = plaintext)
        {
            _ssl.State->Input = datagram.IsEmpty ? null : input;
            _ssl.State->InputLength = datagram.Length;
            if (State == DtlsState.Connecting)
            {
                ContinueHandshake(now);
            }

            length = State == DtlsState.Connected ? Read(output, plaintext.Length) : 0;
            _ssl.State->Input = null;
        }

        return length > 0;
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (State == DtlsState.Connected && _wasUsed && now >= _lastUse + IdleTime)
        {
            FreeBuffers();
        }

        if (State != DtlsState.Connecting || _deadline is not { } deadline || now < deadline)
        {
            return;
        }

        if (_ssl.State->NextTimeout is var timer && timer != null)
        {
            timer->Seconds = default;
            timer->Microseconds = new CLong(1); // long ago, so that OpenSSL finds its timer expired
        }

        _deadline = null;
        DatagramBio.ClearQueue(_ssl.State); // what was not sent yet would only leave twice
        _timeout = _timeout + _timeout < MaxTimeout ? _timeout + _timeout : MaxTimeout;
        OpenSslError.Clear();
        var result = LibSsl.SSL_ctrl(_ssl, LibSsl.DtlsCtrlHandleTimeout, default, null).Value;
        if (result < 0)
        {
            Fail("the handshake was not answered");
            return;
        }

        RearmTimer(now);
    }

    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length)
    {
        length = 0;
        _now = now;
        if (_ssl.IsClosed)
        {
            return false;
        }

        var taken = DatagramBio.TryDequeue(_ssl.State, destination, out length);
        if (!DatagramBio.HasQueued(_ssl.State) && State == DtlsState.Connected)
        {
            DatagramBio.FreeQueue(_ssl.State);
        }

        return taken;
    }

    public bool TrySeal(ReadOnlySpan<byte> plaintext, Span<byte> destination, out int length)
    {
        length = 0;
        if (State != DtlsState.Connected || !TryUseBuffers(_now) || !TryFit(plaintext.Length))
        {
            return false;
        }

        fixed (byte* input = plaintext, output = destination)
        {
            var state = _ssl.State;
            state->Output = output;
            state->OutputCapacity = destination.Length;
            state->OutputLength = 0;
            OpenSslError.Clear();
            var written = LibSsl.SSL_write(_ssl, input, plaintext.Length);
            length = state->OutputLength;
            state->Output = null;
            state->OutputLength = 0;
            if (written <= 0)
            {
                HandleFailure(written);
            }
        }

        return length > 0;
    }

    public void Close()
    {
        if (State == DtlsState.Connected && TryUseBuffers(_now))
        {
            OpenSslError.Clear();
            LibSsl.SSL_shutdown(_ssl);
        }

        if (State != DtlsState.Failed)
        {
            State = DtlsState.Closed;
        }
    }

    public void Dispose()
    {
        Close();
        _ssl.Dispose();
    }

    [UnmanagedCallersOnly]
    private static uint NextTimerDuration(nint ssl, uint previous)
    {
        var state = (DatagramBioState*)LibSsl.SSL_get_ex_data(ssl, 0);
        if (previous == 0)
        {
            state->Flights++;
        }

        return state->TimerMicroseconds;
    }

    /// <summary>One whole record of application data (RFC 6347 section 4.1).</summary>
    private static bool IsOneRecord(ReadOnlySpan<byte> datagram) =>
        datagram.Length > RecordHeaderLength
        && datagram[0] == ApplicationData
        && BinaryPrimitives.ReadUInt16BigEndian(datagram[(RecordHeaderLength - 2)..]) == datagram.Length - RecordHeaderLength;

    private void ContinueHandshake(MonotonicTime now)
    {
        if (!OpenSslLibrary.TimerIsShared)
        {
            _ssl.State->TimerMicroseconds = (uint)_timeout.TotalMicroseconds;
        }

        OpenSslError.Clear();
        var result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1)
        {
            Complete();
        }
        else
        {
            HandleFailure(result);
        }

        RearmTimer(now);
    }

    /// <summary>
    /// Before every call that may read or write a record: SSL_write of OpenSSL 3.0 does not look whether its buffer is there.
    /// </summary>
    private bool TryUseBuffers(MonotonicTime now)
    {
        _now = _lastUse = now;
        _wasUsed = true;
        if (!_hasBuffers)
        {
            _hasBuffers = LibSsl.SSL_alloc_buffers(_ssl) == 1;
            if (!_hasBuffers)
            {
                Fail("there is no memory for OpenSSL's buffers");
            }
        }

        return _hasBuffers;
    }

    /// <summary>Grows the write buffer, once: until then it is a seventh of the read buffer.</summary>
    private bool TryFit(int length)
    {
        if (length > _maxRecord)
        {
            _maxRecord = MaxRecordLength;
            LibSsl.SSL_ctrl(_ssl, LibSsl.SslCtrlSetMaxSendFragment, new CLong(MaxRecordLength), null);
            if (LibSsl.SSL_alloc_buffers(_ssl) != 1)
            {
                Fail("there is no memory for OpenSSL's buffers");
            }
        }

        return State == DtlsState.Connected;
    }

    /// <summary>
    /// Safe between two calls when no record waits in them. OpenSSL refuses while a part of one does, such as a truncated
    /// datagram's; then they stay until after the next use. (SSL_has_pending would be true for ever after such a one.)
    /// </summary>
    private void FreeBuffers()
    {
        _wasUsed = false;
        if (LibSsl.SSL_pending(_ssl) == 0 && !DatagramBio.HasQueued(_ssl.State))
        {
            _hasBuffers = LibSsl.SSL_free_buffers(_ssl) != 1;
        }
    }

    private void Complete()
    {
        if (!_ssl.State->PeerMatched)
        {
            Fail("the handshake ended without a certificate that matches the fingerprint");
            return;
        }

        State = DtlsState.Connected;
    }

    private int Read(byte* output, int capacity)
    {
        OpenSslError.Clear();
        var read = LibSsl.SSL_read(_ssl, output, capacity);
        if (read <= 0)
        {
            HandleFailure(read);
        }

        return Math.Max(0, read);
    }

    private void HandleFailure(int result)
    {
        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.SslErrorWantRead or LibSsl.SslErrorWantWrite:
                return;
            case LibSsl.SslErrorZeroReturn:
                Close(); // RFC 5246 section 7.2.1: "respond with a close_notify alert of its own"
                return;
            default:
                Fail(IsPeerMismatched ? "the peer's certificate does not match the fingerprint of its description" : OpenSslError.Take());
                return;
        }
    }

    private void Fail(string reason)
    {
        OpenSslError.Clear();
        State = DtlsState.Failed;
        FailureReason = reason;
    }

    private void RearmTimer(MonotonicTime now)
    {
        var state = _ssl.State;
        var runs = OpenSslLibrary.TimerIsShared ? state->NextTimeout != null && !state->NextTimeout->IsZero : state->TimerRuns;
        if (!runs)
        {
            _deadline = null;
            return;
        }

        if (state->Flights != _flight)
        {
            _flight = state->Flights;
            _timeout = _initialTimeout;
            _deadline = null;
        }

        _deadline ??= now + _timeout;
    }
}
