using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sdp;
using MeshNode.Rtc.Tests.Sdp;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class SessionNegotiationTests
{
    private static readonly IceCredentials Credentials = new("left", "0123456789012345678901");
    private static readonly IceCredentials OtherCredentials = new("right", "9876543210987654321098");

    private readonly SessionNegotiation _left = Negotiation(1);
    private readonly SessionNegotiation _right = Negotiation(2);

    [Fact]
    public void Offer_and_answer_lead_both_sides_to_stable_with_opposite_dtls_roles()
    {
        var offer = Offer(_left);
        Assert.Equal(SignalingState.HaveLocalOffer, _left.State);
        Assert.Null(_right.SetRemote(offer));
        Assert.Equal(SignalingState.HaveRemoteOffer, _right.State);
        var answer = Answer(_right);
        Assert.Equal(SignalingState.Stable, _right.State);
        Assert.Null(_left.SetRemote(answer));
        Assert.Equal(SignalingState.Stable, _left.State);

        Assert.Equal(DtlsRole.Client, _right.Role); // the answerer of actpass is active
        Assert.Equal(DtlsRole.Server, _left.Role);
        Assert.Equal(OtherCredentials, _left.CurrentRemote!.Credentials);
        Assert.Equal(Credentials, _right.CurrentRemote!.Credentials);
    }

    [Fact]
    public void Active_offer_is_answered_passive()
    {
        Assert.Null(_right.SetRemote(Altered(Offer(_left), "setup:actpass", "setup:active")));
        Assert.Contains("a=setup:passive", Answer(_right).Sdp, StringComparison.Ordinal);
        Assert.Equal(DtlsRole.Server, _right.Role);
    }

    [Fact]
    public void Foreign_media_are_answered_with_port_zero_in_their_place()
    {
        Assert.Null(_right.SetRemote(new SessionDescription(SdpType.Offer, SdpSamples.Bundled)));
        var answer = Answer(_right).Sdp.Split("\r\n");

        Assert.Equal(
            ["m=audio 0 UDP/TLS/RTP/SAVPF 111 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=video 0 UDP/TLS/RTP/SAVPF 96"],
            answer.Where(l => l.StartsWith("m=", StringComparison.Ordinal)));
        Assert.Contains("a=group:BUNDLE data", answer);
    }

    [Fact]
    public void Later_offer_repeats_all_m_lines_and_mirrors_tcp_protocol()
    {
        Assert.Null(_right.SetRemote(new SessionDescription(
            SdpType.Offer,
            SdpSamples.Bundled.Replace("UDP/DTLS/SCTP", "TCP/DTLS/SCTP", StringComparison.Ordinal))));
        Answer(_right);
        var lines = Offer(_right).Sdp.Split("\r\n").Where(l => l.StartsWith("m=", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal("m=application 9 TCP/DTLS/SCTP webrtc-datachannel", lines[1]);
    }

    [Fact]
    public void Offer_in_the_drafts_form_is_answered_in_it_and_so_are_later_ones()
    {
        Assert.Null(_right.SetRemote(new SessionDescription(SdpType.Offer, SdpSamples.AiortcDraft)));
        foreach (var ours in new[] { Answer(_right).Sdp, Offer(_right).Sdp })
        {
            Assert.Contains("m=application 9 DTLS/SCTP 5000\r\n", ours, StringComparison.Ordinal);
            Assert.Contains("a=sctpmap:5000 webrtc-datachannel 65535\r\n", ours, StringComparison.Ordinal);
            Assert.DoesNotContain("sctp-port", ours, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Glare_is_resolved_by_an_implicit_rollback()
    {
        var lost = Offer(_left);
        var offer = Offer(_right);
        Assert.Null(_left.SetRemote(offer));
        Assert.Equal(SignalingState.HaveRemoteOffer, _left.State);
        Assert.Null(_left.PendingLocal);
        var answer = Answer(_left);
        Assert.Null(_right.SetRemote(answer));
        Assert.Equal(SignalingState.Stable, _right.State);
        Assert.NotNull(_right.SetRemote(new SessionDescription(SdpType.Answer, lost.Sdp)));
    }

    [Fact]
    public void Rollback_returns_to_the_last_stable_state()
    {
        Assert.False(_left.TryRollback());
        Offer(_left);
        Assert.True(_left.TryRollback());
        Assert.Equal(SignalingState.Stable, _left.State);
        Assert.Null(_left.Local);

        Assert.Null(_right.SetRemote(Offer(_left)));
        Assert.True(_right.TryRollback());
        Assert.Null(_right.RemoteDescription);
    }

    [Fact]
    public void Callers_mistakes_throw_with_advice()
    {
        Assert.Contains("remote offer", Assert.Throws<InvalidOperationException>(() => Answer(_left)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _left.SetLocal(new SessionDescription(SdpType.Offer, "v=0")));
        var offer = _left.CreateOffer(Credentials, [], false);
        Assert.Throws<InvalidOperationException>(() => _left.SetLocal(offer with { Sdp = offer.Sdp + "a=x\r\n" }));
        Assert.Null(_right.SetRemote(offer));
        Assert.Contains("answer", Assert.Throws<InvalidOperationException>(() => Offer(_right)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_violations_are_values_and_change_nothing()
    {
        var offer = Offer(_left);
        Assert.Equal(RtcErrorCode.AnswerSet, _right.SetRemote(offer with { Type = SdpType.Answer })!.Code);
        Assert.Equal(RtcErrorCode.Signaling, _right.SetRemote(offer with { Type = SdpType.Pranswer })!.Code);
        Assert.Equal(RtcErrorCode.Signaling, _right.SetRemote(offer with { Sdp = "hello" })!.Code);
        Assert.Equal(SignalingState.Stable, _right.State);

        Assert.Null(_right.SetRemote(offer));
        var answer = Answer(_right);
        Assert.Contains("mid", _left.SetRemote(Altered(answer, "a=mid:0", "a=mid:1"))!.Message, StringComparison.Ordinal);
        Assert.Contains("m-lines", _left.SetRemote(Altered(answer, "m=application", "m=audio 0 RTP/AVP 0\r\nm=application"))!.Message, StringComparison.Ordinal);
        Assert.Contains("active or passive", _left.SetRemote(Altered(answer, "setup:active", "setup:actpass"))!.Message, StringComparison.Ordinal);
        Assert.Contains("no m-section", _left.SetRemote(Altered(answer, "m=application 9", "m=application 0"))!.Message, StringComparison.Ordinal);
        Assert.Equal(SignalingState.HaveLocalOffer, _left.State);
        Assert.Null(_left.SetRemote(answer));
    }

    [Fact]
    public void Second_round_keeps_roles_and_refuses_a_new_dtls_association()
    {
        Negotiate();
        var offer = Offer(_left);
        Assert.Contains("a=setup:actpass", offer.Sdp, StringComparison.Ordinal);
        var other = DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, [1]).ToString();
        var own = DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, []).ToString();
        Assert.Contains("DTLS", _right.SetRemote(Altered(offer, own, other))!.Message, StringComparison.Ordinal);
        Assert.Contains("DTLS", _right.SetRemote(Altered(offer, "setup:actpass", "setup:active"))!.Message, StringComparison.Ordinal);
        Assert.Contains("SCTP", _right.SetRemote(Altered(offer, "sctp-port:5000", "sctp-port:5001"))!.Message, StringComparison.Ordinal);
        Assert.Null(_right.SetRemote(offer));
        Assert.Null(_left.SetRemote(Answer(_right)));
        Assert.Equal(DtlsRole.Server, _left.Role);

        // The former answerer offers: it is the DTLS client and stays so.
        Assert.Null(_left.SetRemote(Offer(_right)));
        Assert.Contains("a=setup:passive", Answer(_left).Sdp, StringComparison.Ordinal);
    }

    [Fact]
    public void New_credentials_in_an_offer_are_a_restart()
    {
        Negotiate();
        Assert.Null(_right.SetRemote(Offer(_left)));
        Assert.False(_right.IsRemoteRestart);
        Answer(_right);
        _left.TryRollback();
        var restart = _left.CreateOffer(OtherCredentials, [], false);
        Assert.Null(_right.SetRemote(restart));
        Assert.True(_right.IsRemoteRestart);
    }

    [Fact]
    public void Versions_grow_and_the_session_id_stays()
    {
        var first = Parsed(_left.CreateOffer(Credentials, [], false));
        var second = Parsed(_left.CreateOffer(Credentials, [], false));
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.True(second.SessionVersion > first.SessionVersion);
    }

    private static SessionNegotiation Negotiation(ulong id) => new(DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, []), 5000, 262144, id);

    private static DataChannelSdp Parsed(SessionDescription description)
    {
        Assert.True(DataChannelSdp.TryParse(description.Type, description.Sdp, out var sdp, out _));
        return sdp;
    }

    private static SessionDescription Altered(SessionDescription description, string part, string replacement)
    {
        Assert.Contains(part, description.Sdp, StringComparison.Ordinal);
        return description with { Sdp = description.Sdp.Replace(part, replacement, StringComparison.Ordinal) };
    }

    private static SessionDescription Offer(SessionNegotiation negotiation)
    {
        var offer = negotiation.CreateOffer(Credentials, [], false);
        negotiation.SetLocal(offer);
        return offer;
    }

    private static SessionDescription Answer(SessionNegotiation negotiation)
    {
        var answer = negotiation.CreateAnswer(OtherCredentials, [], false);
        negotiation.SetLocal(answer);
        return answer;
    }

    private void Negotiate()
    {
        Assert.Null(_right.SetRemote(Offer(_left)));
        Assert.Null(_left.SetRemote(Answer(_right)));
    }
}
