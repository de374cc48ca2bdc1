using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Sdp;

/// <summary>
/// A session description as far as data channels go (RFC 8866, 8839, 8841, 9429): one UDP/DTLS/SCTP section that counts,
/// and the other m-lines as an answer must repeat them.
/// </summary>
internal sealed record DataChannelSdp
{
    /// <summary>RFC 8841 section 6.1: "If the SDP 'max-message-size' attribute is not present, the default value is 64K."</summary>
    public const long DefaultMaxMessageSize = 65536;

    /// <summary>Numeric id of the session, of 63 random bits (RFC 9429 section 5.2.1).</summary>
    public required string SessionId { get; init; }

    /// <summary>Grows with every description of one side.</summary>
    public required ulong SessionVersion { get; init; }

    /// <summary>All m-lines in order.</summary>
    public required IReadOnlyList<SdpMediaSection> Sections { get; init; }

    /// <summary>Which of <see cref="Sections"/> carries the data channels; the first that can.</summary>
    public required int DataSection { get; init; }

    public required IceCredentials Credentials { get; init; }

    /// <summary>One or more, of hash functions that we can compute.</summary>
    public required IReadOnlyList<DtlsFingerprint> Fingerprints { get; init; }

    public required SdpSetup Setup { get; init; }

    public required ushort SctpPort { get; init; }

    /// <summary>Bytes; 0 for no limit.</summary>
    public required long MaxMessageSize { get; init; }

    /// <summary>
    /// Bytes of the largest datagram with a DTLS record that the sender takes, in an attribute of ours that others pass over (RFC
    /// 8866 section 5.13): <see cref="PathMtuSizes.CommonDatagram"/> without it.
    /// </summary>
    public long MaxDatagramSize { get; init; } = PathMtuSizes.CommonDatagram;

    public IReadOnlyList<IceCandidate> Candidates { get; init; } = [];

    public bool EndOfCandidates { get; init; }

    /// <summary>The sender is an ICE lite agent, so that we control whoever offered.</summary>
    public bool IsIceLite { get; init; }

    public string? Mid => Sections[DataSection].Mid;

    /// <summary>Parses and checks what a peer sent.</summary>
    public static bool TryParse(SdpType type, string text, [NotNullWhen(true)] out DataChannelSdp? description, [NotNullWhen(false)] out RtcError? error)
    {
        var parser = new SdpParser(type);
        description = parser.Parse(text);
        error = description is null ? new RtcError(ErrorCode(type), parser.Error!) : null;
        return description is not null;
    }

    /// <summary>The text, with CRLF as RFC 8866 wants it.</summary>
    public string ToSdp()
    {
        var text = new StringBuilder(1024);
        text.Append(CultureInfo.InvariantCulture, $"v=0\r\no=- {SessionId} {SessionVersion} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        if (Mid is not null)
        {
            text.Append("a=group:BUNDLE ").Append(Mid).Append("\r\n");
        }

        text.Append("a=ice-options:trickle\r\n");
        for (var i = 0; i < Sections.Count; i++)
        {
            if (i == DataSection)
            {
                AppendDataSection(text, Sections[i]);
            }
            else
            {
                AppendRejected(text, Sections[i]);
            }
        }

        return text.ToString();
    }

    private static RtcErrorCode ErrorCode(SdpType type) => type == SdpType.Answer ? RtcErrorCode.AnswerSet : RtcErrorCode.Signaling;

    // RFC 9429 section 5.3.1: a rejected m-section has port 0 and keeps its place, protocol and formats.
    private static void AppendRejected(StringBuilder text, SdpMediaSection section)
    {
        text.Append(CultureInfo.InvariantCulture, $"m={section.Media} 0 {section.Protocol} {section.Formats}\r\nc=IN IP4 0.0.0.0\r\n");
        if (section.Mid is not null)
        {
            text.Append("a=mid:").Append(section.Mid).Append("\r\n");
        }

        text.Append("a=inactive\r\n");
    }

    private void AppendDataSection(StringBuilder text, SdpMediaSection section)
    {
        // Port 9 and 0.0.0.0: RFC 9429 section 5.2.1's placeholder for an address that trickles.
        var format = section.IsDraft ? SctpPort.ToString(CultureInfo.InvariantCulture) : SdpMediaSection.DataChannelFormat;
        text.Append(CultureInfo.InvariantCulture, $"m=application 9 {section.Protocol} {format}\r\nc=IN IP4 0.0.0.0\r\n");
        foreach (var candidate in Candidates)
        {
            text.Append("a=").Append(candidate.ToSdp()).Append("\r\n");
        }

        if (EndOfCandidates)
        {
            text.Append("a=end-of-candidates\r\n");
        }

        text.Append("a=ice-ufrag:").Append(Credentials.UsernameFragment).Append("\r\n");
        text.Append("a=ice-pwd:").Append(Credentials.Password).Append("\r\n");
        foreach (var fingerprint in Fingerprints)
        {
            text.Append("a=fingerprint:").Append(fingerprint).Append("\r\n");
        }

        text.Append("a=setup:").Append(Setup switch
        {
            SdpSetup.ActPass => "actpass",
            SdpSetup.Active => "active",
            _ => "passive",
        }).Append("\r\n");
        if (section.Mid is not null)
        {
            text.Append("a=mid:").Append(section.Mid).Append("\r\n");
        }

        text.Append(section.IsDraft ? $"a=sctpmap:{SctpPort} {SdpMediaSection.DataChannelFormat} 65535\r\n" : $"a=sctp-port:{SctpPort}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"a=max-message-size:{MaxMessageSize}\r\n");
        if (MaxDatagramSize > PathMtuSizes.CommonDatagram)
        {
            text.Append(CultureInfo.InvariantCulture, $"a={SdpAttributes.MaxDatagramSizeName}:{MaxDatagramSize}\r\n");
        }
    }
}
