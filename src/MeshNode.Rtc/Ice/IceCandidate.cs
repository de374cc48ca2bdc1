namespace MeshNode.Rtc.Ice;

/// <summary>A candidate as it is signalled, RFC 8445 §5.1 and RFC 8839 §5.1. Equal when every member is.</summary>
public sealed record IceCandidate
{
    /// <summary>1 to 32 ice-chars; equal for candidates of the same type, base address, protocol and server.</summary>
    public required string Foundation { get; init; }

    /// <summary>1 to 256; data channels have only 1.</summary>
    public int Component { get; init; } = 1;

    public IceTransportProtocol Protocol { get; init; }

    /// <summary>1 to 2^31 - 1, RFC 8445 §5.1.2.</summary>
    public required uint Priority { get; init; }

    /// <summary>Where to send to. With a <see cref="HostName"/>: 0.0.0.0 and the port.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>A name in place of the address: mDNS (<c>….local</c>) or another FQDN. Unusable until it is resolved.</summary>
    public string? HostName { get; init; }

    public required IceCandidateType Type { get; init; }

    /// <summary>raddr and rport; diagnostic only. Null when absent or when raddr is a name.</summary>
    public TransportAddress? RelatedAddress { get; init; }

    /// <summary>RFC 6544: active, passive or so; null for UDP.</summary>
    public string? TcpType { get; init; }

    /// <summary>RFC 8838 §4.1: which generation the candidate belongs to; null when the line does not say.</summary>
    public string? UsernameFragment { get; init; }

    /// <summary>Parses a candidate line.</summary>
    /// <param name="text">With or without <c>a=</c> and <c>candidate:</c>.</param>
    /// <param name="candidate">Null when the syntax is wrong. Extensions that are not known are passed over.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out IceCandidate? candidate) => IceCandidateText.TryParse(text, out candidate);

    /// <summary><c>candidate:…</c>, without <c>a=</c>.</summary>
    public string ToSdp() => IceCandidateText.Format(this);

    /// <summary>A UDP host candidate whose foundation and priority follow RFC 8445 §5.1.1.3 and §5.1.2.1.</summary>
    /// <param name="address">An address of this machine and the port that is bound there; no wildcard.</param>
    /// <param name="localPreference">Orders this machine's own addresses; the greatest is tried first.</param>
    public static IceCandidate Host(TransportAddress address, ushort localPreference = 65535) => new()
    {
        Foundation = IcePriority.Foundation(IceCandidateType.Host, address),
        Priority = IcePriority.Candidate(IceCandidateType.Host, localPreference, 1),
        Address = address,
        Type = IceCandidateType.Host,
    };

    public override string ToString() => ToSdp();
}
