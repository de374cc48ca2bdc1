namespace MeshNode.Actors;

public static class ActorSystemWithExtensions
{
    /// <summary>The system's extension, created by a <typeparamref name="TI"/> at the first call.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId, new()
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.GetExtension<T>() ?? (T)system.RegisterExtension(new TI());
    }

    /// <inheritdoc cref="WithExtension{T, TI}(ActorSystem)"/>
    /// <param name="extensionId">An <see cref="IExtensionId"/> with a constructor without parameters.</param>
    public static T WithExtension<T>(this ActorSystem system, Type extensionId)
        where T : class, IExtension
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(extensionId);
        return system.GetExtension<T>() ?? (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(extensionId)!);
    }
}
