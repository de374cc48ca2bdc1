namespace MeshNode.Actors;

/// <summary>Messages put aside until the actor can handle them. A restart gives them back to the mailbox.</summary>
public interface IStash
{
    /// <summary>Messages that it takes; -1 for any number.</summary>
    int Capacity { get; }

    /// <summary>Messages that are in it.</summary>
    int Count { get; }

    bool IsEmpty { get; }

    bool IsFull { get; }

    bool NonEmpty { get; }

    /// <summary>Puts the current message aside.</summary>
    /// <exception cref="IllegalActorStateException">It has been stashed already, or there is none.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest stashed message in front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all stashed messages in front of the mailbox, in the order in which they came.</summary>
    void UnstashAll();

    /// <summary>Puts those that fit in front of the mailbox and keeps the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes the stashed messages out and gives them to the caller.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those that are stashed.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}
