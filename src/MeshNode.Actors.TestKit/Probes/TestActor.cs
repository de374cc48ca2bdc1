namespace MeshNode.Actors.TestKit;

/// <summary>Puts what it receives into a probe's queue, after its pilot has seen it; watches and creates for its test.</summary>
internal sealed class TestActor(ProbeQueue queue) : UntypedActor
{
    /// <summary>Something to do in the actor, for a test that waits for it.</summary>
    internal sealed class Errand(Action<IUntypedActorContext> action) : INotInfluenceReceiveTimeout
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void Run(IUntypedActorContext context)
        {
            try
            {
                action(context);
                _done.SetResult();
            }
            catch (Exception e)
            {
                _done.SetException(e);
            }
        }
    }

    internal sealed record SetAutoPilot(AutoPilot Pilot);

    private AutoPilot _pilot = AutoPilot.NoAutoPilot;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Errand errand:
                errand.Run(Context);
                break;
            case SetAutoPilot set:
                _pilot = set.Pilot;
                break;
            default:
                var next = _pilot.Run(Sender, message);
                _pilot = next is KeepRunning ? _pilot : next;
                queue.Add(new RealMessageEnvelope(message, Sender));
                break;
        }
    }
}
