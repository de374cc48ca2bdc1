namespace MeshNode.Actors.Tests.Properties;

/// <summary>
/// A subscriber of dead letters that stops stands in the event stream for a moment after its mailbox has closed. A dead
/// letter of that moment cannot be delivered to it; as a dead letter of its own it would come back to it without end, until
/// the stack is used up and the process dies.
/// </summary>
public sealed class StoppingSubscriberTests : MeshNode.Actors.TestKit.TestKit
{
    /// <summary>Has itself watched when its own end is past stopping that.</summary>
    private sealed class Subscriber(Func<IActorRef> witness) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => witness().Tell(Self);
    }

    /// <summary>Hears of the end while the subscriber closes its mailbox, and loses a message right then.</summary>
    private sealed class Witness : ReceiveActor
    {
        public Witness(IActorRef gone)
        {
            Receive<IActorRef>(subject => Context.Watch(subject));
            Receive<Terminated>(_ => gone.Tell("lost"));
        }
    }

    [Fact]
    public void Dead_letter_for_it_is_the_last()
    {
        var gone = Watch(ActorOf(Recorder.Props(ActorRefs.Nobody)));
        Sys.Stop(gone);
        ExpectTerminated(gone);
        var witness = ActorOfAsTestActorRef(() => new Witness(gone));
        var subscriber = ActorOf(() => new Subscriber(() => witness));
        Sys.EventStream.Subscribe<DeadLetter>(subscriber);
        Watch(subscriber);
        EventFilter.DeadLetter<string>(text => text == "lost").ExpectOne(() => Sys.Stop(subscriber));
        ExpectTerminated(subscriber);
    }
}
