using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp;

/// <summary>What is agreed at set-up: tags, first TSNs, streams and extensions; builds the packets of the handshake.</summary>
internal sealed class HandshakeState
{
    private const int SecretLength = 32;

    private readonly SctpConfiguration _configuration;
    private readonly RandomSource _secure;
    private readonly byte[] _secret = new byte[SecretLength];
    private Extensions _peerExtensions;

    public HandshakeState(SctpConfiguration configuration, RandomSource secure)
    {
        _configuration = configuration;
        _secure = secure;
        secure.Fill(_secret);
        LocalTag = VerificationTag.Create(secure);
        LocalInitialTsn = new Tsn(secure.NextUInt32());
    }

    public VerificationTag LocalTag { get; private set; }

    public Tsn LocalInitialTsn { get; private set; }

    /// <summary>Zero until the far side's INIT ACK or a valid COOKIE ECHO has come.</summary>
    public VerificationTag PeerTag { get; private set; }

    public Tsn PeerInitialTsn { get; private set; }

    public uint PeerReceiveWindow { get; private set; }

    /// <summary>Streams that the far side takes from here.</summary>
    public ushort OutboundStreams { get; private set; }

    /// <summary>Streams that the far side may send on.</summary>
    public ushort InboundStreams { get; private set; }

    public bool SupportsReConfig => (_peerExtensions & Extensions.ReConfig) != 0;

    /// <summary>Both sides announced I-DATA: all user messages leave as such (RFC 8260 §2.2.1).</summary>
    public bool IsInterleaving => _configuration.Interleaving && (_peerExtensions & Extensions.IData) != 0;

    /// <summary>Messages may be given up: with the chunk that fits their kind.</summary>
    public bool IsPartialReliabilitySupported =>
        (_peerExtensions & (IsInterleaving ? Extensions.IForwardTsn : Extensions.ForwardTsn)) != 0;

    /// <summary>Both sides announced that DTLS finds errors: packets leave without a checksum (RFC 9653).</summary>
    public bool IsZeroChecksum => _configuration.ZeroChecksum && (_peerExtensions & Extensions.ZeroChecksum) != 0;

    /// <summary>The cookie to echo, with a report of unrecognized parameters perhaps following it.</summary>
    public byte[] PeerCookie { get; private set; } = [];

    /// <summary>INIT or COOKIE ECHO transmissions so far.</summary>
    public int Attempts { get; set; }

    /// <summary>When the association was asked for.</summary>
    public MonotonicTime Began { get; set; }

    /// <summary>From INIT to INIT ACK, or from there to COOKIE ECHO: at least the path's round trip. Null before.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    public void WriteInit(ref PacketWriter writer)
    {
        Span<byte> parameters = stackalloc byte[64];
        var parameterWriter = new ParameterWriter(parameters);
        InitParameters.WriteSupported(ref parameterWriter, _configuration);
        writer.TryReserve(InitChunk.FixedLength + parameterWriter.Length, out var chunk);
        new InitChunk
        {
            InitiateTag = LocalTag,
            AdvertisedReceiverWindow = (uint)_configuration.ReceiveWindow,
            OutboundStreams = _configuration.MaxStreams,
            InboundStreams = _configuration.MaxStreams,
            InitialTsn = LocalInitialTsn,
            Parameters = parameters[..parameterWriter.Length],
        }.Write(chunk, ChunkType.Init);
    }

    /// <summary>
    /// The whole packet that answers an INIT. During set-up it repeats our own tag and TSN (RFC 9260 §5.2.1); over an existing
    /// association it offers new ones and a tie tag (§5.2.2).
    /// </summary>
    public byte[] CreateInitAck(MonotonicTime now, in InitChunk init, SctpState state)
    {
        var isOverExisting = state is not (SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed);
        var peer = InitParameters.Read(init.Parameters);
        var cookie = new StateCookie
        {
            Created = now,
            LocalTag = isOverExisting ? VerificationTag.Create(_secure) : LocalTag,
            LocalInitialTsn = isOverExisting ? new Tsn(_secure.NextUInt32()) : LocalInitialTsn,
            PeerTag = init.InitiateTag,
            PeerInitialTsn = init.InitialTsn,
            PeerReceiveWindow = init.AdvertisedReceiverWindow,
            TieTag = isOverExisting ? LocalTag : default,
            OutboundStreams = Math.Min(_configuration.MaxStreams, init.InboundStreams),
            InboundStreams = Math.Min(_configuration.MaxStreams, init.OutboundStreams),
            PeerExtensions = peer.Extensions,
        };

        Span<byte> cookieBytes = stackalloc byte[StateCookie.Length];
        cookie.Write(cookieBytes, _secret);
        Span<byte> parameters = stackalloc byte[512];
        var parameterWriter = new ParameterWriter(parameters);
        parameterWriter.TryWrite(ParameterType.StateCookie, cookieBytes);
        InitParameters.WriteSupported(ref parameterWriter, _configuration);
        var unrecognized = peer.Unrecognized ?? [];
        var packet = new byte[CommonHeader.Length + InitChunk.FixedLength + parameterWriter.Length + unrecognized.Length];
        unrecognized.CopyTo(parameters[parameterWriter.Length..]);
        var writer = new PacketWriter(packet);
        writer.TryReserve(packet.Length - CommonHeader.Length, out var chunk);
        new InitChunk
        {
            InitiateTag = cookie.LocalTag,
            AdvertisedReceiverWindow = (uint)_configuration.ReceiveWindow,
            OutboundStreams = cookie.OutboundStreams,
            InboundStreams = _configuration.MaxStreams,
            InitialTsn = cookie.LocalInitialTsn,
            Parameters = parameters[..(parameterWriter.Length + unrecognized.Length)],
        }.Write(chunk, ChunkType.InitAck);
        writer.Finish(Header(init.InitiateTag));
        return packet;
    }

