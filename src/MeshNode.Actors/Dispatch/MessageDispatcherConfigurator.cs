namespace MeshNode.Actors;

/// <summary>Gives the dispatcher behind an id of <see cref="Dispatchers"/>.</summary>
public abstract class MessageDispatcherConfigurator
{
    /// <summary>Called for each actor that is created with the id: return the same instance to share it.</summary>
    public abstract MessageDispatcher Dispatcher();
}
