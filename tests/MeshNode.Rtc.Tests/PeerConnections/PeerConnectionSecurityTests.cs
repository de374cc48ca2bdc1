using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerConnectionSecurityTests
{
    private static readonly TransportPath Stranger =
        new(PeerConnectionPair.RightAddress, TransportAddress.FromIPv4(0xC6336401, 666)); // from 198.51.100.1

    [Theory]
    [InlineData(SdpType.Offer, true)]
    [InlineData(SdpType.Answer, true)]
    [InlineData(SdpType.Offer, false)]
    [InlineData(SdpType.Answer, false)]
    public void Altered_fingerprint_fails_the_connection_before_any_channel_opens(SdpType altered, bool realDtls)
    {
        using var pair = new PeerConnectionPair(20, new PeerConnectionPairOptions { RealDtls = realDtls });
        var errors = new Dictionary<PeerConnection, RtcError?>();
        pair.OnSignal = (_, description) => description.Type == altered
            ? description with { Sdp = FlipFingerprint(description.Sdp) }
            : description;
        pair.OnEvent = (connection, e) =>
        {
            Assert.NotEqual(PeerConnectionEventKind.ChannelOpened, e.Kind);
            Assert.NotEqual(PeerConnectionEventKind.DataChannelAnnounced, e.Kind);
            if (e.State == PeerConnectionState.Failed)
            {
                errors[connection] = e.Error;
            }
        };
        pair.Left.CreateDataChannel(pair.Now, "control", new DataChannelInit());
        pair.Connect();
        Assert.True(pair.Run(() => errors.Count == 2), pair.ToString());

        var deceived = altered == SdpType.Offer ? pair.Right : pair.Left;
        Assert.Equal(RtcErrorCode.Authentication, errors[deceived]!.Code);
        Assert.True(pair.Now.TotalMilliseconds < 1_000, "a mismatch is told by an alert, not by a timeout");
    }

    [Fact]
    public void Datagrams_of_strangers_and_of_unknown_protocols_are_dropped_and_counted()
    {
        using var pair = new PeerConnectionPair(21, new PeerConnectionPairOptions { RealDtls = true });
        pair.AddCandidates();
        pair.Offer(pair.Left);
        var before = pair.Right.GetStatistics().DatagramsDropped;
        for (var i = 0; i < 10; i++)
        {
            pair.Right.HandleDatagram(pair.Now, Stranger, [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
            pair.Right.HandleDatagram(pair.Now, PeerConnectionPair.RightPath, [128, 1, 2, 3]);
            pair.Right.HandleDatagram(pair.Now, PeerConnectionPair.RightPath, []);
        }

        Assert.Equal(30, pair.Right.GetStatistics().DatagramsDropped - before);
        Assert.True(pair.RunUntilConnected(), pair.ToString());

        pair.Right.HandleDatagram(pair.Now, Stranger, [21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40]);
        Assert.Equal(PeerConnectionState.Connected, pair.Right.ConnectionState);
    }

    [Fact]
    public void Early_dtls_is_kept_within_its_limits_and_no_further()
    {
        using var pair = new PeerConnectionPair(22, new PeerConnectionPairOptions { RealDtls = true });
        pair.OnSignal = (_, description) => description.Type == SdpType.Offer ? description : null;
        pair.Connect();
        pair.Run(() => false, TimeSpan.FromMilliseconds(100)); // the answerer's checks have authenticated its path
        var before = pair.Left.GetStatistics().DatagramsDropped;
        byte[] datagram = [22, 0xfe, 0xfd, .. new byte[997]];
        for (var i = 0; i < 10; i++)
        {
            pair.Left.HandleDatagram(pair.Now, PeerConnectionPair.LeftPath, datagram);
        }

        // Up to four are kept, of which the peer's own early ClientHello and its repetition take a part.
        Assert.InRange(pair.Left.GetStatistics().DatagramsDropped - before, 6, 10);
    }

    [Fact]
    public void Random_datagrams_from_the_peers_own_address_do_not_end_a_connection()
    {
        using var pair = new PeerConnectionPair(23, new PeerConnectionPairOptions { RealDtls = true });
        pair.Connect();
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        var random = new SeededRandomSource(23);
        var datagram = new byte[1500];
        for (var i = TestScale.Count("random datagrams at a connected peer", 1_000_000, 50_000); i > 0; i--)
        {
            var length = random.NextInt32(200);
            random.Fill(datagram.AsSpan(0, length));
            if (length > 3 && i % 2 == 0)
            {
                datagram[0] = (byte)(20 + random.NextInt32(5)); // looks like DTLS
                datagram[1] = 0xfe;
                datagram[2] = 0xfd;
            }

            pair.Right.HandleDatagram(pair.Now, PeerConnectionPair.RightPath, datagram.AsSpan(0, length));
        }

        Assert.False(pair.Run(() => pair.Right.ConnectionState != PeerConnectionState.Connected, TimeSpan.FromSeconds(20)), pair.ToString());
    }

    private static string FlipFingerprint(string sdp)
    {
        var at = sdp.IndexOf("sha-256 ", StringComparison.Ordinal) + "sha-256 ".Length;
        return sdp[..at] + (sdp[at] == '0' ? '1' : '0') + sdp[(at + 1)..];
    }
}
