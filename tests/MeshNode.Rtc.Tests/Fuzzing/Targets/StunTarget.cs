using System.Buffers.Binary;
using MeshNode.Rtc.Stun;
using MeshNode.Rtc.Tests.Stun;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>The STUN decoder and what a shared port reads before it.</summary>
internal sealed class StunTarget : FuzzTarget
{
    private static readonly byte[] Password = System.Text.Encoding.ASCII.GetBytes(StunVectors.ShortTermPassword);

    public override string Name => "stun";

    public override IReadOnlyList<byte[]> Seeds => [StunVectors.Request, StunVectors.IPv4Response, StunVectors.IPv6Response, StunVectors.LongTermRequest];

    public override long AllocationLimit => 4096;

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        input = PutRight(input, random);
        var isStun = StunDatagram.IsStun(input);
        var hasFragment = StunDatagram.TryReadReceiverFragment(input, out var fragment);
        Assert.True(!hasFragment || (isStun && fragment.Length < input.Length));
        if (!StunReader.TryParse(input, out var reader))
        {
            return Feature(0, isStun ? 1 : 0, hasFragment ? 1 : 0);
        }

        var attributes = 0;
        var count = 0;
        foreach (var attribute in reader)
        {
            Assert.True(attribute.Offset >= StunDatagram.HeaderLength && attribute.Offset + 4 + attribute.Value.Length <= input.Length);
            attributes |= 1 << ((ushort)attribute.Type % 31);
            count++;
        }

        Span<ushort> unknown = stackalloc ushort[8];
        return Feature(
            1,
            (int)reader.Class,
            attributes,
            Bucket(count),
            (int)reader.VerifyIntegrity(Password),
            reader.TryReadErrorCode(out var code) ? code : 0,
            reader.TryReadXorMappedAddress(out var address) ? address.AddressLength : 0,
            reader.CopyUnknownAttributes(unknown));
    }

    /// <summary>Most mutations break the frame, which everything else stands in.</summary>
    private static Span<byte> PutRight(Span<byte> input, RandomSource random)
    {
        if (input.Length < StunDatagram.HeaderLength || random.NextInt32(4) == 0)
        {
            return input;
        }

        input = input[..(input.Length & ~3)];
        input[0] &= 3;
        BinaryPrimitives.WriteUInt16BigEndian(input[2..], (ushort)(input.Length - StunDatagram.HeaderLength));
        BinaryPrimitives.WriteUInt32BigEndian(input[4..], StunDatagram.MagicCookie);
        if (input.Length >= StunDatagram.HeaderLength + 8 && BinaryPrimitives.ReadUInt32BigEndian(input[^8..]) == 0x80280004)
        {
            BinaryPrimitives.WriteUInt32BigEndian(input[^4..], StunFingerprint.Compute(input[..^8]));
        }

        return input;
    }
}
