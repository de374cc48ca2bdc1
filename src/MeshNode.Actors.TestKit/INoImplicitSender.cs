namespace MeshNode.Actors.TestKit;

/// <summary>A test class that tells without a sender, instead of with its test actor.</summary>
public interface INoImplicitSender;
