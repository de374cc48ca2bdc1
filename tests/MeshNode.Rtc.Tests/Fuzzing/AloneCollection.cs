namespace MeshNode.Rtc.Tests.Fuzzing;

/// <summary>Tests that measure the memory of the process; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
