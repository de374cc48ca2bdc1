using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>
/// A persistent actor that declares a handler for each type of command and of event, in its constructor or, for commands, in
/// the method given to <see cref="Become(Action)"/>. The first handler that fits takes the message.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor, IInitializableActor
{
    private readonly ReceiveTable _recovery = new();
    private readonly ReceiveTable _commands = new(); // of the first behaviour
    private ReceiveTable? _configured; // takes commands' handlers while not null
    private bool _isInitialized;

    protected ReceivePersistentActor() => _configured = _commands;

    void IInitializableActor.Init()
    {
        _configured = null;
        _isInitialized = true;
    }

    protected sealed override void OnCommand(object message)
    {
        if (!_commands.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    protected sealed override void OnRecover(object message)
    {
        if (!_recovery.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    protected void Become(Action configure) => Context.Become(Configure(configure).Receive);

    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Configure(configure).Receive);

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Commands().AddAction<T>(handler, shouldHandle);
    }

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>The handler's false means that it did not handle the command: later ones are tried.</summary>
    protected void Command<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Commands().AddFunction<T>(handler);
    }

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        Command(handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message)));
    }

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Command(messageType, handler, shouldHandle);

    /// <summary>Takes whatever the handlers before it did not; none can follow.</summary>
    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Nothing else is handled, and nothing persisted, until the handler's task has ended; its failure is the actor's.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Command(message => RunTask(() => handler(message)), shouldHandle);
    }

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Command(messageType, message => RunTask(() => handler(message)), shouldHandle);
    }

    /// <inheritdoc cref="Command(Action{object})"/>
    protected void CommandAny(Action<object> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var commands = Commands();
        commands.AddAction<object>(handler, null);
        commands.HasAny = true;
    }

    /// <inheritdoc cref="Command(Action{object})"/>
    protected void CommandAnyAsync(Func<object, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CommandAny(message => RunTask(() => handler(message)));
    }

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Recoveries().AddAction<T>(handler, shouldHandle);
    }

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>The handler's false means that it did not handle the event: later ones are tried.</summary>
    protected void Recover<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Recoveries().AddFunction<T>(handler);
    }

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        Recover(handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message)));
    }

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Recover(messageType, handler, shouldHandle);

    /// <summary>Takes whatever the handlers before it did not; none can follow.</summary>
    protected void RecoverAny(Action<object> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var recoveries = Recoveries();
        recoveries.AddAction<object>(handler, null);
        recoveries.HasAny = true;
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

    private ReceiveTable Commands() => Open(
        _configured ?? throw new InvalidOperationException("Command can only be called in the constructor or in the method given to Become."));

    private ReceiveTable Recoveries() => Open(
        _isInitialized ? throw new InvalidOperationException("Recover can only be called in the constructor.") : _recovery);

    private static ReceiveTable Open(ReceiveTable table) => table.HasAny
        ? throw new InvalidOperationException("A handler that catches all messages has been added: no more can follow it.")
        : table;
}
