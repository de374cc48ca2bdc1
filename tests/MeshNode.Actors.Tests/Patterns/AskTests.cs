namespace MeshNode.Actors.Tests;

public sealed class AskTests : TestKit.TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Answer_completes_the_task_and_cancels_the_timeout()
    {
        var probe = CreateTestProbe();
        var answer = probe.Ref.Ask<int>("question", TimeSpan.FromSeconds(3));
        probe.ExpectMsg("question");
        Assert.Equal(1, Scheduler.PendingCount);
        probe.Reply(42);
        Assert.Equal(42, await answer.WaitAsync(Limit));
        AwaitCondition(() => Scheduler.PendingCount == 0);
    }

    [Fact]
    public async Task No_answer_in_time_throws_AskTimeoutException_and_a_late_one_is_a_dead_letter()
    {
        var probe = CreateTestProbe();
        var answer = probe.Ref.Ask<int>("question", TimeSpan.FromSeconds(3));
        probe.ExpectMsg("question");
        Scheduler.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(answer.IsCompleted);
        Scheduler.Advance(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer.WaitAsync(Limit));
        EventFilter.DeadLetter<int>().ExpectOne(() => probe.Reply(42));
    }

    [Fact]
    public async Task Failure_and_wrong_type_throw()
    {
        var probe = CreateTestProbe();
        var failing = probe.Ref.Ask<int>("question", TimeSpan.FromSeconds(3));
        probe.ExpectMsg("question");
        probe.Reply(new Status.Failure(new InvalidOperationException("broken")));
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing.WaitAsync(Limit))).Message);

        var wrong = probe.Ref.Ask<int>("question", TimeSpan.FromSeconds(3));
        probe.ExpectMsg("question");
        probe.Reply("text");
        await Assert.ThrowsAsync<ArgumentException>(() => wrong.WaitAsync(Limit));
    }

    [Fact]
    public async Task Cancelled_question_ends_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        var answer = CreateTestProbe().Ref.Ask<int>("question", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WaitAsync(Limit));
    }

    [Fact]
    public async Task GracefulStop_ends_when_the_actor_has_stopped()
    {
        var actor = ActorOf(Recorder.Props(TestActor));
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(3)).WaitAsync(Limit));
        ExpectMsg("PreStart");
        ExpectMsg("PostStop");
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(3)).WaitAsync(Limit)); // it has stopped already
    }

    [Fact]
    public async Task GracefulStop_is_cancelled_by_its_timeout()
    {
        var stopped = CreateTestProbe().Ref.GracefulStop(TimeSpan.FromSeconds(3), "a message that stops nothing");
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.WaitAsync(Limit));
    }
}
