using MeshNode.SimNet;

namespace MeshNode.Actors.Tests;

/// <summary>
/// Real threads that tell, suspend, resume and stop at once: what no seed can replay. Each of many short rounds is a new
/// actor, so that the first messages, growing rings, going idle and the end meet often.
/// </summary>
public sealed class MailboxStressTests
{
    private const int Senders = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private sealed record Numbered(int Sender, int Number);

    /// <summary>What became of a round's messages.</summary>
    private sealed class Account(int messages)
    {
        private readonly int[] _last = new int[Senders];
        private readonly CountdownEvent _left = new(messages);
        private int _inside;

        public string? Complaint { get; private set; }

        public int Missing => _left.CurrentCount;

        public bool Wait() => _left.Wait(Limit);

        public void Handled(Numbered message)
        {
            if (Interlocked.Increment(ref _inside) != 1)
            {
                Complaint = "two threads in one actor";
            }

            if (_last[message.Sender] >= message.Number)
            {
                Complaint = $"sender {message.Sender}: {message.Number} after {_last[message.Sender]}";
            }

            _last[message.Sender] = message.Number;
            Interlocked.Decrement(ref _inside);
            _left.Signal();
        }

        public void Dead() => _left.Signal();
    }

    private sealed class Handler : ReceiveActor
    {
        public Handler(Account account) => Receive<Numbered>(account.Handled);
    }

    private sealed class Letters : ReceiveActor
    {
        public Letters(IActorRef recipient, Account account) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is Numbered && letter.Recipient.Equals(recipient))
            {
                account.Dead();
            }
        });
    }

    private sealed class EvenFirst : UnboundedPriorityMailbox
    {
        protected override int PriorityGenerator(object message) => message is Numbered ? 0 : 1;
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("priority", false)]
    [InlineData("priority", true)]
    [InlineData("bounded", true)]
    public void Nothing_is_lost_or_handled_twice_by_racing_senders_suspensions_and_stops(string? mailbox, bool stops)
    {
        using var system = ActorSystem.Create("stress");
        system.Mailboxes.Register("priority", new EvenFirst());
        system.Mailboxes.Register("bounded", new BoundedMailbox(10));
        var rounds = TestScale.Count("rounds of mailbox stress", full: 20_000, plain: 150);
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(round);
            var messages = random.Next(4) == 0 ? 4_000 : random.Next(1, 300);
            var account = new Account(Senders * messages);
            var props = Props.Create(() => new Handler(account));
            var actor = (LocalActorRef)system.ActorOf(mailbox is null ? props : props.WithMailbox(mailbox));
            var letters = system.ActorOf(Props.Create(() => new Letters(actor, account)));
            system.EventStream.Subscribe<DeadLetter>(letters);
            var pauses = random.Next(1, 200);
            var stopAt = random.Next(messages);
            using var begin = new Barrier(Senders + 1);
            var threads = Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
            {
                begin.SignalAndWait();
                for (var number = 1; number <= messages; number++)
                {
                    actor.Tell(new Numbered(sender, number), ActorRefs.NoSender);
                    if (number % pauses == 0)
                    {
                        Thread.Yield();
                    }

                    if (stops && sender == 0 && number == stopAt)
                    {
                        system.Stop(actor);
                    }
                }
            })).Append(new Thread(() =>
            {
                begin.SignalAndWait();
                for (var turn = 0; turn < 20; turn++)
                {
                    actor.SendSystemMessage(new SuspendMessage());
                    Thread.Yield();
                    actor.SendSystemMessage(new ResumeMessage(null));
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.True(account.Wait(), $"{mailbox}, round {round}: {account.Missing} lost; {account.Complaint}");
            Assert.True(account.Complaint is null, $"{mailbox}, round {round}: {account.Complaint}");
            system.Stop(actor);
            system.Stop(letters);
        }
    }

    private sealed class Relay : UntypedActor
    {
        private readonly IActorRef[] _others;
        private readonly CountdownEvent _handled;
        private readonly Random _random;

        public Relay(IActorRef[] others, CountdownEvent handled, int seed) => (_others, _handled, _random) = (others, handled, new Random(seed));

        protected override void OnReceive(object message)
        {
            if (message is int left)
            {
                if (left > 0)
                {
                    _others[_random.Next(_others.Length)].Tell(left - 1);
                }

                _handled.Signal();
            }
        }
    }

    /// <summary>Few tokens among many actors: mailboxes go idle and wake all the time, so that a lost wake-up stops a token.</summary>
    [Fact]
    public void No_wake_up_is_lost_when_tokens_wander_among_idle_actors()
    {
        using var system = ActorSystem.Create("stress");
        var steps = TestScale.Count("steps of wandering tokens", full: 5_000_000, plain: 200_000);
        for (var tokens = 1; tokens <= 4; tokens++)
        {
            using var handled = new CountdownEvent(tokens * (steps + 1));
            var actors = new IActorRef[5];
            for (var index = 0; index < actors.Length; index++)
            {
                var seed = index;
                actors[index] = system.ActorOf(Props.Create(() => new Relay(actors, handled, seed)));
            }

            for (var token = 0; token < tokens; token++)
            {
                actors[token].Tell(steps, ActorRefs.NoSender);
            }

            Assert.True(handled.Wait(Limit), $"{tokens} tokens: {handled.CurrentCount} steps left");
        }
    }
}
