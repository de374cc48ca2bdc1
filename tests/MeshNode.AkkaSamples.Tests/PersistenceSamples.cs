namespace AkkaSamples;

/// <summary>Actors whose state outlives them: events, snapshots, recovery.</summary>
public sealed class PersistenceSamples() : TestKit(Departures.Persistence)
{
    public sealed record Add(string Item);

    public sealed record Added(string Item);

    public sealed record CartState(List<string> Items);

    public class Cart : ReceivePersistentActor
    {
        private List<string> _items = [];

        public Cart(string id)
        {
            PersistenceId = id;
            var recovered = new List<string>();
            Recover<Added>(added =>
            {
                recovered.Add($"event {added.Item}");
                _items.Add(added.Item);
            });
            Recover<SnapshotOffer>(offer =>
            {
                recovered.Add($"snapshot {offer.Metadata.SequenceNr}");
                _items = [.. ((CartState)offer.Snapshot).Items];
            });
            Recover<RecoveryCompleted>(_ => recovered.Add("completed"));

            Command<Add>(add => Persist(new Added(add.Item), added =>
            {
                _items.Add(added.Item);
                Sender.Tell($"added {added.Item} as {LastSequenceNr}");
            }));
            Command<IEnumerable<Add>>(adds => PersistAll(adds.Select(add => new Added(add.Item)), added => _items.Add(added.Item)));
            Command<string>(text => text == "items", _ => Sender.Tell(string.Join(",", _items)));
            Command<string>(text => text == "how", _ => Sender.Tell(string.Join(",", recovered)));
            Command<string>(text => text == "snap", _ =>
            {
                _asker = Sender;
                SaveSnapshot(new CartState([.. _items]));
            });
            Command<string>(text => text == "fail", _ => throw new InvalidOperationException("broken"));
            Command<SaveSnapshotSuccess>(saved =>
            {
                DeleteMessages(saved.Metadata.SequenceNr);
                _asker.Tell($"saved {saved.Metadata.SequenceNr}");
            });
            Command<DeleteMessagesSuccess>(deleted => _asker.Tell($"deleted {deleted.ToSequenceNr}"));
        }

        private IActorRef _asker = ActorRefs.Nobody;

        public override string PersistenceId { get; }
    }

    public class Orderly : ReceivePersistentActor
    {
        public Orderly(IActorRef listener)
        {
            Command<string>(text =>
            {
                listener.Tell($"command {text}");
                PersistAsync(new Added(text), added => listener.Tell($"stored {added.Item}"));
                DeferAsync(new Added(text), added => listener.Tell($"after {added.Item}"));
            });
            Recover<Added>(_ => { });
        }

        public override string PersistenceId => "orderly";
    }

    private IActorRef Start(string id) => Sys.ActorOf(Props.Create(() => new Cart(id)));

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectTerminated(actor);
    }

    [Fact]
    public void State_is_recovered_from_events()
    {
        var cart = Start("cart-1");
        cart.Tell(new Add("apple"));
        ExpectMsg("added apple as 1");
        cart.Tell(new[] { new Add("pear"), new Add("plum") });
        cart.Tell("items");
        ExpectMsg("apple,pear,plum");
        Stop(cart);

        cart = Start("cart-1");
        cart.Tell("items");
        ExpectMsg("apple,pear,plum");
        cart.Tell("how");
        ExpectMsg("event apple,event pear,event plum,completed");
        Start("cart-2").Tell("items");
        ExpectMsg("");
    }

    [Fact]
    public void Snapshot_shortens_recovery()
    {
        var cart = Start("cart-3");
        cart.Tell(new Add("apple"));
        cart.Tell(new Add("pear"));
        cart.Tell("snap");
        ExpectMsgAllOf("added apple as 1", "added pear as 2", "saved 2", "deleted 2");
        cart.Tell(new Add("plum"));
        ExpectMsg("added plum as 3");
        Stop(cart);

        cart = Start("cart-3");
        cart.Tell("how");
        ExpectMsg("snapshot 2,event plum,completed");
        cart.Tell("items");
        ExpectMsg("apple,pear,plum");
    }

    [Fact]
    public void Failed_actor_recovers_before_it_goes_on()
    {
        var cart = Start("cart-4");
        cart.Tell(new Add("apple"));
        cart.Tell("fail");
        cart.Tell("items");
        ExpectMsg("added apple as 1");
        ExpectMsg("apple");
    }

    [Fact]
    public void Asynchronous_persist_lets_commands_pass_and_keeps_the_order_of_handlers()
    {
        var orderly = Sys.ActorOf(Props.Create(() => new Orderly(TestActor)));
        orderly.Tell("a");
        orderly.Tell("b");
        var heard = ReceiveN(6).Cast<string>().ToList();
        Assert.Equal(["command a", "command b"], heard.Where(text => text.StartsWith("command")));
        Assert.Equal(["stored a", "after a", "stored b", "after b"], heard.Where(text => !text.StartsWith("command")));
    }
}
