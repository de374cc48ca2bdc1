namespace MeshNode.SimNet.Simulation;

public enum SimulationFaultKind
{
    /// <summary>The whole network is other from now on.</summary>
    Weather,

    /// <summary>Nothing passes in either direction for a while.</summary>
    Silence,

    /// <summary>Nothing passes in one direction for a while.</summary>
    OneWaySilence,

    /// <summary>Datagrams above 1,200 bytes vanish from now on.</summary>
    BlackHole,

    /// <summary>The NAT gives another outer address.</summary>
    Rebind,

    /// <summary>One side's first address carries nothing any more.</summary>
    AddressGone,

    /// <summary>One side's application reads no events for a while.</summary>
    BusyReader,

    /// <summary>The application restarts ICE.</summary>
    Restart,
}

/// <summary>Something that befalls a run.</summary>
/// <param name="Kind">What.</param>
/// <param name="Lasts">How long, where it passes.</param>
/// <param name="IsLeft">Whom, where it befalls one side.</param>
/// <param name="Conditions">Of the kind Weather.</param>
public sealed record SimulationFault(SimulationFaultKind Kind, TimeSpan Lasts, bool IsLeft, PathConditions Conditions);
