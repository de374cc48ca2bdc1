namespace MeshNode.Rtc.Tests.Sdp;

/// <summary>Descriptions in the form in which other implementations send them, with made-up addresses, credentials and digests.</summary>
internal static class SdpSamples
{
    public const string Digest256 =
        "6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08";

    private const string Digest384 =
        "6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08:"
        + "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F";

    private const string Digest512 = Digest384 + ":10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";

    public const string Chromium = """
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=candidate:1467250027 1 udp 2122260223 192.0.2.17 46154 typ host generation 0 network-id 1 network-cost 10
        a=candidate:1853887674 1 udp 2122194687 5d2ae6ed-7a2e-4ad5-9cb8-4c8d3a0c6ed0.local 46155 typ host generation 0 network-id 2
        a=candidate:435653019 1 tcp 1518280447 192.0.2.17 9 typ host tcptype active generation 0 network-id 1 network-cost 10
        a=ice-ufrag:EsAw
        a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
        a=ice-options:trickle
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        a=setup:actpass
        a=mid:0
        a=sctp-port:5000
        a=max-message-size:262144

        """;

    public const string Firefox = """
        v=0
        o=mozilla...THIS_IS_SDPARTA-99.0 7710052215259647220 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        a=group:BUNDLE 0
        a=ice-options:trickle
        a=msid-semantic:WMS *
        m=application 57102 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 192.0.2.17
        a=candidate:0 1 UDP 2122252543 192.0.2.17 57102 typ host
        a=candidate:1 1 TCP 2105524479 192.0.2.17 9 typ host tcptype active
        a=sendrecv
        a=end-of-candidates
        a=ice-pwd:a1fd87dfd1a0d6b4ac5a8c1e44b3a1c2
        a=ice-ufrag:9b5d0f3c
        a=mid:0
        a=setup:active
        a=sctp-port:5000
        a=max-message-size:1073741823

        """;

    public const string LibDataChannel = """
        v=0
        o=rtc 1845741024 0 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=group:LS 0
        a=msid-semantic:WMS *
        a=ice-options:ice2,trickle
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        m=application 51876 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 192.0.2.17
        a=mid:0
        a=sendrecv
        a=sctp-port:5000
        a=max-message-size:262144
        a=setup:actpass
        a=ice-ufrag:kVn2
        a=ice-pwd:GjsKpJxKAaLmTvD2zSBd1F
        a=candidate:1 1 UDP 2122317823 192.0.2.17 51876 typ host
        a=candidate:2 1 UDP 2122315767 2001:db8::17 51876 typ host
        a=end-of-candidates

        """;

    public const string Aiortc = """
        v=0
        o=- 3922356013 3922356013 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=msid-semantic:WMS *
        m=application 38233 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 192.0.2.17
        a=mid:0
        a=sctp-port:5000
        a=max-message-size:65536
        a=candidate:5d7bd1e2b5e5f1f2c3d4e5f6a7b8c9d0 1 udp 2130706431 192.0.2.17 38233 typ host
        a=end-of-candidates
        a=ice-ufrag:qGzC
        a=ice-pwd:0fD9mrcvf1eCR8FWnHCVBC
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        a=fingerprint:sha-384
        """ + " " + Digest384 + """

        a=fingerprint:sha-512
        """ + " " + Digest512 + """

        a=setup:actpass

        """;

    /// <summary>An offer of aiortc 1.4, in the form of RFC 8841's drafts.</summary>
    public const string AiortcDraft = """
        v=0
        o=- 4004274518 4004274518 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=msid-semantic:WMS *
        m=application 57155 DTLS/SCTP 5000
        c=IN IP4 192.0.2.17
        a=mid:0
        a=sctpmap:5000 webrtc-datachannel 65535
        a=max-message-size:65536
        a=candidate:16572de626da4e5384a0ce2d0d93678a 1 udp 2130706431 192.0.2.17 57155 typ host
        a=end-of-candidates
        a=ice-ufrag:3Vb1
        a=ice-pwd:NDSgFPiAMxIyfWCvHxjto6
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        a=setup:actpass

        """;

    /// <summary>Audio, data and video in one bundle; the data section's transport attributes stand at the audio section.</summary>
    public const string Bundled = """
        v=0
        o=- 1 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE audio data video
        m=audio 9 UDP/TLS/RTP/SAVPF 111 0
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=candidate:1 1 udp 2122260223 192.0.2.17 46154 typ host
        a=ice-ufrag:EsAw
        a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
        a=fingerprint:sha-256
        """ + " " + Digest256 + """

        a=setup:actpass
        a=mid:audio
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        m=application 0 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=mid:data
        a=sctp-port:5000
        m=video 0 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=mid:video

        """;
}
