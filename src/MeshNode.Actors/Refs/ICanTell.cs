namespace MeshNode.Actors;

/// <summary>Whatever takes messages: a reference or a selection.</summary>
public interface ICanTell
{
    /// <summary>Sends without waiting: at most once, in order for one sender and receiver. Never throws for a receiver that is gone.</summary>
    void Tell(object message, IActorRef? sender);
}
