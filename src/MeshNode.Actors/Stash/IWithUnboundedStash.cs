namespace MeshNode.Actors;

/// <summary>An actor whose stash has no limit.</summary>
public interface IWithUnboundedStash : IWithStash;
