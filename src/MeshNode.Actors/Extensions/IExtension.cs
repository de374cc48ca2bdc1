namespace MeshNode.Actors;

/// <summary>Something that a system carries one of, such as <see cref="CoordinatedShutdown"/>; shared by all threads.</summary>
public interface IExtension;
