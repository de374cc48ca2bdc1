namespace MeshNode.Actors.TestKit;

/// <summary>Puts what it receives into a probe's queue; watches for it.</summary>
internal sealed class TestActor(ProbeQueue queue) : UntypedActor
{
    internal sealed record WatchFor(IActorRef Subject) : INotInfluenceReceiveTimeout;

    internal sealed record UnwatchFor(IActorRef Subject) : INotInfluenceReceiveTimeout;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchFor watch:
                Context.Watch(watch.Subject);
                break;
            case UnwatchFor unwatch:
                Context.Unwatch(unwatch.Subject);
                break;
            default:
                queue.Add(new Envelope(message, Sender));
                break;
        }
    }
}
