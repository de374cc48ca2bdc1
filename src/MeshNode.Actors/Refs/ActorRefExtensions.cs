namespace MeshNode.Actors;

public static class ActorRefExtensions
{
    /// <summary>Sends with the actor that is running now as sender, or none.</summary>
    public static void Tell(this ICanTell receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.CurrentSelf);
    }

    /// <summary>Passes a message on with its original sender; for use inside an actor.</summary>
    public static void Forward(this ICanTell receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.Current?.SenderOrNull);
    }
}
