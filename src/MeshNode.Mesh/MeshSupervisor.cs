using MeshNode.Actors;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;

namespace MeshNode.Mesh;

/// <summary>
/// The root of the mesh at <c>/user/mesh</c>: starts routing, signalling and the registry of peers, one bootstrap a seed,
/// and a link for every WebSocket that comes in.
/// </summary>
internal sealed class MeshSupervisor : ReceiveActor
{
    /// <summary>Starts a link with props that the caller made (an accepted WebSocket).</summary>
    public sealed record StartLink(Props Link);

    /// <summary>Answered once the children are started and the context knows them.</summary>
    public sealed record GetReady;

    public static Props Props(MeshContext context, IReadOnlyList<Uri> seeds) => Actors.Props.Create(() => new MeshSupervisor(context, seeds));

    public MeshSupervisor(MeshContext context, IReadOnlyList<Uri> seeds)
    {
        context.Routing = Context.ActorOf(TopologyActor.Props(context), "routing");
        context.Signaling = Context.ActorOf(MeshSignalingActor.Props(context), "signaling");
        context.Registry = Context.ActorOf(PeersActor.Props(context), "peers");
        for (var index = 0; index < seeds.Count; index++)
        {
            Context.ActorOf(BootstrapActor.Props(seeds[index], context), $"bootstrap-{index}");
        }

        Receive<StartLink>(message => Context.ActorOf(message.Link));
        Receive<GetReady>(message => Sender.Tell(message));
        Receive<LinkUp>(_ => { }); // a link that came in; routing knows it
    }

    /// <summary>
    /// What these actors hold (links, adverts, peers) cannot be made again from outside: the message that made one throw is
    /// reported and dropped, and the actor goes on.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception => Directive.Resume);
}
