namespace AkkaSamples;

/// <summary>Ways to say how an actor is made, and to find it again.</summary>
public sealed class PropsSamples : TestKit
{
    public class Named : ReceiveActor
    {
        public Named(string name, int number) => Receive<string>(text => text == "who", _ => Sender.Tell($"{name}{number}"));

        public static Props Props(string name) => Make(name, 0);
    }

    public class Plain : ReceiveActor
    {
        public Plain() => ReceiveAny(message => Sender.Tell(message));
    }

    public class Parent : ReceiveActor
    {
        public Parent()
        {
            var child = Context.ActorOf(Props.Create<Plain>(), "child");
            Receive<string>(text => text == "path", _ => Sender.Tell(Context.Child("child").Path.Name));
            Receive<string>(child.Forward);
        }
    }

    private static Props Make(string name, int number) => Props.Create(() => new Named(name, number));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Props_come_from_a_type_arguments_a_factory_or_the_actor_itself(int way)
    {
        var props = way switch
        {
            0 => Props.Create<Named>("a", 1),
            1 => Props.Create(typeof(Named), "a", 1),
            2 => Props.Create(() => new Named("a", 1)),
            _ => Make("a", 1),
        };
        var actor = Sys.ActorOf(props);
        actor.Tell("who");
        ExpectMsg("a1");
        Assert.Equal(typeof(Named), props.Type);
    }

    [Fact]
    public void Static_Props_method_stands_beside_its_actor()
    {
        Sys.ActorOf(Named.Props("b")).Tell("who");
        ExpectMsg("b0");
    }

    [Fact]
    public void Children_have_paths_below_their_parent_and_are_selected_by_them()
    {
        var parent = Sys.ActorOf<Parent>("parent");
        parent.Tell("path");
        ExpectMsg("child");
        Sys.ActorSelection("/user/parent/child").Tell("selected");
        ExpectMsg("selected");
        Sys.ActorSelection(parent.Path / "child").Tell("by path");
        ExpectMsg("by path");
        Sys.ActorSelection("/user/*/child").Tell(new Identify("id"));
        Assert.Equal("child", ExpectMsg<ActorIdentity>(identity => (string)identity.MessageId == "id").Subject!.Path.Name);
        parent.Tell("forwarded");
        ExpectMsgFrom(Sys.ActorSelection("/user/parent/child").ResolveOne(TimeSpan.FromSeconds(15)).Result, "forwarded");
    }

    [Fact]
    public void Names_are_unique_among_siblings()
    {
        Sys.ActorOf<Plain>("same");
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf<Plain>("same"));
    }
}
