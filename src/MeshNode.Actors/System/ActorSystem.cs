using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Actors;

/// <summary>A tree of actors with its scheduler, dispatchers and event stream.</summary>
public abstract class ActorSystem : IActorRefFactory, IAsyncDisposable, IDisposable
{
    private protected ActorSystem()
    {
    }

    public abstract string Name { get; }

    public abstract ActorSystemSetup Settings { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract EventStream EventStream { get; }

    /// <summary>Takes what has no receiver; publishes <see cref="DeadLetter"/>.</summary>
    public abstract IActorRef DeadLetters { get; }

    public abstract ILoggingAdapter Log { get; }

    /// <summary>Time since the system began.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Ends when the last actor has stopped.</summary>
    public abstract Task WhenTerminated { get; }

    /// <param name="name">ASCII letters, digits, - and _.</param>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (string.IsNullOrEmpty(name) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"Invalid ActorSystem name [{name}]: use ASCII letters, digits, - and _.", nameof(name));
        }

        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <summary>The extension of this id, created at the first call for this system.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The extension of this id, or null when it has not been registered.</summary>
    public abstract object? GetExtension(IExtensionId extensionId);

    /// <summary>The extension of this type, or null when it has not been registered.</summary>
    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension);

    public abstract bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class, IExtension;

    /// <summary>Runs an action once all actors have stopped, before <see cref="WhenTerminated"/> ends: the last registered first.</summary>
    /// <exception cref="InvalidOperationException">The system has terminated.</exception>
    public abstract void RegisterOnTermination(Action code);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(string path);

    public abstract ActorSelection ActorSelection(ActorPath path);

    /// <summary>Stops a top-level actor, or any other.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>
    /// Runs the <see cref="CoordinatedShutdown"/>, whose last phase stops all actors, children before parents; ends when that
    /// is done.
    /// </summary>
    public abstract Task Terminate();

    public async ValueTask DisposeAsync()
    {
        await Terminate().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins <see cref="Terminate"/> without waiting for it; <see cref="DisposeAsync"/> waits.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}
