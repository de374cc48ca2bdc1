namespace MeshNode.Actors;

/// <summary>A behaviour: false when it does not handle the message.</summary>
public delegate bool Receive(object message);
