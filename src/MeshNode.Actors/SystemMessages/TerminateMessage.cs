namespace MeshNode.Actors;

internal sealed class TerminateMessage : SystemMessage;
