using System.Text;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sdp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sdp;

public sealed class DataChannelSdpTests
{
    [Theory]
    [InlineData(SdpSamples.Chromium, "EsAw", "P2uYro0UCOQ4zxjKXaWCBui1", 262144, 3)]
    [InlineData(SdpSamples.Firefox, "9b5d0f3c", "a1fd87dfd1a0d6b4ac5a8c1e44b3a1c2", 1073741823, 2)]
    [InlineData(SdpSamples.LibDataChannel, "kVn2", "GjsKpJxKAaLmTvD2zSBd1F", 262144, 2)]
    [InlineData(SdpSamples.Aiortc, "qGzC", "0fD9mrcvf1eCR8FWnHCVBC", 65536, 1)]
    [InlineData(SdpSamples.AiortcDraft, "3Vb1", "NDSgFPiAMxIyfWCvHxjto6", 65536, 1)]
    public void What_other_implementations_send_is_understood(string text, string ufrag, string password, long maxMessageSize, int candidates)
    {
        var sdp = Parse(text);
        Assert.Equal(new IceCredentials(ufrag, password), sdp.Credentials);
        Assert.Equal("0", sdp.Mid);
        Assert.Equal(5000, sdp.SctpPort);
        Assert.Equal(maxMessageSize, sdp.MaxMessageSize);
        Assert.Equal(candidates, sdp.Candidates.Count);
        Assert.Contains(sdp.Fingerprints, f => f.ToString() == "sha-256 " + SdpSamples.Digest256);
    }

    [Fact]
    public void Lines_may_end_in_crlf_or_lf() =>
        Assert.Equal(
            Parse(SdpSamples.Chromium).ToSdp(),
            Parse(SdpSamples.Chromium.Replace("\n", "\r\n", StringComparison.Ordinal)).ToSdp());

