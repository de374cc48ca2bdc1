namespace MeshNode.Actors;

/// <summary>
/// A mailbox around an <see cref="IMessageQueue"/>. A sender puts its message into the queue and then claims a place for
/// it; so there are never fewer places than messages, and a place whose message was taken in another order, or refused by
/// the queue, is passed over.
/// </summary>
internal sealed class QueueMailbox(ActorCell cell, MessageDispatcher dispatcher, IMessageQueue queue) : Mailbox(cell, dispatcher)
{
    public override void Post(object message, IActorRef? sender)
    {
        if (IsClosed)
        {
            SendToDeadLetters(message, sender);
            return;
        }

        queue.Enqueue(Cell.Self, new Envelope(message, sender!));
        while (true)
        {
            var word = Volatile.Read(ref Word);
            if ((word & Closed) != 0)
            {
                Empty(); // the last run may have looked before the message was there
                return;
            }

            var wakes = (word & (Scheduled | Suspended)) == 0;
            if (Interlocked.CompareExchange(ref Word, (wakes ? word | Scheduled : word) + One, word) == word)
            {
                if (wakes)
                {
                    HandOver(again: false);
                }

                return;
            }
        }
    }

    protected override bool TryTake(ref long head, out object? message, out IActorRef? sender)
    {
        head++;
        var isThere = queue.TryDequeue(out var envelope);
        (message, sender) = envelope;
        return isThere;
    }

    protected override void CaughtUp(long word)
    {
        if ((word & Closed) != 0)
        {
            Empty();
        }
    }

    private void Empty()
    {
        while (queue.TryDequeue(out var envelope))
        {
            SendToDeadLetters(envelope.Message, envelope.Sender);
        }
    }
}
