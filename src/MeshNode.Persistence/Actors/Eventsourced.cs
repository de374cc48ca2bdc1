using MeshNode.Actors;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence;

/// <summary>
/// An actor whose state comes from its events. It recovers before it handles its first command; what it persists is handled
/// when it is durable, before the next command.
/// </summary>
/// <remarks>
/// A <see cref="PoisonPill"/> is handled at once: it stops the actor before commands that wait in its stash, and before the
/// handlers of events that are being written. Send a message of your own instead, and stop when it is handled.
/// </remarks>
public abstract class Eventsourced : ActorBase, IPersistentIdentity, IWithUnboundedStash
{
    private readonly EventWriter _writer;
    private readonly StoreRequests _store;
    private readonly InternalStash _waiting;
    private readonly UserStash _stash;
    private readonly Receive _receiveRecover;
    private RecoveryRun? _recovery;
    private ILoggingAdapter? _log;
    private PendingWrite? _handling; // whose handler runs
    private bool _isInRun; // synchronous code of the actor runs
    private bool _taskRuns; // an asynchronous handler has not ended

    protected Eventsourced()
    {
        Extension = Cell.System.GetExtension<PersistenceExtension>() ?? Persistence.Instance.Apply(Cell.System);
        _writer = new EventWriter(Extension, this, Self);
        _store = new StoreRequests(Extension, Self);
        _waiting = new InternalStash(Cell, Extension.Settings.InternalStashCapacity);
        _stash = new UserStash(Cell, _waiting.Messages);
        _receiveRecover = ReceiveRecover;
        IsRecovering = true;
    }

    /// <inheritdoc/>
    public abstract string PersistenceId { get; }

    /// <summary>The stash for the actor's own use, which knows of the internal one. The kernel's, which is set, only gives its capacity.</summary>
    public IStash Stash
    {
        get => _stash;
        set => _stash.Capacity = value?.Capacity ?? -1;
    }

    /// <summary>From what to recover; asked when recovery begins.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>From creation until <see cref="RecoveryCompleted"/> is received.</summary>
    public bool IsRecovering { get; private set; }

    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>Of the last event that was recovered or whose handler has been called; 0 before the first.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>What <see cref="SaveSnapshot"/> puts into the metadata.</summary>
    public virtual long SnapshotSequenceNr => LastSequenceNr;

    /// <summary><see cref="PersistenceId"/>.</summary>
    public virtual string SnapshotterId => PersistenceId;

    /// <summary>What becomes of a command for which the internal stash has no room.</summary>
    public virtual IStashOverflowStrategy InternalStashOverflowStrategy => Extension.Settings.InternalStashOverflowStrategy;

    protected virtual ILoggingAdapter Log => _log ??= Cell.Log;

    /// <summary>By which right the actor writes; asked with each event. Null for none.</summary>
    protected virtual Fence? Fence => null;

