namespace MeshNode.Actors;

/// <summary>A behaviour that calls <c>Unhandled</c> itself for what it does not handle.</summary>
public delegate void UntypedReceive(object message);
