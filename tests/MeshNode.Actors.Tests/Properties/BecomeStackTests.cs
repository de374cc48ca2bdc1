namespace MeshNode.Actors.Tests.Properties;

/// <summary>Become, BecomeStacked and UnbecomeStacked against Akka's stack, whose first behaviour never goes.</summary>
public sealed class BecomeStackTests
{
    private sealed class Chameleon : ReceiveActor
    {
        private readonly List<int> _seen;

        public Chameleon(List<int> seen)
        {
            _seen = seen;
            Wear(0);
        }

        private void Wear(int colour)
        {
            Receive<(char Op, int Colour)>(step =>
            {
                switch (step.Op)
                {
                    case 'b': Become(() => Wear(step.Colour)); break;
                    case 's': BecomeStacked(() => Wear(step.Colour)); break;
                    case 'u': UnbecomeStacked(); break;
                    case 'r': throw new InvalidOperationException("restart");
                }
            });
            Receive<string>(_ => _seen.Add(colour));
        }
    }

    [Fact]
    public void Behaviours_follow_their_model() => Property.Holds("become stack", seed =>
    {
        using var permuted = new PermutedSystem(seed);
        var (system, random) = (permuted.System, permuted.Random);
        List<int> seen = [], expected = [];
        var actor = system.ActorOf(Props.Create(() => new Chameleon(seen)));
        var model = new Stack<int>([0]);
        for (var colour = 1; colour < 30; colour++)
        {
            var op = "bbsssuuuur"[random.Next(10)];
            actor.Tell((op, colour), ActorRefs.NoSender);
            actor.Tell("look", ActorRefs.NoSender);
            switch (op)
            {
                case 'b':
                    if (model.Count > 1)
                    {
                        model.Pop();
                    }

                    model.Push(colour);
                    break;
                case 's':
                    model.Push(colour);
                    break;
                case 'u' when model.Count > 1:
                    model.Pop();
                    break;
                case 'r':
                    model = new Stack<int>([0]);
                    break;
            }

            expected.Add(model.Peek());
        }

        permuted.RunUntilIdle();
        Assert.Equal(expected, seen);
    });
}
