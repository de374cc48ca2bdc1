namespace AkkaSamples;

/// <summary>The same by the real clock: deadlines hold, and nothing moves time but itself.</summary>
public sealed class RealTimeSamples() : TestKit(Departures.RealTime)
{
    public class Worker : ReceiveActor
    {
        public Worker() => Receive<int>(milliseconds =>
            Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(milliseconds), Sender, "done", Self));
    }

    [Fact]
    public void Work_is_done_within_its_time()
    {
        var worker = Sys.ActorOf<Worker>();
        Within(TimeSpan.FromMilliseconds(90), TimeSpan.FromSeconds(15), () =>
        {
            worker.Tell(100);
            ExpectMsg("done");
        });
        worker.Tell(100);
        AwaitAssert(() => Assert.True(HasMessages), TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(10));
        ExpectMsg("done");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }
}
