namespace MeshNode.Actors;

/// <summary>A message whose loss is normal: it is not reported as a dead letter.</summary>
public interface IDeadLetterSuppression;
