namespace MeshNode.Actors.TestKit;

/// <summary>Counts on the publisher's own thread.</summary>
internal sealed class EventCounter(Predicate<object> fits, int expected, ManualResetEventSlim enough) : InternalActorRef
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override ActorPath Path { get; } = ActorPath.Root("test").Child("eventCounter", 0);

    public override ActorSystemImpl? System => null;

    public override void Tell(object message, IActorRef? sender)
    {
        if (fits(message) && Interlocked.Increment(ref _count) == expected)
        {
            enough.Set();
        }
    }
}
