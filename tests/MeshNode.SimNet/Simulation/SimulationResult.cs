namespace MeshNode.SimNet.Simulation;

/// <summary>What a run came to; the same for the same seed.</summary>
/// <param name="Fingerprint">Every counter of both sides, and the time.</param>
/// <param name="LargestDatagram">Bytes of the largest datagram that was sent.</param>
/// <param name="Failures">How often a side gave the path up.</param>
/// <param name="PathChanges">How often a side chose another path than its first.</param>
public sealed record SimulationResult(string Fingerprint, int LargestDatagram, int Failures, int PathChanges);
