using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class HandshakeTests
{
    private static readonly byte[] Buffer = new byte[4096];

    [Fact]
    public void Cookie_with_a_changed_bit_is_refused()
    {
        var secret = new byte[32];
        var cookie = new byte[StateCookie.Length];
        new StateCookie { LocalTag = new VerificationTag(1), PeerTag = new VerificationTag(2), PeerInitialTsn = new Tsn(3) }.Write(cookie, secret);
        Assert.True(StateCookie.TryParse(cookie, secret, out var opened));
        Assert.Equal(new Tsn(3), opened.PeerInitialTsn);
        for (var bit = 0; bit < cookie.Length * 8; bit++)
        {
            cookie[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(StateCookie.TryParse(cookie, secret, out _), $"bit {bit}");
            cookie[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Stale_cookie_is_reported_and_the_handshake_begins_again()
    {
        var pair = new AssociationPair(1);
        pair.A.Associate(pair.Now);
        pair.AToB();
        pair.BToA();
        Assert.Equal(SctpState.CookieEchoed, pair.A.State);
        pair.Now += TimeSpan.FromSeconds(61);

        pair.AToB(); // COOKIE ECHO
        pair.BToA(); // ERROR: stale cookie
        Assert.Equal(SctpState.CookieWait, pair.A.State);
        pair.Exchange();
        Assert.Equal(SctpState.Established, pair.A.State);
        Assert.Equal(SctpState.Established, pair.B.State);
    }

    [Fact]
    public void Cookie_echo_after_establishment_is_answered_again()
    {
        var pair = new AssociationPair(2);
        pair.A.Associate(pair.Now);
        pair.AToB();
        pair.BToA();
        Assert.True(pair.A.TryTransmit(pair.Now, Buffer, out var length));
        var echo = Buffer[..length];
        pair.B.HandlePacket(pair.Now, echo);
        Assert.True(pair.B.TryTransmit(pair.Now, Buffer, out _)); // COOKIE ACK, lost
        pair.B.HandlePacket(pair.Now, echo);
        Assert.True(pair.BToA());

        Assert.Equal(SctpState.Established, pair.A.State);
    }

    [Fact]
    public void Restart_of_the_far_side_ends_the_association()
    {
        var pair = new AssociationPair(3);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        var restarted = new SctpAssociation(new SctpConfiguration(), new SeededRandomSource(91), new SeededRandomSource(92));
        restarted.Associate(pair.Now);
        for (var i = 0; i < 4; i++)
        {
            while (restarted.TryTransmit(pair.Now, Buffer, out var length))
            {
                pair.B.HandlePacket(pair.Now, Buffer.AsSpan(0, length));
            }

            while (pair.B.TryTransmit(pair.Now, Buffer, out var length))
            {
                restarted.HandlePacket(pair.Now, Buffer.AsSpan(0, length));
            }
        }

        Assert.Equal(SctpState.Closed, pair.B.State);
        SctpError? error = null;
        while (pair.B.TryReadEvent(out var e))
        {
            error ??= e.Error;
        }

        Assert.Equal(SctpErrorKind.PeerRestarted, error!.Kind);
    }

    [Fact]
    public void Packets_with_a_wrong_tag_change_nothing()
    {
        var pair = new AssociationPair(4);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        foreach (var chunk in GoldenChunks.All.Where(c => c[0] is not ((byte)ChunkType.Init or (byte)ChunkType.CookieEcho)))
        {
            var packet = new byte[CommonHeader.Length + chunk.Length];
            chunk.CopyTo(packet, CommonHeader.Length);
            new CommonHeader(5000, 5000, new VerificationTag(pair.TagOfA.Value ^ 1)).Write(packet);
            var before = pair.A.Statistics.PacketsDiscarded;
            pair.A.HandlePacket(pair.Now, packet);
            Assert.Equal(before + 1, pair.A.Statistics.PacketsDiscarded);
            Assert.Equal(SctpState.Established, pair.A.State);
        }
    }

    [Fact]
    public void Unanswered_init_is_repeated_and_then_given_up()
    {
        var association = new SctpAssociation(new SctpConfiguration(), new SeededRandomSource(1), new SeededRandomSource(2));
        var now = MonotonicTime.FromMilliseconds(0);
        association.Associate(now);
        var inits = 0;
        while (association.NextTimeout is { } next)
        {
            while (association.TryTransmit(now, Buffer, out _))
            {
                inits++;
            }

            now = next;
            association.HandleTimeout(now);
        }

        Assert.Equal(9, inits); // one and Max.Init.Retransmits
        Assert.True(association.TryReadEvent(out var e));
        Assert.Equal(SctpErrorKind.TooManyRetransmissions, e.Error!.Kind);
    }
}
