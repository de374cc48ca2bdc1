namespace MeshNode.Actors;

internal sealed class BoundedMessageQueue(int capacity) : IMessageQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<Envelope> _messages = new();

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
        lock (_lock)
        {
            if (_messages.Count < capacity)
            {
                _messages.Enqueue(envelope);
                return;
            }
        }

        ((InternalActorRef)receiver).System!.PublishDeadLetter(envelope, receiver);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_lock)
        {
            return _messages.TryDequeue(out envelope);
        }
    }
}
