namespace MeshNode.Actors.Tests.Properties;

/// <summary>Stashed messages come back in the order in which they came, before all that wait, against a model of mailbox and stash.</summary>
public sealed class StashOrderTests
{
    /// <summary>A program: 'n' is a number to handle, or to stash while closed; the others command.</summary>
    private sealed record Step(char Kind, int Number);

    private sealed class Door : ReceiveActor, IWithStash
    {
        private bool _open = true;

        public Door(List<int> handled)
        {
            Receive<Step>(step => step.Kind == 'n', step =>
            {
                if (_open)
                {
                    handled.Add(step.Number);
                }
                else
                {
                    Stash.Stash();
                }
            });
            Receive<Step>(step =>
            {
                switch (step.Kind)
                {
                    case 'c':
                        _open = false;
                        break;
                    case 'o':
                        _open = true;
                        Stash.UnstashAll();
                        break;
                    case '1':
                        Stash.Unstash();
                        break;
                    case 'e':
                        Stash.UnstashAll(envelope => ((Step)envelope.Message).Number % 2 == 0);
                        break;
                    case 'p':
                        Stash.Prepend(Stash.ClearStash().Reverse());
                        break;
                    case 'r':
                        throw new InvalidOperationException("restart"); // gives the stash back; the next one is open
                }
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void Stash_behaves_as_its_model() => Property.Holds("stash order", seed =>
    {
        using var permuted = new PermutedSystem(seed);
        var (system, random) = (permuted.System, permuted.Random);
        var program = Enumerable.Range(0, random.Next(1, 40)).Select(number => new Step("nnnnnnnccoo1epr"[random.Next(15)], number)).ToArray();
        var handled = new List<int>();
        var strategy = new OneForOneStrategy(null, null, Decider.From(_ => Directive.Restart), loggingEnabled: false);
        var door = system.ActorOf(Props.Create(() => new Parent(Props.Create(() => new Door(handled)), strategy)));
        foreach (var step in program)
        {
            door.Tell(step, ActorRefs.NoSender);
            permuted.Run(random.Next(4));
        }

        permuted.RunUntilIdle();
        Assert.Equal(Model(program), handled);
    });

    /// <summary>Supervises the door and passes on what it is told.</summary>
    private sealed class Parent : ReceiveActor
    {
        private readonly SupervisorStrategy _strategy;

        public Parent(Props child, SupervisorStrategy strategy)
        {
            _strategy = strategy;
            var door = Context.ActorOf(child);
            ReceiveAny(door.Tell);
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;
    }

    private static List<int> Model(Step[] program)
    {
        List<int> handled = [];
        List<Step> mailbox = [.. program], stash = [];
        var open = true;
        while (mailbox.Count > 0)
        {
            var step = mailbox[0];
            mailbox.RemoveAt(0);
            switch (step.Kind)
            {
                case 'n' when open:
                    handled.Add(step.Number);
                    break;
                case 'n':
                    stash.Add(step);
                    break;
                case 'c':
                    open = false;
                    break;
                case 'o' or 'r':
                    open = true;
                    mailbox.InsertRange(0, stash);
                    stash.Clear();
                    break;
                case '1' when stash.Count > 0:
                    mailbox.Insert(0, stash[0]);
                    stash.RemoveAt(0);
                    break;
                case 'e':
                    mailbox.InsertRange(0, stash.Where(stashed => stashed.Number % 2 == 0));
                    stash.RemoveAll(stashed => stashed.Number % 2 == 0);
                    break;
                case 'p':
                    stash.Reverse();
                    break;
            }
        }

        return handled;
    }
}
