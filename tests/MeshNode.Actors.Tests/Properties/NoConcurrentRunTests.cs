namespace MeshNode.Actors.Tests.Properties;

/// <summary>
/// One actor never runs twice at a time: not while another thread preempts it in a message, in a hook or in its
/// constructor, nor while its failure is decided.
/// </summary>
public sealed class NoConcurrentRunTests
{
    /// <summary>Who is inside which actor: shared by its incarnations.</summary>
    private sealed class Room
    {
        private bool _occupied;

        public int Visits { get; private set; }

        public void Visit(Action stay)
        {
            Assert.False(_occupied, "Two runs in one actor.");
            _occupied = true;
            Visits++;
            try
            {
                stay();
            }
            finally
            {
                _occupied = false;
            }
        }
    }

    private sealed class Gossip : ReceiveActor
    {
        private readonly Room _room;
        private readonly Action _chatter;

        public Gossip(Room room, IActorRef[] all, Random random, Action<Exception> complain)
        {
            (_room, _chatter) = (room, Chatter);
            Check(Chatter);
            Receive<int>(left => Check(() =>
            {
                for (var count = random.Next(3); count > 0 && left > 0; count--)
                {
                    var other = all[random.Next(all.Length)];
                    other.Tell(left - 1);
                    if (random.Next(2) == 0)
                    {
                        Context.Unwatch(Context.Watch(other)); // system messages, which others may get in the midst of a message
                    }
                }

                if (random.Next(8) == 0)
                {
                    throw new InvalidOperationException("broken");
                }
            }));
            Receive<string>(_ => { });

            void Chatter()
            {
                for (var count = random.Next(3); count > 0; count--)
                {
                    (all[random.Next(all.Length)] ?? ActorRefs.Nobody).Tell("chatter");
                }
            }

            void Check(Action action)
            {
                try
                {
                    _room.Visit(action);
                }
                catch (Xunit.Sdk.XunitException e)
                {
                    complain(e);
                }
            }
        }

        protected override void PreStart() => _room.Visit(_chatter);

        protected override void PostStop() => _room.Visit(_chatter);
    }

    /// <summary>Makes the actors, so that one's failure comes to all.</summary>
    private sealed class Family : UntypedActor
    {
        public Family(Props[] members, IActorRef[] all)
        {
            for (var index = 0; index < members.Length; index++)
            {
                all[index] = Context.ActorOf(members[index]);
            }
        }

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void No_actor_is_entered_twice() => Property.Holds("no concurrent run", seed =>
    {
        Exception? complaint = null;
        Room[] rooms = [new(), new(), new(), new()];
        using (var permuted = new PermutedSystem(seed))
        {
            var (system, random) = (permuted.System, permuted.Random);
            var strategy = new AllForOneStrategy(
                null, null, Decider.From(_ => random.Next(2) == 0 ? Directive.Resume : Directive.Restart), loggingEnabled: false);
            var all = new IActorRef[rooms.Length];
            Props[] members = [.. rooms.Select(room => Props.Create(() => new Gossip(room, all, random, e => complaint ??= e)))];
            system.ActorOf(Props.Create(() => new Family(members, all), strategy));
            permuted.RunUntilIdle();
            for (var count = 0; count < 20; count++)
            {
                all[random.Next(all.Length)].Tell(random.Next(1, 5), ActorRefs.NoSender);
                permuted.Run(random.Next(3));
            }

            permuted.RunUntilIdle();
        }

        Assert.Null(complaint);
        Assert.All(rooms, room => Assert.True(room.Visits >= 3));
    });
}
