using System.Buffers.Binary;
using System.Text;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Stun;
using MeshNode.Rtc.Tests.Dtls;
using MeshNode.Rtc.Tests.Sctp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>
/// A whole connection in one of the W3C's states, fed what a network and a signalling channel may bring: raw datagrams, checks
/// with good integrity, SCTP packets through the pass-through in place of DTLS, candidates and descriptions.
/// <code>input: 0 what; then its bytes</code>
/// </summary>
internal sealed class PeerConnectionTarget(PeerConnectionState state) : FuzzTarget
{
    private static readonly TransportPath NearPath = PeerConnectionPair.LeftPath;
    private static readonly TransportPath FarPath = PeerConnectionPair.RightPath;
    private static readonly byte[] Offer = Encoding.UTF8.GetBytes(MakeOffer());

    private readonly byte[] _packet = new byte[8192];
    private readonly byte[] _buffer = new byte[65536];
    private PeerConnection _near = null!;
    private PeerConnection _far = null!;
    private VerificationTag _tagOfNear;
    private MonotonicTime _now;

    public override string Name => $"connection in {state}";

    public override int InputsPerSession => 60;

    public override long AllocationLimit => 8 << 20;

    public override IReadOnlyList<byte[]> Seeds =>
    [
        [0, 22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
        [0, 21, 0],
        [0, 23, 1, 2, 3],
        [1, 0x80, 0x29, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x24, 0, 4, 110, 0, 1, 255],
        [1, 0x80, 0x2A, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x25, 0, 0],
        .. GoldenChunks.All.Select(chunk => (byte[])[2, .. chunk]),
        [3, .. "candidate:1 1 udp 2122260223 192.0.2.17 46154 typ host"u8],
        [3],
        [4, .. Offer],
        [5, .. Offer],
        [6],
        [7, 200],
    ];

    public override bool IsOver => state != PeerConnectionState.Closed && _near.ConnectionState == PeerConnectionState.Closed;

    public override void Begin(ulong seed)
    {
        _now = MonotonicTime.FromMilliseconds(1000);
        _tagOfNear = default;
        _near = Create(DtlsPair.ClientCertificate, seed * 2);
        _far = Create(DtlsPair.ServerCertificate, (seed * 2) + 1);
        Reach();
        Assert.True(state == _near.ConnectionState, $"reached {_near.ConnectionState} in place of {state}");
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        var before = (_near.ConnectionState, _near.SignalingState, _near.GetStatistics().DatagramsDropped);
        var what = input[0] % 8;
        var path = random.NextInt32(8) == 0 ? NearPath with { Remote = TransportAddress.FromIPv4(0xCB007142, 4002) } : NearPath;
        var outcome = Feed(what, input[1..], path, random);
        var (sent, kinds) = Drain();
        if (random.NextInt32(16) == 0)
        {
            _now += TimeSpan.FromMilliseconds(random.NextInt32(2000));
            _near.HandleTimeout(_now);
            Drain();
        }

        Assert.True(_near.IsConsistent(), "counts or timers disagree");
        return Feature(
            what,
            outcome,
            (int)before.ConnectionState,
            (int)before.SignalingState,
            (int)_near.ConnectionState,
            (int)_near.SignalingState,
            kinds,
            Bucket(sent),
            _near.GetStatistics().DatagramsDropped > before.DatagramsDropped ? 1 : 0,
            what == 2 && input.Length > 1 ? input[1] : 0);
    }

    public override void End()
    {
        _near.Dispose();
        _far.Dispose();
        Assert.False(_near.TryTransmit(_now, _buffer, out _));
        Assert.Null(_near.NextTimeout);
    }

    private static string MakeOffer()
    {
        using var connection = Create(DtlsPair.ServerCertificate, 99);
        return connection.CreateOffer().Sdp;
    }

    private static PeerConnection Create(DtlsCertificate certificate, ulong seed)
    {
        var connection = new PeerConnection(
            PassThroughDtls.Replace(new PeerConnectionConfiguration
            {
                Certificate = certificate,
                Jitter = new SeededRandomSource(seed),
                Secure = new SeededRandomSource(~seed),
            }),
            MonotonicTime.FromMilliseconds(1000));
        connection.CreateDataChannel(default, "negotiated", new DataChannelInit { Negotiated = true, Id = 7 });
        return connection;
    }

    private void Reach()
    {
        if (state == PeerConnectionState.New)
        {
            return;
        }

        Negotiate();
        switch (state)
        {
            case PeerConnectionState.Connected or PeerConnectionState.Disconnected:
                Exchange(() => _near.ConnectionState == PeerConnectionState.Connected && !_tagOfNear.IsZero);
                if (state == PeerConnectionState.Disconnected)
                {
                    Wait(TimeSpan.FromSeconds(20));
                }

                break;
            case PeerConnectionState.Failed:
                Wait(TimeSpan.FromSeconds(60));
                break;
            case PeerConnectionState.Closed:
                _near.Close(_now);
                Drain();
                break;
            default:
                break;
        }
    }

    private void Negotiate()
    {
        _near.AddLocalCandidate(_now, IceCandidate.Host(NearPath.Local));
        _far.AddLocalCandidate(_now, IceCandidate.Host(FarPath.Local));
        var offer = _near.CreateOffer();
        _near.SetLocalDescription(_now, offer);
        Assert.True(_far.TrySetRemoteDescription(_now, offer, out _));
        var answer = _far.CreateAnswer();
        _far.SetLocalDescription(_now, answer);
        Assert.True(_near.TrySetRemoteDescription(_now, answer, out _));
    }

    /// <summary>Time passes and nothing arrives.</summary>
    private void Wait(TimeSpan limit)
    {
        var end = _now + limit;
        while (_near.ConnectionState != state && _near.NextTimeout is { } next && next < end)
        {
            _now = next > _now ? next : _now + TimeSpan.FromTicks(1);
            _near.HandleTimeout(_now);
            Drain();
        }
    }

    private void Exchange(Func<bool> until)
    {
        for (var i = 0; i < 1000 && !until(); i++)
        {
            Carry(_near, _far, FarPath, isFromNear: true);
            Carry(_far, _near, NearPath, isFromNear: false);
            _now += TimeSpan.FromMilliseconds(1);
            _near.HandleTimeout(_now);
            _far.HandleTimeout(_now);
            while (_near.TryReadEvent(out _) || _far.TryReadEvent(out _))
            {
            }
        }
    }

    private void Carry(PeerConnection from, PeerConnection to, in TransportPath path, bool isFromNear)
    {
        while (from.TryTransmit(_now, _buffer, out var transmit))
        {
            var datagram = _buffer.AsSpan(0, transmit.Length);
            if (isFromNear && datagram[0] == 23 && datagram[13] is 1 or 2)
            {
                _tagOfNear = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(datagram[17..]));
            }

            to.HandleDatagram(_now, path, datagram);
        }
    }

