namespace AkkaSamples;

/// <summary>Mailboxes that let some messages pass others, or take only so many.</summary>
public sealed class MailboxSamples : TestKit
{
    public sealed record Alarm(string Text);

    /// <summary>Holds its mailbox up until the test lets it go on.</summary>
    public class Clerk : ReceiveActor
    {
        public Clerk(IActorRef listener)
        {
            ReceiveAsync<Task>(async task => await task);
            ReceiveAny(listener.Tell);
        }
    }

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MailboxSamples() => Departures.RegisterMailboxes(Sys);

    [Fact]
    public void Urgent_messages_pass_those_that_wait()
    {
        var clerk = Sys.ActorOf(Props.Create(() => new Clerk(TestActor)).WithMailbox("prio-mailbox"), "clerk");
        clerk.Tell(_gate.Task);
        ExpectNoMsg(); // the clerk is busy
        clerk.Tell("some day");
        clerk.Tell(7);
        clerk.Tell(8);
        clerk.Tell(new Alarm("fire"));
        ExpectNoMsg();
        _gate.SetResult();
        ExpectMsg(new Alarm("fire"));
        ExpectMsgAllOf(7, 8);
        ExpectMsg("some day");
    }

    [Fact]
    public void What_a_full_mailbox_does_not_take_is_a_dead_letter()
    {
        var clerk = Sys.ActorOf(Props.Create(() => new Clerk(TestActor)).WithMailbox("bounded-mailbox"), "clerk");
        clerk.Tell(_gate.Task);
        ExpectNoMsg(); // the clerk is busy
        EventFilter.DeadLetter<int>().Expect(2, () =>
        {
            foreach (var number in Enumerable.Range(1, 5))
            {
                clerk.Tell(number);
            }
        });
        _gate.SetResult();
        Assert.Equal([1, 2, 3], ReceiveN(3).Cast<int>());
        ExpectNoMsg();
    }
}
