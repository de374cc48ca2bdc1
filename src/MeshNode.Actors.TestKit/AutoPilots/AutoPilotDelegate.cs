namespace MeshNode.Actors.TestKit;

/// <inheritdoc cref="AutoPilot.Run"/>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);
