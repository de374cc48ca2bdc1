using MeshNode.Actors;
using MeshNode.Actors.TestKit;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;
using Envelope = MeshNode.Mesh.Signaling.Envelope;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class MeshSignalingActorTests : MeshActorTest
{
    private static readonly SignalPayload Offer = new SignalPayload.Offer("0123456789abcdef", "v=0");

    private readonly TestProbe _registry;
    private readonly TestProbe _routing;
    private readonly MeshContext _context;
    private readonly IActorRef _signaling;

    public MeshSignalingActorTests()
    {
        _registry = CreateTestProbe();
        _routing = CreateTestProbe();
        _context = CreateContext(Bob);
        _context.Registry = _registry.Ref;
        _context.Routing = _routing.Ref;
        _signaling = Sys.ActorOf(MeshSignalingActor.Props(_context));
        Learn(Alice);
    }

    [Fact]
    public void Envelope_for_us_is_opened_and_given_to_the_registry()
    {
        Receive(Seal(Alice, Bob));

        var received = _registry.ExpectMsg<SignalReceived>();
        Assert.Equal((Alice.Id, Offer), (received.From, received.Payload));
    }

    [Fact]
    public void Replayed_envelope_is_refused_and_counted()
    {
        var envelope = Seal(Alice, Bob);
        Receive(envelope);
        Receive(envelope);

        _registry.ExpectMsg<SignalReceived>();
        _registry.ExpectNoMsg();
        Assert.Equal(1, Statistics().Refused[RefusalReason.Replayed]);
    }

    [Fact]
    public void Altered_envelope_is_refused_and_counted()
    {
        var envelope = Seal(Alice, Bob);
        envelope[^1] ^= 1;
        Receive(envelope);

        _registry.ExpectNoMsg();
        Assert.Equal(1, Statistics().Refused[RefusalReason.NotOpened]);
    }

    [Fact]
    public void Envelope_forged_in_anothers_name_is_refused_and_counted()
    {
        // Carol writes Alice's id into the header, which seal and signature cover: only the signature shows it.
        var forged = Seal(Carol, Bob, from: Alice.Id);
        Receive(forged);

        _registry.ExpectNoMsg();
        Assert.NotEmpty(Statistics().Refused);
    }

    [Fact]
    public void Envelope_of_an_unknown_sender_is_refused_and_counted()
    {
        Receive(Seal(Carol, Bob));

        _registry.ExpectNoMsg();
        Assert.Equal(1, Statistics().Refused[RefusalReason.UnknownSender]);
    }

    [Fact]
    public void Envelope_for_somebody_else_is_relayed_once_and_not_opened()
    {
        var envelope = Seal(Alice, Carol);
        Receive(envelope);
        Receive(envelope);

        var route = _routing.ExpectMsg<RouteEnvelope>();
        Assert.Equal(Carol.Id, route.To);
        Assert.True(Envelope.TryParse(route.Bytes, out var forwarded));
        Assert.Equal([Bob.Id], forwarded.Path);
        _routing.ExpectNoMsg();
        Assert.Equal((1L, 1L), (Statistics().Relayed, Statistics().Duplicates));
    }

    [Fact]
    public void Envelope_without_hops_left_is_not_relayed()
    {
        Receive(Seal(Alice, Carol, hopLimit: 0));

        _routing.ExpectNoMsg();
    }

    [Fact]
    public void Neighbour_that_brings_too_much_is_cut_to_its_rate()
    {
        var envelopes = Enumerable.Range(0, 3).Select(_ => Seal(Alice, Carol)).ToArray();
        for (var i = 0; i < _context.Options.NeighbourBurst; i++)
        {
            Receive(envelopes[0]);
        }

        Receive(envelopes[1]);
        Assert.Equal(1, Statistics().Refused[RefusalReason.RateLimited]);

        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Receive(envelopes[2]);
        Assert.Equal(2, Statistics().Relayed);
    }

    [Fact]
    public void Message_to_an_unknown_peer_waits_for_its_record()
    {
        _signaling.Tell(new SendSignal(Carol.Id, Offer), TestActor);
        _routing.ExpectNoMsg();

        Learn(Carol);

        Assert.Equal(Carol.Id, _routing.ExpectMsg<RouteEnvelope>().To);
    }

    [Fact]
    public void Message_to_a_peer_whose_record_never_comes_is_reported()
    {
        _signaling.Tell(new SendSignal(Carol.Id, Offer), TestActor);

        Scheduler.Advance(_context.Options.RecordTimeout);

        Assert.Contains("record", ExpectMsg<SignalFailed>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_boot_nonce_of_a_known_peer_is_told_to_the_registry()
    {
        var nonce = BootNonce.Create(new SeededRandomSource(5));
        _signaling.Tell(new RecordLearnt(Alice.Id, Alice.Bundle, Alice.BootNonce));
        _signaling.Tell(new RecordLearnt(Alice.Id, Alice.Bundle, nonce));

        Assert.Equal(new PeerRestarted(Alice.Id, nonce), _registry.ExpectMsg<PeerRestarted>());
        _registry.ExpectNoMsg();
    }

    [Fact]
    public void Malformed_bytes_are_counted_and_nothing_else_happens()
    {
        Receive([]);
        Receive([1, 1, 2, 3]);
        Receive(new byte[Envelope.MaxLength + 1]);

        Assert.Equal(3, Statistics().Refused.Values.Sum());
        _registry.ExpectNoMsg();
    }

    private void Learn(NodeIdentity identity) => _signaling.Tell(new RecordLearnt(identity.Id, identity.Bundle, identity.BootNonce));

    private void Receive(byte[] bytes) => _signaling.Tell(new EnvelopeReceived(Alice.Id, bytes));

    private SignalingStatistics Statistics()
    {
        _signaling.Tell(new GetSignalingStatistics(), TestActor);
        return ExpectMsg<SignalingStatistics>();
    }

    private static readonly SequenceSource Sequence = Alice.CreateSequenceSource();

    private static byte[] Seal(NodeIdentity sender, NodeIdentity receiver, PeerId? from = null, int hopLimit = Envelope.MaxHops)
    {
        var random = new SeededRandomSource(7 + (ulong)sender.GetHashCode());
        ulong sequence;
        lock (Sequence)
        {
            sequence = Sequence.Next();
        }

        var bytes = new EnvelopeSealer(sender, random)
            .Seal(receiver.Bundle, receiver.BootNonce, MessageId.Create(random), Offer.Type, sequence, Offer.ToJson(), hopLimit)
            .ToByteArray();
        from?.WriteTo(bytes.AsSpan(2));
        return bytes;
    }
}
