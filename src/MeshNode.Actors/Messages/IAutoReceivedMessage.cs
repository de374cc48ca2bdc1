namespace MeshNode.Actors;

/// <summary>Handled by the kernel before, or instead of, the actor.</summary>
public interface IAutoReceivedMessage;
