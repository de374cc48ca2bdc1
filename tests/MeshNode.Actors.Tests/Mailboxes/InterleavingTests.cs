using MeshNode.Actors.TestKit;

namespace MeshNode.Actors.Tests;

/// <summary>Random programs of actors under seeded interleavings; a failure names its seed.</summary>
public sealed class InterleavingTests
{
    private const int Seeds = 2_000;

    private sealed record Numbered(int Sender, int Number);

    private sealed class Collector : ReceiveActor, IWithStash
    {
        private readonly List<Numbered> _received;
        private int _untilOpen;

        public Collector(List<Numbered> received, int stashFirst)
        {
            _received = received;
            _untilOpen = stashFirst;
            Receive<Numbered>(message =>
            {
                if (_untilOpen > 0)
                {
                    Stash.Stash();
                    if (--_untilOpen == 0)
                    {
                        Stash.UnstashAll();
                    }

                    return;
                }

                _received.Add(message);
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Producer : ReceiveActor
    {
        public Producer(int id, int count, IActorRef receiver)
        {
            var next = 0;
            Receive<string>(_ =>
            {
                receiver.Tell(new Numbered(id, next++));
                if (next < count)
                {
                    Self.Tell("go");
                }
            });
        }
    }

    [Fact]
    public void No_message_is_lost_and_each_senders_order_is_kept_through_a_stash()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var dispatcher = new PermutingDispatcher("permuting", seed) { Throughput = random.Next(1, 5) };
            using var system = System(dispatcher);
            var received = new List<Numbered>();
            var producers = random.Next(1, 6);
            var count = random.Next(1, 20);
            var stashFirst = random.Next(producers * count);
            var collector = system.ActorOf(Props.Create(() => new Collector(received, stashFirst)));
            for (var id = 0; id < producers; id++)
            {
                var producer = id;
                system.ActorOf(Props.Create(() => new Producer(producer, count, collector))).Tell("go", ActorRefs.NoSender);
            }

            dispatcher.RunUntilIdle();

            Assert.True(received.Count == producers * count, $"seed {seed}: {received.Count} of {producers * count}");
            Assert.True(received.GroupBy(message => message.Sender).All(group => group.Select(message => message.Number).SequenceEqual(Enumerable.Range(0, count))), $"seed {seed}: order");
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef[] subjects, List<IActorRef> heard)
        {
            var next = 0;
            Receive<string>(_ =>
            {
                Context.Watch(subjects[next++ % subjects.Length]); // twice each: before, while and after they stop
                if (next < subjects.Length * 2)
                {
                    Self.Tell("go");
                }
            });
            Receive<Terminated>(terminated => heard.Add(terminated.ActorRef));
        }
    }

    private sealed class Mortal : ReceiveActor
    {
        public Mortal() => Receive<string>(_ => Context.Stop(Self));
    }

    [Fact]
    public void Terminated_is_delivered_once_when_watching_races_with_stopping()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var dispatcher = new PermutingDispatcher("permuting", seed) { Throughput = 1 };
            using var system = System(dispatcher);
            var subjects = Enumerable.Range(0, 5).Select(_ => system.ActorOf(Props.Create(() => new Mortal()))).ToArray();
            var heard = new List<IActorRef>();
            system.ActorOf(Props.Create(() => new Watcher(subjects, heard))).Tell("go", ActorRefs.NoSender);
            foreach (var subject in subjects)
            {
                subject.Tell("stop", ActorRefs.NoSender);
            }

            dispatcher.RunUntilIdle();

            // A watch of the second round, begun after Terminated came, is a watch of its own and brings a second one.
            Assert.True(subjects.All(subject => heard.Count(actor => actor.Equals(subject)) is 1 or 2), $"seed {seed}: {heard.Count}");
            var last = heard.Count;
            dispatcher.RunUntilIdle();
            Assert.Equal(last, heard.Count);
        }
    }

    private sealed class Unsteady : ReceiveActor
    {
        private static readonly InvalidOperationException Failure = new("broken");

        public Unsteady(List<int> handled, int failEvery, Action<int> lives)
        {
            lives(1);
            Receive<int>(number =>
            {
                handled.Add(number);
                if (number % failEvery == 0)
                {
                    throw Failure;
                }
            });
        }
    }

    private sealed class Parent : ReceiveActor
    {
        private readonly SupervisorStrategy _strategy;

        public Parent(SupervisorStrategy strategy, Props[] children)
        {
            _strategy = strategy;
            foreach (var child in children)
            {
                Context.ActorOf(child);
            }

            Receive<int>(number =>
            {
                foreach (var child in Context.GetChildren())
                {
                    child.Tell(number);
                }
            });
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;
    }

