using MeshNode.Actors;
using MeshNode.Actors.TestKit;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;

namespace MeshNode.Mesh.Tests.Routing;

/// <summary>Bob's routing, with probes for his links to Alice and Carol.</summary>
public sealed class TopologyActorTests : MeshActorTest
{
    private readonly TestProbe _signaling;
    private readonly TestProbe _alice;
    private readonly TestProbe _carol;
    private readonly IActorRef _routing;
    private readonly SequenceSource _sequence = new(1);

    public TopologyActorTests()
    {
        _signaling = CreateTestProbe();
        _alice = CreateTestProbe();
        _carol = CreateTestProbe();
        var context = CreateContext(Bob);
        context.Signaling = _signaling.Ref;
        _routing = Sys.ActorOf(TopologyActor.Props(context));
    }

    [Fact]
    public void New_link_is_given_our_advert_and_then_one_that_names_the_link()
    {
        LinkUp(Alice, _alice);

        Assert.Equal(Bob.Id, ExpectAdvert(_alice).Id);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Alice.Id], ExpectAdvert(_alice).Neighbours.Select(neighbour => neighbour.Id));
    }

    [Fact]
    public void New_advert_is_verified_told_to_signalling_and_flooded_to_the_others()
    {
        LinkUp(Alice, _alice);
        LinkUp(Carol, _carol);

        var advert = Advert(Alice, Bob.Id);
        _routing.Tell(new AdvertReceived(Alice.Id, advert));

        Assert.Equal(Alice.Id, _signaling.ExpectMsg<RecordLearnt>().Peer);
        Assert.Equal(Alice.Id, FishForAdvert(_carol, Alice.Id).Id);
    }

    [Fact]
    public void New_advert_reaches_another_link_under_its_authors_id_which_may_be_a_copy()
    {
        var copy = CreateTestProbe();
        LinkUp(Alice, _alice);
        LinkUp(Alice, copy, LinkKind.WebSocket);

        _routing.Tell(new AdvertReceived(Alice.Id, Advert(Alice, Bob.Id)), copy.Ref);

        FishForAdvert(_alice, Alice.Id);
        Assert.DoesNotContain(Drain(copy), frame => LinkAdvert.TryParse(frame.Body.ToArray(), out var advert) && advert.Id == Alice.Id);
    }

    [Fact]
    public void Advert_in_our_name_that_is_newer_is_reported_once()
    {
        var copy = new SequenceSource(2);
        var advert = LinkAdvert.Create(Bob, PeerFlags.Node, copy.Next(), "copy", []);
        var newer = LinkAdvert.Create(Bob, PeerFlags.Node, copy.Next(), "copy", []);

        EventFilter.Error(contains: "copies of one data directory").Expect(1, () =>
        {
            _routing.Tell(new AdvertReceived(Alice.Id, advert.Bytes.ToArray()));
            _routing.Tell(new AdvertReceived(Alice.Id, newer.Bytes.ToArray()));
        });
    }

    [Fact]
    public void Advert_that_is_stale_or_altered_is_not_flooded()
    {
        LinkUp(Carol, _carol);
        var older = Advert(Alice, Bob.Id);
        var newer = Advert(Alice, Bob.Id);
        _routing.Tell(new AdvertReceived(Alice.Id, newer));
        FishForAdvert(_carol, Alice.Id);
        var altered = Advert(Alice, Bob.Id);
        altered[^1] ^= 1;

        _routing.Tell(new AdvertReceived(Alice.Id, older));
        _routing.Tell(new AdvertReceived(Alice.Id, newer));
        _routing.Tell(new AdvertReceived(Alice.Id, altered));

        _carol.ExpectNoMsg();
    }

    [Fact]
    public void Envelope_goes_to_the_next_hop_by_data_channel_rather_than_websocket()
    {
        var socket = CreateTestProbe();
        LinkUp(Alice, socket, LinkKind.WebSocket);
        LinkUp(Alice, _alice);
        _routing.Tell(new AdvertReceived(Alice.Id, Advert(Alice, Bob.Id, Carol.Id)));
        _routing.Tell(new AdvertReceived(Alice.Id, Advert(Carol, Alice.Id)));

        _routing.Tell(new RouteEnvelope(Carol.Id, [1, 2, 3]), TestActor);

        _alice.FishForMessage<SendLinkFrame>(frame => frame.Kind == FrameKind.Envelope);
        Assert.DoesNotContain(Drain(socket), frame => frame.Kind == FrameKind.Envelope);
    }

    [Fact]
    public void Envelope_falls_back_to_the_websocket_when_the_data_channel_is_down()
    {
        var socket = CreateTestProbe();
        LinkUp(Alice, socket, LinkKind.WebSocket);
        LinkUp(Alice, _alice);
        _routing.Tell(new LinkDown(Alice.Id, _alice.Ref));

        _routing.Tell(new RouteEnvelope(Alice.Id, [1]), TestActor);

        socket.FishForMessage<SendLinkFrame>(frame => frame.Kind == FrameKind.Envelope);
    }

    [Fact]
    public void Envelope_without_a_way_is_reported()
    {
        _routing.Tell(new RouteEnvelope(Carol.Id, [1]), TestActor);

        Assert.Equal(Carol.Id, ExpectMsg<SignalFailed>().To);
    }

    [Fact]
    public void Topology_shows_who_is_reachable_and_forgets_who_is_not()
    {
        LinkUp(Alice, _alice);
        _routing.Tell(new AdvertReceived(Alice.Id, Advert(Alice, Bob.Id, Carol.Id)));
        _routing.Tell(new AdvertReceived(Alice.Id, Advert(Carol, Alice.Id)));

        Assert.Equal(3, Topology().Nodes.Count);
        Assert.Equal(2, Topology().Links.Count);

        _routing.Tell(new LinkDown(Alice.Id, _alice.Ref));
        Assert.Equal(Bob.Id.ToString(), Assert.Single(Topology().Nodes).Id);
    }

    private void LinkUp(NodeIdentity identity, TestProbe link, LinkKind kind = LinkKind.DataChannel) =>
        _routing.Tell(new LinkUp(identity.Id, kind, link.Ref));

    private byte[] Advert(NodeIdentity identity, params PeerId[] neighbours) => LinkAdvert.Create(
        identity, PeerFlags.Node | PeerFlags.Relays, _sequence.Next(), "test", [.. neighbours.Select(id => Neighbour.From(id, null))]).Bytes.ToArray();

    private static LinkAdvert ExpectAdvert(TestProbe link)
    {
        Assert.True(LinkAdvert.TryParse(link.FishForMessage<SendLinkFrame>(frame => frame.Kind == FrameKind.Advert).Body.Span, out var advert));
        return advert;
    }

    private static LinkAdvert FishForAdvert(TestProbe link, PeerId id)
    {
        LinkAdvert advert;
        do
        {
            advert = ExpectAdvert(link);
        }
        while (advert.Id != id);

        return advert;
    }

    private static List<SendLinkFrame> Drain(TestProbe link)
    {
        List<SendLinkFrame> frames = [];
        while (link.HasMessages)
        {
            frames.Add(link.ExpectMsg<SendLinkFrame>());
        }

        return frames;
    }

    private MeshTopology Topology()
    {
        _routing.Tell(new GetTopology(), TestActor);
        return ExpectMsg<MeshTopology>();
    }
}
