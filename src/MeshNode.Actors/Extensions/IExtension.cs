namespace MeshNode.Actors;

/// <summary>Something that a system carries one of; shared by all threads.</summary>
public interface IExtension;
