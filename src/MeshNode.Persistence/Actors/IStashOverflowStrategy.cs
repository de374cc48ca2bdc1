namespace MeshNode.Persistence;

/// <summary>What becomes of a command for which a persistent actor's internal stash has no room.</summary>
public interface IStashOverflowStrategy;
