namespace MeshNode.Actors.Tests.Properties;

/// <summary>What is told is handled or becomes a dead letter, once, and in order for each sender and receiver.</summary>
public sealed class NoMessageIsLostTests
{
    private sealed record Numbered(int Sender, int Receiver, int Number);

    /// <summary>Notes what it handles. Fails, stops itself and stashes by what the program says for the message.</summary>
    private sealed class Receiver : ReceiveActor, IWithStash
    {
        private int _stashing;

        public Receiver(int stashing, Func<Numbered, char> step, List<Numbered> handled)
        {
            _stashing = stashing;
            Receive<Numbered>(message =>
            {
                if (_stashing-- > 0)
                {
                    Stash.Stash();
                    return;
                }

                Stash.UnstashAll(); // in front of the mailbox, but behind this message
                handled.Add(message);
                switch (step(message))
                {
                    case 'f': throw new InvalidOperationException("broken");
                    case 's': Context.Stop(Self); break;
                    case 'p': Self.Tell(PoisonPill.Instance); break;
                }
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Sender : ReceiveActor
    {
        public Sender(int id, IActorRef[] receivers, int count, Random random, List<Numbered> sent)
        {
            var next = 0;
            Receive<string>(_ =>
            {
                var receiver = random.Next(receivers.Length);
                var message = new Numbered(id, receiver, next++);
                sent.Add(message);
                receivers[receiver].Tell(message);
                if (next < count)
                {
                    Self.Tell("go");
                }
            });
        }
    }

    private sealed class Letters : ReceiveActor
    {
        public Letters(List<Numbered> dead) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is Numbered message)
            {
                dead.Add(message);
            }
        });
    }

    [Fact]
    public void Every_message_is_handled_or_a_dead_letter_in_order() => Property.Holds("no lost message", seed =>
    {
        List<Numbered> sent = [], handled = [], dead = [];
        using (var permuted = new PermutedSystem(seed))
        {
            var (system, random) = (permuted.System, permuted.Random);
            system.EventStream.Subscribe<DeadLetter>(system.ActorOf(Props.Create(() => new Letters(dead))));
            var mischief = random.Next(4); // how many messages in a hundred do harm
            var harm = new Random(seed);
            var strategy = new OneForOneStrategy(
                null, null, Decider.From(_ => harm.Next(4) == 0 ? Directive.Stop : harm.Next(2) == 0 ? Directive.Resume : Directive.Restart), loggingEnabled: false);
            var receivers = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            {
                var stashing = random.Next(4);
                return system.ActorOf(Props.Create(
                    () => new Receiver(stashing, _ => harm.Next(100) < mischief ? "fsp"[harm.Next(3)] : '-', handled), strategy));
            }).ToArray();
            foreach (var id in Enumerable.Range(0, random.Next(1, 5)))
            {
                var count = random.Next(1, 25);
                system.ActorOf(Props.Create(() => new Sender(id, receivers, count, random, sent))).Tell("go", ActorRefs.NoSender);
            }

            permuted.RunUntilIdle();
            foreach (var receiver in receivers)
            {
                system.Stop(receiver); // what they stash still becomes a dead letter
            }

            permuted.RunUntilIdle();
        }

        var arrived = handled.Concat(dead).GroupBy(message => message).ToDictionary(group => group.Key, group => group.Count());
        Assert.DoesNotContain(sent, message => arrived.GetValueOrDefault(message) != 1);
        Assert.Equal(sent.Count, arrived.Count);
    });

    [Fact]
    public void Messages_of_one_sender_to_one_receiver_arrive_in_order() => Property.Holds("order", seed =>
    {
        List<Numbered> sent = [], handled = [];
        using var permuted = new PermutedSystem(seed);
        var (system, random) = (permuted.System, permuted.Random);
        var harm = new Random(seed);
        var strategy = new OneForOneStrategy(
            null, null, Decider.From(_ => harm.Next(2) == 0 ? Directive.Resume : Directive.Restart), loggingEnabled: false);
        var receivers = Enumerable.Range(0, random.Next(1, 4)).Select(_ => system.ActorOf(Props.Create(
            () => new Receiver(0, _ => harm.Next(10) == 0 ? 'f' : '-', handled), strategy))).ToArray();
        foreach (var id in Enumerable.Range(0, random.Next(1, 5)))
        {
            var count = random.Next(1, 25);
            system.ActorOf(Props.Create(() => new Sender(id, receivers, count, random, sent))).Tell("go", ActorRefs.NoSender);
        }

        permuted.RunUntilIdle();
        Assert.Equal(sent.Count, handled.Count);
        foreach (var stream in handled.GroupBy(message => (message.Sender, message.Receiver)))
        {
            Assert.Equal(stream.Select(message => message.Number).Order(), stream.Select(message => message.Number));
        }
    });
}
