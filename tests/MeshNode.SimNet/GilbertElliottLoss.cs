namespace MeshNode.SimNet;

/// <summary>
/// Loss in bursts: a chain of two states that steps with every datagram (Gilbert 1960, Elliott 1963). Nothing is lost in the good state.
/// </summary>
/// <param name="GoodToBad">Probability of a step from good to bad; its inverse is the mean run without loss, in datagrams.</param>
/// <param name="BadToGood">Probability of a step from bad to good; its inverse is the mean burst, in datagrams.</param>
/// <param name="LossInBad">Probability that a datagram is lost in the bad state.</param>
public sealed record GilbertElliottLoss(double GoodToBad, double BadToGood, double LossInBad = 1);
