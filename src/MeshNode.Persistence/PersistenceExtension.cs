using MeshNode.Actors;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence;

/// <summary>A system's persistence. Starts its stores when it is first asked for, and ends them after the last actor.</summary>
public sealed class PersistenceExtension : IExtension
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();

    internal PersistenceExtension(ExtendedActorSystem system, PersistenceSetup setup)
    {
        System = system;
        Log = system.Log;
        Settings = setup.Settings;
        if (setup.Store is null)
        {
            Log.Warning("No event store is configured: events are kept in memory and are lost with the process");
        }

        Events = setup.Store ?? new InMemoryEventStore();
        Snapshots = setup.Snapshots ?? Events as ISnapshotStore;
        Codec = new EventCodec(setup.Events);
        EventsStarted = StartAsync(Events.StartAsync);
        SnapshotsStarted = Snapshots is null || ReferenceEquals(Snapshots, Events) ? EventsStarted : StartAsync(Snapshots.StartAsync);
        Batcher = new EventBatcher(Events, EventsStarted, Settings, Signals, setup.RunLoop);
        Permits = new RecoveryPermits(Settings.MaxConcurrentRecoveries);
        system.RegisterOnTermination(() => _ = StopAsync(setup.DisposeStores));
    }

    public PersistenceSettings Settings { get; }

    /// <summary>What the event store's engine says of its durability, once it has started.</summary>
    public string Durability => Events.Durability;

    /// <summary>Ends when the stores have started; fails if they did not, as every write and recovery then does.</summary>
    public Task Started => Task.WhenAll(EventsStarted, SnapshotsStarted);

    /// <summary>Ends after the system has terminated, what was submitted has been written and the stores are disposed.</summary>
    public Task WhenStopped => _stopped.Task;

    internal ExtendedActorSystem System { get; }

    internal ILoggingAdapter Log { get; }

    internal IEventStore Events { get; }

    internal ISnapshotStore? Snapshots { get; }

    internal Task EventsStarted { get; }

    internal Task SnapshotsStarted { get; }

    internal EventCodec Codec { get; }

    internal EventBatcher Batcher { get; }

    internal CommitSignals Signals { get; } = new();

    internal RecoveryPermits Permits { get; }

    /// <summary>Cancelled when the system has terminated.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    private async Task StartAsync(Func<CancellationToken, Task> start)
    {
        try
        {
            await start(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.Error(e, "A store of events or snapshots did not start");
            throw;
        }
    }

    private async Task StopAsync(bool disposeStores)
    {
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await Batcher.WhenAnswered().ConfigureAwait(false);
            if (disposeStores)
            {
                await Events.DisposeAsync().ConfigureAwait(false);
                if (Snapshots is not null && !ReferenceEquals(Snapshots, Events))
                {
                    await Snapshots.DisposeAsync().ConfigureAwait(false);
                }
            }

            _stopped.SetResult();
        }
        catch (Exception e)
        {
            _stopped.SetException(e);
        }
    }
}
