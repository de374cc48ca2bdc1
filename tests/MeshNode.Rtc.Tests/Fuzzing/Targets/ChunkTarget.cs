using System.Buffers.Binary;
using MeshNode.Rtc.Tests.Sctp;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>Every decoder of SCTP chunks, parameters and error causes, on chunks whose lengths are mostly right.</summary>
internal sealed class ChunkTarget : FuzzTarget
{
    public override string Name => "chunks";

    public override IReadOnlyList<byte[]> Seeds => GoldenChunks.All;

    public override long AllocationLimit => 8192;

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (input.Length >= 4 && random.NextInt32(4) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[2..], (ushort)input.Length);
        }

        return Feature(input.Length == 0 ? 0 : input[0], Bucket(input.Length), WireFuzzTests.Decode(input));
    }
}
