using MeshNode.Actors.Routing;

namespace MeshNode.Actors;

/// <summary>How to make an actor: immutable, to be shared. The producer runs for each incarnation.</summary>
public sealed class Props
{
    private readonly Func<ActorBase> _produce;

    private Props(Type type, Func<ActorBase> produce)
    {
        Type = type;
        _produce = produce;
    }

    private Props(Props other)
        : this(other.Type, other._produce)
    {
        Dispatcher = other.Dispatcher;
        Mailbox = other.Mailbox;
        SupervisorStrategy = other.SupervisorStrategy;
        RouterConfig = other.RouterConfig;
        StashCapacity = other.StashCapacity;
    }

    /// <summary>An actor that handles nothing.</summary>
    public static Props Empty { get; } = Create(static () => new EmptyActor());

    public Type Type { get; }

    /// <summary>Id of the dispatcher; null for the default one.</summary>
    public string? Dispatcher { get; private init; }

    /// <summary>Id of the mailbox; null for the default one.</summary>
    public string? Mailbox { get; private init; }

    /// <summary>In place of the actor's own; null for the actor's own.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <summary>What makes the actor a router; null for an actor that is none.</summary>
    public RouterConfig? RouterConfig { get; private init; }

    /// <summary>Messages that the actor's stash takes; null for the system's own limit or none.</summary>
    public int? StashCapacity { get; private init; }

    /// <param name="factory">Makes a new actor each time.</param>
    /// <param name="supervisorStrategy">In place of the actor's own.</param>
    public static Props Create<TActor>(Func<TActor> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(typeof(TActor), factory) { SupervisorStrategy = supervisorStrategy };
    }

    /// <summary>An actor by its constructor with these arguments.</summary>
    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor), static () => new TActor()) { SupervisorStrategy = supervisorStrategy };

    /// <inheritdoc cref="Create{TActor}(object[])"/>
    public static Props Create(Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type) || type.IsAbstract)
        {
            throw new ArgumentException($"{type} is not an actor that can be created.", nameof(type));
        }

        return new Props(type, () => CreateInstance(type, args));
    }

    public Props WithDispatcher(string dispatcher) => new(this) { Dispatcher = dispatcher };

    public Props WithMailbox(string mailbox) => new(this) { Mailbox = mailbox };

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    /// <summary>A router: the props are those of its routees.</summary>
    public Props WithRouter(RouterConfig? routerConfig) => new(this) { RouterConfig = routerConfig };

    /// <param name="stashCapacity">Messages, at least 1; null for the system's own limit.</param>
    public Props WithStashCapacity(int? stashCapacity)
    {
        if (stashCapacity is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(stashCapacity), "A stash takes at least one message.");
        }

        return new Props(this) { StashCapacity = stashCapacity };
    }

    internal ActorBase NewActor() => _produce() ?? throw new InvalidOperationException($"The producer of {Type} gave null.");

    private static ActorBase CreateInstance(Type type, object?[] args)
    {
        try
        {
            return (ActorBase)Activator.CreateInstance(type, args)!;
        }
        catch (System.Reflection.TargetInvocationException e) when (e.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
