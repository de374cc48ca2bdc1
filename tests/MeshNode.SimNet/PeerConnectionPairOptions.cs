namespace MeshNode.SimNet;

/// <summary>How a <see cref="PeerConnectionPair"/> is set up.</summary>
public sealed record PeerConnectionPairOptions
{
    /// <summary>Both directions of the path.</summary>
    public SimulatedLinkOptions Link { get; init; } = new() { Delay = TimeSpan.FromMilliseconds(10) };

    /// <summary>How long descriptions and candidates take from left to right and back.</summary>
    public TimeSpan SignalingDelay { get; init; }

    /// <summary>OpenSSL in virtual time, or the pass-through that repeats exactly.</summary>
    public bool RealDtls { get; init; }

    /// <summary>Sends candidates one by one in place of within the descriptions.</summary>
    public bool Trickle { get; init; }

    /// <summary>Last change to either side's configuration.</summary>
    public Func<MeshNode.Rtc.PeerConnectionConfiguration, MeshNode.Rtc.PeerConnectionConfiguration> Configure { get; init; } = c => c;
}
