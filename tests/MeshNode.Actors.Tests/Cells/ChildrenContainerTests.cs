namespace MeshNode.Actors.Tests;

public sealed class ChildrenContainerTests : TestKit.TestKit
{
    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent()
        {
            var props = Props.Create(() => new Idle());
            Receive<int>(count =>
            {
                for (var i = 0; i < count; i++)
                {
                    Context.ActorOf(props);
                }
            });
            Receive<string>(name => Sender.Tell(Context.Child(name)));
            Receive<IActorRef>(child =>
            {
                Context.Watch(child);
                Context.Stop(child);
            });
            Receive<Terminated>(_ => Sender.Tell(Context.GetChildren().Count()));
        }
    }

    [Theory]
    [InlineData(0, "$a")]
    [InlineData(25, "$z")]
    [InlineData(26, "$A")]
    [InlineData(63, "$~")]
    [InlineData(64, "$ab")]
    [InlineData(4095, "$~~")]
    [InlineData(4096, "$aab")]
    public void Names_of_the_kernels_choice_count_in_base_64(long number, string name)
    {
        Assert.Equal(name, ChildName.Of(number).ToString());
        Assert.True(ChildName.TryParseNumber(name, out var parsed));
        Assert.Equal(number, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("a")]
    [InlineData("$*")]
    [InlineData("$aaaaaaaaaaaa")]
    public void Other_names_are_no_number(string name) => Assert.False(ChildName.TryParseNumber(name, out _));

    [Fact]
    public void Children_without_given_names_are_found_by_name_and_path()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent()), "parent");
        parent.Tell(100);
        parent.Tell("$b", TestActor);
        var child = ExpectMsg<IActorRef>();
        Assert.Equal("/user/parent/$b", child.Path.ToStringWithoutAddress());
        Sys.ActorSelection("/user/parent/$b").Tell(new Identify(1), TestActor);
        Assert.Equal(child, ExpectMsg<ActorIdentity>().Subject);
    }

    [Fact]
    public void Children_that_stop_in_any_order_leave_the_others_in_place()
    {
        var parent = (LocalActorRef)Sys.ActorOf(Props.Create(() => new Parent()));
        parent.Tell(50);
        parent.Tell("$a", TestActor);
        ExpectMsg<IActorRef>();
        var random = new Random(1);
        var left = parent.GetChildren().ToList();
        while (left.Count > 0)
        {
            var child = left[random.Next(left.Count)];
            left.Remove(child);
            Watch(child);
            parent.Tell(child, TestActor);
            ExpectTerminated(child);
            AwaitCondition(() => parent.GetChildren().Count == left.Count);
            Assert.Equal(left.Select(one => one.Path.Name).Order(), parent.GetChildren().Select(one => one.Path.Name).Order());
            Assert.All(left, one => Assert.Equal(one, parent.GetChild(one.Path.Name)));
            Assert.Null(parent.GetChild(child.Path.Name));
        }
    }
}
