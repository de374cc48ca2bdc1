namespace MeshNode.Actors;

/// <summary>A message whose loss is normal: it becomes a <see cref="SuppressedDeadLetter"/>, which nobody logs.</summary>
public interface IDeadLetterSuppression;
