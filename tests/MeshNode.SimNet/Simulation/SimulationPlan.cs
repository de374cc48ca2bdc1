using MeshNode.Rtc;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.SimNet.Simulation;

/// <summary>What a seed decides: how the network is, what happens to it and when, and how the run ends.</summary>
public sealed record SimulationPlan
{
    /// <summary>How a connection comes to its end.</summary>
    public enum Ending
    {
        Close,
        CloseBoth,
        Vanish,
    }

    public required TimeSpan SignalingDelay { get; init; }

    public required bool Trickle { get; init; }

    /// <summary>A second address on each side.</summary>
    public required bool HasSecondPath { get; init; }

    /// <summary>Left stands behind a NAT.</summary>
    public required bool HasNat { get; init; }

    /// <summary>A small receive window on both sides, so that it closes.</summary>
    public required bool HasSmallWindow { get; init; }

    /// <summary>Which sides announce I-DATA: left, right.</summary>
    public required (bool Left, bool Right) Interleaves { get; init; }

    /// <summary>Which controller both sides use.</summary>
    public required CongestionControl Congestion { get; init; }

    /// <summary>The network is as it is at first until its faults begin.</summary>
    public required PathConditions Weather { get; init; }

    /// <summary>When all faults are over.</summary>
    public required TimeSpan Duration { get; init; }

    public required IReadOnlyList<(TimeSpan At, SimulationFault Fault)> Faults { get; init; }

    public required Ending End { get; init; }

    /// <summary>Messages of each flow.</summary>
    public required int Messages { get; init; }

    public static SimulationPlan FromSeed(ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x91A4);
        var duration = TimeSpan.FromMilliseconds(random.NextInt32(4) switch
        {
            0 => random.NextInt32(500),
            1 => random.NextInt32(5_000),
            2 => random.NextInt32(30_000),
            _ => random.NextInt32(150_000),
        });
        var hasSecondPath = random.NextInt32(3) == 0;
        var hasNat = random.NextInt32(3) == 0;
        return new SimulationPlan
        {
            SignalingDelay = TimeSpan.FromMilliseconds(random.NextInt32(2) * random.NextInt32(300)),
            Trickle = random.NextInt32(3) == 0,
            HasSecondPath = hasSecondPath,
            HasNat = hasNat,
            HasSmallWindow = random.NextInt32(4) == 0,
            Interleaves = (random.NextInt32(5) != 0, random.NextInt32(5) != 0),
            Congestion = random.NextInt32(3) == 0 ? CongestionControl.NewReno : new SctpConfiguration().CongestionControl,
            Weather = Conditions(random),
            Duration = duration,
            Faults = MakeFaults(random, duration, hasSecondPath, hasNat),
            End = random.NextInt32(6) switch
            {
                0 => Ending.Vanish,
                1 => Ending.CloseBoth,
                _ => Ending.Close,
            },
            Messages = random.NextInt32(4) == 0 ? 30 + random.NextInt32(120) : 4 + random.NextInt32(24),
        };
    }

    public override string ToString() =>
        $"{Duration.TotalSeconds:0.0} s, {Faults.Count} faults, {Messages} messages a flow, loss {Weather.Link.Loss:0.00}, delay {Weather.Link.Delay.TotalMilliseconds:0} ms"
        + $"{(HasNat ? ", NAT" : "")}{(HasSecondPath ? ", two paths" : "")}{(HasSmallWindow ? ", small window" : "")}{(Trickle ? ", trickle" : "")}, I-DATA {Interleaves}, {Congestion}, {End}";

    private static PathConditions Conditions(SeededRandomSource random) => new()
    {
        Link = new SimulatedLinkOptions
        {
            Loss = random.NextInt32(2) * 0.2 * random.NextDouble(),
            Duplication = random.NextInt32(3) / 2 * 0.1 * random.NextDouble(),
            Delay = TimeSpan.FromMilliseconds(random.NextInt32(3) switch { 0 => 0, 1 => random.NextInt32(20), _ => random.NextInt32(300) }),
            Jitter = TimeSpan.FromMilliseconds(random.NextInt32(2) * random.NextInt32(60)),
            BurstLoss = random.NextInt32(4) == 0 ? new GilbertElliottLoss(0.02 * random.NextDouble(), 0.1 + (0.5 * random.NextDouble())) : null,
            Rate = random.NextInt32(3) == 0 ? 200_000L << random.NextInt32(9) : 0,
            QueueBytes = 4_000L << random.NextInt32(6),
        },
        Corruption = random.NextInt32(3) / 2 * 0.05 * random.NextDouble(),
        MaximumDatagram = random.NextInt32(3) switch { 0 => 1200, 1 => 1500, _ => 9000 },
    };

    private static List<(TimeSpan At, SimulationFault Fault)> MakeFaults(SeededRandomSource random, TimeSpan duration, bool hasSecondPath, bool hasNat)
    {
        var faults = new List<(TimeSpan At, SimulationFault Fault)>();
        for (var count = random.NextInt32(6); count > 0; count--)
        {
            var at = TimeSpan.FromMilliseconds(random.NextDouble() * duration.TotalMilliseconds);
            var lasts = TimeSpan.FromMilliseconds(random.NextInt32(4) switch { 0 => random.NextInt32(100), 3 => random.NextInt32(80_000), _ => random.NextInt32(8_000) });
            var kind = random.NextInt32(8) switch
            {
                0 => SimulationFaultKind.Silence,
                1 => SimulationFaultKind.OneWaySilence,
                2 => SimulationFaultKind.BlackHole,
                3 => hasNat ? SimulationFaultKind.Rebind : SimulationFaultKind.Weather,
                4 => hasSecondPath ? SimulationFaultKind.AddressGone : SimulationFaultKind.Weather,
                5 => SimulationFaultKind.BusyReader,
                6 => SimulationFaultKind.Restart,
                _ => SimulationFaultKind.Weather,
            };
            faults.Add((at, new SimulationFault(kind, lasts, random.NextInt32(2) == 0, Conditions(random))));
        }

        return faults;
    }
}
