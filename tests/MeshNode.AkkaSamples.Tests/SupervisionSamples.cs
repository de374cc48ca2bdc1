namespace AkkaSamples;

/// <summary>Parents that decide what becomes of children that fail.</summary>
public sealed class SupervisionSamples : TestKit
{
    public class Supervisor : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
            maxNrOfRetries: 2,
            withinTimeRange: TimeSpan.FromMinutes(1),
            localOnlyDecider: ex => ex switch
            {
                ArithmeticException => Directive.Resume,
                NullReferenceException => Directive.Restart,
                ArgumentException => Directive.Stop,
                _ => Directive.Escalate,
            });

        protected override void OnReceive(object message)
        {
            if (message is Props props)
            {
                Sender.Tell(Context.ActorOf(props));
            }
        }
    }

    public class Child : UntypedActor
    {
        private int _state;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Exception ex:
                    throw ex;
                case int x:
                    _state = x;
                    break;
                case "get":
                    Sender.Tell(_state);
                    break;
            }
        }
    }

    public class Team : ReceiveActor
    {
        public Team(IActorRef listener, SupervisorStrategy strategy)
        {
            _strategy = strategy;
            foreach (var name in new[] { "a", "b" })
            {
                Context.ActorOf(Props.Create(() => new Member(listener)), name);
            }

            Receive<string>(name => Context.Child(name).Tell("fail"));
        }

        private readonly SupervisorStrategy _strategy;

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;
    }

    public class Member : ReceiveActor
    {
        private readonly IActorRef _listener;

        public Member(IActorRef listener)
        {
            _listener = listener;
            Receive<string>(text => throw new InvalidOperationException(text));
        }

        protected override void PreStart() => _listener.Tell($"{Self.Path.Name} starts");

        protected override void PostStop() => _listener.Tell($"{Self.Path.Name} stops");
    }

    private IActorRef MakeChild()
    {
        var supervisor = Sys.ActorOf<Supervisor>("supervisor");
        supervisor.Tell(Props.Create<Child>());
        return ExpectMsg<IActorRef>();
    }

    [Fact]
    public void Child_is_resumed_restarted_or_stopped_by_what_it_threw()
    {
        var child = MakeChild();
        child.Tell(42);
        child.Tell("get");
        ExpectMsg(42);

        EventFilter.Warning().ExpectOne(() => child.Tell(new ArithmeticException()));
        child.Tell("get");
        ExpectMsg(42); // resumed, with its state

        EventFilter.Exception<NullReferenceException>().ExpectOne(() => child.Tell(new NullReferenceException()));
        child.Tell("get");
        ExpectMsg(0); // restarted

        Watch(child);
        EventFilter.Exception<ArgumentException>().ExpectOne(() => child.Tell(new ArgumentException("bad")));
        ExpectTerminated(child);
    }

    [Fact]
    public void Too_many_restarts_within_the_time_stop_the_child()
    {
        var child = MakeChild();
        Watch(child);
        child.Tell(new NullReferenceException());
        child.Tell(new NullReferenceException());
        child.Tell("get");
        ExpectMsg(0);
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMinutes(2)); // a new window
        child.Tell(new NullReferenceException());
        child.Tell(new NullReferenceException());
        child.Tell("get");
        ExpectMsg(0);
        child.Tell(new NullReferenceException());
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalated_failure_restarts_the_supervisor_and_stops_its_children()
    {
        var child = MakeChild();
        Watch(child);
        EventFilter.Exception<InvalidOperationException>("CRASH").ExpectOne(() => child.Tell(new InvalidOperationException("CRASH")));
        ExpectTerminated(child);
        Sys.ActorSelection("/user/supervisor").Tell(Props.Create<Child>());
        ExpectMsg<IActorRef>();
    }

    [Fact]
    public void One_for_one_restarts_the_child_that_failed()
    {
        var team = Sys.ActorOf(Props.Create(() => new Team(TestActor, new OneForOneStrategy(ex => Directive.Restart))));
        ExpectMsgAllOf("a starts", "b starts");
        team.Tell("a");
        ExpectMsg("a stops");
        ExpectMsg("a starts");
        ExpectNoMsg();
    }

    [Fact]
    public void All_for_one_restarts_or_stops_them_all()
    {
        var team = Sys.ActorOf(Props.Create(() => new Team(TestActor, new AllForOneStrategy(1, TimeSpan.FromSeconds(10), ex => Directive.Restart))));
        ExpectMsgAllOf("a starts", "b starts");
        team.Tell("a");
        ExpectMsgAllOf("a stops", "a starts", "b stops", "b starts");
        team.Tell("b");
        ExpectMsgAllOf("a stops", "b stops");
        ExpectNoMsg();
    }
}
