using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

/// <summary>The Async variants: they wait without a thread, and give and refuse the same as the others.</summary>
public sealed class AsyncExpectationTests : MeshNode.Actors.TestKit.TestKit
{
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    [Fact]
    public async Task Message_that_comes_later_is_waited_for()
    {
        var waiting = ExpectMsgAsync("late").AsTask();
        Assert.False(waiting.IsCompleted);
        TestActor.Tell("late");
        Assert.Equal("late", await waiting);
    }

    [Fact]
    public async Task Test_actor_stays_the_sender_after_an_await()
    {
        var echo = ActorOf<Echo>();
        for (var round = 0; round < 100; round++)
        {
            echo.Tell(round);
            Assert.Equal(round, await ExpectMsgAsync<int>());
            await Task.Yield();
        }

        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public async Task Every_kind_of_expectation_has_its_async_variant()
    {
        Tell("a", "b", "c", "d", "e", "f", "g");
        await ExpectMsgAsync<string>(text => text == "a");
        await ExpectMsgAsync<string>(text => Assert.Equal("b", text));
        await ExpectMsgAsync<string>((text, sender) => text == "c" && sender.Equals(TestActor));
        await ExpectMsgAsync("D", (expected, actual) => expected.Equals(actual, StringComparison.OrdinalIgnoreCase));
        await ExpectMsgFromAsync(TestActor, "e");
        await ExpectMsgFromAsync<string>(TestActor, text => text == "f");
        await ExpectMsgAnyOfAsync(["f", "g"]);
        await ExpectNoMsgAsync();
        Tell("a", "b", "c");
        Assert.Equal("c", await FishForMessageAsync<string>(text => text == "c"));
        Tell(1, 2, 3);
        Assert.Equal([1, 2, 3], await ToList(ExpectMsgAllOfAsync([3, 2, 1])));
        Tell(1, 2);
        Assert.Equal([1, 2], await ToList(ReceiveNAsync(2)));
        Tell(1, 2, "end");
        Assert.Equal([1, 2], await ToList(ReceiveWhileAsync<int>(_ => true, shouldIgnoreOtherMessageTypes: false)));
        Assert.Equal("end", await PeekOneAsync());
        Assert.Equal("end", await ReceiveOneAsync());
        var echo = ActorOf<Echo>();
        await WatchAsync(echo);
        Sys.Stop(echo);
        await ExpectTerminatedAsync(echo);
        await AwaitConditionAsync(() => true);
        await AwaitAssertAsync(() => Task.CompletedTask);
        await WithinAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), async () =>
        {
            await Task.Yield();
            Scheduler.Advance(TimeSpan.FromSeconds(1));
        });
        await EventFilter.Warning("careful").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Sys.Log.Warning("careful");
        });
    }

    [Fact]
    public async Task What_does_not_hold_fails()
    {
        DefaultTimeout = TimeSpan.FromMilliseconds(50);
        await Refused(async () => await ExpectMsgAsync<string>());
        Tell("a");
        await Refused(async () => await ExpectMsgAsync<int>());
        Tell("a");
        await Refused(async () => await ExpectNoMsgAsync());
        await Refused(async () => await AwaitConditionAsync(() => false));
        await Refused(async () => await WithinAsync(TimeSpan.FromSeconds(1), () =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        }));
        await Refused(async () => await EventFilter.Error().ExpectOneAsync(() => Task.CompletedTask));
        await Refused(async () => await EventFilter.Error().ExpectAsync(1, () =>
        {
            Sys.Log.Error("one");
            Sys.Log.Error("two");
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task Wait_ends_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = ExpectMsgAsync<string>(cancellationToken: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.ThrowsAny<OperationCanceledException>(() => ExpectMsg<string>(cancellationToken: cancellation.Token));
    }

    private static async Task Refused(Func<Task> expectation) => await Assert.ThrowsAnyAsync<XunitException>(expectation);

    private static async Task<List<T>> ToList<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private void Tell(params object[] messages) => Array.ForEach(messages, message => TestActor.Tell(message));
}
