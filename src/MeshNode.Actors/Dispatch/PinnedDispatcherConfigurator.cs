namespace MeshNode.Actors;

/// <summary>Gives each actor a thread of its own, for actors that block. The thread ends with its actor.</summary>
public sealed class PinnedDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly string _id;

    /// <param name="id">Under which it is registered; names the threads.</param>
    public PinnedDispatcherConfigurator(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        _id = id;
    }

    public override MessageDispatcher Dispatcher() => new PinnedDispatcher(_id);
}
