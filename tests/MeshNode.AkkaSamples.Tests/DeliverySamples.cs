namespace AkkaSamples;

/// <summary>Messages that are sent again until they are confirmed, also after a crash.</summary>
public sealed class DeliverySamples() : TestKit(Departures.Persistence)
{
    public sealed record Posted(string Text);

    public sealed record Confirmed(long DeliveryId);

    public sealed record Letter(long DeliveryId, string Text);

    public sealed record Receipt(long DeliveryId);

    public class PostOffice : AtLeastOnceDeliveryReceiveActor
    {
        private readonly IActorRef _destination;

        public PostOffice(IActorRef destination)
        {
            _destination = destination;
            Command<string>(text => text == "open", _ => Sender.Tell(UnconfirmedCount));
            Command<string>(text => Persist(new Posted(text), Send));
            Command<Receipt>(receipt => Persist(new Confirmed(receipt.DeliveryId), confirmed => ConfirmDelivery(confirmed.DeliveryId)));
            Recover<Posted>(Send);
            Recover<Confirmed>(confirmed => ConfirmDelivery(confirmed.DeliveryId));
        }

        public override string PersistenceId => "post-office";

        private void Send(Posted posted) => Deliver(_destination.Path, id => new Letter(id, posted.Text));
    }

    [Fact]
    public void Letter_comes_again_until_it_is_confirmed()
    {
        var addressee = CreateTestProbe("addressee");
        var office = Sys.ActorOf(Props.Create(() => new PostOffice(addressee.Ref)));
        office.Tell("hello");
        var letter = addressee.ExpectMsg<Letter>();
        Assert.Equal("hello", letter.Text);
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(10)); // unconfirmed for longer than the interval
        Assert.Equal(letter, addressee.ExpectMsg<Letter>());

        Watch(office);
        Sys.Stop(office);
        ExpectTerminated(office);
        office = Sys.ActorOf(Props.Create(() => new PostOffice(addressee.Ref)));
        Assert.Equal("hello", addressee.FishForMessage<Letter>(again => again.DeliveryId == letter.DeliveryId).Text);

        addressee.Send(office, new Receipt(letter.DeliveryId));
        AwaitAssert(() =>
        {
            office.Tell("open");
            ExpectMsg(0);
        });
        addressee.ReceiveWhile<Letter>(_ => true, TimeSpan.Zero); // sent again before that
        addressee.ExpectNoMsg(TimeSpan.FromHours(1));
    }
}
