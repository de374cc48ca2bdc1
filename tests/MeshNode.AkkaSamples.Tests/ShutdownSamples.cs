namespace AkkaSamples;

/// <summary>Ending a system in phases.</summary>
public sealed class ShutdownSamples
{
    public class Service : ReceiveActor
    {
        public Service(List<string> log) => Receive<string>(text =>
        {
            log.Add(text);
            Context.Stop(Self);
        });
    }

    [Fact]
    public async Task Tasks_run_phase_by_phase_and_the_system_ends()
    {
        var log = new List<string>();
        var system = ActorSystem.Create("phases");
        var service = system.ActorOf(Props.Create(() => new Service(log)), "service");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "last", () =>
        {
            log.Add("last words");
            return Task.FromResult(Done.Instance);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "first", () =>
        {
            log.Add("stop taking orders");
            return Task.FromResult(Done.Instance);
        });
        shutdown.AddActorTerminationTask(CoordinatedShutdown.PhaseServiceStop, "service", service, "service stops");

        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);

        Assert.Equal(["stop taking orders", "service stops", "last words"], log);
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }
}
