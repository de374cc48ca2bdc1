using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>
/// Commands that came while the actor recovered or persisted, oldest first. They go back one after another, each when the one
/// before it has been handled. Touched by the actor's run.
/// </summary>
internal sealed class InternalStash(ActorCell cell, int capacity)
{
    public MessageStash Messages { get; } = new();

    /// <summary>Puts the current message aside, or does with it what the strategy says.</summary>
    /// <exception cref="StashOverflowException">There is no room, and the strategy is to throw.</exception>
    public void Stash(IStashOverflowStrategy strategy)
    {
        if (Messages.Count < capacity)
        {
            Messages.Append(cell.CurrentEnvelope());
            return;
        }

        switch (strategy)
        {
            case DiscardToDeadLetterStrategy:
                cell.System.DeadLetters.Tell(new DeadLetter(cell.CurrentMessage!, cell.Sender, cell.Self), cell.Sender);
                break;
            case ReplyToStrategy reply:
                cell.Sender.Tell(reply.Response, cell.Self);
                break;
            default:
                throw new StashOverflowException($"The internal stash of {cell.Self} has no room for more than {capacity} messages.");
        }
    }

    /// <summary>Makes the oldest one, or all of them, the next that the actor receives.</summary>
    public void GiveBack(bool all)
    {
        if (!all)
        {
            if (Messages.TryTake(out var next))
            {
                cell.PutBack(next);
            }

            return;
        }

        var messages = Messages.TakeAll();
        for (var index = messages.Length - 1; index >= 0; index--)
        {
            cell.PutBack(messages[index]);
        }
    }
}
