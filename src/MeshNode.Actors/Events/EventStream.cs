using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>Brings what is published to those who subscribed to its type or a base of it. Any thread; publishing takes no lock.</summary>
public sealed class EventStream
{
    private readonly Lock _lock = new();
    private readonly List<(IActorRef Subscriber, Type Channel)> _subscriptions = [];
    private ConcurrentDictionary<Type, IActorRef[]> _byType = new(); // thrown away at each change

    internal EventStream()
    {
    }

    /// <summary>False when it is subscribed to that type already. A subscriber that stops is removed.</summary>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        subscriber = Own(subscriber);
        var local = subscriber as LocalActorRef;
        local?.Cell.Mailbox.MarkSubscribed();
        lock (_lock)
        {
            if (_subscriptions.Contains((subscriber, channel)))
            {
                return false;
            }

            _subscriptions.Add((subscriber, channel));
            Volatile.Write(ref _byType, new());
        }

        if (local is { IsTerminated: true })
        {
            Unsubscribe(subscriber); // it may have left before it entered
        }

        return true;
    }

    public bool Subscribe<TChannel>(IActorRef subscriber) => Subscribe(subscriber, typeof(TChannel));

    public bool Unsubscribe(IActorRef subscriber, Type channel) => Remove(entry => ReferenceEquals(entry.Subscriber, Own(subscriber)) && entry.Channel == channel);

    public bool Unsubscribe<TChannel>(IActorRef subscriber) => Unsubscribe(subscriber, typeof(TChannel));

    public bool Unsubscribe(IActorRef subscriber) => Remove(entry => ReferenceEquals(entry.Subscriber, Own(subscriber)));

    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var subscriber in SubscribersOf(@event.GetType()))
        {
            subscriber.Tell(@event, ActorCell.CurrentSelf);
        }
    }

    internal bool HasSubscribers(Type type) => SubscribersOf(type).Length > 0;

    private static IActorRef Own(IActorRef subscriber) => (subscriber as IActorRefWrapper)?.Wrapped ?? subscriber;

    private IActorRef[] SubscribersOf(Type type)
    {
        var byType = Volatile.Read(ref _byType);
        return byType.TryGetValue(type, out var subscribers) ? subscribers : Find(type);
    }

    private IActorRef[] Find(Type type)
    {
        lock (_lock)
        {
            IActorRef[] subscribers = [.. _subscriptions.Where(entry => entry.Channel.IsAssignableFrom(type)).Select(entry => entry.Subscriber).Distinct()];
            _byType[type] = subscribers;
            return subscribers;
        }
    }

    private bool Remove(Predicate<(IActorRef Subscriber, Type Channel)> match)
    {
        lock (_lock)
        {
            var removed = _subscriptions.RemoveAll(match) > 0;
            if (removed)
            {
                Volatile.Write(ref _byType, new());
            }

            return removed;
        }
    }
}
