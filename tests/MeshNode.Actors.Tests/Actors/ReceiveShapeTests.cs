namespace MeshNode.Actors.Tests;

public sealed class ReceiveShapeTests : TestKit.TestKit
{
    private abstract record Animal;

    private record Dog : Animal;

    private sealed record Puppy : Dog;

    private sealed record Cat : Animal;

    /// <summary>More handlers than a shape tries one by one: where a type's first one is, is then remembered.</summary>
    private sealed class Zoo : ReceiveActor
    {
        public Zoo()
        {
            Receive<Version>(_ => Sender.Tell("version"));
            Receive<int>(number => number > 10, _ => Sender.Tell("large number"));
            Receive<Puppy>(_ => Sender.Tell("puppy"));
            Receive<Dog>(_ => Sender.Tell("dog"));
            Receive<Animal>(animal => animal is Cat { } && false);
            Receive<IFormattable>(_ => Sender.Tell("formattable"));
            Receive<int>(_ => Sender.Tell("never: an int is formattable"));
            Receive<Exception>(_ => Sender.Tell("exception"));
            Receive<Animal>(_ => Sender.Tell("animal"));
            Receive<string>(text => text.Length > 3, _ => Sender.Tell("long text"));
            Receive<string>(_ => Sender.Tell("text"));
        }
    }

    [Fact]
    public void First_handler_that_fits_takes_the_message_however_many_there_are()
    {
        var zoo = Sys.ActorOf(Props.Create(() => new Zoo()));
        for (var round = 0; round < 2; round++) // the second time from memory
        {
            foreach (var (message, answer) in new (object, string)[]
            {
                (new Puppy(), "puppy"), (new Dog(), "dog"), (new Cat(), "animal"), (5, "formattable"), (11, "large number"), (1.5, "formattable"),
                ("abc", "text"), (new InvalidOperationException(), "exception"), ("abcd", "long text"), (new Version(), "version"),
            })
            {
                zoo.Tell(message, TestActor);
                Assert.Equal(answer, ExpectMsg<string>());
            }
        }

        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        zoo.Tell(new object());
        ExpectMsg<UnhandledMessage>();
    }

    private sealed class Shares : ReceiveActor
    {
        public Shares(string name) => Receive<string>(_ => Sender.Tell(name));
    }

    [Fact]
    public void Actors_of_one_shape_keep_their_own_handlers()
    {
        var first = Sys.ActorOf(Props.Create(() => new Shares("first")));
        var second = Sys.ActorOf(Props.Create(() => new Shares("second")));
        first.Tell("who", TestActor);
        ExpectMsg("first");
        second.Tell("who", TestActor);
        ExpectMsg("second");
    }
}
