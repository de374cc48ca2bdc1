namespace MeshNode.Actors;

/// <summary>A timer: at once what the scheduler holds and the message in the mailbox, so that it is one small object.</summary>
internal class TimerMessage(TimerScheduler owner, object key, object message) : ScheduledWork, IAutoReceivedMessage, IDeadLetterSuppression
{
    public TimerScheduler Owner { get; } = owner;

    public object Key { get; } = key;

    public object Message { get; } = message;

    public virtual IActorRef? Sender => Owner.Self;

    public override void Run() => Owner.Fire(this);

    public override string ToString() => $"<Timer {Key}>: {Message}";
}
