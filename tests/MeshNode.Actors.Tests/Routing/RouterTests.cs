using MeshNode.Actors.Routing;

namespace MeshNode.Actors.Tests;

public sealed class RouterTests : TestKit.TestKit
{
    /// <summary>Says who it is, and fails or stops when told to.</summary>
    private sealed class Worker : ReceiveActor
    {
        public Worker(IActorRef probe)
        {
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
            Receive<Exception>(e => throw e);
            ReceiveAny(message => probe.Tell(new Got(Self, message), Sender));
        }
    }

    private sealed record Got(IActorRef Routee, object Message);

    private Props Workers => Props.Create(() => new Worker(TestActor));

    private IReadOnlyList<IActorRef> RouteesOf(IActorRef router)
    {
        var probe = CreateTestProbe();
        probe.Send(router, GetRoutees.Instance);
        return [.. probe.ExpectMsg<Routees>().Members.Cast<ActorRefRoutee>().Select(routee => routee.Actor)];
    }

    private IReadOnlyList<Got> Receive(int count) => [.. ReceiveN(count).Cast<Got>()];

    private string[] Paths(int count)
    {
        for (var number = 0; number < count; number++)
        {
            ActorOf(Workers, $"worker{number}");
        }

        return [.. Enumerable.Range(0, count).Select(number => $"/user/worker{number}")];
    }

