namespace MeshNode.Rtc.Sdp;

/// <summary>Value of <c>a=setup</c> (RFC 8842 section 5, RFC 4145 section 4); holdconn is refused.</summary>
internal enum SdpSetup
{
    ActPass,
    Active,
    Passive,
}
