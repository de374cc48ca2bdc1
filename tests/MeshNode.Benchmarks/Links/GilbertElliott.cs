namespace MeshNode.Benchmarks.Links;

/// <summary>Gilbert's and Elliott's model of bursts: a good state that loses nothing, a bad one that loses everything.</summary>
/// <param name="ToBad">Chance of a datagram to turn good into bad.</param>
/// <param name="ToGood">Chance of a datagram to turn bad into good; one by it is the average burst.</param>
internal sealed record GilbertElliott(double ToBad, double ToGood)
{
    public double AverageLoss => ToBad / (ToBad + ToGood);

    /// <param name="average">Share of lost datagrams, 0 to 1.</param>
    /// <param name="length">Datagrams of an average burst.</param>
    public static GilbertElliott Of(double average, double length) => new(average / (1 - average) / length, 1 / length);
}