    [Theory]
    [InlineData(Directive.Restart, false)]
    [InlineData(Directive.Resume, false)]
    [InlineData(Directive.Restart, true)]
    [InlineData(Directive.Resume, true)]
    public void Failures_at_any_time_lose_no_message_and_leave_nobody_suspended(Directive directive, bool allForOne)
    {
        for (var seed = 0; seed < Seeds / 4; seed++)
        {
            var dispatcher = new PermutingDispatcher("permuting", seed) { Throughput = 1 };
            using var system = System(dispatcher);
            SupervisorStrategy strategy = allForOne
                ? new AllForOneStrategy(null, null, Decider.From(_ => directive), loggingEnabled: false)
                : new OneForOneStrategy(null, null, Decider.From(_ => directive), loggingEnabled: false);
            var handled = Enumerable.Range(0, 3).Select(_ => new List<int>()).ToArray();
            var lives = 0;
            var children = handled.Select((list, index) => Props.Create(() => new Unsteady(list, 3 + index, one => lives += one))).ToArray();
            var parent = system.ActorOf(Props.Create(() => new Parent(strategy, children)));
            for (var number = 1; number <= 20; number++)
            {
                parent.Tell(number, ActorRefs.NoSender);
            }

            dispatcher.RunUntilIdle();

            Assert.True(handled.All(list => list.SequenceEqual(Enumerable.Range(1, 20))), $"seed {seed}: {string.Join(" | ", handled.Select(list => string.Join(',', list)))}");
            var failures = handled.Select((_, index) => 20 / (3 + index)).Sum();
            if (directive == Directive.Resume)
            {
                Assert.True(lives == 3, $"seed {seed}: {lives} incarnations");
            }
            else if (!allForOne)
            {
                Assert.True(lives == 3 + failures, $"seed {seed}: {lives} incarnations for {failures} failures");
            }
        }
    }

    private sealed class Exclusive : ReceiveActor
    {
        private readonly int[] _last;
        private int _inside;

        public Exclusive(int senders, CountdownEvent done, Action<string> complain)
        {
            _last = new int[senders];
            Receive<Numbered>(message =>
            {
                if (Interlocked.Increment(ref _inside) != 1)
                {
                    complain("two threads in one actor");
                }

                if (_last[message.Sender] + 1 != message.Number)
                {
                    complain($"sender {message.Sender}: {message.Number} after {_last[message.Sender]}");
                }

                _last[message.Sender] = message.Number;
                Interlocked.Decrement(ref _inside);
                done.Signal();
            });
        }
    }

    [Fact]
    public void Threads_that_tell_at_once_lose_nothing_and_never_meet_in_the_actor()
    {
        const int Threads = 4;
        const int Messages = 50_000;
        using var system = ActorSystem.Create("stress");
        for (var round = 0; round < 3; round++)
        {
            using var done = new CountdownEvent(Threads * Messages);
            string? complaint = null;
            var actor = system.ActorOf(Props.Create(() => new Exclusive(Threads, done, text => complaint = text)));
            var threads = Enumerable.Range(0, Threads).Select(sender => new Thread(() =>
            {
                for (var number = 1; number <= Messages; number++)
                {
                    actor.Tell(new Numbered(sender, number), ActorRefs.NoSender);
                    if (number % 64 == 0 && sender % 2 == 0)
                    {
                        Thread.Yield(); // lets the mailbox run empty, so that going idle races with telling
                    }
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.True(done.Wait(TimeSpan.FromSeconds(60)), $"{done.CurrentCount} lost; {complaint}");
            Assert.Null(complaint);
        }
    }

    [Fact]
    public void Every_message_is_handled_or_a_dead_letter_when_telling_races_with_stopping()
    {
        const int Threads = 3;
        const int Messages = 2_000;
        using var system = ActorSystem.Create("stress");
        for (var round = 0; round < 50; round++)
        {
            using var done = new CountdownEvent(Threads * Messages);
            var actor = system.ActorOf(Props.Create(() => new Countdown(done)));
            var letters = system.ActorOf(Props.Create(() => new Letters(actor, done)));
            system.EventStream.Subscribe<DeadLetter>(letters);
            var threads = Enumerable.Range(0, Threads).Select(sender => new Thread(() =>
            {
                for (var number = 1; number <= Messages; number++)
                {
                    actor.Tell(new Numbered(sender, number), ActorRefs.NoSender);
                    if (sender == 0 && number == Messages / 2)
                    {
                        system.Stop(actor);
                    }
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.True(done.Wait(TimeSpan.FromSeconds(60)), $"round {round}: {done.CurrentCount} lost");
            system.Stop(letters);
        }
    }

    private sealed class Countdown : ReceiveActor
    {
        public Countdown(CountdownEvent done) => Receive<Numbered>(_ => done.Signal());
    }

    private sealed class Letters : ReceiveActor
    {
        public Letters(IActorRef recipient, CountdownEvent done) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is Numbered && letter.Recipient.Equals(recipient))
            {
                done.Signal();
            }
        });
    }

    private static ActorSystem System(MessageDispatcher dispatcher) =>
        ActorSystem.Create("permuted", new ActorSystemSetup { DefaultDispatcher = dispatcher, Scheduler = new TestScheduler() });
}
