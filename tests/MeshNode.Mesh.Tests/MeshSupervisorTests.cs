using MeshNode.Actors;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;

namespace MeshNode.Mesh.Tests;

public sealed class MeshSupervisorTests : MeshActorTest
{
    [Fact]
    public void Message_that_makes_an_actor_throw_costs_only_that_message()
    {
        var context = CreateContext(Alice);
        var supervisor = Sys.ActorOf(MeshSupervisor.Props(context, []), "mesh");
        supervisor.Tell(new MeshSupervisor.GetReady(), TestActor);
        ExpectMsg<MeshSupervisor.GetReady>();
        context.Routing.Tell(new LinkUp(Bob.Id, LinkKind.DataChannel, TestActor));
        FishForMessage<SendLinkFrame>(_ => true);

        context.Routing.Tell(new AdvertReceived(Bob.Id, null!)); // no caller does this: it stands for a bug

        context.Routing.Tell(new GetTopology(), TestActor);
        Assert.Single(FishForMessage<MeshTopology>(_ => true).Links);
    }
}
