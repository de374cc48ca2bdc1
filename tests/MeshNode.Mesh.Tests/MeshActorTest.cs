using MeshNode.Actors.TestKit;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Mesh.Tests.Peers;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests;

/// <summary>An actor system in virtual time, three identities, and contexts for actors that belong to them.</summary>
public abstract class MeshActorTest : TestKit
{
    private protected static readonly NodeIdentity Alice = NodeIdentity.CreateEphemeral(new SeededRandomSource(1));
    private protected static readonly NodeIdentity Bob = NodeIdentity.CreateEphemeral(new SeededRandomSource(2));
    private protected static readonly NodeIdentity Carol = NodeIdentity.CreateEphemeral(new SeededRandomSource(3));

    private protected MeshContext CreateContext(NodeIdentity identity, IPeerConnectionFactory? connections = null, AdmissionPolicy? admission = null) => new()
    {
        Identity = identity,
        Options = new MeshOptions(),
        Name = "test",
        Admission = admission ?? AdmissionPolicy.Open,
        Clock = Scheduler.Clock,
        Random = new SeededRandomSource(42),
        Connections = connections ?? new ScriptedConnections(),
        PeerDispatcher = MeshNode.Actors.Dispatchers.DefaultDispatcherId,
    };
}