    [Fact]
    public void Details_are_read_from_their_lines()
    {
        Assert.Equal(SdpSetup.ActPass, Parse(SdpSamples.Chromium).Setup);
        Assert.Equal(SdpSetup.Active, Parse(SdpSamples.Firefox).Setup);
        Assert.False(Parse(SdpSamples.Chromium).EndOfCandidates);
        Assert.True(Parse(SdpSamples.Firefox).EndOfCandidates);
        Assert.Equal(3, Parse(SdpSamples.Aiortc).Fingerprints.Count);
        Assert.Equal("5d2ae6ed-7a2e-4ad5-9cb8-4c8d3a0c6ed0.local", Parse(SdpSamples.Chromium).Candidates[1].HostName);
        Assert.Equal(4611731400430051336ul, ulong.Parse(Parse(SdpSamples.Chromium).SessionId, System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(Parse(With("a=group:BUNDLE 0", "a=group:BUNDLE 0\na=ice-lite")).IsIceLite);
    }

    [Theory]
    [InlineData("", PathMtuSizes.CommonDatagram)]
    [InlineData("\na=x-max-datagram-size:16421", PathMtuSizes.LargestDatagram)]
    [InlineData("\na=x-max-datagram-size:100", PathMtuSizes.CommonDatagram)]
    [InlineData("\na=x-max-datagram-size:many", PathMtuSizes.CommonDatagram)]
    public void Datagrams_larger_than_an_ethernets_are_taken_by_those_only_who_say_so(string attribute, long expected)
    {
        var sdp = Parse(SdpSamples.Chromium.Replace("a=sctp-port:5000", "a=sctp-port:5000" + attribute, StringComparison.Ordinal));
        Assert.Equal(expected, sdp.MaxDatagramSize);
        Assert.Equal(expected, Parse(sdp.ToSdp()).MaxDatagramSize);
    }

    [Fact]
    public void Section_without_transport_takes_it_from_the_one_that_tags_its_bundle()
    {
        var sdp = Parse(SdpSamples.Bundled);
        Assert.Equal(1, sdp.DataSection);
        Assert.Equal("data", sdp.Mid);
        Assert.Equal("EsAw", sdp.Credentials.UsernameFragment);
        Assert.Single(sdp.Candidates);
        Assert.Equal(65536, sdp.MaxMessageSize); // the default of RFC 8841
    }

    [Theory]
    [InlineData("0", 0)] // no limit
    [InlineData("1", 1)]
    [InlineData("4294967296", 4294967296)]
    [InlineData("99999999999999999999", 0)] // larger than any number here
    public void Max_message_size_is_taken_as_it_is(string text, long bytes) =>
        Assert.Equal(bytes, Parse(With("a=max-message-size:262144", $"a=max-message-size:{text}")).MaxMessageSize);

    [Fact]
    public void Written_text_parses_back_to_the_same()
    {
        foreach (var text in (string[])[SdpSamples.Chromium, SdpSamples.Firefox, SdpSamples.LibDataChannel, SdpSamples.Aiortc, SdpSamples.AiortcDraft])
        {
            var written = Parse(text).ToSdp();
            Assert.Equal(written, Parse(written).ToSdp());
            Assert.All(written.Split('\n')[..^1], line => Assert.EndsWith("\r", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Written_text_is_golden()
    {
        var sdp = new DataChannelSdp
        {
            SessionId = "42",
            SessionVersion = 3,
            Sections =
            [
                new("audio", "UDP/TLS/RTP/SAVPF", "111 0", "a", true),
                new("application", SdpMediaSection.UdpDtlsSctp, SdpMediaSection.DataChannelFormat, "d", false),
            ],
            DataSection = 1,
            Credentials = new IceCredentials("abcd", "0123456789012345678901"),
            Fingerprints = [DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, [])],
            Setup = SdpSetup.Passive,
            SctpPort = 5000,
            MaxMessageSize = 262144,
            EndOfCandidates = true,
        };

        Assert.Equal(
            """
            v=0
            o=- 42 3 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE d
            a=ice-options:trickle
            m=audio 0 UDP/TLS/RTP/SAVPF 111 0
            c=IN IP4 0.0.0.0
            a=mid:a
            a=inactive
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=end-of-candidates
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789012345678901
            a=fingerprint:sha-256 E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55
            a=setup:passive
            a=mid:d
            a=sctp-port:5000
            a=max-message-size:262144

            """.ReplaceLineEndings("\r\n"),
            sdp.ToSdp());
    }

    [Theory]
    [InlineData("v=0\n", "v=1\n", "v=0")]
    [InlineData("v=0\n", "", "v=0")]
    [InlineData("o=- 4611731400430051336 2 IN IP4 127.0.0.1", "o=- x 2 IN IP4 127.0.0.1", "o=")]
    [InlineData("o=- 4611731400430051336 2 IN IP4 127.0.0.1", "o=- 1 2 IN IP4", "o=")]
    [InlineData("s=-\n", "", "s=")]
    [InlineData("t=0 0\n", "", "t=")]
    [InlineData("t=0 0\n", "t=0 0\nx=1\n", "unknown")]
    [InlineData("t=0 0\n", "t=0 0\nnonsense\n", "type=value")]
    [InlineData("a=mid:0\n", "t=0 0\na=mid:0\n", "out of place")]
    [InlineData("a=ice-ufrag:EsAw\n", "", "ice-ufrag")]
    [InlineData("a=ice-ufrag:EsAw\n", "a=ice-ufrag:EsA\n", "ice-ufrag")]
    [InlineData("a=ice-ufrag:EsAw\n", "a=ice-ufrag:Es w\n", "ice-ufrag")]
    [InlineData("a=ice-ufrag:EsAw\n", "a=ice-ufrag:EsAw\na=ice-ufrag:EsAw\n", "ice-ufrag")]
    [InlineData("a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n", "a=ice-pwd:short\n", "ice-pwd")]
    [InlineData("a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n", "", "ice-pwd")]
    [InlineData("a=fingerprint:sha-256 6B:", "a=fingerprint:sha-256 6B", "fingerprint")]
    [InlineData("a=fingerprint:sha-256 6B:", "a=fingerprint:sha-1 6B:", "fingerprint")]
    [InlineData("a=setup:actpass\n", "", "setup")]
    [InlineData("a=setup:actpass\n", "a=setup:holdconn\n", "setup")]
    [InlineData("a=sctp-port:5000\n", "", "sctp-port")]
    [InlineData("a=sctp-port:5000\n", "a=sctp-port:0\n", "sctp-port")]
    [InlineData("a=sctp-port:5000\n", "a=sctp-port:65536\n", "sctp-port")]
    [InlineData("a=max-message-size:262144\n", "a=max-message-size:-1\n", "max-message-size")]
    [InlineData("a=candidate:1467250027 1 udp 2122260223", "a=candidate:1467250027 1 udp x", "candidate")]
    [InlineData("m=application 9", "m=application 0", "no m-section")]
    [InlineData("UDP/DTLS/SCTP", "DTLS/SCTP", "no m-section")]
    [InlineData("m=application 9 ", "m=application x ", "m=")]
    [InlineData("a=mid:0\n", "a=mid:\n", "mid")]
    public void What_breaks_the_rules_is_refused_with_its_reason(string part, string replacement, string reason)
    {
        Assert.Contains(part, SdpSamples.Chromium, StringComparison.Ordinal);
        Assert.False(DataChannelSdp.TryParse(SdpType.Offer, With(part, replacement), out _, out var error));
        Assert.Equal(RtcErrorCode.Signaling, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_must_choose_its_dtls_role()
    {
        Assert.False(DataChannelSdp.TryParse(SdpType.Answer, SdpSamples.Chromium, out _, out var error));
        Assert.Equal(RtcErrorCode.AnswerSet, error.Code);
        Assert.True(DataChannelSdp.TryParse(SdpType.Answer, With("actpass", "passive"), out _, out _));
    }

    [Fact]
    public void Foreign_candidates_and_hash_functions_are_passed_over()
    {
        var sdp = Parse(With(
            "a=candidate:1467250027 1 udp",
            "a=candidate:7 1 quic 2122260223 192.0.2.17 46154 typ host\na=fingerprint:md5 00:11\na=candidate:1467250027 1 udp"));
        Assert.Equal(3, sdp.Candidates.Count);
        Assert.Single(sdp.Fingerprints);
    }

    [Theory]
    [InlineData("a=sctpmap:5000 webrtc-datachannel 65535\n", "")]
    [InlineData("a=sctpmap:5000 webrtc-datachannel 65535\n", "a=sctp-port:5000\n")]
    [InlineData("a=sctpmap:5000 webrtc-datachannel", "a=sctpmap:5000 bfcp")]
    [InlineData("a=sctpmap:5000 ", "a=sctpmap:0 ")]
    [InlineData("a=sctpmap:5000 webrtc-datachannel 65535\n", "a=sctpmap:5000\n")]
    [InlineData("a=sctpmap:5000", "a=sctpmap:x")]
    public void Draft_form_needs_the_map_of_its_port(string part, string replacement)
    {
        Assert.Contains(part, SdpSamples.AiortcDraft, StringComparison.Ordinal);
        var text = SdpSamples.AiortcDraft.Replace(part, replacement, StringComparison.Ordinal);
        Assert.False(DataChannelSdp.TryParse(SdpType.Offer, text, out _, out var error));
        Assert.Contains("sctpmap", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Description_beyond_one_mebibyte_is_refused()
    {
        var filler = string.Concat(Enumerable.Repeat("a=x:" + new string('y', 95) + "\n", 10_600));
        Assert.False(DataChannelSdp.TryParse(SdpType.Offer, With("a=mid:0\n", "a=mid:0\n" + filler), out _, out var error));
        Assert.Contains("1 MiB", error.Message, StringComparison.Ordinal);
        Assert.True(DataChannelSdp.TryParse(SdpType.Offer, With("a=mid:0\n", "a=mid:0\n" + filler[..1_000_000]), out _, out _));
    }

    [Fact]
    public void Mutated_descriptions_never_throw_and_what_parses_can_be_written()
    {
        var corpus = new[] { SdpSamples.Chromium, SdpSamples.Firefox, SdpSamples.LibDataChannel, SdpSamples.Aiortc, SdpSamples.AiortcDraft, SdpSamples.Bundled };
        var mutator = new Mutator(8866, [.. corpus.Select(Encoding.UTF8.GetBytes)]);
        var parsed = 0;
        var refused = 0;
        for (var left = TestScale.Count("mutated session descriptions", 1_000_000, 50_000); left > 0; left--)
        {
            var text = Encoding.Latin1.GetString(mutator.Next());
            var type = left % 2 == 0 ? SdpType.Offer : SdpType.Answer;
            if (DataChannelSdp.TryParse(type, text, out var sdp, out var error))
            {
                parsed++;
                Assert.True(DataChannelSdp.TryParse(type, sdp.ToSdp(), out _, out error), $"{error} after writing what was parsed from:\n{text}");
            }
            else
            {
                refused++;
                Assert.NotEmpty(error.Message);
            }
        }

        Assert.True(parsed > 0 && refused > 0);
    }

    private static DataChannelSdp Parse(string text)
    {
        Assert.True(DataChannelSdp.TryParse(SdpType.Offer, text, out var sdp, out var error), error?.ToString());
        return sdp;
    }

    private static string With(string part, string replacement) => SdpSamples.Chromium.Replace(part, replacement, StringComparison.Ordinal);
}