    [Fact]
    public void Round_robin_pool_sends_to_each_routee_in_turn()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(3)), "router");
        for (var number = 0; number < 9; number++)
        {
            router.Tell(number);
        }

        var byRoutee = Receive(9).ToLookup(got => got.Routee, got => (int)got.Message);
        Assert.Equal(RouteesOf(router).ToHashSet(), byRoutee.Select(each => each.Key).ToHashSet());
        Assert.Equal([[0, 3, 6], [1, 4, 7], [2, 5, 8]], byRoutee.OrderBy(each => each.First()).Select(each => each.ToArray()));
        Assert.All(byRoutee, each => Assert.Equal(router.Path, each.Key.Path.Parent));
    }

    [Fact]
    public void Round_robin_group_sends_to_each_path_in_turn()
    {
        var paths = Paths(2);
        var router = ActorOf(new RoundRobinGroup(paths).Props());
        router.Tell("a");
        router.Tell("b");
        router.Tell("c");
        var got = Receive(3);
        Assert.Equal(["/user/worker0", "/user/worker1", "/user/worker0"], got.OrderBy(each => (string)each.Message).Select(each => each.Routee.Path.ToStringWithoutAddress()));
        Sys.Stop(got[0].Routee);
        Watch(router);
        Settle();
        EventFilter.DeadLetter<string>().ExpectOne(() =>
        {
            router.Tell("d");
            router.Tell("e");
        });
        Receive(1);
        ExpectNoMsg();
    }

    [Fact]
    public void Broadcast_routers_send_to_all()
    {
        ActorOf(Workers.WithRouter(new BroadcastPool(3))).Tell("pool");
        Assert.Equal(3, Receive(3).Where(got => (string)got.Message == "pool").DistinctBy(got => got.Routee).Count());
        ActorOf(new BroadcastGroup(Paths(2)).Props()).Tell("group");
        Assert.Equal(2, Receive(2).Where(got => (string)got.Message == "group").DistinctBy(got => got.Routee).Count());
        ExpectNoMsg();
    }

    [Fact]
    public void Broadcast_envelope_reaches_all_routees_without_the_envelope()
    {
        ActorOf(Workers.WithRouter(new RoundRobinPool(3))).Tell(new Broadcast("all"));
        Assert.Equal(3, Receive(3).Where(got => (string)got.Message == "all").DistinctBy(got => got.Routee).Count());
        ExpectNoMsg();
    }

    [Fact]
    public void Senders_messages_to_one_routee_stay_in_order()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(4)));
        var routed = Enumerable.Range(0, 8).Select(sender => Task.Run(() =>
        {
            for (var number = 0; number < 2_000; number++)
            {
                router.Tell((sender, number), ActorRefs.NoSender);
            }
        })).ToArray();
        Assert.True(Task.WaitAll(routed, TimeSpan.FromSeconds(60)));
        var got = Receive(8 * 2_000);
        foreach (var stream in got.GroupBy(each => (each.Routee, (((int Sender, int Number))each.Message).Sender)))
        {
            var numbers = stream.Select(each => (((int Sender, int Number))each.Message).Number).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public void Routing_happens_in_the_senders_thread_even_while_the_routers_actor_cannot_run()
    {
        var waiting = new List<Action>();
        Sys.Dispatchers.RegisterConfigurator("stuck", new SharedDispatcherConfigurator(new ExecutorDispatcher("stuck", waiting.Add)));
        var router = Watch(ActorOf(Workers.WithRouter(new RoundRobinPool(2).WithDispatcher("stuck"))));
        router.Tell("routed");
        Receive(1);
        router.Tell(PoisonPill.Instance);
        ExpectNoMsg();
        for (var index = 0; index < waiting.Count; index++)
        {
            waiting[index]();
            Settle();
        }

        ExpectTerminated(router);
    }

    [Fact]
    public async Task Question_to_a_router_is_answered_by_a_routee()
    {
        var router = ActorOf(Props.Create(() => new Recorder(ActorRefs.Nobody, null)).WithRouter(new RoundRobinPool(2)));
        Assert.Equal(1, await router.Ask<int>("count", TimeSpan.FromSeconds(30)));
        Assert.Equal(1, await router.Ask<int>("count", TimeSpan.FromSeconds(30)));
        Assert.Equal(2, await router.Ask<int>("count", TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Router_is_found_by_its_path_and_its_routees_below_it()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(2)), "router");
        Sys.ActorSelection("/user/router").Tell(new Identify(1), TestActor);
        Assert.Equal(router, ExpectMsg<ActorIdentity>().Subject);
        Sys.ActorSelection("/user/router").Tell("one");
        Receive(1);
        Sys.ActorSelection("/user/router/*").Tell("each");
        Assert.Equal(RouteesOf(router).ToHashSet(), Receive(2).Select(got => got.Routee).ToHashSet());
    }

    [Fact]
    public void Pool_grows_and_shrinks_and_those_that_go_handle_what_they_have()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(2)));
        router.Tell(new AdjustPoolSize(2));
        var routees = RouteesOf(router);
        Assert.Equal(4, routees.Distinct().Count());
        Watch(routees[3]);
        router.Tell(new AdjustPoolSize(-1));
        Assert.Equal(routees.Take(3), RouteesOf(router));
        routees[3].Tell("late");
        Assert.Equal(routees[3], Receive(1)[0].Routee);
        ExpectNoMsg();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        ExpectTerminated(routees[3]);
    }

    [Fact]
    public void Routees_are_added_and_removed_by_message()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(1)));
        var child = RouteesOf(router)[0];
        var stranger = ActorOf(Workers);
        router.Tell(new AddRoutee(Routee.FromActorRef(stranger)));
        Assert.Equal([child, stranger], RouteesOf(router));
        Watch(child);
        Watch(stranger);
        router.Tell(new RemoveRoutee(new ActorRefRoutee(child)));
        Assert.Equal([stranger], RouteesOf(router));
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        ExpectTerminated(child);
        router.Tell("routed");
        Assert.Equal(stranger, Receive(1)[0].Routee);
        Watch(router);
        router.Tell(new RemoveRoutee(new ActorRefRoutee(stranger)));
        ExpectTerminated(router);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        ExpectNoMsg(); // no child of the router's: it goes on
    }

    [Fact]
    public void Routee_that_stops_gets_nothing_more_and_the_last_ones_end_is_the_routers()
    {
        var router = Watch(ActorOf(Workers.WithRouter(new RoundRobinPool(2))));
        var routees = RouteesOf(router);
        routees[0].Tell("stop");
        Settle();
        Assert.Equal([routees[1]], RouteesOf(router));
        router.Tell("a");
        router.Tell("b");
        Assert.All(Receive(2), got => Assert.Equal(routees[1], got.Routee));
        routees[1].Tell("stop");
        ExpectTerminated(router);
    }

    [Fact]
    public void Poison_pill_stops_the_router_and_its_routees_and_what_comes_later_is_a_dead_letter()
    {
        var router = Watch(ActorOf(Workers.WithRouter(new RoundRobinPool(2)), "router"));
        var routee = Watch(RouteesOf(router)[0]);
        router.Tell(PoisonPill.Instance);
        ExpectTerminated(routee);
        ExpectTerminated(router);
        EventFilter.DeadLetter<string>(_ => true).ExpectOne(() => router.Tell("late"));
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        router.Tell("later");
        Assert.Equal(router, letters.ExpectMsg<DeadLetter>().Recipient);
        Assert.Equal(router.Path, ActorOf(Workers.WithRouter(new RoundRobinPool(2)), "router").Path);
    }

    [Fact]
    public void Poison_pill_that_is_broadcast_lets_routees_finish_and_then_ends_the_router()
    {
        var router = Watch(ActorOf(Workers.WithRouter(new RoundRobinPool(2))));
        for (var number = 0; number < 10; number++)
        {
            router.Tell(number);
        }

        router.Tell(new Broadcast(PoisonPill.Instance));
        Assert.Equal(Enumerable.Range(0, 10), Receive(10).Select(got => (int)got.Message).Order());
        ExpectTerminated(router);
    }

    [Fact]
    public void Group_router_that_stops_leaves_its_routees_alone()
    {
        var paths = Paths(1);
        var router = Watch(ActorOf(new RoundRobinGroup(paths).Props()));
        Sys.Stop(router);
        ExpectTerminated(router);
        Sys.ActorSelection(paths[0]).Tell("still here");
        Receive(1);
        EventFilter.DeadLetter<string>().ExpectOne(() => router.Tell("late"));
        ExpectNoMsg();
    }

    [Fact]
    public void Failure_of_a_routee_is_the_routers_and_its_restart_restarts_all_routees()
    {
        var probe = CreateTestProbe();
        var router = ActorOf(Recorder.Props(probe.Ref).WithRouter(new RoundRobinPool(2)));
        probe.ExpectMsgAllOf("PreStart", "PreStart");
        var before = RouteesOf(router);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => before[0].Tell(new Recorder.Fail(new InvalidOperationException("broken"))));
        Settle();
        Assert.Equal(2, probe.ReceiveN(8).Count(message => Equals(message, "PostRestart broken")));
        Assert.Equal(before, RouteesOf(router));
        before[0].Tell(PoisonPill.Instance);
        Settle();
        Assert.Equal([before[1]], RouteesOf(router)); // still watched after the restart
    }

    [Fact]
    public void Pools_own_strategy_treats_its_routees()
    {
        var probe = CreateTestProbe();
        var pool = new RoundRobinPool(2).WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy);
        var router = ActorOf(pool.Props(Recorder.Props(probe.Ref)));
        probe.ExpectMsgAllOf("PreStart", "PreStart");
        var routees = RouteesOf(router);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => routees[0].Tell(new Recorder.Fail(new InvalidOperationException("broken"))));
        probe.ExpectMsg("PostStop");
        Settle();
        Assert.Equal([routees[1]], RouteesOf(router));
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Router_of_nobody_makes_dead_letters()
    {
        var router = ActorOf(Workers.WithRouter(new RoundRobinPool(0)));
        EventFilter.DeadLetter<string>(text => text == "nobody").Expect(2, () =>
        {
            router.Tell("nobody");
            router.Tell(new Broadcast("nobody"));
        });
        router.Tell(new AdjustPoolSize(1));
        Settle();
        router.Tell("somebody");
        Receive(1);
    }

    [Fact]
    public void Unknown_dispatcher_or_mailbox_is_refused_at_once()
    {
        Assert.Throws<ConfigurationException>(() => ActorOf(Workers.WithDispatcher("unknown").WithRouter(new RoundRobinPool(1)), "router"));
        Assert.Throws<ConfigurationException>(() => ActorOf(Workers.WithRouter(new RoundRobinPool(1).WithDispatcher("unknown")), "router"));
        Assert.Throws<ConfigurationException>(() => ActorOf(Workers.WithMailbox("unknown").WithRouter(new RoundRobinPool(1)), "router"));
        ActorOf(Workers.WithRouter(new RoundRobinPool(1)), "router").Tell("routed");
        Receive(1);
    }

    private sealed class LastLogic : RoutingLogic
    {
        public override Routee Select(object message, Routee[] routees) => routees[^1];
    }

    [Fact]
    public void Router_within_an_actor_routes_by_a_logic_of_ones_own()
    {
        var first = CreateTestProbe();
        var last = CreateTestProbe();
        var router = new Router(new LastLogic(), first.Ref).AddRoutee(last.Ref);
        router.Route("routed", TestActor);
        last.ExpectMsgFrom(TestActor, "routed");
        router.Route(new Broadcast("all"), TestActor);
        last.ExpectMsg("all");
        first.ExpectMsg("all");
        router.RemoveRoutee(last.Ref).Route("rest", TestActor);
        first.ExpectMsg("rest");
        last.ExpectNoMsg();
    }
}
