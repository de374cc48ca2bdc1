using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>
/// What an actor has sent and not seen confirmed. Events are the truth: an actor calls <see cref="Deliver"/> and
/// <see cref="ConfirmDelivery"/> in the handlers of its events, in recovery too, so that the same ids come out again. Touched by
/// the actor's run.
/// </summary>
internal sealed class AtLeastOnceDeliverySemantic(Eventsourced actor, IActorRef self, AtLeastOnceDeliverySettings settings)
{
    private readonly SortedDictionary<long, Delivery> _unconfirmed = [];
    private readonly ActorSystem _system = actor.Extension.System;
    private ICancelable? _ticks;
    private long _lastDeliveryId;

    public AtLeastOnceDeliverySettings Settings { get; } = settings;

    public int UnconfirmedCount => _unconfirmed.Count;

    private long Now => _system.Scheduler.MonotonicClock.Ticks;

    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(deliveryMessageMapper);
        if (_unconfirmed.Count >= Settings.MaxUnconfirmedMessages)
        {
            throw new MaxUnconfirmedMessagesExceededException(
                $"[{actor.PersistenceId}] has {_unconfirmed.Count} unconfirmed messages, the maximum is {Settings.MaxUnconfirmedMessages}.");
        }

        var id = ++_lastDeliveryId;
        var message = deliveryMessageMapper(id);
        if (actor.IsRecovering)
        {
            _unconfirmed.Add(id, new Delivery(destination, message, long.MinValue, 0)); // overdue when recovery ends
        }
        else
        {
            Send(id, new Delivery(destination, message, 0, 0), Now);
        }
    }

    public bool ConfirmDelivery(long deliveryId) => _unconfirmed.Remove(deliveryId);

    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => new(
        _lastDeliveryId,
        [.. _unconfirmed.Select(entry => new UnconfirmedDelivery(entry.Key, entry.Value.Destination, entry.Value.Message))]);

    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _lastDeliveryId = snapshot.CurrentDeliveryId;
        _unconfirmed.Clear();
        foreach (var delivery in snapshot.UnconfirmedDeliveries)
        {
            _unconfirmed.Add(delivery.DeliveryId, new Delivery(delivery.Destination, delivery.Message, long.MinValue, 0));
        }
    }

    /// <summary>Recovery is over: sends what is unconfirmed, and goes on doing so.</summary>
    public void Start()
    {
        RedeliverOverdue();
        var interval = Settings.RedeliverInterval / 2;
        _ticks?.Cancel();
        _ticks = _system.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, self, RedeliveryTick.Instance, self);
    }

    public void Stop() => _ticks?.Cancel();

    public void RedeliverOverdue()
    {
        var now = Now;
        var deadline = now - Settings.RedeliverInterval.Ticks;
        List<UnconfirmedDelivery> warnings = [];
        var overdue = _unconfirmed.Where(entry => entry.Value.Timestamp <= deadline).Take(Settings.RedeliveryBurstLimit).ToArray();
        foreach (var (id, delivery) in overdue)
        {
            Send(id, delivery, now);
            if (delivery.Attempt + 1 == Settings.WarnAfterNumberOfUnconfirmedAttempts)
            {
                warnings.Add(new UnconfirmedDelivery(id, delivery.Destination, delivery.Message));
            }
        }

        if (warnings.Count > 0)
        {
            self.Tell(new UnconfirmedWarning(warnings), self);
        }
    }

    private void Send(long id, Delivery delivery, long now)
    {
        _unconfirmed[id] = delivery with { Timestamp = now, Attempt = delivery.Attempt + 1 };
        _system.ActorSelection(delivery.Destination).Tell(delivery.Message, self);
    }
}
