namespace AkkaSamples;

/// <summary>Messages put aside until the actor can handle them.</summary>
public sealed class StashSamples : TestKit
{
    public class FileActor : ReceiveActor, IWithUnboundedStash
    {
        public FileActor(IActorRef disk) => Closed(disk);

        public IStash Stash { get; set; } = null!;

        private void Closed(IActorRef disk)
        {
            Receive<string>(text => text == "open", _ =>
            {
                Stash.UnstashAll();
                BecomeStacked(() => Open(disk));
            });
            ReceiveAny(_ => Stash.Stash());
        }

        private void Open(IActorRef disk)
        {
            Receive<string>(text => text.StartsWith("write"), text => disk.Tell(text));
            Receive<string>(text => text == "close", _ => UnbecomeStacked());
        }
    }

    [Fact]
    public void Stashed_messages_are_handled_in_order_once_the_actor_is_ready()
    {
        var file = Sys.ActorOf(Props.Create(() => new FileActor(TestActor)));
        file.Tell("write 1");
        file.Tell("write 2");
        ExpectNoMsg();
        file.Tell("open");
        file.Tell("write 3");
        file.Tell("close");
        file.Tell("write 4");
        Assert.Equal(["write 1", "write 2", "write 3"], ReceiveN(3));
        ExpectNoMsg();
        file.Tell("open");
        ExpectMsg("write 4");
    }
}
