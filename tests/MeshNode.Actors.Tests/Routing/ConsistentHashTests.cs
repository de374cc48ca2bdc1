using MeshNode.Actors.Routing;

namespace MeshNode.Actors.Tests;

public sealed class ConsistentHashTests : TestKit.TestKit
{
    private sealed class Worker : ReceiveActor
    {
        public Worker(IActorRef probe) => ReceiveAny(message => probe.Tell((Self.Path.Name, message)));
    }

    private sealed record Order(int Customer, string What) : IConsistentHashable
    {
        public object ConsistentHashKey => Customer;
    }

    private sealed record Unhashable;

    private Props Workers => Props.Create(() => new Worker(TestActor));

    private string RouteeOf(IActorRef router, object message)
    {
        router.Tell(message);
        return ExpectMsg<(string Routee, object Message)>().Routee;
    }

    [Fact]
    public void Messages_of_one_key_go_to_one_routee_and_keys_are_spread()
    {
        var router = ActorOf(Workers.WithRouter(new ConsistentHashingPool(5)));
        var routees = new HashSet<string>();
        for (var customer = 0; customer < 50; customer++)
        {
            var routee = RouteeOf(router, new Order(customer, "first"));
            Assert.Equal(routee, RouteeOf(router, new Order(customer, "second")));
            routees.Add(routee);
        }

        Assert.Equal(5, routees.Count);
    }

    [Fact]
    public void Keys_of_a_routee_that_is_removed_go_to_others_and_the_rest_stay()
    {
        var router = ActorOf(Workers.WithRouter(new ConsistentHashingPool(3)));
        var before = Enumerable.Range(0, 30).ToDictionary(customer => customer, customer => RouteeOf(router, new Order(customer, "x")));
        router.Tell(GetRoutees.Instance);
        var gone = (ActorRefRoutee)ExpectMsg<Routees>().Members.First();
        router.Tell(new RemoveRoutee(gone));
        Settle();
        foreach (var (customer, routee) in before)
        {
            var now = RouteeOf(router, new Order(customer, "y"));
            Assert.NotEqual(gone.Actor.Path.Name, now);
            Assert.True(routee == gone.Actor.Path.Name || routee == now, $"customer {customer} moved from {routee} to {now}");
        }
    }

    [Fact]
    public void Mapping_is_asked_first_then_the_message_then_its_envelope()
    {
        var router = ActorOf(Workers.WithRouter(new ConsistentHashingPool(7).WithHashMapping(message => message is string text ? text.Length : null)));
        Assert.Equal(RouteeOf(router, "abc"), RouteeOf(router, "xyz"));
        Assert.Equal(RouteeOf(router, "abc"), RouteeOf(router, new Order(3, "key 3 as well")));
        router.Tell(new ConsistentHashableEnvelope(new Unhashable(), 3));
        var (routee, message) = ExpectMsg<(string, object)>();
        Assert.Equal(RouteeOf(router, "abc"), routee);
        Assert.IsType<Unhashable>(message);
    }

    [Fact]
    public void Message_without_a_key_is_a_dead_letter_and_a_warning()
    {
        var router = ActorOf(Workers.WithRouter(new ConsistentHashingPool(2)));
        EventFilter.Warning(contains: "hashMapping").ExpectOne(() =>
            EventFilter.DeadLetter<Unhashable>().ExpectOne(() => router.Tell(new Unhashable())));
        ExpectNoMsg();
    }

    [Fact]
    public void Group_routes_by_key_too()
    {
        ActorOf(Workers, "a");
        ActorOf(Workers, "b");
        var router = ActorOf(new ConsistentHashingGroup("/user/a", "/user/b").WithVirtualNodesFactor(100).Props());
        var routees = Enumerable.Range(0, 20).Select(customer => RouteeOf(router, new Order(customer, "x"))).ToList();
        Assert.Equal(routees, Enumerable.Range(0, 20).Select(customer => RouteeOf(router, new Order(customer, "y"))));
        Assert.Equal(["a", "b"], routees.Distinct().Order());
    }

    [Fact]
    public void Node_that_goes_hands_over_its_own_keys_only()
    {
        var before = ConsistentHash.Create(["a", "b", "c", "d"], 100);
        var after = before.Remove("c");
        var handedOver = 0;
        for (var key = 0; key < 1_000; key++)
        {
            var node = before.NodeFor($"key{key}");
            if (node == "c")
            {
                handedOver++;
                Assert.NotEqual("c", after.NodeFor($"key{key}"));
            }
            else
            {
                Assert.Equal(node, after.NodeFor($"key{key}"));
            }

            Assert.Equal(node, after.Add("c").NodeFor($"key{key}"));
        }

        Assert.InRange(handedOver, 150, 350); // a quarter, give or take
    }

    /// <summary>Two processes agree on whom a key belongs to only if nothing random is in the hash.</summary>
    [Theory]
    [InlineData("key", 0xCF8C79838F3B3030)]
    [InlineData("", 0xEFD01F60BA992926)]
    public void Hash_is_the_same_in_every_process(string text, ulong expected) => Assert.Equal(expected, StableHash.Of(text));

    [Fact]
    public void Numbers_hash_as_their_text_and_bytes_by_content()
    {
        Assert.Equal(StableHash.OfKey("42"), StableHash.OfKey(42));
        Assert.Equal(StableHash.OfKey(42L), StableHash.OfKey(42));
        Assert.Equal(StableHash.OfKey(new byte[] { 1, 2 }), StableHash.OfKey(new byte[] { 1, 2 }));
        Assert.NotEqual(StableHash.OfKey(new byte[] { 1, 2 }), StableHash.OfKey(new byte[] { 2, 1 }));
        Assert.Equal(StableHash.OfKey((1, "a")), StableHash.OfKey((1, "a")));
    }

    [Fact]
    public void Empty_ring_has_no_node()
    {
        var empty = ConsistentHash.Create(Array.Empty<string>(), 10);
        Assert.True(empty.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => empty.NodeFor("key"));
    }
}
