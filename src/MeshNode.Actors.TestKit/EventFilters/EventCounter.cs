namespace MeshNode.Actors.TestKit;

/// <summary>Counts on the publisher's own thread.</summary>
internal sealed class EventCounter(IReadOnlyList<EventCondition> conditions, int expected) : InternalActorRef
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Ends when as many have come as are expected, or as soon as one has when none is.</summary>
    public Task Enough => _enough.Task;

    public override ActorPath Path { get; } = ActorPath.Root("test").Child("eventCounter", 0);

    public override ActorSystemImpl? System => null;

    public override void Tell(object message, IActorRef? sender)
    {
        if (conditions.Any(condition => condition.Matches(message)) && Interlocked.Increment(ref _count) == Math.Max(1, expected))
        {
            _enough.SetResult();
        }
    }
}
