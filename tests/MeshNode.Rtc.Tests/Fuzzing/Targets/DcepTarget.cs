using MeshNode.Rtc.DataChannels;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>DATA_CHANNEL_OPEN and DATA_CHANNEL_ACK.</summary>
internal sealed class DcepTarget : FuzzTarget
{
    public override string Name => "dcep";

    public override IReadOnlyList<byte[]> Seeds =>
    [
        DataChannelOpenMessage.Create("label", new DataChannelInit { Protocol = "protocol", MaxRetransmits = 3 }),
        DataChannelOpenMessage.Create("", new DataChannelInit { Ordered = false, MaxPacketLifeTime = TimeSpan.FromSeconds(1) }),
        DataChannelAckMessage.Bytes.ToArray(),
    ];

    public override long AllocationLimit => 64 * 1024;

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (!DataChannelOpenMessage.TryParse(input, out var label, out var init))
        {
            return Feature(0, DataChannelAckMessage.IsMatch(input) ? 1 : 0, input.Length > 12 ? input[1] : 0);
        }

        init.Validate(label);
        Assert.Equal(input.Length, DataChannelOpenMessage.Create(label, init).Length);
        return Feature(1, init.Ordered ? 1 : 0, init.MaxRetransmits is null ? 0 : 1, init.MaxPacketLifeTime is null ? 0 : 1, Bucket(label.Length), Bucket(init.Protocol.Length));
    }
}
