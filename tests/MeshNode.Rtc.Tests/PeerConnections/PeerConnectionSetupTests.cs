using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerConnectionSetupTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Two_sides_connect_in_few_round_trips_without_waiting_for_timers(bool realDtls, bool trickle)
    {
        using var pair = new PeerConnectionPair(1, new PeerConnectionPairOptions { RealDtls = realDtls, Trickle = trickle });
        pair.Connect();
        Assert.True(pair.RunUntilConnected(), pair.ToString());

        // One way is 10 ms: a check and its answer 20, DTLS 40 (pass-through 20); nothing else may cost anything.
        Assert.InRange(pair.Now.TotalMilliseconds, 30, realDtls ? 60 : 40);
        Assert.Empty(pair.Errors);
        TimeSpan?[] setupTimes = [pair.Left.GetStatistics().SetupTime, pair.Right.GetStatistics().SetupTime];
        Assert.Equal(pair.Now - default(MonotonicTime), setupTimes.Max());
    }

    [Fact]
    public void Channel_opens_and_carries_a_message_in_five_round_trips()
    {
        using var pair = new PeerConnectionPair(2, new PeerConnectionPairOptions { RealDtls = true });
        var received = new List<string>();
        var channel = pair.Left.CreateDataChannel(pair.Now, "reliable", new DataChannelInit());
        pair.OnEvent = (connection, e) =>
        {
            switch (e.Kind)
            {
                case PeerConnectionEventKind.ChannelOpened:
                    Assert.Same(channel, e.Channel);
                    Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, "hello"u8, DataChannelMessageKind.Text));
                    break;
                case PeerConnectionEventKind.Message:
                    Assert.Same(pair.Right, connection);
                    received.Add($"{e.Channel!.Label} {e.MessageKind} {System.Text.Encoding.UTF8.GetString(e.Data.Span)}");
                    break;
            }
        };
        pair.Connect();
        Assert.True(pair.Run(() => received.Count > 0), pair.ToString());
        Assert.Equal(["reliable Text hello"], received);
        Assert.InRange(pair.Now.TotalMilliseconds, 60, 130);
    }

    [Fact]
    public void States_and_events_come_in_the_order_of_w3c()
    {
        using var pair = new PeerConnectionPair(3);
        var events = new List<string>();
        pair.OnEvent = (connection, e) =>
        {
            if (connection == pair.Left)
            {
                events.Add(e.Kind == PeerConnectionEventKind.ConnectionStateChanged ? e.State.ToString() : e.Kind.ToString());
            }
        };
        Assert.Equal(PeerConnectionState.New, pair.Left.ConnectionState);
        pair.Left.CreateDataChannel(pair.Now, "control", new DataChannelInit { Negotiated = true, Id = 0 });
        pair.Right.CreateDataChannel(pair.Now, "control", new DataChannelInit { Negotiated = true, Id = 0 });
        pair.Connect();
        Assert.True(pair.Run(() => events.Contains("ChannelOpened")), pair.ToString());

        Assert.Equal("Connecting", events[0]);
        Assert.True(events.IndexOf("PathAuthenticated") < events.IndexOf("SelectedPathChanged"));
        Assert.True(events.IndexOf("SelectedPathChanged") < events.IndexOf("Connected"));
        Assert.True(events.IndexOf("Connected") < events.IndexOf("ChannelOpened"));
        Assert.Equal(PeerConnectionPair.LeftPath, pair.Left.SelectedPath);
    }

    [Fact]
    public void Answer_that_is_slower_than_the_network_costs_no_retransmission()
    {
        // The offerer cannot check before it has the answer; the answerer's checks and its ClientHello may come before it.
        using var pair = new PeerConnectionPair(4, new PeerConnectionPairOptions { RealDtls = true });
        SessionDescription? held = null;
        pair.OnSignal = (_, description) =>
        {
            if (description.Type == SdpType.Offer)
            {
                return description;
            }

            held = description;
            return null;
        };
        pair.Connect();
        Assert.False(pair.Run(() => false, TimeSpan.FromMilliseconds(300)));
        Assert.NotNull(held);
        Assert.Equal(PeerConnectionState.New, pair.Left.ConnectionState);

        var answeredAt = pair.Now;
        Assert.True(pair.Left.TrySetRemoteDescription(pair.Now, held, out _));
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        Assert.InRange((pair.Now - answeredAt).TotalMilliseconds, 20, 70);
    }

    [Fact]
    public void Candidates_that_overtake_their_description_are_kept_for_it()
    {
        using var pair = new PeerConnectionPair(5);
        pair.AddCandidates();
        var candidate = IceCandidate.Host(PeerConnectionPair.LeftAddress);
        Assert.True(pair.Right.TryAddIceCandidate(pair.Now, candidate.ToSdp(), pair.Left.LocalUsernameFragment, out _));
        Assert.True(pair.Right.TryAddIceCandidate(pair.Now, "", pair.Left.LocalUsernameFragment, out _));
        pair.OnSignal = (_, description) => description with { Sdp = WithoutCandidates(description.Sdp) };
        pair.Offer(pair.Left);
        Assert.True(pair.RunUntilConnected(), pair.ToString());
    }

    [Fact]
    public void Malformed_candidate_is_a_value()
    {
        using var pair = new PeerConnectionPair(6);
        Assert.False(pair.Left.TryAddIceCandidate(pair.Now, "candidate:nonsense", null, out var error));
        Assert.Equal(RtcErrorCode.IceCandidate, error!.Code);
        Assert.False(pair.Left.TryAddIceCandidate(pair.Now, new string('x', 5000), null, out _));
    }

    [Fact]
    public void Local_candidates_stand_in_the_description_or_trickle_but_not_both()
    {
        using var pair = new PeerConnectionPair(7);
        var trickled = new List<IceCandidate>();
        var first = IceCandidate.Host(PeerConnectionPair.LeftAddress);
        var second = IceCandidate.Host(PeerConnectionPair.LeftAddress.WithPort(4003));
        var third = IceCandidate.Host(PeerConnectionPair.LeftAddress.WithPort(4004));
        pair.Left.AddLocalCandidate(pair.Now, first);
        var offer = pair.Left.CreateOffer();
        pair.Left.AddLocalCandidate(pair.Now, second);
        pair.Left.SetLocalDescription(pair.Now, offer);
        pair.Left.AddLocalCandidate(pair.Now, third);
        pair.Left.AddLocalCandidate(pair.Now, third);
        while (pair.Left.TryReadEvent(out var e))
        {
            if (e.Candidate is not null)
            {
                trickled.Add(e.Candidate);
            }
        }

        Assert.Contains(first.ToSdp(), offer.Sdp, StringComparison.Ordinal);
        Assert.DoesNotContain(second.ToSdp(), offer.Sdp, StringComparison.Ordinal);
        Assert.Equal([second.Address, third.Address], trickled.Select(c => c.Address));
        Assert.All(trickled, c => Assert.Equal(pair.Left.LocalUsernameFragment, c.UsernameFragment));
        Assert.Contains(third.ToSdp(), pair.Left.LocalDescription!.Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Relay_policy_keeps_host_candidates_to_itself()
    {
        using var pair = new PeerConnectionPair(8, new PeerConnectionPairOptions
        {
            Configure = c => c with { IceTransportPolicy = IceTransportPolicy.Relay },
        });
        pair.AddCandidates();
        Assert.DoesNotContain("a=candidate", pair.Left.CreateOffer().Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_without_answer_fails_at_the_timeout()
    {
        using var pair = new PeerConnectionPair(9);
        var failures = new List<RtcError?>();
        pair.OnEvent = (_, e) =>
        {
            if (e is { Kind: PeerConnectionEventKind.ConnectionStateChanged, State: PeerConnectionState.Failed })
            {
                failures.Add(e.Error);
            }
        };
        pair.OnSignal = (_, _) => null;
        pair.Connect();
        Assert.True(pair.Run(() => failures.Count > 0), pair.ToString());
        Assert.Equal(RtcErrorCode.Timeout, failures[0]!.Code);
        Assert.Equal(30_000, pair.Now.TotalMilliseconds);
    }

    [Fact]
    public void Connection_without_path_fails_within_the_timeout()
    {
        using var pair = new PeerConnectionPair(10, new PeerConnectionPairOptions { Link = new SimulatedLinkOptions { Loss = 1 } });
        pair.Connect();
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Failed), pair.ToString());
        Assert.InRange(pair.Now.TotalMilliseconds, 1_000, 30_000);
    }

    [Fact]
    public void Roles_and_fingerprints_are_known_after_negotiation()
    {
        using var pair = new PeerConnectionPair(11);
        Assert.Null(pair.Left.RemoteFingerprint);
        pair.Connect();
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        Assert.Equal(pair.Right.LocalFingerprint, pair.Left.RemoteFingerprint);
        Assert.Equal(pair.Left.LocalFingerprint, pair.Right.RemoteFingerprint);
        Assert.Equal(DtlsRole.Server, pair.Left.DtlsRole);
        Assert.Equal(DtlsRole.Client, pair.Right.DtlsRole);
    }

    private static string WithoutCandidates(string sdp) =>
        string.Concat(sdp.Split("\r\n")[..^1]
            .Where(l => !l.StartsWith("a=candidate", StringComparison.Ordinal) && l != "a=end-of-candidates")
            .Select(l => l + "\r\n"));
}
