namespace MeshNode.Actors.Tests.Properties;

/// <summary>Generated trees of actors with strategies of all kinds, failing at random, against <see cref="SupervisionModel"/>.</summary>
public sealed class SupervisionModelTests
{
    private sealed class Node : ReceiveActor
    {
        private readonly SupervisionTree _tree;
        private readonly SupervisionLedger _ledger;
        private readonly Dictionary<string, IActorRef> _refs;
        private readonly HashSet<string> _answers;

        public Node(SupervisionTree tree, SupervisionLedger ledger, Dictionary<string, IActorRef> refs, HashSet<string> answers)
        {
            (_tree, _ledger, _refs, _answers) = (tree, ledger, refs, answers);
            refs[tree.Name] = Self;
            ledger.Construct(tree.Name);
            Receive<int>(kind => throw new NodeFailure(kind));
            Receive<string>(_ => answers.Add(tree.Name));
            if (!tree.KeepsChildren)
            {
                CreateChildren();
            }
        }

        protected override SupervisorStrategy SupervisorStrategy() => _tree.Strategy();

        protected override void PreStart()
        {
            if (_tree.KeepsChildren)
            {
                CreateChildren();
            }
        }

        protected override void PostStop() => _ledger.Stop(_tree.Name);

        protected override void PreRestart(Exception reason, object message)
        {
            if (_tree.KeepsChildren)
            {
                PostStop();
            }
            else
            {
                base.PreRestart(reason, message);
            }
        }

        protected override void PostRestart(Exception reason)
        {
        }

        private void CreateChildren() =>
            Array.ForEach(_tree.Children, child => Context.ActorOf(Props.Create(() => new Node(child, _ledger, _refs, _answers)), child.Name));
    }

    [Fact]
    public void Trees_of_actors_fail_as_their_model() => Property.Holds("supervision decisions", seed =>
    {
        using var permuted = new PermutedSystem(seed);
        var random = permuted.Random;
        var (ledger, refs, answers) = (new SupervisionLedger(), new Dictionary<string, IActorRef>(), new HashSet<string>());
        var tree = SupervisionTree.Generate(random);
        var model = new SupervisionModel(tree);
        permuted.System.ActorOf(Props.Create(() => new Node(tree, ledger, refs, answers)), tree.Name);
        permuted.RunUntilIdle();
        Agree("at the start");
        for (var count = random.Next(1, 12); count > 0; count--)
        {
            permuted.Scheduler.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
            var (failing, kind) = (model.Ledger.Alive.ElementAt(random.Next(model.Ledger.Alive.Count)), random.Next(SupervisionTree.Kinds));
            Ask(); // traffic that the failure meets on its way
            refs[failing].Tell(kind, ActorRefs.NoSender);
            permuted.RunUntilIdle();
            model.Fail(failing, kind, permuted.Scheduler.MonotonicClock);
            Agree($"after {failing} failed with {kind}");
        }

        void Agree(string when)
        {
            Assert.True(model.Ledger.ToString() == ledger.ToString(), $"{when}:\nexpected {model.Ledger}\nactual   {ledger}");
            answers.Clear();
            Ask();
            permuted.RunUntilIdle();
            Assert.True(ledger.Alive.SetEquals(answers), $"{when} only these answer: {string.Join(' ', answers.Order())}");
        }

        void Ask()
        {
            foreach (var actor in refs.Values)
            {
                actor.Tell("are you there?", ActorRefs.NoSender);
            }
        }
    });

    [Fact]
    public void Failures_at_once_leave_nobody_suspended_and_no_incarnation_behind() => Property.Holds("failures at once", seed =>
    {
        using var permuted = new PermutedSystem(seed);
        var random = permuted.Random;
        var (ledger, refs, answers) = (new SupervisionLedger(), new Dictionary<string, IActorRef>(), new HashSet<string>());
        var tree = SupervisionTree.Generate(random);
        permuted.System.ActorOf(Props.Create(() => new Node(tree, ledger, refs, answers)), tree.Name);
        permuted.RunUntilIdle();
        for (var count = random.Next(1, 20); count > 0; count--)
        {
            var subject = refs.Values.ElementAt(random.Next(refs.Count));
            if (random.Next(8) == 0)
            {
                permuted.System.Stop(subject);
            }
            else
            {
                subject.Tell(random.Next(SupervisionTree.Kinds), ActorRefs.NoSender);
            }

            permuted.Run(random.Next(6));
        }

        permuted.RunUntilIdle();
        foreach (var name in ledger.Constructed.Keys)
        {
            var left = ledger.Constructed[name] - ledger.Stopped.GetValueOrDefault(name);
            Assert.True(left == (ledger.Alive.Contains(name) ? 1 : 0), $"{left} incarnations of {name} left behind: {ledger}");
        }

        foreach (var actor in refs.Values)
        {
            actor.Tell("are you there?", ActorRefs.NoSender);
        }

        permuted.RunUntilIdle();
        Assert.True(ledger.Alive.SetEquals(answers), $"alive {string.Join(' ', ledger.Alive)}, but these answer: {string.Join(' ', answers.Order())}");
    });
}
