using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>A system's extensions by type. Any thread; one extension is created once, by the thread that asks first.</summary>
internal sealed class ExtensionRegistry(ExtendedActorSystem system)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();

    public object Register(IExtensionId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var entry = _extensions.GetOrAdd(id.ExtensionType, _ => new Lazy<object>(() => Create(id)));
        try
        {
            return entry.Value;
        }
        catch
        {
            _extensions.TryRemove(KeyValuePair.Create(id.ExtensionType, entry)); // the next to ask tries again
            throw;
        }
    }

    /// <summary>Null when it has not been registered; waits while another thread creates it.</summary>
    public object? Find(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _extensions.TryGetValue(type, out var entry) ? entry.Value : null;
    }

    private object Create(IExtensionId id) =>
        id.CreateExtension(system) ?? throw new InvalidOperationException($"Extension {id.ExtensionType} was created as null.");
}
