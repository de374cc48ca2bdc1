namespace MeshNode.Actors.Routing;

/// <summary>For the router itself, not for its routees.</summary>
public abstract class RouterManagementMessage;
