namespace MeshNode.Actors;

/// <summary>
/// Base of all actors. An instance is one incarnation: after a failure a fresh one takes its place behind the same
/// reference and mailbox.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;
    private Receive? _receive;

    protected ActorBase()
    {
        _cell = ActorCell.Current is { IsCreating: true } cell
            ? cell
            : throw new InvalidOperationException(
                $"An actor of type {GetType()} cannot be created with new: pass Props.Create(...) to ActorOf.");
    }

    /// <summary>Valid at any time and on any thread.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>Who sent the current message; dead letters when nobody did. Copy it before leaving the actor's thread.</summary>
    protected IActorRef Sender => _cell.Sender;

    /// <summary>The running actor's context.</summary>
    /// <exception cref="NotSupportedException">Outside an actor's run, such as in a continuation on another thread.</exception>
    protected static IActorContext Context => ActorCell.Current ?? throw NoContext();

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = static _ => false;

    internal static ActorCell CurrentCell => ActorCell.Current ?? throw NoContext();

    private protected ActorCell Cell => _cell;

    internal bool InvokeReceive(object message, Receive? behaviour) => AroundReceive(behaviour ?? (_receive ??= Receive), message);

    internal SupervisorStrategy CreateSupervisorStrategy() => SupervisorStrategy();

    internal void InvokeUnhandled(object message) => Unhandled(message);

    internal virtual void InvokePreStart() => AroundPreStart();

    internal virtual void InvokePostStop() => AroundPostStop();

    internal virtual void InvokePreRestart(Exception cause, object? message) => AroundPreRestart(cause, message);

    internal virtual void InvokePostRestart(Exception cause) => AroundPostRestart(cause, null);

    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        ArgumentNullException.ThrowIfNull(receive);
        if (receive(message))
        {
            return true;
        }

        Unhandled(message);
        return false;
    }

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object? message) => PreRestart(cause, message!);

    public virtual void AroundPostRestart(Exception cause, object? message) => PostRestart(cause);

    /// <summary>The first behaviour; false when it does not handle the message.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Publishes <see cref="UnhandledMessage"/>; an unhandled <see cref="Terminated"/> throws <see cref="DeathPactException"/>.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.SystemImpl.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => _cell.Become(receive);

    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>How failing children are treated, unless the actor's <see cref="Props"/> say so. Asked once an incarnation.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>Before the first message, on the actor's own dispatcher.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>After the last message, when all children have stopped; and of an incarnation that is replaced.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>On the failed incarnation. By default stops all children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">What was thrown.</param>
    /// <param name="message">What was being handled; null when it was no message.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        _cell.StopChildren();
        PostStop();
    }

    /// <summary>On the fresh incarnation. By default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    private static NotSupportedException NoContext() => new(
        "There is no active ActorContext: it can only be used while the actor handles a message, on the actor's own thread.");
}
