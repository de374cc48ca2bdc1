namespace AkkaSamples;

/// <summary>Actors that change what they do.</summary>
public sealed class BecomeSamples : TestKit
{
    public class Moody : ReceiveActor
    {
        public Moody()
        {
            Receive<string>(text => text == "insult", _ => Become(Angry));
            Receive<string>(text => text == "praise", _ => Become(Happy));
            Receive<string>(_ => Sender.Tell("indifferent"));
        }

        private void Angry()
        {
            Receive<string>(text => text == "praise", _ => Become(Happy));
            Receive<string>(_ => Sender.Tell("angry"));
        }

        private void Happy()
        {
            Receive<string>(text => text == "insult", _ => Become(Angry));
            Receive<string>(_ => Sender.Tell("happy"));
        }
    }

    public class Swapper : UntypedActor
    {
        private sealed class Swap
        {
            public static readonly Swap Instance = new();
        }

        public static object SwapMessage => Swap.Instance;

        protected override void OnReceive(object message)
        {
            if (message is Swap)
            {
                Sender.Tell("Hi");
                BecomeStacked(swapped =>
                {
                    if (swapped is Swap)
                    {
                        Sender.Tell("Ho");
                        UnbecomeStacked();
                    }
                    else
                    {
                        Unhandled(swapped);
                    }
                });
            }
            else
            {
                Unhandled(message);
            }
        }
    }

    public class Dialog : ReceiveActor
    {
        public Dialog() => Page(0);

        private void Page(int number)
        {
            Receive<string>(text => text == "open", _ => BecomeStacked(() => Page(number + 1)));
            Receive<string>(text => text == "close", _ => UnbecomeStacked());
            Receive<string>(text => text == "where", _ => Sender.Tell(number));
        }
    }

    [Fact]
    public void Become_replaces_the_behaviour()
    {
        var moody = Sys.ActorOf<Moody>();
        foreach (var (told, mood) in new[] { ("hm", "indifferent"), ("insult", "angry"), ("praise", "happy"), ("insult", "angry") })
        {
            moody.Tell(told);
            moody.Tell("how are you?");
            FishForMessage(message => message.Equals(mood));
        }
    }

    [Fact]
    public void Stacked_behaviours_come_back()
    {
        var swapper = Sys.ActorOf<Swapper>();
        foreach (var answer in new[] { "Hi", "Ho", "Hi", "Ho" })
        {
            swapper.Tell(Swapper.SwapMessage);
            ExpectMsg(answer);
        }

        var dialog = Sys.ActorOf<Dialog>();
        foreach (var step in new[] { "open", "open", "where", "close", "where", "close", "close", "close", "where" })
        {
            dialog.Tell(step);
        }

        Assert.Equal(new object[] { 2, 1, 0 }, ReceiveN(3));
    }
}
