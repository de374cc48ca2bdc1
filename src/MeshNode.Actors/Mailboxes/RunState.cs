namespace MeshNode.Actors;

/// <summary>
/// What a mailbox's run touches for every message. Lies in the cell and not in the mailbox, whose line of memory senders on
/// other cores take away with each message.
/// </summary>
internal struct RunState
{
    /// <summary>Any thread adds; the owner of the run takes.</summary>
    public SystemMessageQueue SystemMessages;

    /// <summary>Where the next message is taken from; set by whoever makes the first ring, then by the owner of the run.</summary>
    public MessageRing? Ring;

    /// <summary>What was unstashed; touched by the owner of the run.</summary>
    public Stack<Envelope>? Front;

    /// <summary>The run must look at more than the next message; touched by the owner of the run.</summary>
    public bool IsInterrupted;
}
