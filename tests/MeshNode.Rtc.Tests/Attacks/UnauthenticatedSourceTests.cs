using System.Text;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Stun;
using MeshNode.Rtc.Tests.Dtls;
using MeshNode.Rtc.Tests.Fuzzing;

namespace MeshNode.Rtc.Tests.Attacks;

/// <summary>What strangers get out of a port, who know an ufrag at most (it travels in clear): less than they put in, and no memory.</summary>
[Collection(AloneCollection.Name)]
public sealed class UnauthenticatedSourceTests : IDisposable
{
    private const int Sources = 10_000;

    private static readonly TransportAddress Port = TransportAddress.FromIPv4(0xC0000201, 4001);

    private readonly PeerDemultiplexer _demultiplexer = new();
    private readonly PeerConnection _victim;
    private readonly byte[] _buffer = new byte[2048];
    private long _in;
    private long _out;

    public UnauthenticatedSourceTests()
    {
        _victim = Connection(1);
        _victim.AddLocalCandidate(default, IceCandidate.Host(Port));
        _victim.SetLocalDescription(default, _victim.CreateOffer());
        using var far = Connection(3);
        Assert.True(far.TrySetRemoteDescription(default, _victim.LocalDescription!, out _));
        far.SetLocalDescription(default, far.CreateAnswer());
        Assert.True(_victim.TrySetRemoteDescription(default, far.LocalDescription!, out _));
        _demultiplexer.Add(_victim);
        Drain();
        (_in, _out) = (0, 0);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Checks_without_valid_integrity_get_less_than_they_bring(bool hasIntegrity, bool isSha256)
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Sources; i++)
        {
            var path = PathFrom(i);
            Feed(path, Check(hasIntegrity, isSha256, (ulong)i));
            Assert.False(_victim.SelectedPath is not null);
        }

        Assert.InRange(_out, 1, 32 * 100); // a few refusals at once, and each no longer than what it refuses
        Assert.Equal(0, _demultiplexer.PathCount);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - held < 512 * 1024, "strangers are remembered");
    }

    [Fact]
    public void Client_hellos_from_ten_thousand_addresses_get_not_one_byte()
    {
        var hello = ClientHello();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Sources; i++)
        {
            Assert.Null(_demultiplexer.Route(PathFrom(i), hello));
            _victim.HandleDatagram(default, PathFrom(i), hello); // as if the port had routed it
            Drain();
        }

        Assert.Equal(0, _out);
        Assert.Equal(Sources, _victim.GetStatistics().DatagramsDropped);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - held < 512 * 1024, "strangers are remembered");
    }

    [Fact]
    public void Forged_answers_change_nothing()
    {
        var writer = new StunWriter(_buffer, StunMessageClass.SuccessResponse, StunMethod.Binding, new StunTransactionId(_victim.TransactionTag, 7));
        writer.WriteXorMappedAddress(Port);
        writer.WriteMessageIntegrity("not the password of the far side"u8);
        var answer = _buffer[..writer.Length];
        for (var i = 0; i < Sources; i++)
        {
            Feed(PathFrom(i), answer);
        }

        Assert.Equal(0, _out);
        Assert.Null(_victim.SelectedPath);
    }

    [Fact]
    public void Candidates_without_end_cost_bounded_checks_and_memory()
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 20_000; i++)
        {
            _victim.TryAddIceCandidate(default, $"candidate:1 1 udp {2000 + i} 203.0.113.{i % 200} {1000 + (i / 200)} typ host", null, out _);
        }

        var now = MonotonicTime.Zero;
        while (_victim.ConnectionState != PeerConnectionState.Failed && _victim.NextTimeout is { } next)
        {
            now = next > now ? next : now + TimeSpan.FromTicks(1);
            _victim.HandleTimeout(now);
            Drain(now);
        }

        // 100 candidates, 16 transmissions of at most 160 bytes: the most that a signalled list can make a node send.
        Assert.InRange(_out, 1, 100 * 16 * 160);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - held < 2 * 1024 * 1024, "candidates are kept without end");
    }

    [Theory]
    [InlineData("a=candidate:1 1 udp 2122260223 192.0.2.17 46154 typ host\r\n")]
    [InlineData("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n")]
    [InlineData("a=fingerprint:sha-256 00\r\n")]
    [InlineData("a=group:BUNDLE 0 1 2 3 4 5 6 7\r\n")]
    [InlineData("x\r\n")]
    [InlineData("a=a:\r\n")]
    public void A_huge_description_is_refused_or_cut_without_much_work(string line)
    {
        using var connection = Connection(9);
        var offer = _victim.LocalDescription!;
        var huge = offer.Sdp + string.Concat(Enumerable.Repeat(line, (1024 * 1024 - offer.Sdp.Length) / line.Length));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        connection.TrySetRemoteDescription(default, new SessionDescription(SdpType.Offer, huge), out _);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 64 * 1024 * 1024);

        Assert.False(connection.TrySetRemoteDescription(default, new SessionDescription(SdpType.Offer, huge + huge), out var error));
        Assert.NotNull(error);
    }

    public void Dispose() => _victim.Dispose();

    private static PeerConnection Connection(ulong seed) => new(
        new PeerConnectionConfiguration
        {
            Certificate = DtlsPair.ServerCertificate,
            Jitter = new SeededRandomSource(seed),
            Secure = new SeededRandomSource(~seed),
        },
        default);

    private static TransportPath PathFrom(int i) => new(Port, TransportAddress.FromIPv4(0xCB007100u + (uint)(i % 250), (ushort)(1000 + i)));

    private static byte[] ClientHello()
    {
        using var pair = new DtlsPair();
        byte[]? first = null;
        pair.Filter = (_, _, datagram) =>
        {
            first ??= datagram;
            return false;
        };
        pair.Start();
        return first!;
    }

    private byte[] Check(bool hasIntegrity, bool isSha256, ulong id)
    {
        var writer = new StunWriter(_buffer, StunMessageClass.Request, StunMethod.Binding, new StunTransactionId(1, id));
        writer.WriteBytes(StunAttributeType.Username, Encoding.ASCII.GetBytes($"{_victim.LocalUsernameFragment}:abcd"));
        writer.WriteUInt32(StunAttributeType.Priority, 1);
        if (hasIntegrity && isSha256)
        {
            writer.WriteMessageIntegritySha256("a password that is guessed"u8);
        }
        else if (hasIntegrity)
        {
            writer.WriteMessageIntegrity("a password that is guessed"u8);
        }

        writer.WriteFingerprint();
        return _buffer[..writer.Length];
    }

    private void Feed(in TransportPath path, byte[] datagram)
    {
        _in += datagram.Length;
        _demultiplexer.Route(path, datagram)?.HandleDatagram(default, path, datagram);
        Drain();
    }

    private void Drain(MonotonicTime now = default)
    {
        while (_victim.TryTransmit(now, _buffer, out var transmit))
        {
            _out += transmit.Length;
        }

        while (_victim.TryReadEvent(out _))
        {
        }
    }
}