    /// <summary>Receives a <see cref="SnapshotOffer"/>, events and <see cref="RecoveryCompleted"/>; changes state and nothing else.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Receives commands: checks them, and persists what follows from them.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Persists an event; the handler runs when it is durable, before the next command, with the command's sender.</summary>
    /// <exception cref="InvalidOperationException">During recovery.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Persist([@event!], EventHandlers<TEvent>.Call, handler, isStashing: true);

    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler) => Persist([@event!], EventHandlers<TEvent>.Await, handler, isStashing: true, isAsync: true);

    /// <summary>Persists events, all or none; the handler runs for each of them, before the next command.</summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Persist(All(events), EventHandlers<TEvent>.Call, handler, isStashing: true);

    /// <inheritdoc cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        Persist(All(events), EventHandlers<TEvent>.Await, handler, isStashing: true, isAsync: true);

    /// <summary>Persists an event and goes on with other commands meanwhile; handlers still run in order.</summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Persist([@event!], EventHandlers<TEvent>.Call, handler, isStashing: false);

    /// <inheritdoc cref="PersistAsync{TEvent}(TEvent, Action{TEvent})"/>
    public void PersistAsync<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        Persist([@event!], EventHandlers<TEvent>.Await, handler, isStashing: false, isAsync: true);

    /// <summary>Persists events, all or none, and goes on with other commands meanwhile.</summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Persist(All(events), EventHandlers<TEvent>.Call, handler, isStashing: false);

    /// <inheritdoc cref="PersistAllAsync{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        Persist(All(events), EventHandlers<TEvent>.Await, handler, isStashing: false, isAsync: true);

    /// <summary>
    /// Runs the handler when those of all events before it have run, at once if there are none; nothing is stored. Commands wait for it.
    /// </summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void Defer<TEvent>(TEvent @event, Action<TEvent> handler) => Defer(@event, handler, isStashing: true);

    /// <summary>Runs the handler when those of all events before it have run, at once if there are none; nothing is stored.</summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void DeferAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Defer(@event, handler, isStashing: false);

    /// <summary>Answered by <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    /// <param name="snapshot">Of a registered type; serialized before this returns.</param>
    public void SaveSnapshot(object snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _store.SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Extension.System.Scheduler.Now.UtcDateTime), snapshot);
    }

    /// <summary>Answered by <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    public void DeleteSnapshot(long sequenceNr) => _store.DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr));

    /// <summary>Answered by <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        _store.DeleteSnapshots(SnapshotterId, criteria);
    }

    /// <summary>
    /// Deletes the actor's events up to a sequence number, included: save a snapshot first. Answered by
    /// <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.
    /// </summary>
    /// <param name="toSequenceNr">Not above <see cref="LastSequenceNr"/>, or <see cref="long.MaxValue"/> for all that is stored.</param>
    public void DeleteMessages(long toSequenceNr) => _store.DeleteEvents(PersistenceId, toSequenceNr, LastSequenceNr);

    /// <summary>Puts the stashed messages before all that wait; as <c>Stash.UnstashAll()</c>.</summary>
    public void UnstashAll() => _stash.UnstashAll();

    /// <summary>Recovery has replayed everything; <see cref="RecoveryCompleted"/> follows.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Recovery failed; the actor stops after this. Logs by default.</summary>
    /// <param name="message">The event or snapshot that was being handled; null when the store failed.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null) => Log.Error(
        reason, "Recovery of [{0}] failed after sequence number [{1}]{2}", PersistenceId, LastSequenceNr, message is null ? "" : $" on {message.GetType()}");

    /// <summary>
    /// An event was not written, or nobody knows: the store failed, or another incarnation or owner writes. The actor stops after
    /// this, for its state may not be what is stored. Logs by default.
    /// </summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Persisting {0} as sequence number [{1}] of [{2}] failed", @event?.GetType(), sequenceNr, PersistenceId);

    /// <summary>The store or the serializer refused this event and stored nothing of it; the actor goes on. Logs by default.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Persisting {0} as sequence number [{1}] of [{2}] was rejected", @event?.GetType(), sequenceNr, PersistenceId);

    /// <summary>Runs a task as part of handling a message: no other is handled, and nothing is persisted, until it has ended.</summary>
    protected void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _taskRuns = true;
        Cell.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _taskRuns = false;
                if (!_isInRun)
                {
                    EndMessage(failed);
                }
            }
        });
    }

    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    protected override void Unhandled(object message)
    {
        if (message is not RecoveryCompleted && !StoreRequests.LogFailure(Log, PersistenceId, message))
        {
            base.Unhandled(message);
        }
    }

    public override void AroundPreStart()
    {
        base.AroundPreStart();
        StartRecovery();
    }

    public override void AroundPostRestart(Exception cause, object? message)
    {
        base.AroundPostRestart(cause, message);
        if (_recovery is null)
        {
            StartRecovery();
        }
    }

    public override void AroundPreRestart(Exception cause, object? message)
    {
        EndIncarnation();
        base.AroundPreRestart(cause, message is PendingWrite { Handled: > 0 } write ? write.Events[write.Handled - 1] : message);
    }

    public override void AroundPostStop()
    {
        EndIncarnation();
        base.AroundPostStop();
    }

    protected internal override bool AroundReceive(Receive receive, object message)
    {
        switch (message)
        {
            case PersistenceMessage own:
                HandleOwn(own);
                return true;
            case var _ when _recovery is not null || _writer.IsPersisting:
                _waiting.Stash(InternalStashOverflowStrategy);
                return true;
        }

        _stash.Begin();
        _isInRun = true;
        try
        {
            var handled = base.AroundReceive(receive, message);
            EndRun(failed: false);
            return handled;
        }
        catch
        {
            EndRun(failed: true);
            throw;
        }
    }

    // Writing

    private static IReadOnlyList<object> All<TEvent>(IEnumerable<TEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return [.. events.Select(static @event => (object)@event!)];
    }

    private void Persist(
        IReadOnlyList<object> events, Func<Delegate, object, Task?> invoke, Delegate handler, bool isStashing, bool isAsync = false)
    {
        CheckRecovered();
        ArgumentNullException.ThrowIfNull(handler);
        if (events.Contains(null!))
        {
            throw new ArgumentNullException(nameof(events), "null is no event.");
        }

        if (events.Count > 0)
        {
            _writer.Add(PersistenceId, Fence, _writer.New(events, invoke, handler, isStashing, isAsync, Cell.SenderOrNull));
        }
    }

    private void Defer<TEvent>(TEvent @event, Action<TEvent> handler, bool isStashing)
    {
        CheckRecovered();
        ArgumentNullException.ThrowIfNull(handler);
        if (_writer.IsIdle)
        {
            handler(@event);
        }
        else
        {
            _writer.Append(_writer.New([@event!], EventHandlers<TEvent>.Call, handler, isStashing, isAsync: false, Cell.SenderOrNull));
        }
    }

    private void CheckRecovered()
    {
        if (IsRecovering)
        {
            throw new InvalidOperationException("Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
        }
    }

    private void HandleAnswer(PendingWrite write)
    {
        if (!ReferenceEquals(write.Owner, this))
        {
            return; // an earlier incarnation's
        }

        if (!write.IsWritten && write.Outcome != WriteOutcome.Rejected)
        {
            Fail(write);
            return;
        }

        _writer.Answered(write);
        _isInRun = true;
        try
        {
            if (write.IsWritten)
            {
                CallHandlers(write);
            }
            else
            {
                Reject(write);
            }

            EndRun(failed: false);
        }
        catch
        {
            EndRun(failed: true);
            PutBackRest(write);
            throw;
        }

        if (_taskRuns)
        {
            PutBackRest(write);
        }
    }

    /// <summary>Calls the handler for each event; stops at one that is asynchronous.</summary>
    private void CallHandlers(PendingWrite write)
    {
        while (write.Handled < write.Events.Count && !_taskRuns)
        {
            var @event = write.Events[write.Handled];
            if (write.FirstSequenceNr > 0)
            {
                LastSequenceNr = write.FirstSequenceNr + write.Handled;
            }

            write.Handled++;
            _handling = write;
            if (write.IsAsync)
            {
                RunTask(() => write.Invoke(write.Handler, @event)!);
            }
            else
            {
                write.Invoke(write.Handler, @event);
            }
        }
    }

    private void Reject(PendingWrite write)
    {
        while (write.Handled < write.Events.Count)
        {
            var index = write.Handled++;
            _handling = write;
            OnPersistRejected(write.Cause!, write.Events[index], write.FirstSequenceNr + index);
        }
    }

    private void Fail(PendingWrite write)
    {
        try
        {
            OnPersistFailure(write.Cause!, write.Events[0], write.FirstSequenceNr);
        }
        finally
        {
            Cell.Stop(Self);
        }
    }

    /// <summary>What was not handled of an atomic write, because a handler failed or awaits, is the next message.</summary>
    private void PutBackRest(PendingWrite write)
    {
        if (write.Handled < write.Events.Count)
        {
            Cell.PutBack(new Envelope(write, write.Sender!));
        }
    }

    private void EndRun(bool failed, bool unstashAll = false)
    {
        _isInRun = false;
        if (!_taskRuns)
        {
            EndMessage(failed || unstashAll);
        }
    }

    /// <summary>A command or an event has been handled: hands on what was persisted, then lets the next command come.</summary>
    private void EndMessage(bool unstashAll)
    {
        if (_handling is { } write)
        {
            _handling = null;
            if (write.Handled == write.Events.Count)
            {
                _writer.Done(write);
            }
        }

        _writer.Submit();
        if (!_writer.IsPersisting && _recovery is null)
        {
            _waiting.GiveBack(unstashAll);
        }
    }

    private void EndIncarnation()
    {
        _recovery?.Dispose();
        _stash.UnstashAll();
        _waiting.GiveBack(all: true);
    }

    // Recovery

    internal PersistenceExtension Extension { get; }

    internal ILoggingAdapter RecoveryLog => Log;

    /// <summary>Recovery has come so far.</summary>
    internal void Recovered(long sequenceNr) => LastSequenceNr = sequenceNr;

    /// <summary>Has the actor's own code recover an event or snapshot.</summary>
    internal void RecoverOne(object message) => base.AroundReceive(_receiveRecover, message);

    internal void FailRecovery(Exception cause, object? message)
    {
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            _recovery?.Dispose();
            Cell.Stop(Self);
        }
    }

    internal void FinishRecovery(long highestSequenceNr)
    {
        _writer.SequenceNr = Math.Max(highestSequenceNr, LastSequenceNr);
        OnReplaySuccess();
        LastSequenceNr = _writer.SequenceNr;
        IsRecovering = false;
        _isInRun = true;
        var failed = true;
        try
        {
            base.AroundReceive(_receiveRecover, RecoveryCompleted.Instance);
            failed = false;
        }
        finally
        {
            _recovery?.Dispose();
            _recovery = null;
            EndRun(failed, unstashAll: true);
        }
    }

    private void StartRecovery() => (_recovery = new RecoveryRun(this, Self)).Start();

    private void HandleOwn(PersistenceMessage message)
    {
        switch (message)
        {
            case PendingWrite write:
                HandleAnswer(write);
                break;
            case RecoveryPermit permit:
                _recovery?.TryBegin(permit);
                break;
            case RecoveryMessage read:
                _recovery?.Handle(read);
                break;
        }
    }
}
