using MeshNode.Rtc.Tests.Dtls;
using MeshNode.Rtc.Tests.Stun;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>What a shared port does first with every datagram of the world.</summary>
internal sealed class DemultiplexerTarget : FuzzTarget
{
    private readonly PeerDemultiplexer _demultiplexer = new();
    private PeerConnection _connection = null!;

    public override string Name => "demultiplexer";

    public override int InputsPerSession => 10_000;

    public override long AllocationLimit => 1024;

    public override IReadOnlyList<byte[]> Seeds => [StunVectors.Request, StunVectors.IPv4Response, StunVectors.IPv6Response, [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]];

    public override void Begin(ulong seed)
    {
        _connection = new PeerConnection(
            PassThroughDtls.Replace(new PeerConnectionConfiguration
            {
                Certificate = DtlsPair.ClientCertificate,
                Jitter = new SeededRandomSource(seed),
                Secure = new SeededRandomSource(~seed),
            }),
            default);
        _demultiplexer.Add(_connection);
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        var path = new TransportPath(PeerConnectionPair.LeftAddress, TransportAddress.FromIPv4(random.NextUInt32(), 1));
        return Feature(_demultiplexer.Route(path, input) is null ? 0 : 1, input.IsEmpty ? -1 : input[0] >> 2, _demultiplexer.PathCount);
    }

    public override void End()
    {
        _demultiplexer.Remove(_connection);
        _connection.Dispose();
        Assert.Equal(0, _demultiplexer.Count);
    }
}
