namespace MeshNode.Rtc.Sockets.Tests.Support;

/// <summary>Tests that measure the process or its latency; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
