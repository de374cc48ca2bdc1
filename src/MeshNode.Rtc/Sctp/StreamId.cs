namespace MeshNode.Rtc.Sctp;

/// <summary>Stream identifier of one direction.</summary>
internal readonly record struct StreamId(ushort Value);
