namespace MeshNode.Actors.TestKit;

/// <summary>What a test's kit and its probes share.</summary>
internal sealed class TestKitContext(ActorSystemImpl system, TestScheduler? scheduler, TestDispatcher? dispatcher)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    public ActorSystemImpl System { get; } = system;

    /// <summary>Null when the system runs by the real clock.</summary>
    public TestScheduler? Scheduler { get; } = scheduler;

    /// <summary>Probes stand beside the system's own actors, so that they outlive what is tested.</summary>
    public LocalActorRef ProbeParent => System.SystemGuardian;

    public void Settle() => Settle(dispatcher);

    public static void Settle(TestDispatcher? dispatcher)
    {
        if (dispatcher is not null && !dispatcher.Settle(SettleLimit))
        {
            throw new TimeoutException($"The actors did not settle within {SettleLimit}.");
        }
    }
}
