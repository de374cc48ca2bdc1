using MeshNode.SimNet;

namespace MeshNode.Actors.Tests.Properties;

/// <summary>The same claims by the thread pool's own interleavings, which no seed decides: many rounds instead.</summary>
public sealed class RealThreadTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = ActorSystem.Create("threads");

    public void Dispose() => Assert.True(_system.Terminate().Wait(Limit), "The system did not terminate: an actor did not stop.");

    private sealed class Account : ReceiveActor
    {
        public Account(CountdownEvent left, Action<string> complain)
        {
            var inside = 0;
            Receive<int>(number =>
            {
                if (Interlocked.Increment(ref inside) != 1)
                {
                    complain("two threads in one actor");
                }

                Interlocked.Decrement(ref inside);
                left.Signal();
                if (number % 1_000 == 999)
                {
                    throw new InvalidOperationException("broken");
                }
            });
        }
    }

    private sealed class Letters : ReceiveActor
    {
        public Letters(CountdownEvent left) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is int)
            {
                left.Signal();
            }
        });
    }

    private sealed class Teller : ReceiveActor
    {
        public Teller(IActorRef[] receivers) => Receive<int>(left =>
        {
            for (var count = 0; count < 50 && left > 0; count++, left--)
            {
                receivers[left % receivers.Length].Tell(left);
            }

            if (left > 0)
            {
                Self.Tell(left);
            }
        });
    }

    [Fact]
    public void No_message_is_lost_and_no_actor_entered_twice_when_actors_fail_and_stop()
    {
        for (var round = TestScale.Count("rounds of tellers on the thread pool", 1_000, 60); round > 0; round--)
        {
            const int Tellers = 8;
            const int Messages = 2_000;
            string? complaint = null;
            using var left = new CountdownEvent(Tellers * Messages);
            var strategy = new OneForOneStrategy(
                null, null, Decider.From(cause => round % 3 == 0 ? Directive.Stop : round % 3 == 1 ? Directive.Resume : Directive.Restart), loggingEnabled: false);
            var receivers = Enumerable.Range(0, 3).Select(_ => _system.ActorOf(Props.Create(() => new Account(left, text => complaint = text), strategy))).ToArray();
            var letters = _system.ActorOf(Props.Create(() => new Letters(left)));
            _system.EventStream.Subscribe<DeadLetter>(letters);
            var tellers = Enumerable.Range(0, Tellers).Select(_ => _system.ActorOf(Props.Create(() => new Teller(receivers)))).ToArray();
            Array.ForEach(tellers, teller => teller.Tell(Messages, ActorRefs.NoSender));
            if (round % 2 == 0)
            {
                _system.Stop(receivers[0]);
            }

            Assert.True(left.Wait(Limit), $"{left.CurrentCount} messages lost; {round} rounds left");
            Assert.Null(complaint);
            Array.ForEach([.. receivers, .. tellers, letters], _system.Stop);
        }
    }

    private sealed class Player : ReceiveActor
    {
        public Player(CountdownEvent left) => Receive<int>(ball =>
        {
            if (ball == 0)
            {
                left.Signal();
            }
            else
            {
                Sender.Tell(ball - 1);
            }
        });
    }

    /// <summary>The answer comes back just when the one who waits for it goes idle: a wake-up that is lost ends the game.</summary>
    [Fact]
    public void No_wake_up_is_lost_when_going_idle_races_with_telling()
    {
        var balls = TestScale.Count("messages back and forth on the thread pool", 20_000_000, 1_000_000);
        for (var games = 1; games <= 4; games *= 2)
        {
            using var left = new CountdownEvent(games);
            for (var game = 0; game < games; game++)
            {
                var players = Enumerable.Range(0, 2).Select(_ => _system.ActorOf(Props.Create(() => new Player(left)))).ToArray();
                players[0].Tell(balls / games, players[1]);
            }

            Assert.True(left.Wait(Limit * 5), $"{left.CurrentCount} of {games} games stand still");
        }
    }

    private sealed class Mortal : ReceiveActor
    {
        public Mortal() => Receive<string>(_ => Context.Stop(Self));
    }

    /// <summary>Watches all, some of them again; each notice must be due.</summary>
    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef[] subjects, Random random, CountdownEvent left, Action<string> complain)
        {
            var due = new HashSet<IActorRef>();
            Receive<int>(index =>
            {
                var subject = subjects[index];
                Context.Watch(subject);
                due.Add(subject);
                if (random.Next(3) == 0)
                {
                    Context.Unwatch(subject);
                    due.Remove(subject);
                    Context.Watch(subject);
                    due.Add(subject);
                }

                if (index + 1 < subjects.Length)
                {
                    Self.Tell(index + 1);
                }
            });
            Receive<Terminated>(terminated =>
            {
                if (!due.Remove(terminated.ActorRef))
                {
                    complain($"heard twice of {terminated.ActorRef}");
                }

                left.Signal();
            });
        }
    }

    [Fact]
    public void Each_watch_brings_one_notice_when_watching_races_with_stopping()
    {
        for (var round = TestScale.Count("rounds of watchers on the thread pool", 2_000, 150); round > 0; round--)
        {
            const int Subjects = 20;
            const int Watchers = 6;
            string? complaint = null;
            using var left = new CountdownEvent(Subjects * Watchers);
            var subjects = Enumerable.Range(0, Subjects).Select(_ => _system.ActorOf(Props.Create(() => new Mortal()))).ToArray();
            var watchers = Enumerable.Range(0, Watchers).Select(
                id => _system.ActorOf(Props.Create(() => new Watcher(subjects, new Random((round * Watchers) + id), left, text => complaint = text)))).ToArray();
            Array.ForEach(watchers, watcher => watcher.Tell(0, ActorRefs.NoSender));
            for (var index = 0; index < Subjects; index++)
            {
                if ((index + round) % 2 == 0)
                {
                    subjects[index].Tell("stop", ActorRefs.NoSender);
                }
                else
                {
                    _system.Stop(subjects[index]);
                }
            }

            Assert.True(left.Wait(Limit), $"{left.CurrentCount} notices missing; {complaint}");
            Assert.Null(complaint);
            Array.ForEach(watchers, _system.Stop);
        }
    }
}
