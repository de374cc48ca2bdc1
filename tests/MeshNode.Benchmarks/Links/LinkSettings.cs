namespace MeshNode.Benchmarks.Links;

/// <summary>A path between two peers; both directions alike, each with a queue of its own.</summary>
/// <param name="Rate">Bits a second of UDP payload.</param>
/// <param name="Delay">One way, besides the queue.</param>
/// <param name="QueueBytes">UDP payload that waits for its turn; what does not fit is dropped (drop-tail).</param>
/// <param name="Loss">Share of the datagrams that are lost by chance, 0 to 1.</param>
/// <param name="Bursts">Losses that come together, instead.</param>
internal sealed record LinkSettings(long Rate, TimeSpan Delay, int QueueBytes, double Loss = 0, GilbertElliott? Bursts = null)
{
    /// <summary>Bytes of UDP payload that an MTU of 9,000 carries over IPv4.</summary>
    public const int JumboDatagram = 9000 - 20 - 8;

    private const int EthernetDatagram = 1500 - 20 - 8;

    /// <summary>Bytes of UDP payload that an MTU of 1,500 carries over IPv4; larger datagrams vanish.</summary>
    public int MaxDatagram { get; init; } = EthernetDatagram;

    /// <summary>Of the losses: same seed, same pattern.</summary>
    public int Seed { get; init; } = 1;

    public override string ToString() =>
        $"{Rate / 1e6:0.##} Mbit/s, {2 * Delay.TotalMilliseconds:0} ms round trip, queue {QueueBytes / 1000:N0} kB"
        + (MaxDatagram > EthernetDatagram ? $", datagrams of up to {MaxDatagram:N0} bytes" : "")
        + (Loss > 0 ? $", {Loss:0.##%} random loss" : "")
        + (Bursts is { } bursts ? $", {bursts.AverageLoss:0.##%} loss in bursts of {1 / bursts.ToGood:0} on average" : "");
}
