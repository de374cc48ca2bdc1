using MeshNode.Actors.TestKit;

namespace MeshNode.Actors.Tests;

/// <summary>The default mailbox on one thread, where every step is decided by a seed.</summary>
public sealed class RingMailboxTests
{
    private sealed class Collector : ReceiveActor
    {
        public Collector(List<int> received) => Receive<object>(message => received.Add((int)message));
    }

    [Fact]
    public void Messages_come_out_in_order_while_rings_grow_shrink_and_are_passed_over()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var dispatcher = new PermutingDispatcher("permuting", seed) { Throughput = random.Next(1, 100) };
            using var system = System(dispatcher);
            var received = new List<int>();
            var actor = (LocalActorRef)system.ActorOf(Props.Create(() => new Collector(received)));
            dispatcher.RunUntilIdle();
            var sent = 0;
            for (var step = 0; step < 400; step++)
            {
                // Mostly few at a time, so that a large ring becomes too large; now and then more than the largest ring holds.
                var burst = random.Next(100) switch { 0 => random.Next(5_000), < 5 => random.Next(300), _ => random.Next(4) };
                for (var i = 0; i < burst; i++)
                {
                    actor.Tell(sent++, ActorRefs.NoSender);
                }

                var runs = random.Next(3) == 0 ? int.MaxValue : random.Next(3);
                while (runs-- > 0 && dispatcher.RunOne())
                {
                }

                Assert.True(received.Count <= sent, $"seed {seed}");
            }

            dispatcher.RunUntilIdle();
            Assert.True(received.SequenceEqual(Enumerable.Range(0, sent)), $"seed {seed}: {received.Count} of {sent}");
            Assert.Equal(0, actor.Cell.Mailbox.NumberOfMessages);
        }
    }

    [Fact]
    public void Large_ring_is_given_back_when_its_actor_has_needed_a_small_one_for_long()
    {
        var dispatcher = new PermutingDispatcher("permuting", 1);
        using var system = System(dispatcher);
        var actor = (LocalActorRef)system.ActorOf(Props.Create(() => new Collector(new List<int>())));
        Tell(2_000);
        Assert.Equal(MessageRing.LargestCapacity, Capacity());
        for (var round = 0; round < 200; round++)
        {
            Tell(2);
        }

        Assert.Equal(MessageRing.KeptCapacity, Capacity());

        void Tell(int count)
        {
            for (var i = 0; i < count; i++)
            {
                actor.Tell(i, ActorRefs.NoSender);
            }

            dispatcher.RunUntilIdle();
        }

        int Capacity() => ((RingMailbox)actor.Cell.Mailbox).Capacity;
    }

    [Fact]
    public void Telling_and_handling_allocate_nothing_once_the_ring_has_grown()
    {
        var dispatcher = new PermutingDispatcher("permuting", 1);
        using var system = System(dispatcher);
        var actor = system.ActorOf(Props.Create(() => new Forgetful()));
        var message = new object();
        Turn(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Turn(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int times)
        {
            for (var turn = 0; turn < times; turn++)
            {
                for (var i = 0; i < 30; i++)
                {
                    actor.Tell(message, actor);
                }

                while (dispatcher.RunOne())
                {
                }
            }
        }
    }

    private sealed class Forgetful : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void Taken_messages_and_their_senders_can_be_collected_while_the_actor_is_idle()
    {
        var dispatcher = new PermutingDispatcher("permuting", 1);
        using var system = System(dispatcher);
        var actor = system.ActorOf(Props.Create(() => new Forgetful()));
        var message = TellOne();
        dispatcher.RunUntilIdle();
        GC.Collect();
        Assert.False(message.IsAlive);

        [global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference TellOne()
        {
            var one = new object();
            actor.Tell(one, ActorRefs.NoSender);
            return new WeakReference(one);
        }
    }

    /// <summary>Stands for a sender that has claimed its place and was held up before it wrote its message.</summary>
    private sealed class HeldUpMailbox(ActorCell cell, MessageDispatcher dispatcher) : Mailbox(cell, dispatcher)
    {
        private readonly Queue<object> _messages = new();

        public int WrittenFrom { get; set; } = int.MaxValue;

        public override void Post(object message, IActorRef? sender)
        {
            _messages.Enqueue(message);
            var before = Interlocked.Add(ref Word, One) - One;
            if ((before & Scheduled) == 0)
            {
                Start();
            }
        }

        protected override bool TryTake(ref long head, out object? message, out IActorRef? sender)
        {
            sender = null;
            message = head >= WrittenFrom ? _messages.Dequeue() : null;
            head += message is null ? 0 : 1;
            return message is not null;
        }
    }

    private sealed class HeldUpType : MailboxType
    {
        public HeldUpMailbox? Made { get; private set; }

        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => throw new NotSupportedException();

        internal override Mailbox CreateMailbox(ActorCell cell, MessageDispatcher dispatcher) => Made = new HeldUpMailbox(cell, dispatcher);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_that_meets_a_message_being_written_lets_others_run_and_comes_back(bool stops)
    {
        var dispatcher = new PermutingDispatcher("permuting", 1);
        using var system = System(dispatcher);
        var type = new HeldUpType();
        system.Mailboxes.Register("held-up", type);
        var received = new List<int>();
        var actor = system.ActorOf(Props.Create(() => new Collector(received)).WithMailbox("held-up"));
        dispatcher.RunUntilIdle();
        var letters = new List<int>();
        system.EventStream.Subscribe<DeadLetter>(system.ActorOf(Props.Create(() => new Letters(letters))));
        dispatcher.RunUntilIdle();
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        if (stops)
        {
            system.Stop(actor);
        }

        for (var runs = 0; runs < 10; runs++)
        {
            Assert.True(dispatcher.RunOne(), "it stays ready until the message is there");
        }

        Assert.Empty(received);
        type.Made!.WrittenFrom = 0;
        dispatcher.RunUntilIdle();
        Assert.Equal([1, 2], stops ? letters : received);
    }

    private sealed class Letters : ReceiveActor
    {
        public Letters(List<int> letters) => Receive<DeadLetter>(letter => letters.Add((int)letter.Message));
    }

    private static ActorSystem System(MessageDispatcher dispatcher) =>
        ActorSystem.Create("permuted", new ActorSystemSetup { DefaultDispatcher = dispatcher, Scheduler = new TestScheduler() });
}
