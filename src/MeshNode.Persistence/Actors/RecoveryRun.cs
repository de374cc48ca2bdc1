using MeshNode.Actors;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence;

/// <summary>
/// One incarnation's recovery: its permit, its reader and the watch over it; has the actor recover what is read, in order.
/// Touched by the actor's run.
/// </summary>
internal sealed class RecoveryRun(Eventsourced actor, IActorRef self) : IDisposable
{
    private readonly PersistenceExtension _persistence = actor.Extension;
    private readonly List<object> _decoded = [];
    private RecoveryPermit? _permit;
    private ICancelable? _ticks;
    private RecoveryReader? _reader;
    private bool _hasSnapshot; // or knows that there is none
    private bool _isAlive; // the store was heard of since the last tick

    /// <summary>Begins at once if there is a permit; else that comes as a message.</summary>
    /// <exception cref="InvalidOperationException">The actor's persistence id is none.</exception>
    public void Start()
    {
        if (string.IsNullOrEmpty(actor.PersistenceId) || actor.PersistenceId.Length > StoredEvent.MaxPersistenceIdLength)
        {
            throw new InvalidOperationException($"The persistence id [{actor.PersistenceId}] of {self} must have 1 to {StoredEvent.MaxPersistenceIdLength} characters.");
        }

        _permit = _persistence.Permits.Request(self);
        if (_permit.State == RecoveryPermit.PermitState.Granted)
        {
            Begin(actor.Recovery);
        }
    }

    /// <summary>Begins, unless the permit was an earlier incarnation's, which has given it back.</summary>
    public void TryBegin(RecoveryPermit permit)
    {
        if (ReferenceEquals(permit, _permit))
        {
            Begin(actor.Recovery);
        }
    }

    /// <summary>Ignores what another reader than this run's told.</summary>
    public void Handle(RecoveryMessage message)
    {
        if (!ReferenceEquals(message.Reader, _reader))
        {
            return;
        }

        switch (message)
        {
            case RecoveryMessage.SnapshotRead read:
                _isAlive = _hasSnapshot = true;
                if (read.Snapshot is { } snapshot)
                {
                    Offer(snapshot);
                }

                break;
            case RecoveryMessage.EventsRead read:
                if (Replay(read.Events))
                {
                    _isAlive = true;
                    _reader!.Handled();
                    if (read.IsLast)
                    {
                        actor.FinishRecovery(read.HighestSequenceNr);
                    }
                }

                break;
            case RecoveryMessage.Failed failed:
                actor.FailRecovery(failed.Cause, null);
                break;
            case RecoveryMessage.Tick when _isAlive:
                _isAlive = false;
                break;
            case RecoveryMessage.Tick:
                var awaited = _hasSnapshot ? "event" : "snapshot";
                actor.FailRecovery(
                    new RecoveryTimedOutException($"Recovery of [{actor.PersistenceId}] timed out: no {awaited} came within {_persistence.Settings.RecoveryEventTimeout}."),
                    null);
                break;
        }
    }

    /// <summary>Ends the reading and gives the permit back. Again is harmless.</summary>
    public void Dispose()
    {
        _ticks?.Cancel();
        _reader?.Dispose();
        _reader = null;
        _permit?.Release();
    }

    private void Begin(Recovery recovery)
    {
        _reader?.Dispose();
        _ticks?.Cancel();
        _isAlive = true;
        _reader = new RecoveryReader(_persistence, actor.PersistenceId, actor.SnapshotterId, recovery, self);
        var interval = _persistence.Settings.RecoveryEventTimeout;
        _ticks = _persistence.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            interval, interval, self, new RecoveryMessage.Tick(_reader), ActorRefs.NoSender);
        _reader.Start();
    }

    private void Offer(StoredSnapshot stored)
    {
        object? state = null;
        try
        {
            state = _persistence.Codec.DecodeSnapshot(stored);
        }
        catch (EventTypeException e) when (_persistence.Settings.SnapshotIsOptional)
        {
            actor.RecoveryLog.Warning(e, "The snapshot of [{0}] could not be read: recovering from its events alone", actor.PersistenceId);
        }
        catch (EventTypeException e)
        {
            actor.FailRecovery(e, null);
            return;
        }

        if (state is null)
        {
            Begin(actor.Recovery with { FromSnapshot = SnapshotSelectionCriteria.None });
            return;
        }

        var offer = new SnapshotOffer(stored.Metadata, state);
        try
        {
            actor.Recovered(stored.Metadata.SequenceNr);
            actor.RecoverOne(offer);
        }
        catch (Exception e)
        {
            actor.FailRecovery(e, offer);
        }
    }

    /// <summary>False when it failed.</summary>
    private bool Replay(IReadOnlyList<StoredEvent> events)
    {
        object? current = null;
        try
        {
            for (var index = 0; index < events.Count; index++)
            {
                current = null;
                _decoded.Clear();
                _persistence.Codec.Decode(events[index], _decoded);
                actor.Recovered(events[index].SequenceNr);
                foreach (var @event in _decoded)
                {
                    current = @event;
                    actor.RecoverOne(@event);
                }
            }

            return true;
        }
        catch (Exception e)
        {
            actor.FailRecovery(e, current);
            return false;
        }
    }
}
