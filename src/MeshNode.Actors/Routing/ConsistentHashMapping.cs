namespace MeshNode.Actors.Routing;

/// <summary>
/// The key that a message is routed by; null when it does not know. Text, bytes, numbers and GUIDs hash alike in every
/// process, other objects by their <c>GetHashCode</c>.
/// </summary>
public delegate object? ConsistentHashMapping(object msg);
