namespace MeshNode.Actors;

/// <inheritdoc cref="IExtensionId"/>
public abstract class ExtensionIdProvider<T> : IExtensionId
    where T : class, IExtension
{
    public Type ExtensionType => typeof(T);

    /// <inheritdoc cref="IExtensionId.Apply"/>
    public T Apply(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return (T)system.RegisterExtension(this);
    }

    /// <inheritdoc cref="IExtensionId.Get"/>
    public T? Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return (T?)system.GetExtension(this);
    }

    /// <inheritdoc cref="IExtensionId.CreateExtension"/>
    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object? IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);
}
