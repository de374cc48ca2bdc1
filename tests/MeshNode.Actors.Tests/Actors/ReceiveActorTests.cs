namespace MeshNode.Actors.Tests;

public sealed class ReceiveActorTests : TestKit.TestKit
{
    private sealed class Choosing : ReceiveActor
    {
        public Choosing()
        {
            Receive<int>(number => Sender.Tell("negative"), number => number < 0);
            Receive<int>(number => number > 100, _ => Sender.Tell("big"));
            Receive<int>(_ => Sender.Tell("number"));
            Receive<string>(text => text.Length > 3);
            Receive<string>(_ => Sender.Tell("short"));
            Receive(typeof(double), _ => Sender.Tell("double"));
        }
    }

    [Fact]
    public void First_handler_that_fits_takes_the_message()
    {
        var actor = ActorOf<Choosing>();
        foreach (var (message, answer) in new (object, string)[] { (-1, "negative"), (101, "big"), (5, "number"), ("abc", "short"), (1.5, "double") })
        {
            actor.Tell(message);
            ExpectMsg(answer);
        }

        actor.Tell("taken by the handler that answers nothing");
        ExpectNoMsg();
    }

    [Fact]
    public void Unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        var actor = ActorOf<Choosing>();
        actor.Tell('c');
        Assert.Equal(new UnhandledMessage('c', TestActor, actor), ExpectMsg<UnhandledMessage>());
    }

    [Fact]
    public void Handlers_cannot_follow_one_that_takes_all_nor_be_added_later()
    {
        Assert.Equal("no more", Answer(() => new Greedy()));
        Assert.Equal("too late", Answer(() => new Late()));

        string Answer<T>(Func<T> factory)
            where T : ActorBase
        {
            ActorOf(factory).Tell("try");
            return ExpectMsg<string>();
        }
    }

    private sealed class Greedy : ReceiveActor
    {
        public Greedy()
        {
            var answer = string.Empty;
            ReceiveAny(_ => Sender.Tell(answer));
            answer = Record.Exception(() => Receive<int>(_ => { })) is InvalidOperationException ? "no more" : "accepted";
        }
    }

    private sealed class Late : ReceiveActor
    {
        public Late() => Receive<string>(_ =>
            Sender.Tell(Record.Exception(() => Receive<int>(_ => { })) is InvalidOperationException ? "too late" : "accepted"));
    }

    private sealed class Becoming : ReceiveActor
    {
        public Becoming() => Angry();

        private void Angry()
        {
            Receive<string>(text => text == "stack", _ => BecomeStacked(Happy));
            Receive<string>(text => text == "swap", _ => Become(Happy));
            Receive<string>(_ => Sender.Tell("angry"));
        }

        private void Happy()
        {
            Receive<string>(text => text == "unstack", _ => UnbecomeStacked());
            Receive<string>(_ => Sender.Tell("happy"));
        }
    }

    [Fact]
    public void Become_replaces_and_BecomeStacked_comes_back()
    {
        var actor = ActorOf<Becoming>();
        foreach (var (command, answer) in new[] { ("", "angry"), ("stack", "happy"), ("unstack", "angry"), ("swap", "happy") })
        {
            actor.Tell(command.Length == 0 ? "nothing" : command);
            if (command.Length > 0)
            {
                actor.Tell("how?");
            }

            ExpectMsg(answer);
        }
    }

    [Fact]
    public void Sender_is_who_told_and_Forward_keeps_it()
    {
        var target = CreateTestProbe();
        var actor = ActorOf(Props.Create(() => new Forwarding(target.Ref)));
        actor.Tell("forward");
        target.ExpectMsgFrom(TestActor, "forward");
        actor.Tell("tell");
        target.ExpectMsgFrom(actor, "tell");
        actor.Tell("forward", ActorRefs.NoSender);
        target.ExpectMsg("forward");
        Assert.Null(target.LastSender is { } sender && sender.Equals(Sys.DeadLetters) ? null : target.LastSender);
    }

    private sealed class Forwarding : ReceiveActor
    {
        public Forwarding(IActorRef target)
        {
            Receive<string>(text => text == "forward", text => target.Forward(text));
            Receive<string>(text => target.Tell(text));
        }
    }

    [Fact]
    public void Context_belongs_to_the_actors_own_thread()
    {
        var actor = ActorOf<LeaksContext>();
        actor.Tell("go");
        ExpectMsg<NotSupportedException>();
    }

    private sealed class LeaksContext : ReceiveActor
    {
        public LeaksContext() => Receive<string>(_ =>
        {
            var thread = new Thread(state => ((IActorRef)state!).Tell(Record.Exception(() => Context)));
            thread.Start(Sender);
            thread.Join();
        });
    }

    [Fact]
    public void Props_by_type_find_the_constructor()
    {
        var actor = ActorOf(Props.Create<Forwarding>(TestActor));
        actor.Tell("tell");
        ExpectMsg("tell");
        var broken = Watch(ActorOf(Props.Create<Forwarding>("of another type")));
        ExpectTerminated(broken);
    }

    private sealed class ByType : ReceiveActor
    {
        private static readonly Type Text = typeof(string);

        private static readonly Predicate<object> IsLong = message => ((string)message).Length > 3;

        public ByType()
        {
            Receive(typeof(int), message => (int)message > 0);
            Receive(typeof(int), message => (int)message < -10, _ => Sender.Tell("very negative"));
            ReceiveAsync(typeof(int), async message =>
            {
                await Task.Yield();
                Sender.Tell($"not positive: {message}");
            });
            ReceiveAsync(Text, IsLong, async message =>
            {
                await Task.Yield();
                Sender.Tell($"long: {message}");
            });
            Receive<char>(_ => RunTask(async () =>
            {
                await Task.Yield();
                Sender.Tell("run");
            }));
            ReceiveAnyAsync(async message =>
            {
                await Task.Yield();
                Sender.Tell($"any: {message}");
            });
        }
    }

    [Fact]
    public void Handlers_are_declared_by_a_type_that_is_known_only_at_run_time()
    {
        var actor = ActorOf<ByType>();
        foreach (var message in new object[] { 1, -11, -1, "long text", "abc", 'c', 1.5 })
        {
            actor.Tell(message);
        }

        Assert.Equal(["very negative", "not positive: -1", "long: long text", "any: abc", "run", "any: 1.5"], ReceiveN(6));
        ExpectNoMsg();
    }

    [Fact]
    public void Actor_of_no_props_handles_nothing()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        Sys.ActorOf(Props.Empty).Tell("what?");
        ExpectMsg<UnhandledMessage>();
    }
}
