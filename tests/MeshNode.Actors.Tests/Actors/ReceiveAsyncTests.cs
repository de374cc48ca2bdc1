namespace MeshNode.Actors.Tests;

public sealed class ReceiveAsyncTests : TestKit.TestKit
{
    private sealed record Wait(Task Task, string Name);

    private sealed class Waiting : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Waiting(IActorRef probe)
        {
            _probe = probe;
            ReceiveAsync<Wait>(async wait =>
            {
                var sender = Sender;
                probe.Tell($"{wait.Name} begins");
                await wait.Task;
                Assert.Same(sender, Sender);
                Assert.NotNull(Context);
                await wait.Task.WaitAsync(TimeSpan.FromSeconds(30));
                Sender.Tell($"{wait.Name} ends");
            });
            Receive<string>(text => Sender.Tell(text));
        }

        protected override void PostStop() => _probe.Tell("PostStop");
    }

    private IActorRef Actor() => ActorOf(Props.Create(() => new Waiting(TestActor)));

    [Fact]
    public void Mailbox_waits_until_the_handler_has_ended()
    {
        var completion = new TaskCompletionSource();
        var actor = Actor();
        actor.Tell(new Wait(completion.Task, "first"));
        actor.Tell("after");
        ExpectMsg("first begins");
        ExpectNoMsg();
        completion.SetResult();
        ExpectMsg("first ends");
        ExpectMsg("after");
    }

    [Fact]
    public void Handler_that_completes_at_once_does_not_suspend()
    {
        var actor = Actor();
        actor.Tell(new Wait(Task.CompletedTask, "quick"));
        ExpectMsg("quick begins");
        ExpectMsg("quick ends");
    }

    [Fact]
    public void Failure_after_an_await_meets_supervision()
    {
        var completion = new TaskCompletionSource();
        var actor = Actor();
        actor.Tell(new Wait(completion.Task, "failing"));
        actor.Tell("after");
        ExpectMsg("failing begins");
        EventFilter.Exception<InvalidOperationException>("broken").ExpectOne(() => completion.SetException(new InvalidOperationException("broken")));
        ExpectMsg("PostStop");
        ExpectMsg("after"); // restarted, mailbox kept
    }

    [Fact]
    public void Stop_does_not_wait_for_the_handler_and_its_rest_never_runs()
    {
        var completion = new TaskCompletionSource();
        var actor = Watch(Actor());
        actor.Tell(new Wait(completion.Task, "abandoned"));
        ExpectMsg("abandoned begins");
        Sys.Stop(actor);
        ExpectMsg("PostStop");
        ExpectTerminated(actor);
        completion.SetResult();
        ExpectNoMsg();
    }

    [Fact]
    public void Restart_by_a_sibling_abandons_what_is_awaited()
    {
        var completion = new TaskCompletionSource();
        var parent = ActorOf(Recorder.Props(CreateTestProbe().Ref, new AllForOneStrategy(_ => Directive.Restart)));
        parent.Tell(new Recorder.Spawn(Props.Create(() => new Waiting(TestActor)), "waiting"));
        var actor = ExpectMsg<IActorRef>();
        parent.Tell(new Recorder.Spawn(Recorder.Props(CreateTestProbe().Ref), "sibling"));
        var sibling = ExpectMsg<IActorRef>();
        actor.Tell(new Wait(completion.Task, "abandoned"));
        ExpectMsg("abandoned begins");

        sibling.Tell(new Recorder.Fail(new InvalidOperationException("broken")));
        Settle();
        completion.SetResult();

        ExpectMsg("PostStop");
        actor.Tell("alive");
        ExpectMsg("alive");
        ExpectNoMsg();
    }

    [Fact]
    public void PipeTo_brings_result_and_failure_as_messages()
    {
        Task.FromResult("result").PipeTo(TestActor);
        ExpectMsg("result");
        Task.FromResult(1).PipeTo(TestActor, success: number => number + 1);
        ExpectMsg(2);
        Task.FromException<int>(new InvalidOperationException("broken")).PipeTo(TestActor);
        Assert.Equal("broken", ExpectMsg<Status.Failure>().Cause.Message);
        Task.FromException<int>(new InvalidOperationException("broken")).PipeTo(TestActor, failure: e => e.Message);
        ExpectMsg("broken");
        Task.CompletedTask.PipeTo(TestActor);
        ExpectNoMsg();
    }
}
