namespace MeshNode.Actors;

/// <summary>A message that does not put off <see cref="ReceiveTimeout"/>.</summary>
public interface INotInfluenceReceiveTimeout;
