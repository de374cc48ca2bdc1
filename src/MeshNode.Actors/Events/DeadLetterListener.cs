namespace MeshNode.Actors;

/// <summary>Logs lost messages, so many at a time; on the thread of whoever lost them.</summary>
internal sealed class DeadLetterListener(ActorSystemImpl system) : InternalActorRef
{
    private readonly Lock _lock = new();
    private int _count; // since logging last began
    private TimeSpan _silentUntil;

    public override ActorPath Path { get; } = system.Root.Path.Child("system", 0).Child("deadLetterListener", 0);

    public override ActorSystemImpl System => system;

    public void Subscribe()
    {
        system.EventStream.Subscribe<DeadLetter>(this);
        system.EventStream.Subscribe<Dropped>(this);
        system.EventStream.Subscribe<UnhandledMessage>(this);
    }

    public override void Tell(object message, IActorRef? sender)
    {
        var settings = system.Settings;
        if (message is not AllDeadLetters { Message: not Event.LogEvent } lost || (system.IsTerminating && !settings.LogDeadLettersDuringShutdown) || !MayLog(out var rest))
        {
            return;
        }

        var what = lost switch
        {
            UnhandledMessage => "was not handled",
            Dropped dropped => $"was dropped: {dropped.Reason}",
            _ => "was not delivered",
        };
        system.EventStream.Publish(new Event.Info(
            lost.Recipient.Path.ToString(),
            typeof(AllDeadLetters),
            new Event.LogMessage("Message [{0}] from {1} to {2} {3}.{4}", lost.Message.GetType(), lost.Sender, lost.Recipient, what, rest)));
    }

    private bool MayLog(out string rest)
    {
        var settings = system.Settings;
        rest = string.Empty;
        lock (_lock)
        {
            var now = system.Scheduler.MonotonicClock;
            if (now < _silentUntil)
            {
                return false;
            }

            if (++_count >= settings.LogDeadLetters && settings.LogDeadLetters != int.MaxValue)
            {
                _count = 0;
                _silentUntil = now + settings.LogDeadLettersSuspendDuration;
                rest = $" No more of these are logged for {settings.LogDeadLettersSuspendDuration}.";
            }

            return system.Log.IsInfoEnabled;
        }
    }
}
