namespace MeshNode.Actors;

/// <summary>Identifies an extension and creates it; implement <see cref="ExtensionIdProvider{T}"/>.</summary>
public interface IExtensionId
{
    /// <summary>What <see cref="CreateExtension"/> gives: a system holds one extension of a type.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's extension, created at the first call.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's extension, or null when it has not been created.</summary>
    object? Get(ActorSystem system);

    /// <summary>Called at most once a system, unless it throws.</summary>
    object CreateExtension(ExtendedActorSystem system);
}
