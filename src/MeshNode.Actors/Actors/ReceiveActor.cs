namespace MeshNode.Actors;

/// <summary>
/// An actor that declares a handler for each type of message, in its constructor or in the method given to
/// <see cref="Become(Action)"/>. The first handler that fits takes the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    private ReceiveTable? _table; // of the first behaviour
    private ReceiveTable? _configured; // takes handlers while not null

    protected ReceiveActor() => _configured = _table = new ReceiveTable();

    void IInitializableActor.Init() => _configured = null;

    protected sealed override void OnReceive(object message)
    {
        if (!_table!.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    protected void Become(Action configure) => Context.Become(Configure(configure).Receive);

    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Configure(configure).Receive);

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Configured().AddAction(handler, shouldHandle);
    }

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>The handler's false means that it did not handle the message: later ones are tried.</summary>
    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Configured().AddFunction(handler);
    }

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        Receive(handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message)));
    }

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Receive<object>(message => messageType.IsInstanceOfType(message) && handler(message));
    }

    /// <summary>No other message is handled until the handler's task has ended; its failure is the actor's.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Configured().AddTask(handler, shouldHandle);
    }

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ReceiveAsync(handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message)));
    }

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Takes whatever the handlers before it did not; none can follow.</summary>
    protected void ReceiveAny(Action<object> handler)
    {
        Receive(handler);
        _configured!.HasAny = true;
    }

    protected void ReceiveAnyAsync(Func<object, Task> handler)
    {
        ReceiveAsync(handler);
        _configured!.HasAny = true;
    }

    private ReceiveTable Configure(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var outer = _configured;
        var table = new ReceiveTable();
        _configured = table;
        try
        {
            configure();
        }
        finally
        {
            _configured = outer;
        }

        return table;
    }

    private ReceiveTable Configured()
    {
        if (_configured is null)
        {
            throw new InvalidOperationException("Receive can only be called in the constructor or in the method given to Become.");
        }

        if (_configured.HasAny)
        {
            throw new InvalidOperationException("A handler that catches all messages has been added: no more can follow it.");
        }

        return _configured;
    }
}
