using System.Buffers.Binary;
using System.Text;
using MeshNode.Rtc.Tests.Dtls;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerDemultiplexerTests
{
    private static readonly TransportPath Path = PathFrom(1);
    private static readonly byte[] DtlsDatagram = [22, 0xfe, 0xfd, 0];

    private readonly PeerDemultiplexer _demultiplexer = new();
    private ulong _seed = 1;

    [Fact]
    public void Check_finds_its_connection_by_the_receivers_fragment_from_any_address()
    {
        var first = Added();
        var second = Added();
        Assert.Same(first, _demultiplexer.Route(Path, Request(first.LocalUsernameFragment + ":peer")));
        Assert.Same(second, _demultiplexer.Route(PathFrom(2), Request(second.LocalUsernameFragment + ":peer")));
    }

    [Theory]
    [InlineData("nobody:peer")]
    [InlineData("nobody")]
    [InlineData(":peer")]
    [InlineData("")]
    public void Check_for_somebody_else_finds_nobody(string username)
    {
        Added();
        Assert.Null(_demultiplexer.Route(Path, Request(username)));
    }

    [Fact]
    public void Response_finds_its_connection_by_the_tag_of_its_transaction()
    {
        var connection = Added();
        Added();
        Assert.Same(connection, _demultiplexer.Route(Path, Stun(0x0101, connection.TransactionTag)));
        Assert.Same(connection, _demultiplexer.Route(Path, Stun(0x0111, connection.TransactionTag)));
        Assert.Null(_demultiplexer.Route(Path, Stun(0x0101, connection.TransactionTag + 1)));
    }

    [Fact]
    public void Everything_else_goes_by_the_bound_address_pair()
    {
        var connection = Added();
        Assert.Null(_demultiplexer.Route(Path, DtlsDatagram));
        _demultiplexer.BindPath(connection, Path);
        Assert.Same(connection, _demultiplexer.Route(Path, DtlsDatagram));
        Assert.Same(connection, _demultiplexer.Route(Path, Stun(0x0011, 7))); // a binding indication
        Assert.Null(_demultiplexer.Route(PathFrom(2), DtlsDatagram));
    }

    [Fact]
    public void Newer_generation_takes_the_address_pair_and_the_older_never_takes_it_back()
    {
        var older = Added();
        var newer = Added();
        _demultiplexer.BindPath(older, Path);
        _demultiplexer.BindPath(newer, Path);
        Assert.Same(newer, _demultiplexer.Route(Path, DtlsDatagram));
        _demultiplexer.BindPath(older, Path);
        Assert.Same(newer, _demultiplexer.Route(Path, DtlsDatagram));

        _demultiplexer.Remove(newer);
        Assert.Null(_demultiplexer.Route(Path, DtlsDatagram));
        _demultiplexer.BindPath(older, Path); // the newer is gone: an authenticated check may bind it again
        Assert.Same(older, _demultiplexer.Route(Path, DtlsDatagram));
    }

    [Fact]
    public void Older_generation_still_gets_its_own_checks()
    {
        var older = Added();
        var newer = Added();
        _demultiplexer.BindPath(newer, Path);
        Assert.Same(older, _demultiplexer.Route(Path, Request(older.LocalUsernameFragment + ":peer")));
    }

    [Fact]
    public void Removed_connection_leaves_nothing_behind()
    {
        var connection = Added();
        _demultiplexer.BindPath(connection, Path);
        _demultiplexer.Remove(connection);

        Assert.Null(_demultiplexer.Route(Path, DtlsDatagram));
        Assert.Null(_demultiplexer.Route(Path, Request(connection.LocalUsernameFragment + ":peer")));
        Assert.Null(_demultiplexer.Route(Path, Stun(0x0101, connection.TransactionTag)));
        Assert.Equal(0, _demultiplexer.Count);
        Assert.Equal(0, _demultiplexer.PathCount);
    }

    [Fact]
    public void Removing_the_older_leaves_the_newers_address_pair()
    {
        var older = Added();
        var newer = Added();
        _demultiplexer.BindPath(older, Path);
        _demultiplexer.BindPath(newer, Path);
        _demultiplexer.Remove(older);
        Assert.Same(newer, _demultiplexer.Route(Path, DtlsDatagram));
    }

    [Fact]
    public void One_connection_cannot_fill_the_table_with_address_pairs()
    {
        var connection = Added();
        for (var i = 1; i <= 1000; i++)
        {
            _demultiplexer.BindPath(connection, PathFrom(i));
        }

        Assert.Equal(64, _demultiplexer.PathCount);
        Assert.Same(connection, _demultiplexer.Route(PathFrom(1000), DtlsDatagram));
        Assert.Null(_demultiplexer.Route(PathFrom(1), DtlsDatagram));
    }

    [Fact]
    public void Adding_a_connection_twice_is_a_callers_mistake()
    {
        var connection = Added();
        Assert.Throws<InvalidOperationException>(() => _demultiplexer.Add(connection));
    }

    private static TransportPath PathFrom(int port) =>
        new(TransportAddress.FromIPv4(0xC0000201, 4001), TransportAddress.FromIPv4(0xC0000202, (ushort)port));

    private static byte[] Stun(ushort type, uint tag, params byte[] attributes)
    {
        var message = new byte[20 + attributes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)attributes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), 0x2112A442);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), tag);
        attributes.CopyTo(message.AsSpan(20));
        return message;
    }

    private static byte[] Request(string username)
    {
        var name = Encoding.UTF8.GetBytes(username);
        return Stun(0x0001, 7, [0, 6, 0, (byte)name.Length, .. name, .. new byte[(4 - (name.Length % 4)) % 4]]);
    }

    private PeerConnection Added()
    {
        var connection = new PeerConnection(
            new PeerConnectionConfiguration
            {
                Certificate = DtlsPair.ServerCertificate,
                Jitter = new SeededRandomSource(_seed++),
                Secure = new SeededRandomSource(_seed++),
            },
            default);
        _demultiplexer.Add(connection);
        return connection;
    }
}
