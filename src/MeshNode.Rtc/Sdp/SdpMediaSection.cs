namespace MeshNode.Rtc.Sdp;

/// <summary>One m-line with what an answer must repeat of it.</summary>
/// <param name="Media"><c>application</c>, <c>audio</c>, …</param>
/// <param name="Protocol">Such as <c>UDP/DTLS/SCTP</c>.</param>
/// <param name="Formats">The rest of the m-line.</param>
/// <param name="Mid">Identification (RFC 5888); null when the section has none.</param>
/// <param name="IsRejected">Port 0 without <c>a=bundle-only</c>.</param>
internal sealed record SdpMediaSection(string Media, string Protocol, string Formats, string? Mid, bool IsRejected)
{
    public const string UdpDtlsSctp = "UDP/DTLS/SCTP";
    public const string TcpDtlsSctp = "TCP/DTLS/SCTP";
    public const string DtlsSctp = "DTLS/SCTP";
    public const string DataChannelFormat = "webrtc-datachannel";

    /// <summary>A usable data-channel section (RFC 8841 section 4), or one in the form of its drafts.</summary>
    public bool IsDataChannel =>
        !IsRejected
        && Media == "application"
        && (IsDraft || (Protocol is UdpDtlsSctp or TcpDtlsSctp && Formats == DataChannelFormat));

    /// <summary>The form of draft-ietf-mmusic-sctp-sdp-07, which aiortc offers: the format is the SCTP port, <c>a=sctpmap</c> names its use.</summary>
    public bool IsDraft => Protocol == DtlsSctp && ushort.TryParse(Formats, System.Globalization.NumberStyles.None, null, out _);
}
