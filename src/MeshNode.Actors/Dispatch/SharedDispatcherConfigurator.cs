namespace MeshNode.Actors;

/// <summary>Gives one dispatcher to all.</summary>
public sealed class SharedDispatcherConfigurator(MessageDispatcher dispatcher) : MessageDispatcherConfigurator
{
    public override MessageDispatcher Dispatcher() => dispatcher;
}
