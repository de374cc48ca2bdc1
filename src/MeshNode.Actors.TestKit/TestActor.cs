namespace MeshNode.Actors.TestKit;

/// <summary>Puts what it receives into a probe's queue; watches for it.</summary>
internal sealed class TestActor(ProbeQueue queue) : UntypedActor
{
    internal sealed record WatchFor(IActorRef Subject, ManualResetEventSlim Done) : INotInfluenceReceiveTimeout;

    internal sealed record UnwatchFor(IActorRef Subject, ManualResetEventSlim Done) : INotInfluenceReceiveTimeout;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchFor watch:
                Context.Watch(watch.Subject);
                watch.Done.Set();
                break;
            case UnwatchFor unwatch:
                Context.Unwatch(unwatch.Subject);
                unwatch.Done.Set();
                break;
            default:
                queue.Add(new Envelope(message, Sender));
                break;
        }
    }
}
