namespace MeshNode.SimNet.Simulation;

/// <summary>What a network does to the datagrams of one direction, until it is changed. Probabilities are in [0, 1].</summary>
public sealed record PathConditions
{
    public SimulatedLinkOptions Link { get; init; } = new() { Delay = TimeSpan.FromMilliseconds(10) };

    /// <summary>Probability that a few bits of a datagram flip.</summary>
    public double Corruption { get; init; }

    /// <summary>Larger datagrams vanish without a word: a black hole. Bytes of UDP payload.</summary>
    public int MaximumDatagram { get; init; } = 65507;

    /// <summary>Everything vanishes.</summary>
    public bool IsSilent { get; init; }
}
