using System.Text;
using MeshNode.Actors;
using MeshNode.Actors.TestKit;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Peers;

/// <summary>One peer's actor with a scripted connection, probes for its neighbours and virtual time.</summary>
public sealed class PeerActorTests : MeshActorTest
{
    private readonly ScriptedConnections _connections = new();
    private readonly TestProbe _registry;
    private readonly TestProbe _signaling;
    private readonly TestProbe _routing;
    private readonly TestProbe _application;
    private readonly MeshContext _context;
    private readonly IActorRef _peer;
    private string _lastConnection = "";
    private ulong _sequence;

    public PeerActorTests()
    {
        _registry = CreateTestProbe();
        _signaling = CreateTestProbe();
        _routing = CreateTestProbe();
        _application = CreateTestProbe();
        _context = CreateContext(Alice, _connections);
        Connect(_context);
        _peer = Sys.ActorOf(
            BackoffSupervisor.Props(Backoff.OnFailure(PeerActor.Props(Bob.Id, _context), "peer", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0, -1)),
            "bob");
        _registry.ExpectMsg<PeerStarted>();
    }

    [Fact]
    public void Asked_to_connect_it_offers_proves_its_key_and_announces_the_link()
    {
        Establish();

        Assert.Equal(LinkKind.DataChannel, _routing.FishForMessage<LinkUp>(_ => true).Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(7), _routing.ExpectMsg<LinkMeasured>().RoundTrip);
        var snapshot = Snapshot(PeerState.Connected);
        Assert.Equal(["control", "reliable", "unreliable", "file"], snapshot.Channels.Select(channel => channel.Label));
        Assert.All(snapshot.Channels, channel => Assert.Equal("open", channel.State));
    }

    [Fact]
    public void Offer_without_an_answer_is_repeated()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        var first = ExpectOffer();

        Scheduler.Advance(_context.Options.OfferInterval);

