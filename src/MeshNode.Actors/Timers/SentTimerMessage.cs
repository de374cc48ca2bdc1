namespace MeshNode.Actors;

/// <summary>A timer whose message has another sender than the actor itself.</summary>
internal sealed class SentTimerMessage(TimerScheduler owner, object key, object message, IActorRef? sender) : TimerMessage(owner, key, message)
{
    public override IActorRef? Sender { get; } = sender;
}
