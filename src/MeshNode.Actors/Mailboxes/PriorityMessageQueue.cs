namespace MeshNode.Actors;

/// <summary>By priority, then by order of arrival.</summary>
internal sealed class PriorityMessageQueue(Func<object, int> priorityOf) : IMessageQueue
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Envelope, (int Priority, long Order)> _messages = new();
    private long _order;

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var priority = priorityOf(envelope.Message);
        lock (_lock)
        {
            _messages.Enqueue(envelope, (priority, _order++));
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_lock)
        {
            return _messages.TryDequeue(out envelope, out _);
        }
    }
}