        Assert.Equal(first, ExpectOffer());
    }

    [Fact]
    public void Unanswered_peer_is_failed_after_all_attempts()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        ExpectOffer();

        // One attempt and five retries of 30 s each, with 1, 2, 4, 8 and 16 s and up to 1 s of jitter between them.
        for (var second = 0; second < 230; second++)
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("given up", Snapshot(PeerState.Failed).Cause, StringComparison.Ordinal);
        Assert.Equal(6, _connections.Made.Count);
        Assert.All(_connections.Made, connection => Assert.True(connection.IsDisposed || connection.IsClosed));
    }

    [Fact]
    public void Lost_path_restarts_ice_twice_and_then_makes_a_new_connection()
    {
        Establish();
        var connection = _connections.Last;

        connection.Raise(new PeerPortEvent(PeerPortEventKind.PathLost));
        Assert.EndsWith("restart", ExpectOffer().Sdp, StringComparison.Ordinal);
        Answer();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.EndsWith("restart", ExpectOffer().Sdp, StringComparison.Ordinal);
        Answer();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Snapshot(PeerState.Reconnecting);
        Scheduler.Advance(TimeSpan.FromSeconds(2));

        Assert.DoesNotContain("restart", ExpectOffer().Sdp, StringComparison.Ordinal);
        Assert.True(connection.IsDisposed);
    }

    [Fact]
    public void Path_that_comes_back_keeps_the_connection()
    {
        Establish();

        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.PathLost), new PeerPortEvent(PeerPortEventKind.PathRestored));

        _routing.FishForMessage<LinkDown>(_ => true);
        _routing.FishForMessage<LinkUp>(_ => true);
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Message_that_is_sent_while_the_path_is_lost_goes_when_it_is_back()
    {
        Establish();
        var sender = CreateTestProbe();
        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.PathLost));
        Snapshot(PeerState.Reconnecting);
        _peer.Tell(new SendText(Bob.Id, "waits", TimeSpan.FromSeconds(60)), sender.Ref);

        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.PathRestored));

        TakeFrame(ChannelKind.Reliable, FrameKind.TextMessage, out var body);
        Assert.Equal("waits", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Lost_connection_fails_what_it_had_taken_and_keeps_what_it_had_not()
    {
        Establish();
        var (taken, waits) = (CreateTestProbe(), CreateTestProbe());
        _peer.Tell(new SendText(Bob.Id, "taken", TimeSpan.FromSeconds(60)), taken.Ref);
        TakeFrame(ChannelKind.Reliable, FrameKind.TextMessage, out _);
        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.PathLost));
        Snapshot(PeerState.Reconnecting);
        _peer.Tell(new SendText(Bob.Id, "waits", TimeSpan.FromSeconds(60)), waits.Ref);
        _peer.Tell(new AcknowledgeMessage(42)); // of a message that came over the connection which is about to go
        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.Ended, Text: "gone"));

        Assert.Contains("connection was lost", taken.ExpectMsg<DeliveryResult>().Failure, StringComparison.Ordinal);
        AwaitCondition(() => _connections.Last.IsDisposed);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        AwaitCondition(() => _connections.Made.Count == 2);
        while (ExpectOffer().Sdp.EndsWith("restart", StringComparison.Ordinal))
        {
            // The restarts that were offered before the connection ended.
        }

        Answer();
        OpenChannels();
        Prove(Bob, opener: false);

        var frame = Frame.TryParse(Take(ChannelKind.Reliable), out var header, out var body) ? (header.Kind, Encoding.UTF8.GetString(body)) : default;
        Assert.Equal((FrameKind.TextMessage, "waits"), frame);
        waits.ExpectNoMsg();
        Raise(ChannelKind.Reliable, Frame.Create(FrameKind.Acknowledge, header.Sequence, default));
        Assert.True(waits.ExpectMsg<DeliveryResult>().Delivered);
    }

    [Fact]
    public void Far_side_that_proves_another_key_is_refused()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        ExpectOffer();
        Answer();
        OpenChannels();

        Prove(NodeIdentity.CreateEphemeral(new SeededRandomSource(9)), opener: false);

        Assert.Contains("hello", Snapshot(PeerState.Failed).Cause, StringComparison.Ordinal);
        Assert.True(_connections.Last.IsClosed);
    }

    [Fact]
    public void Offer_of_a_peer_that_is_not_admitted_ends_in_failed()
    {
        var context = CreateContext(Alice, _connections, AdmissionPolicy.Closed);
        Connect(context);
        var peer = Sys.ActorOf(PeerActor.Props(Bob.Id, context));
        peer.Tell(new SignalReceived(Bob.Id, 1, new SignalPayload.Offer("abc", "their offer")));
        Assert.IsType<SignalPayload.Answer>(_signaling.ExpectMsg<SendSignal>().Payload);
        OpenChannels();

        Prove(Bob, opener: true);

        Assert.Contains("not admitted", Snapshot(PeerState.Failed).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_waits_for_the_link_and_is_delivered_by_the_far_acknowledgement()
    {
        var sender = CreateTestProbe();
        _peer.Tell(new SendText(Bob.Id, "hello", TimeSpan.FromSeconds(10)), sender.Ref);
        ExpectOffer();
        Answer();
        OpenChannels();
        Prove(Bob, opener: false);

        var frame = TakeFrame(ChannelKind.Reliable, FrameKind.TextMessage, out var body);
        Assert.Equal("hello", Encoding.UTF8.GetString(body));
        sender.ExpectNoMsg();
        Raise(ChannelKind.Reliable, Frame.Create(FrameKind.Acknowledge, frame.Sequence, default));

        Assert.True(sender.ExpectMsg<DeliveryResult>().Delivered);
    }

    [Fact]
    public void Message_without_acknowledgement_fails_with_the_peers_state()
    {
        var sender = CreateTestProbe();
        _peer.Tell(new SendText(Bob.Id, "hello", TimeSpan.FromSeconds(10)), sender.Ref);
        ExpectOffer();

        Scheduler.Advance(TimeSpan.FromSeconds(10));

        var result = sender.ExpectMsg<DeliveryResult>();
        Assert.False(result.Delivered);
        Assert.Contains("connecting", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_that_exceeds_the_queue_is_refused_at_once()
    {
        var sender = CreateTestProbe();
        var half = new string('x', (int)(_context.Options.Queue.Capacity / 2) + 1);
        _peer.Tell(new SendText(Bob.Id, half, TimeSpan.FromSeconds(10)), sender.Ref);
        _peer.Tell(new SendText(Bob.Id, half, TimeSpan.FromSeconds(10)), sender.Ref);

        Assert.Contains("full", sender.ExpectMsg<DeliveryResult>().Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Incoming_text_goes_to_the_application_whose_answer_is_the_acknowledgement()
    {
        Establish();

        Raise(ChannelKind.Reliable, Frame.Create(FrameKind.TextMessage, 42, "hi"u8));
        var message = _application.ExpectMsg<IncomingMessage>();
        Assert.Equal((Bob.Id, 42UL, "hi"), (message.From, message.Sequence, message.Text));
        _application.Reply(new AcknowledgeMessage(42));

        Assert.Equal(42UL, TakeFrame(ChannelKind.Reliable, FrameKind.Acknowledge, out _).Sequence);
    }

    [Fact]
    public void Message_that_overtakes_the_welcome_is_kept_until_the_link_is_up()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        ExpectOffer();
        Answer();
        OpenChannels();
        Raise(ChannelKind.Reliable, Frame.Create(FrameKind.TextMessage, 1, "early"u8));
        _application.ExpectNoMsg();

        Prove(Bob, opener: false);

        Assert.Equal("early", _application.ExpectMsg<IncomingMessage>().Text);
    }

    [Fact]
    public void Peer_that_was_started_again_gets_a_new_connection_at_once()
    {
        Establish();

        _peer.Tell(new PeerRestarted(Bob.Id, Bob.BootNonce)); // the process that it is connected to: nothing to do
        _peer.Tell(new PeerRestarted(Bob.Id, BootNonce.Create(new SeededRandomSource(5))));

        Assert.Contains("started again", Snapshot(PeerState.Reconnecting).Cause, StringComparison.Ordinal);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectOffer();
        Assert.Equal(2, _connections.Made.Count);
    }

    [Fact]
    public void Offer_that_cannot_be_sent_costs_one_attempt_however_often_it_was_repeated()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        var offer = ExpectOffer();

        for (var repetition = 0; repetition < 3; repetition++)
        {
            _peer.Tell(new SignalFailed(Bob.Id, "scripted", offer));
        }

        Assert.Contains("scripted", Snapshot(PeerState.Reconnecting).Cause, StringComparison.Ordinal);
        Scheduler.Advance(TimeSpan.FromSeconds(2)); // the first delay, with its jitter
        Assert.NotEqual(offer.Connection, ExpectOffer().Connection);
        Assert.Equal(2, _connections.Made.Count);
    }

    [Fact]
    public void Offer_that_comes_to_nothing_is_not_pursued_by_us()
    {
        _peer.Tell(new SignalReceived(Bob.Id, 1, new SignalPayload.Offer("abc", "their offer")));
        Assert.IsType<SignalPayload.Answer>(_signaling.ExpectMsg<SendSignal>().Payload);

        Scheduler.Advance(_context.Options.ConnectionTimeout);

        Snapshot(PeerState.Failed);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        _signaling.ExpectNoMsg();
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Connection_that_its_loop_gave_up_is_replaced()
    {
        Establish();
        _connections.Last.IsAlive = false;

        Scheduler.Advance(_context.Options.QualityInterval);
        Snapshot(PeerState.Reconnecting);
        Scheduler.Advance(TimeSpan.FromSeconds(2));

        ExpectOffer();
        Assert.Equal(2, _connections.Made.Count);
    }

    [Fact]
    public void Asked_to_disconnect_it_says_why_and_closes_for_good()
    {
        Establish();

        _peer.Tell(new DisconnectPeer(Bob.Id, GoodbyeReason.UserRequest, "enough"));

        TakeFrame(ChannelKind.Control, FrameKind.Goodbye, out var body);
        Assert.True(Goodbye.TryParse(body, out var goodbye));
        Assert.Equal(new Goodbye(GoodbyeReason.UserRequest, "enough"), goodbye);
        Assert.Equal("enough", Snapshot(PeerState.Closed).Cause);
        Assert.True(_connections.Last.IsClosed);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Goodbye_closes_the_peer_and_it_does_not_come_back_by_itself()
    {
        Establish();

        Raise(ChannelKind.Control, Frame.Create(FrameKind.Goodbye, 9, new Goodbye(GoodbyeReason.Shutdown, "restarting").ToByteArray()));

        Assert.Contains("Shutdown: restarting", Snapshot(PeerState.Closed).Cause, StringComparison.Ordinal);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Peer_that_fails_closes_its_connection_and_comes_back_after_the_backoff()
    {
        Establish();
        var connection = _connections.Last;

        connection.FailsOnRead = true;
        connection.Raise(new PeerPortEvent(PeerPortEventKind.Drained, ChannelKind.File));

        _routing.FishForMessage<LinkDown>(_ => true);
        AwaitCondition(() => connection.IsClosed);
        _registry.FishForMessage<PeerSnapshot>(_ => true);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        _registry.FishForMessage<PeerStarted>(_ => true);

        _peer.Tell(new ConnectPeer(Bob.Id));
        _signaling.FishForMessage<SendSignal>(signal => signal.Payload is SignalPayload.Offer);
        Assert.Equal(2, _connections.Made.Count);
    }

    private void Connect(MeshContext context) =>
        (context.Registry, context.Signaling, context.Routing, context.Application) = (_registry.Ref, _signaling.Ref, _routing.Ref, _application.Ref);

    /// <summary>Connects, answers, opens the channels and lets Bob prove his key.</summary>
    private void Establish()
    {
        _peer.Tell(new ConnectPeer(Bob.Id));
        ExpectOffer();
        Answer();
        OpenChannels();
        Prove(Bob, opener: false);
        Snapshot(PeerState.Connected);
    }

    private SignalPayload.Offer ExpectOffer()
    {
        var offer = (SignalPayload.Offer)_signaling.FishForMessage<SendSignal>(signal => signal.Payload is SignalPayload.Offer).Payload;
        _lastConnection = offer.Connection;
        return offer;
    }

    private void Answer() =>
        _signaling.Send(_peer, new SignalReceived(Bob.Id, ++_sequence, new SignalPayload.Answer(_lastConnection, "answer")));

    private void OpenChannels()
    {
        AwaitCondition(() => _connections.Made.Count > 0);
        for (var kind = ChannelKind.Control; kind <= ChannelKind.File; kind++)
        {
            _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.ChannelOpened, kind));
        }
    }

    /// <summary>Plays the far side of hello with a key of its own choice.</summary>
    private void Prove(NodeIdentity identity, bool opener)
    {
        var handshake = CreateContext(identity, _connections).CreateHandshake(
            expected: null, _connections.Last.Binding!.Value, opener ? LinkRole.Opener : LinkRole.Accepter);
        while (handshake.State is not LinkHandshakeState.Up and not LinkHandshakeState.Failed)
        {
            while (handshake.TryReadFrame(out var frame))
            {
                Raise(ChannelKind.Control, frame);
            }

            handshake.HandleFrame(_context.Now, Take(ChannelKind.Control));
        }

        while (handshake.TryReadFrame(out var frame))
        {
            Raise(ChannelKind.Control, frame);
        }
    }

    private void Raise(ChannelKind channel, byte[] frame) =>
        _connections.Last.Raise(new PeerPortEvent(PeerPortEventKind.Message, channel, frame));

    private byte[] Take(ChannelKind channel)
    {
        byte[] message = [];
        AwaitCondition(() => _connections.Last.Channel(channel) is ScriptedChannel port && port.TryTakeSent(out message));
        return message;
    }

    private FrameHeader TakeFrame(ChannelKind channel, FrameKind kind, out byte[] body)
    {
        while (true)
        {
            if (Frame.TryParse(Take(channel), out var header, out var bytes) && header.Kind == kind)
            {
                body = bytes.ToArray();
                return header;
            }
        }
    }

    private PeerSnapshot Snapshot(PeerState state) => _registry.FishForMessage<PeerSnapshot>(snapshot => snapshot.State == state);
}
