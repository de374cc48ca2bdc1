using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>
/// Whole packets with good checksums, ports and (mostly) tags, of mutated chunks and of chunks that were really exchanged, thrown
/// at an association in every state. Nothing may throw, loop, grow or lose count.
/// </summary>
public sealed class AssociationFuzzTests
{
    private const int PacketsEach = 40;

    [Fact]
    [Trait("Category", "Long")]
    public void An_association_survives_mutated_packets_in_every_state()
    {
        var count = TestScale.Count("mutated SCTP packets", 1_000_000, 100_000);
        var states = Enum.GetValues<SctpState>();
        for (var run = 0; run * PacketsEach < count; run++)
        {
            Run((ulong)run, states[run % states.Length]);
        }
    }

    private static void Run(ulong seed, SctpState state)
    {
        var pair = new AssociationPair(seed, new SctpConfiguration { Interleaving = seed / 8 % 2 == 0 });
        pair.Reach(state);
        Assert.True(pair.A.State == state, $"seed {seed}: reached {pair.A.State} instead of {state}");
        var mutator = new Mutator(seed, [.. GoldenChunks.All, .. pair.Chunks]);
        var random = new SeededRandomSource(seed ^ 0xF00D);
        var packet = new byte[4096];
        var scratch = new byte[4096];
        for (var i = 0; i < PacketsEach; i++)
        {
            var chunks = mutator.Next();
            if (chunks.Length > 2000)
            {
                continue;
            }

            chunks.CopyTo(packet.AsSpan(CommonHeader.Length));
            Retarget(packet.AsSpan(CommonHeader.Length, chunks.Length), pair, random);
            var tag = random.NextInt32(10) == 0 ? new VerificationTag(random.NextUInt32())
                : packet[CommonHeader.Length] == (byte)ChunkType.Init ? default : pair.TagOfA;
            new CommonHeader(5000, 5000, tag).Write(packet.AsSpan(0, CommonHeader.Length + chunks.Length), isZeroChecksum: random.NextInt32(4) == 0);
            try
            {
                pair.A.HandlePacket(pair.Now, packet.AsSpan(0, CommonHeader.Length + chunks.Length));
                pair.Settle(scratch, random);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, state {state}, packet {i}: {e}");
            }

            Assert.True(pair.A.IsConsistent(), $"seed {seed}, state {state}, packet {i}: counts disagree after {Convert.ToHexString(packet.AsSpan(CommonHeader.Length, chunks.Length))}");
        }
    }

    /// <summary>Moves TSNs near those in use, without which nearly all would be out of reach.</summary>
    private static void Retarget(Span<byte> chunk, AssociationPair pair, SeededRandomSource random)
    {
        if (chunk.Length < 8 || random.NextInt32(4) == 0)
        {
            return;
        }

        var near = (uint)(random.NextInt32(24) - 4);
        switch ((ChunkType)chunk[0])
        {
            case ChunkType.Data or ChunkType.ForwardTsn or ChunkType.IData or ChunkType.IForwardTsn:
                BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], pair.NextTsnOfB + near);
                break;
            case ChunkType.Sack or ChunkType.Shutdown:
                BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], pair.InitialTsnOfA + near);
                break;
            default:
                break;
        }
    }
}
