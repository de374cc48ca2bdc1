namespace MeshNode.Actors;

/// <summary>Not to be taken from a stranger.</summary>
public interface IPossiblyHarmful;
