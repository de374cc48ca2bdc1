namespace MeshNode.Persistence.Tests;

public sealed class AtLeastOnceDeliveryTests : PersistenceKit
{
    private sealed record Send(string Text);

    private sealed record Parcel(long Id, string Text);

    private sealed record Confirm(long Id);

    private sealed record Sent(string Text);

    private sealed record Confirmed(long Id);

    private static EventTypes Types => new EventTypes()
        .Add<Sent>("sent").Add<Confirmed>("confirmed").Add<Parcel>("parcel");

    private sealed class Sender : AtLeastOnceDeliveryReceiveActor
    {
        public Sender(IActorRef probe, ActorPath destination, Func<AtLeastOnceDeliverySettings, AtLeastOnceDeliverySettings>? settings = null)
            : base(settings ?? (static defaults => defaults))
        {
            Recover<SnapshotOffer>(offer => SetDeliverySnapshot((AtLeastOnceDeliverySnapshot)offer.Snapshot));
            Recover<Sent>(sent => Deliver(destination, id => new Parcel(id, sent.Text)));
            Recover<Confirmed>(confirmed => ConfirmDelivery(confirmed.Id));
            Command<Send>(send => Persist(new Sent(send.Text), sent =>
            {
                try
                {
                    Deliver(Context.ActorSelection(destination), id => new Parcel(id, sent.Text));
                }
                catch (MaxUnconfirmedMessagesExceededException)
                {
                    probe.Tell("too many");
                }
            }));
            Command<Confirm>(confirm => Persist(new Confirmed(confirm.Id), confirmed => probe.Tell((confirmed.Id, ConfirmDelivery(confirmed.Id)))));
            Command<UnconfirmedWarning>(warning => probe.Tell(warning));
            Command<string>(text => text == "save", _ => SaveSnapshot(GetDeliverySnapshot()));
            Command<SaveSnapshotSuccess>(_ => probe.Tell("saved"));
            Command<string>(text => text == "fail", _ => throw new InvalidOperationException("restart"));
            Command<string>(text => text == "count", _ => probe.Tell(UnconfirmedCount));
            Command<string>(text => text == "wildcard", _ => probe.Tell(Record.Exception(() => Deliver(Context.ActorSelection("/user/*"), id => id))!));
        }

        public override string PersistenceId => "sender";
    }

    private sealed class PlainSender(ActorPath destination) : AtLeastOnceDeliveryActor
    {
        public override string PersistenceId => "plain";

        protected override bool ReceiveRecover(object message) => message is RecoveryCompleted;

        protected override bool ReceiveCommand(object message)
        {
            Persist((string)message, text => Deliver(destination, id => new Parcel(id, text)));
            return true;
        }
    }

    private readonly Actors.TestKit.TestProbe _receiver;

    public AtLeastOnceDeliveryTests()
        : base(events: Types) => _receiver = CreateTestProbe("receiver");

    private IActorRef NewSender(Func<AtLeastOnceDeliverySettings, AtLeastOnceDeliverySettings>? settings = null) =>
        ActorOf(Props.Create(() => new Sender(TestActor, _receiver.Ref.Path, settings)));

