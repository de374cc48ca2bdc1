using System.Text;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Stun;
using MeshNode.Rtc.Tests.Dtls;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Attacks;

/// <summary>A peer that was invited, and forges the source of its checks, must not get another peer's datagrams.</summary>
public sealed class PathTakeoverTests
{
    private static readonly byte[] Data = [23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 5, 0, 1, 9];
    private static readonly byte[] ClientHello = [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1];

    [Fact]
    public void A_check_from_a_forged_source_takes_no_path_away()
    {
        using var pair = new PeerConnectionPair(70);
        var port = new PeerDemultiplexer();
        port.Add(pair.Left);
        pair.Connect();
        Assert.True(pair.RunUntilConnected());
        Assert.Same(pair.Left, port.Route(PeerConnectionPair.LeftPath, Data));

        using var attacked = Invited(port);
        attacked.HandleDatagram(pair.Now, PeerConnectionPair.LeftPath, Check(attacked)); // "from" the victim's address
        while (attacked.TryReadEvent(out _))
        {
        }

        Assert.Same(pair.Left, port.Route(PeerConnectionPair.LeftPath, Data));
        Assert.Same(attacked, port.Route(PeerConnectionPair.LeftPath, ClientHello)); // a peer that comes back loses no time
        Assert.False(pair.Run(() => pair.Left.ConnectionState != PeerConnectionState.Connected, TimeSpan.FromMinutes(1)), pair.ToString());
    }

    [Fact]
    public void A_peer_that_answers_there_takes_over_and_the_end_of_the_old_one_leaves_it_the_path()
    {
        var port = new PeerDemultiplexer();
        using var older = Invited(port);
        using var newer = Invited(port);
        var path = PeerConnectionPair.LeftPath;
        port.ClaimPath(older, path);
        port.ClaimPath(newer, path);
        Assert.Same(older, port.Route(path, Data));
        Assert.Same(newer, port.Route(path, ClientHello));
        port.BindPath(newer, path);
        Assert.Same(newer, port.Route(path, Data));
        port.Remove(older);
        Assert.Same(newer, port.Route(path, Data));
    }

    [Fact]
    public void A_claim_becomes_the_path_when_its_owner_goes()
    {
        var port = new PeerDemultiplexer();
        using var older = Invited(port);
        using var newer = Invited(port);
        var path = PeerConnectionPair.LeftPath;
        port.ClaimPath(older, path);
        port.ClaimPath(newer, path);
        port.Remove(older);
        Assert.Same(newer, port.Route(path, Data));
        port.Remove(newer);
        Assert.Null(port.Route(path, Data));
        Assert.Null(port.Route(path, ClientHello));
    }

    private static PeerConnection Invited(PeerDemultiplexer port)
    {
        var connection = new PeerConnection(
            new PeerConnectionConfiguration
            {
                Certificate = DtlsPair.ServerCertificate,
                Jitter = new SeededRandomSource(5),
                Secure = new SeededRandomSource((ulong)port.Count + 6),
            },
            default);
        connection.AddLocalCandidate(default, IceCandidate.Host(PeerConnectionPair.LeftAddress));
        port.Add(connection);
        return connection;
    }

    private static byte[] Check(PeerConnection connection)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.WriteBytes(StunAttributeType.Username, Encoding.ASCII.GetBytes($"{connection.LocalUsernameFragment}:evil"));
        writer.WriteUInt32(StunAttributeType.Priority, 1);
        writer.WriteMessageIntegrity(Encoding.ASCII.GetBytes(connection.LocalPassword));
        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }
}
