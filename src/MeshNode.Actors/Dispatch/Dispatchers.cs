using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>The dispatchers of a system by id.</summary>
public sealed class Dispatchers
{
    /// <summary>Id of the dispatcher that actors run on when their <see cref="Props"/> name none.</summary>
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";

    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new(StringComparer.Ordinal);

    internal Dispatchers(MessageDispatcher defaultDispatcher)
    {
        DefaultGlobalDispatcher = defaultDispatcher;
        RegisterConfigurator(DefaultDispatcherId, new SharedDispatcherConfigurator(defaultDispatcher));
    }

    public MessageDispatcher DefaultGlobalDispatcher { get; }

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id);

    /// <summary>The dispatcher of that id; throws <see cref="ConfigurationException"/> when none is registered.</summary>
    public MessageDispatcher Lookup(string id) => _configurators.TryGetValue(id, out var configurator)
        ? configurator.Dispatcher()
        : throw new ConfigurationException($"Dispatcher [{id}] is not registered: call system.Dispatchers.RegisterConfigurator first.");

    /// <summary>False when the id is taken.</summary>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(configurator);
        return _configurators.TryAdd(id, configurator);
    }
}
