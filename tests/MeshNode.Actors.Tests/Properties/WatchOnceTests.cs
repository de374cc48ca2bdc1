namespace MeshNode.Actors.Tests.Properties;

/// <summary>
/// Each watch brings one notice, whether the subject stopped before, while or after it was begun; a watch that was ended
/// brings none, even if its notice was in the mailbox already.
/// </summary>
public sealed class WatchOnceTests
{
    private sealed record Notice(int Subject, int Watch);

    private sealed class Mortal : ReceiveActor
    {
        public Mortal() => Receive<string>(_ => Context.Stop(Self));
    }

    /// <summary>Watches and unwatches at random and keeps account of what it must still hear.</summary>
    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef[] subjects, int steps, Random random, Dictionary<int, object> due, Action<string> complain)
        {
            var watch = 0;
            Receive<string>(_ =>
            {
                var index = random.Next(subjects.Length);
                switch (random.Next(3))
                {
                    case 0 when !due.ContainsKey(index):
                        Context.Watch(subjects[index]);
                        due.Add(index, "terminated");
                        break;
                    case 1 when !due.ContainsKey(index):
                        var notice = new Notice(index, watch++);
                        Context.WatchWith(subjects[index], notice);
                        due.Add(index, notice);
                        break;
                    case 2:
                        Context.Unwatch(subjects[index]);
                        due.Remove(index);
                        break;
                }

                if (--steps > 0)
                {
                    Self.Tell("step");
                }
            });
            Receive<Terminated>(terminated => Take(Array.FindIndex(subjects, subject => subject.Equals(terminated.ActorRef)), "terminated"));
            Receive<Notice>(notice => Take(notice.Subject, notice));

            void Take(int index, object heard)
            {
                if (!due.Remove(index, out var expected) || !expected.Equals(heard))
                {
                    complain($"heard {heard} of subject {index}, expected {expected ?? "nothing"}");
                }
            }
        }
    }

    [Fact]
    public void Each_watch_brings_exactly_one_notice() => Property.Holds("watch exactly once", seed =>
    {
        string? complaint = null;
        var due = Enumerable.Range(0, 3).Select(_ => new Dictionary<int, object>()).ToArray();
        using var permuted = new PermutedSystem(seed);
        var (system, random) = (permuted.System, permuted.Random);
        var subjects = Enumerable.Range(0, random.Next(1, 5)).Select(_ => system.ActorOf(Props.Create(() => new Mortal()))).ToArray();
        foreach (var mine in due)
        {
            var steps = random.Next(1, 20);
            system.ActorOf(Props.Create(() => new Watcher(subjects, steps, random, mine, text => complaint ??= text))).Tell("step", ActorRefs.NoSender);
        }

        foreach (var subject in subjects)
        {
            permuted.Run(random.Next(20));
            switch (random.Next(3))
            {
                case 0: system.Stop(subject); break;
                case 1: subject.Tell("stop", ActorRefs.NoSender); break;
                default: subject.Tell(PoisonPill.Instance, ActorRefs.NoSender); break;
            }
        }

        permuted.RunUntilIdle();
        Assert.Null(complaint);
        Assert.All(due, mine => Assert.Empty(mine));
    });
}
