using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;
using MeshNode.Rtc.Sctp.Parameters;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class WireFuzzTests
{
    [Fact]
    public void Every_chunk_decoder_survives_mutated_inputs()
    {
        var count = TestScale.Count("mutated SCTP chunks", 1_000_000, 100_000);
        var mutator = new Mutator(1, GoldenChunks.All);
        for (var i = 0; i < count; i++)
        {
            Decode(mutator.Next());
        }
    }

    [Fact]
    public void Dcep_decoder_survives_mutated_inputs()
    {
        var count = TestScale.Count("mutated DCEP messages", 1_000_000, 100_000);
        var open = DataChannelOpenMessage.Create("label", new DataChannelInit { Protocol = "protocol", MaxRetransmits = 3 });
        var mutator = new Mutator(2, [open, DataChannelAckMessage.Bytes.ToArray()]);
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            if (DataChannelOpenMessage.TryParse(input, out var label, out var init))
            {
                Assert.Equal(input.Length, DataChannelOpenMessage.Create(label, init).Length);
            }
        }
    }

    [Fact]
    public void A_packet_with_any_bit_flipped_is_refused_by_its_checksum()
    {
        var packet = new byte[CommonHeader.Length + GoldenChunks.Init.Length];
        GoldenChunks.Init.CopyTo(packet, CommonHeader.Length);
        new CommonHeader(5000, 5000, default).Write(packet);
        Assert.True(CommonHeader.TryParse(packet, isZeroAccepted: true, out _));
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(CommonHeader.TryParse(packet, isZeroAccepted: true, out _), $"bit {bit}");
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Crc32c_gives_the_check_value_of_the_field()
    {
        Assert.Equal(0xE3069283u, Crc32c.Compute("123456789"u8));
        var random = new SeededRandomSource(3);
        var data = new byte[1000];
        random.Fill(data);
        for (var length = 0; length < data.Length; length += 7)
        {
            Assert.Equal(Crc32c.AppendByTable(uint.MaxValue, data.AsSpan(0, length)), Crc32c.Append(uint.MaxValue, data.AsSpan(0, length)));
        }
    }

    /// <summary>Every decoder on one input; returns which of them took it, a bit each.</summary>
    internal static int Decode(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        var chunks = new ChunkReader(input);
        while (chunks.TryRead(out _, out var inner))
        {
            taken |= DecodeChunk(inner);
        }

        return taken | DecodeChunk(input);
    }

    private static int DecodeChunk(ReadOnlySpan<byte> chunk)
    {
        var taken = DataChunk.TryParse(chunk, out _) ? 1 : 0;
        taken |= IDataChunk.TryParse(chunk, out _) ? 1 << 30 : 0;
        if (IForwardTsnChunk.TryParse(chunk, out var interleaved))
        {
            taken |= 1 << 31;
            for (var i = 0; i < interleaved.SkippedCount; i++)
            {
                interleaved.Skipped(i);
            }
        }

        if (InitChunk.TryParse(chunk, ChunkType.Init, out var init))
        {
            taken |= InitParameters.Read(init.Parameters).Unrecognized is null ? 2 : 4;
        }

        if (InitChunk.TryParse(chunk, ChunkType.InitAck, out var initAck))
        {
            taken |= InitParameters.Read(initAck.Parameters).StateCookie.IsEmpty ? 8 : 16;
        }

        if (SackChunk.TryParse(chunk, out var sack))
        {
            taken |= 32;
            for (var i = 0; i < sack.GapBlockCount; i++)
            {
                Assert.True(sack.GapBlock(i).Start <= sack.GapBlock(i).End);
            }

            for (var i = 0; i < sack.DuplicateCount; i++)
            {
                sack.Duplicate(i);
            }
        }

        taken |= HeartbeatChunk.TryParse(chunk, ChunkType.Heartbeat, out _) ? 64 : 0;
        taken |= HeartbeatChunk.TryParse(chunk, ChunkType.HeartbeatAck, out _) ? 128 : 0;
        taken |= CookieEchoChunk.TryParse(chunk, out _) ? 256 : 0;
        taken |= CookieAckChunk.IsValid(chunk) ? 512 : 0;
        taken |= ShutdownChunk.TryParse(chunk, out _) ? 1024 : 0;
        taken |= ShutdownAckChunk.IsValid(chunk) ? 2048 : 0;
        taken |= ShutdownCompleteChunk.TryParse(chunk, out _) ? 4096 : 0;
        taken |= StateCookie.TryParse(chunk, new byte[32], out _) ? 8192 : 0;
        if (AbortChunk.TryParse(chunk, out var abort))
        {
            taken |= ReadCauses(abort.Causes) << 14;
        }

        if (ErrorChunk.TryParse(chunk, out var error))
        {
            taken |= ReadCauses(error.Causes) << 17;
        }

        if (ForwardTsnChunk.TryParse(chunk, out var forward))
        {
            taken |= 1 << 20;
            for (var i = 0; i < forward.SkippedCount; i++)
            {
                forward.Skipped(i);
            }
        }

        if (ReConfigChunk.TryParse(chunk, out var reConfig))
        {
            taken |= ReadParameters(reConfig.Parameters) << 21;
        }

        return taken;
    }

    /// <summary>1 to 7, by the number of causes.</summary>
    private static int ReadCauses(ReadOnlySpan<byte> causes)
    {
        var count = 1;
        var reader = new TypeLengthValueReader<ErrorCauseCode>(causes);
        while (reader.TryRead(out _, out _))
        {
            count++;
        }

        return Math.Min(count, 7);
    }

    /// <summary>1 when it has parameters, and 2, 4 and 8 for those that were understood.</summary>
    private static int ReadParameters(ReadOnlySpan<byte> parameters)
    {
        var taken = 0;
        var reader = new TypeLengthValueReader<ParameterType>(parameters);
        while (reader.TryRead(out _, out var value))
        {
            taken |= 1;
            if (OutgoingSsnResetRequest.TryParse(value, out var outgoing))
            {
                taken |= 2;
                for (var i = 0; i < outgoing.StreamCount; i++)
                {
                    outgoing.Stream(i);
                }
            }

            if (IncomingSsnResetRequest.TryParse(value, out var incoming))
            {
                taken |= 4;
                for (var i = 0; i < incoming.StreamCount; i++)
                {
                    incoming.Stream(i);
                }
            }

            taken |= ReConfigurationResponse.TryParse(value, out _) ? 8 : 0;
        }

        return taken;
    }
}
