using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// An actor that runs on the thread which tells it something, and lets a test look inside. Stands for its actor wherever a
/// reference is asked for.
/// </summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "As in Akka.NET: references are sorted, never compared with <.")]
public abstract class TestActorRefBase<TActor> : IActorRefWrapper
    where TActor : ActorBase
{
    private static readonly TimeSpan CreationLimit = TimeSpan.FromSeconds(15);

    private readonly LocalActorRef _actor;

    /// <param name="system">Where it lives.</param>
    /// <param name="actorProps">Its dispatcher, if it names one, is kept.</param>
    /// <param name="supervisor">Its parent; the user guardian when null.</param>
    /// <param name="name">Null for one of the kernel's choice.</param>
    private protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor, string? name)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(actorProps);
        if (!system.Dispatchers.HasDispatcher(CallingThreadDispatcher.Id))
        {
            system.Dispatchers.RegisterConfigurator(CallingThreadDispatcher.Id, new SharedDispatcherConfigurator(new CallingThreadDispatcher()));
        }

        var parent = supervisor is null ? ((ActorSystemImpl)system).UserGuardian : (LocalActorRef)InternalActorRef.Of(supervisor);
        var props = actorProps.Dispatcher is null ? actorProps.WithDispatcher(CallingThreadDispatcher.Id) : actorProps;
        _actor = parent.Cell.MakeChild(props, name);
    }

    public IActorRef Ref => _actor;

    public ActorPath Path => _actor.Path;

    /// <summary>The present incarnation.</summary>
    /// <exception cref="IllegalActorStateException">It has stopped, or has not been created.</exception>
    public TActor UnderlyingActor
    {
        get
        {
            if (_actor.IsTerminated)
            {
                throw new IllegalActorStateException("Underlying actor is terminated");
            }

            SpinWait.SpinUntil(() => _actor.Cell.Actor is not null, CreationLimit);
            return (TActor?)_actor.Cell.Actor ?? throw new IllegalActorStateException($"{_actor} was not created within {CreationLimit}.");
        }
    }

    InternalActorRef IActorRefWrapper.Wrapped => _actor;

    private protected LocalActorRef Actor => _actor;

    public void Tell(object message, IActorRef? sender) => _actor.Tell(message, sender);

    public void Tell(object message) => ActorRefExtensions.Tell(_actor, message);

    public void Forward(object message) => ActorRefExtensions.Forward(_actor, message);

    /// <summary>Has the actor handle a message at once, past its mailbox and its supervisor: what it throws is thrown here.</summary>
    public void Receive(object message, IActorRef? sender = null) => _ = ReceiveAsync(message, sender);

    /// <summary>As <see cref="Receive"/>; ends when an asynchronous handler has. What such a handler throws its supervisor hears of too.</summary>
    public Task ReceiveAsync(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        _ = UnderlyingActor;
        return InActor(cell => cell.InvokeForTest(new Envelope(message, sender.IsNobody() ? cell.System.DeadLetters : sender!)));
    }

    /// <summary>Has the actor watch.</summary>
    public void Watch(IActorRef subject) => InActor(cell => cell.Watch(subject));

    public void Unwatch(IActorRef subject) => InActor(cell => cell.Unwatch(subject));

    public bool Equals(IActorRef? other) => _actor.Equals(other);

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => _actor.GetHashCode();

    public int CompareTo(IActorRef? other) => _actor.CompareTo(other);

    public override string ToString() => $"TestActor[{Path}]";

    private protected T InActor<T>(Func<ActorCell, T> function)
    {
        var previous = ActorCell.Current;
        ActorCell.Current = _actor.Cell;
        try
        {
            return function(_actor.Cell);
        }
        finally
        {
            ActorCell.Current = previous;
        }
    }
}
