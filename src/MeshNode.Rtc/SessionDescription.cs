namespace MeshNode.Rtc;

/// <summary>An offer or answer as signalling carries it.</summary>
/// <param name="Type">What the text is.</param>
/// <param name="Sdp">RFC 8866 text; at most 1 MiB is accepted from a peer.</param>
public sealed record SessionDescription(SdpType Type, string Sdp)
{
    public static SessionDescription Rollback { get; } = new(SdpType.Rollback, "");
}
