namespace MeshNode.Actors;

/// <summary>What holds a mailbox's user messages. Called by any thread, several at once.</summary>
public interface IMessageQueue
{
    bool HasMessages { get; }

    int Count { get; }

    /// <summary>Takes the message, or sends it to dead letters when there is no room.</summary>
    void Enqueue(IActorRef receiver, Envelope envelope);

    /// <summary>The next message; false when there is none.</summary>
    bool TryDequeue(out Envelope envelope);
}
