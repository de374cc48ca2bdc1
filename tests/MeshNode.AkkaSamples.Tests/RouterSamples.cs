namespace AkkaSamples;

/// <summary>Routers that share work out: round robin, by hash, to all.</summary>
public sealed class RouterSamples : TestKit
{
    public class Worker : ReceiveActor
    {
        public Worker() => ReceiveAny(_ => Sender.Tell(Self));
    }

    public sealed record Entry(string Key) : IConsistentHashable
    {
        public object ConsistentHashKey => Key;
    }

    [Fact]
    public void Round_robin_pool_makes_its_workers_and_takes_them_in_turn()
    {
        var router = Sys.ActorOf(Props.Create<Worker>().WithRouter(new RoundRobinPool(3)), "pool");
        var answers = Answers(router, 6);
        Assert.Equal(3, answers.Distinct().Count());
        Assert.Equal(answers[..3], answers[3..]);
        Assert.All(answers, worker => Assert.Equal(router.Path, worker.Path.Parent));
        router.Tell(new Broadcast("all"));
        Assert.Equal(3, ReceiveN(3).Distinct().Count());
        router.Tell(new GetRoutees());
        Assert.Equal(3, ExpectMsg<Routees>().Members.Count());
    }

    [Fact]
    public void Round_robin_group_routes_to_actors_that_others_made()
    {
        string[] paths = [.. new[] { "w1", "w2" }.Select(name => Sys.ActorOf<Worker>(name).Path.ToStringWithoutAddress())];
        var router = Sys.ActorOf(Props.Empty.WithRouter(new RoundRobinGroup(paths)), "group");
        Assert.Equal(["w1", "w2", "w1", "w2"], Answers(router, 4).Select(worker => worker.Path.Name));
    }

    [Fact]
    public void Consistent_hashing_sends_one_key_to_one_worker()
    {
        var router = Sys.ActorOf(Props.Create<Worker>().WithRouter(new ConsistentHashingPool(5)), "hashing");
        string[] keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
        var first = keys.ToDictionary(key => key, key => Answer(router, new Entry(key)));
        Assert.All(keys, key => Assert.Equal(first[key], Answer(router, new ConsistentHashableEnvelope("message", key))));
        Assert.True(first.Values.Distinct().Count() > 1);

        var mapped = Sys.ActorOf(Props.Create<Worker>().WithRouter(
            new ConsistentHashingPool(5).WithHashMapping(message => message is string text ? text[0] : null)), "mapped");
        Assert.Equal(Answer(mapped, "apple"), Answer(mapped, "avocado"));
    }

    [Fact]
    public void Broadcast_pool_sends_to_all()
    {
        var router = Sys.ActorOf(Props.Create<Worker>().WithRouter(new BroadcastPool(4)), "all");
        router.Tell("news");
        Assert.Equal(4, ReceiveN(4).Distinct().Count());
    }

    private IActorRef Answer(IActorRef router, object message)
    {
        router.Tell(message);
        return ExpectMsg<IActorRef>();
    }

    private IActorRef[] Answers(IActorRef router, int count) => [.. Enumerable.Range(0, count).Select(number => Answer(router, number))];
}