    /// <summary>
    /// False with a cause when a mandatory value is missing or impossible (RFC 9260 §3.3.3); true with one when there is something
    /// to report.
    /// </summary>
    public bool TryTakeInitAck(MonotonicTime now, in InitChunk initAck, out byte[]? cause)
    {
        var peer = InitParameters.Read(initAck.Parameters);
        var isPossible = !initAck.InitiateTag.IsZero && initAck.InboundStreams > 0 && initAck.OutboundStreams > 0;
        cause = !isPossible ? ErrorCause.Create(ErrorCauseCode.InvalidMandatoryParameter, [])
            : peer.StateCookie.IsEmpty ? ErrorCause.MissingStateCookie()
            : !peer.HostName.IsEmpty ? ErrorCause.UnresolvableAddress(peer.HostName)
            : null;
        if (cause is not null)
        {
            return false;
        }

        if (peer.Unrecognized is { } unrecognized)
        {
            cause = ErrorCause.UnrecognizedParameters(unrecognized);
        }

        PeerTag = initAck.InitiateTag;
        PeerInitialTsn = initAck.InitialTsn;
        PeerReceiveWindow = initAck.AdvertisedReceiverWindow;
        OutboundStreams = Math.Min(_configuration.MaxStreams, initAck.InboundStreams);
        InboundStreams = Math.Min(_configuration.MaxStreams, initAck.OutboundStreams);
        _peerExtensions = peer.Extensions;
        PeerCookie = peer.StateCookie.ToArray();
        RoundTrip = Attempts == 1 ? now - Began : RoundTrip;
        return true;
    }

    /// <summary>Our own cookie with a valid MAC; its age is the caller's to check.</summary>
    public bool TryOpenCookie(ReadOnlySpan<byte> cookie, out StateCookie opened) => StateCookie.TryParse(cookie, _secret, out opened);

    /// <summary>How long ago the cookie expired.</summary>
    public TimeSpan Staleness(MonotonicTime now, in StateCookie cookie) => now - cookie.Created - _configuration.ValidCookieLife;

    /// <summary>The actions of RFC 9260 §5.2.4, by the tags in a cookie of ours.</summary>
    public CookieVerdict Judge(MonotonicTime now, in StateCookie cookie, SctpState state)
    {
        var isSettingUp = state is SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed;
        var isLocal = cookie.LocalTag == LocalTag;
        var isPeer = cookie.PeerTag == PeerTag;
        if (isLocal && isPeer && !isSettingUp)
        {
            return CookieVerdict.Repeat;
        }

        if (now - cookie.Created > _configuration.ValidCookieLife)
        {
            return CookieVerdict.Stale;
        }

        if (!isLocal)
        {
            return !isPeer && !isSettingUp && cookie.TieTag == LocalTag ? CookieVerdict.Restart : CookieVerdict.Discard;
        }

        if (!isSettingUp)
        {
            return CookieVerdict.Discard;
        }

        return isPeer && state == SctpState.CookieEchoed ? CookieVerdict.Complete : CookieVerdict.Adopt;
    }

    public void TakeCookie(MonotonicTime now, in StateCookie cookie)
    {
        RoundTrip ??= now - cookie.Created;
        LocalTag = cookie.LocalTag;
        LocalInitialTsn = cookie.LocalInitialTsn;
        PeerTag = cookie.PeerTag;
        PeerInitialTsn = cookie.PeerInitialTsn;
        PeerReceiveWindow = cookie.PeerReceiveWindow;
        OutboundStreams = cookie.OutboundStreams;
        InboundStreams = cookie.InboundStreams;
        _peerExtensions = cookie.PeerExtensions;
    }

    public CommonHeader Header(VerificationTag tag) => new(_configuration.LocalPort, _configuration.RemotePort, tag);
}