    private int Feed(int what, Span<byte> bytes, in TransportPath path, RandomSource random)
    {
        switch (what)
        {
            case 0:
                _near.HandleDatagram(_now, path, bytes);
                return 0;
            case 1:
                _near.HandleDatagram(_now, path, Check(bytes));
                return 0;
            case 2:
                _near.HandleDatagram(_now, path, Packet(bytes, random));
                return 0;
            case 3:
                return _near.TryAddIceCandidate(_now, Encoding.UTF8.GetString(bytes), null, out _) ? 1 : 0;
            case 4 or 5:
                var description = new SessionDescription(what == 4 ? SdpType.Offer : SdpType.Answer, SdpTarget.MoveLines(Encoding.UTF8.GetString(bytes), random));
                var isTaken = _near.TrySetRemoteDescription(_now, description, out var error);
                if (isTaken && _near.SignalingState == SignalingState.HaveRemoteOffer && random.NextInt32(2) == 0)
                {
                    _near.SetLocalDescription(_now, _near.CreateAnswer());
                }

                return isTaken ? 1 : SdpTarget.Kind(error!.Message);
            case 6:
                return _near.TrySetRemoteDescription(_now, SessionDescription.Rollback, out _) ? 1 : 0;
            default:
                _now += TimeSpan.FromMilliseconds(bytes.IsEmpty ? 1 : bytes[0] * 10);
                _near.HandleTimeout(_now);
                return 0;
        }
    }

    private ReadOnlySpan<byte> Check(ReadOnlySpan<byte> attributes)
    {
        var writer = new StunWriter(_packet, StunMessageClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.WriteBytes(StunAttributeType.Username, Encoding.ASCII.GetBytes($"{_near.LocalUsernameFragment}:{_far.LocalUsernameFragment}"));
        IceTarget.WriteAttributes(ref writer, attributes);
        writer.WriteMessageIntegrity(Encoding.ASCII.GetBytes(_near.LocalPassword));
        writer.WriteFingerprint();
        return _packet.AsSpan(0, writer.Length);
    }

    /// <summary>An application-data record of the pass-through around an SCTP packet of one chunk.</summary>
    private ReadOnlySpan<byte> Packet(Span<byte> chunk, RandomSource random)
    {
        if (chunk.Length >= 4 && random.NextInt32(4) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)chunk.Length);
        }

        var packet = _packet.AsSpan(1, CommonHeader.Length + chunk.Length);
        chunk.CopyTo(packet[CommonHeader.Length..]);
        new CommonHeader(5000, 5000, chunk.Length > 0 && chunk[0] == 1 ? default : _tagOfNear).Write(packet);
        _packet[0] = 23;
        var length = 1 + packet.Length;
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(length), Crc32c.Compute(_packet.AsSpan(0, length)));
        return _packet.AsSpan(0, length + 4);
    }

    private (int Sent, int Kinds) Drain()
    {
        var (sent, kinds, events) = (0, 0, 0);
        for (var moved = true; moved;)
        {
            moved = false;
            while (_near.TryTransmit(_now, _buffer, out _))
            {
                moved = true;
                Assert.True(++sent < 2000, "sends without end");
            }

            while (_near.TryReadEvent(out var e))
            {
                moved = true;
                kinds |= 1 << (int)e.Kind;
                Assert.True(++events < 2000, "events without end");
            }
        }

        return (sent, kinds);
    }
}