    [Fact]
    public void An_unconfirmed_message_is_sent_again_and_a_confirmed_one_is_not()
    {
        var sender = NewSender();
        sender.Tell(new Send("x"));
        sender.Tell(new Send("y"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        _receiver.ExpectMsg(new Parcel(2, "y"));
        sender.Tell(new Confirm(1));
        sender.Tell(new Confirm(1));
        Expect((1L, true), (1L, false));
        Scheduler.Advance(TimeSpan.FromSeconds(7.5)); // looked at every 2.5 s
        _receiver.ExpectMsg(new Parcel(2, "y"));
        Settle();
        Assert.False(_receiver.HasMessages);
        sender.Tell(new Confirm(2));
        Expect((2L, true));
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Settle();
        Assert.False(_receiver.HasMessages);
    }

    [Fact]
    public void Recovery_sends_what_is_unconfirmed_with_the_same_id_and_nothing_before_it_is_complete()
    {
        var sender = NewSender();
        sender.Tell(new Send("x"));
        sender.Tell(new Send("y"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        _receiver.ExpectMsg(new Parcel(2, "y"));
        sender.Tell(new Confirm(1));
        Expect((1L, true));
        sender.Tell("fail");
        sender.Tell(new Send("z"));
        _receiver.ExpectMsg(new Parcel(2, "y"));
        _receiver.ExpectMsg(new Parcel(3, "z"));
    }

    [Fact]
    public void A_snapshot_carries_what_is_on_its_way()
    {
        var sender = NewSender();
        sender.Tell(new Send("x"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        sender.Tell("save");
        Expect("saved");
        sender.Tell(new Send("y"));
        _receiver.ExpectMsg(new Parcel(2, "y"));
        sender.Tell("fail");
        _receiver.ExpectMsg(new Parcel(1, "x"));
        _receiver.ExpectMsg(new Parcel(2, "y"));
        sender.Tell(new Send("z"));
        _receiver.ExpectMsg(new Parcel(3, "z"));
    }

    [Fact]
    public void Bursts_are_limited_and_the_oldest_go_first()
    {
        var sender = NewSender(settings => settings.WithRedeliveryBurstLimit(2));
        for (var number = 1; number <= 3; number++)
        {
            sender.Tell(new Send($"{number}"));
            _receiver.ExpectMsg(new Parcel(number, $"{number}"));
        }

        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Settle();
        _receiver.ExpectMsg(new Parcel(1, "1"));
        _receiver.ExpectMsg(new Parcel(2, "2"));
        Assert.False(_receiver.HasMessages);
        Scheduler.Advance(TimeSpan.FromSeconds(2.5));
        Settle();
        _receiver.ExpectMsg(new Parcel(3, "3"));
        Assert.False(_receiver.HasMessages);
    }

    [Fact]
    public void A_warning_comes_after_so_many_tries_and_only_then()
    {
        var sender = NewSender(settings => settings.WithWarnAfterNumberOfUnconfirmedAttempts(3));
        sender.Tell(new Send("x"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        ExpectNothing();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new Parcel(1, "x"), Assert.Single(ExpectMsg<UnconfirmedWarning>().UnconfirmedDeliveries).Message);
        Scheduler.Advance(TimeSpan.FromSeconds(30));
        ExpectNothing();
    }

    [Fact]
    public void Too_many_unconfirmed_messages_are_refused()
    {
        var sender = NewSender(settings => settings.WithMaxUnconfirmedMessages(1));
        sender.Tell(new Send("x"));
        sender.Tell(new Send("y"));
        Expect("too many");
        sender.Tell("count");
        Expect(1);
    }

    [Fact]
    public void Wildcards_are_refused()
    {
        NewSender().Tell("wildcard");
        ExpectMsg<NotSupportedException>();
    }

    [Fact]
    public void A_stopped_sender_tries_no_more()
    {
        var sender = NewSender();
        sender.Tell(new Send("x"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        Watch(sender);
        Sys.Stop(sender);
        ExpectTerminated(sender);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Settle();
        Assert.False(_receiver.HasMessages);
    }

    [Fact]
    public void Redelivery_goes_on_while_an_event_is_being_written()
    {
        var sender = NewSender();
        sender.Tell(new Send("x"));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        var gate = new WriteGate(Store);
        sender.Tell(new Send("y"));
        gate.AwaitTransaction();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        _receiver.ExpectMsg(new Parcel(1, "x"));
        gate.Open();
    }

    [Fact]
    public void The_plain_actor_delivers_too()
    {
        var sender = ActorOf(Props.Create(() => new PlainSender(_receiver.Ref.Path)));
        sender.Tell("x");
        _receiver.ExpectMsg(new Parcel(1, "x"));
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        _receiver.ExpectMsg(new Parcel(1, "x"));
    }
}
