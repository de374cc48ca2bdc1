namespace AkkaSamples;

/// <summary>How actors are tested: probes, event filters, looking inside, virtual time, deadlines.</summary>
public sealed class TestKitSamples : TestKit
{
    public class Account : ReceiveActor
    {
        public Account(IActorRef auditor)
        {
            Receive<int>(amount => amount < 0, _ => throw new ArgumentOutOfRangeException(null, "negative"));
            Receive<int>(amount =>
            {
                Balance += amount;
                auditor.Tell($"audit {amount}");
            });
            Receive<string>(text => text == "balance", _ => Sender.Tell(Balance));
        }

        public int Balance { get; private set; }
    }

    public class Reminder : ReceiveActor
    {
        public Reminder() => Receive<TimeSpan>(after =>
            Context.System.Scheduler.ScheduleTellOnce(after, Sender, "remember", Self));
    }

    [Fact]
    public void Probe_plays_a_collaborator()
    {
        var auditor = CreateTestProbe("auditor");
        var account = ActorOf(() => new Account(auditor.Ref), "account");
        account.Tell(5);
        account.Tell(7);
        auditor.ExpectMsg("audit 5");
        auditor.ExpectMsgFrom<string>(account, text => text.EndsWith('7'));
        auditor.ExpectNoMsg();
        auditor.Send(account, "balance");
        auditor.ExpectMsg(12);
        auditor.Reply("thank you");
        Assert.Equal(account, auditor.LastSender);
    }

    [Fact]
    public void Auto_pilot_answers_for_a_probe()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"pilot: {message}", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));
        probe.Tell("one");
        probe.Tell("two");
        ExpectMsgAllOf("pilot: one", "pilot: two");
        Assert.Equal(2, probe.ReceiveN(2).Count);
    }

    [Fact]
    public void TestActorRef_lets_a_test_look_inside()
    {
        var account = ActorOfAsTestActorRef<Account>(() => new Account(TestActor));
        account.Tell(3);
        Assert.Equal(3, account.UnderlyingActor.Balance);
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Receive(-1));
    }

    [Fact]
    public void Event_filter_waits_for_the_failure()
    {
        var account = ActorOf(() => new Account(TestActor));
        EventFilter.Exception<ArgumentOutOfRangeException>(contains: "negative").ExpectOne(() => account.Tell(-1));
        EventFilter.Exception<ArgumentOutOfRangeException>().Expect(2, () =>
        {
            account.Tell(-1);
            account.Tell(-2);
        });
    }

    [Fact]
    public void Virtual_time_goes_on_when_the_test_says_so()
    {
        var time = (TestScheduler)Sys.Scheduler;
        ActorOf<Reminder>().Tell(TimeSpan.FromHours(1));
        ExpectNoMsg();
        time.Advance(TimeSpan.FromMinutes(59));
        ExpectNoMsg();
        time.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("remember");
    }

    [Fact]
    public async Task Expectations_can_be_awaited()
    {
        var account = ActorOf(() => new Account(TestActor));
        account.Tell(1);
        await ExpectMsgAsync("audit 1");
        account.Tell("balance"); // still from the test actor
        Assert.Equal(1, await ExpectMsgAsync<int>());
        await EventFilter.Exception<ArgumentOutOfRangeException>().ExpectOneAsync(() =>
        {
            account.Tell(-1);
            return Task.CompletedTask;
        });
        await WatchAsync(account);
        account.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(account);
        await AwaitConditionAsync(() => Task.FromResult(!HasMessages));
    }

    [Fact]
    public void Several_messages_are_received_fished_and_ignored()
    {
        foreach (var number in Enumerable.Range(1, 10))
        {
            TestActor.Tell(number);
        }

        Assert.Equal([1, 2], ReceiveN(2));
        Assert.Equal([3, 4, 5], ReceiveWhile<int>(number => number < 6));
        Assert.Equal(8, FishForMessage<int>(number => number == 8));
        ExpectMsgAllOf(10, 9);
        IgnoreMessages(message => message is string);
        TestActor.Tell("ignored");
        ExpectNoMsg();
    }
}
