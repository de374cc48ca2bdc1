using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Tests.Fuzzing.Targets;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Fuzzing;

/// <summary>Ten million inputs in a soak, over every decoder and every state of every state machine; a fixed part in a plain run.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Long")]
public sealed class FuzzTests
{
    private static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("MESHNODE_FUZZ_SEED"), out var seed) ? seed : 1;

    [Fact]
    public void Decoders_survive()
    {
        Run(new StunTarget(), 1_500_000, 20_000);
        Run(new SdpTarget(), 400_000, 5_000);
        Run(new CandidateTarget(), 1_000_000, 15_000);
        Run(new DcepTarget(), 1_000_000, 15_000);
        Run(new ChunkTarget(), 1_500_000, 20_000);
        Run(new DemultiplexerTarget(), 500_000, 10_000);
    }

    [Theory]
    [MemberData(nameof(AssociationStates))]
    public void An_association_survives_in_every_state(int state) => Run(new AssociationTarget((SctpState)state), 150_000, 2_500);

    [Fact]
    public void Data_channels_survive() => Run(new TransportTarget(), 1_000_000, 15_000);

    [Theory]
    [MemberData(nameof(IceStates))]
    public void An_ice_agent_survives_in_every_state(IceConnectionState state) => Run(new IceTarget(state), 120_000, 2_000);

    [Theory]
    [InlineData(0, 4_000)]
    [InlineData(1, 4_000)]
    [InlineData(2, 4_000)]
    [InlineData(3, 40_000)]
    public void Dtls_survives_at_every_moment(int moment, int count) => Run(new DtlsTarget((DtlsTarget.Moment)moment), count, count / 40);

    [Theory]
    [MemberData(nameof(ConnectionStates))]
    public void A_connection_survives_in_every_state(PeerConnectionState state) => Run(new PeerConnectionTarget(state), 180_000, 2_500);

    public static TheoryData<int> AssociationStates() => [.. Enum.GetValues<SctpState>().Select(state => (int)state)];

    public static TheoryData<IceConnectionState> IceStates() => [.. Enum.GetValues<IceConnectionState>()];

    public static TheoryData<PeerConnectionState> ConnectionStates() => [.. Enum.GetValues<PeerConnectionState>()];

    private static void Run(FuzzTarget target, int full, int plain) =>
        Fuzzer.Run(target, TestScale.Count($"mutated inputs to {target.Name}", full, plain), Seed);
}
