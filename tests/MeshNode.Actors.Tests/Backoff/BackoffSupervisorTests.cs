namespace MeshNode.Actors.Tests;

public sealed class BackoffSupervisorTests() : TestKit.TestKit(new ActorSystemSetup { NextDouble = () => 0.5 })
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    private IActorRef OnFailure(Func<BackoffOptions, BackoffOptions>? configure = null, double randomFactor = 0, int maxNrOfRetries = -1)
    {
        var options = Actors.Backoff.OnFailure(Recorder.Props(TestActor), "child", Min, Max, randomFactor, maxNrOfRetries);
        return ActorOf(BackoffSupervisor.Props(configure?.Invoke(options) ?? options), "supervisor");
    }

    private void FailAndExpectStop(IActorRef supervisor)
    {
        supervisor.Tell(new Recorder.Fail(new InvalidOperationException("broken")));
        ExpectMsg("PostStop");
        Settle();
    }

    [Fact]
    public void Child_that_fails_comes_back_after_delays_that_double_up_to_the_maximum()
    {
        var supervisor = OnFailure(options => options.WithManualReset());
        ExpectMsg("PreStart");
        foreach (var seconds in new[] { 1, 2, 4, 5, 5 })
        {
            FailAndExpectStop(supervisor);
            ExpectNoMsg(TimeSpan.FromSeconds(seconds - 0.01));
            Scheduler.Advance(TimeSpan.FromSeconds(0.01));
            ExpectMsg("PreStart");
        }

        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        ExpectMsg(new BackoffSupervisor.RestartCount(5));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        ExpectMsg(new BackoffSupervisor.RestartCount(0));
    }

    [Fact]
    public void Child_that_ran_long_enough_begins_with_the_shortest_delay_again()
    {
        var supervisor = OnFailure(options => options.WithAutoReset(TimeSpan.FromSeconds(10)));
        ExpectMsg("PreStart");
        FailAndExpectStop(supervisor);
        Scheduler.Advance(Min);
        ExpectMsg("PreStart");
        ExpectNoMsg(TimeSpan.FromSeconds(10));
        FailAndExpectStop(supervisor);
        Scheduler.Advance(Min);
        ExpectMsg("PreStart");
    }

    [Fact]
    public void Chance_lengthens_the_delay()
    {
        var supervisor = OnFailure(randomFactor: 0.2);
        ExpectMsg("PreStart");
        FailAndExpectStop(supervisor);
        ExpectNoMsg(TimeSpan.FromSeconds(1.09));
        Scheduler.Advance(TimeSpan.FromSeconds(0.01)); // 1 s and half of 20 %
        ExpectMsg("PreStart");
    }

    [Fact]
    public void Child_that_stops_by_itself_ends_an_OnFailure_supervisor()
    {
        var supervisor = Watch(OnFailure());
        ExpectMsg("PreStart");
        supervisor.Tell(new Recorder.StopYourself());
        ExpectMsg("PostStop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void Too_many_restarts_end_the_supervisor()
    {
        var supervisor = Watch(OnFailure(options => options.WithManualReset(), maxNrOfRetries: 1));
        ExpectMsg("PreStart");
        FailAndExpectStop(supervisor);
        Scheduler.Advance(Min);
        ExpectMsg("PreStart");
        supervisor.Tell(new Recorder.Fail(new InvalidOperationException("broken")));
        ExpectMsg("PostStop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void OnStop_starts_a_child_again_that_stopped_by_itself()
    {
        var supervisor = ActorOf(BackoffSupervisor.Props(Actors.Backoff.OnStop(Recorder.Props(TestActor), "child", Min, Max, 0)));
        ExpectMsg("PreStart");
        supervisor.Tell(new Recorder.StopYourself());
        ExpectMsg("PostStop");
        ExpectNoMsg(TimeSpan.FromSeconds(0.9));
        Scheduler.Advance(TimeSpan.FromSeconds(0.1));
        ExpectMsg("PreStart");
    }

    [Fact]
    public void Messages_go_through_to_the_child_and_are_dead_letters_while_there_is_none()
    {
        var supervisor = OnFailure();
        ExpectMsg("PreStart");
        supervisor.Tell("hello");
        ExpectMsg("hello");
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        Assert.Equal("child", ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.Path.Name);
        FailAndExpectStop(supervisor);
        EventFilter.DeadLetter<string>(text => text == "lost").ExpectOne(() => supervisor.Tell("lost"));
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        Assert.True(ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.IsNobody());
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Actors.Backoff.OnStop(Recorder.Props(TestActor), "child", Max, Min, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Actors.Backoff.OnStop(Recorder.Props(TestActor), "child", Min, Max, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Final_stop_message_ends_the_supervisor_with_its_child(bool childRuns)
    {
        var options = Actors.Backoff.OnStop(Recorder.Props(TestActor), "child", Min, Max, 0).WithFinalStopMessage(message => message is Recorder.StopYourself);
        var supervisor = Watch(ActorOf(BackoffSupervisor.Props(options)));
        ExpectMsg("PreStart");
        if (!childRuns)
        {
            supervisor.Tell(PoisonPillOfChild());
            ExpectMsg("PostStop");
            Settle();
            supervisor.Tell(new Recorder.StopYourself());
        }
        else
        {
            supervisor.Tell(new Recorder.StopYourself());
            ExpectMsg("PostStop");
        }

        ExpectTerminated(supervisor);
        ExpectNoMsg(TimeSpan.FromSeconds(10));

        static object PoisonPillOfChild() => new Recorder.Fail(new ActorKilledException("stopped by the default strategy"));
    }

    [Fact]
    public void Senders_are_answered_while_there_is_no_child()
    {
        var supervisor = OnFailure(options => options.WithReplyWhileStopped("come back later"));
        ExpectMsg("PreStart");
        FailAndExpectStop(supervisor);
        supervisor.Tell("hello");
        ExpectMsg("come back later");
    }

    [Fact]
    public void Props_without_options_are_those_of_OnStop()
    {
        var stopping = new OneForOneStrategy(_ => Directive.Stop).WithMaxNrOfRetries(1);
        var supervisor = Watch(ActorOf(BackoffSupervisor.PropsWithSupervisorStrategy(Recorder.Props(TestActor), "child", Min, Max, 0, stopping)));
        ExpectMsg("PreStart");
        supervisor.Tell(new Recorder.StopYourself());
        ExpectMsg("PostStop");
        Settle();
        Scheduler.Advance(Min);
        ExpectMsg("PreStart");
        supervisor.Tell(new Recorder.StopYourself());
        ExpectMsg("PostStop");
        ExpectTerminated(supervisor);
        Assert.NotNull(BackoffSupervisor.Props(Recorder.Props(TestActor), "child", Min, Max, 0, 3));
    }
}
