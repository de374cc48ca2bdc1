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

    private static void Decode(ReadOnlySpan<byte> input)
    {
        var chunks = new ChunkReader(input);
        while (chunks.TryRead(out _, out var inner))
        {
            DecodeChunk(inner);
        }

        DecodeChunk(input);
    }

    private static void DecodeChunk(ReadOnlySpan<byte> chunk)
    {
        _ = DataChunk.TryParse(chunk, out _);
        _ = IDataChunk.TryParse(chunk, out _);
        if (IForwardTsnChunk.TryParse(chunk, out var interleaved))
        {
            for (var i = 0; i < interleaved.SkippedCount; i++)
            {
                interleaved.Skipped(i);
            }
        }

        if (InitChunk.TryParse(chunk, ChunkType.Init, out var init))
        {
            InitParameters.Read(init.Parameters);
        }

        if (InitChunk.TryParse(chunk, ChunkType.InitAck, out var initAck))
        {
            InitParameters.Read(initAck.Parameters);
        }

        if (SackChunk.TryParse(chunk, out var sack))
        {
            for (var i = 0; i < sack.GapBlockCount; i++)
            {
                Assert.True(sack.GapBlock(i).Start <= sack.GapBlock(i).End);
            }

            for (var i = 0; i < sack.DuplicateCount; i++)
            {
                sack.Duplicate(i);
            }
        }

        _ = HeartbeatChunk.TryParse(chunk, ChunkType.Heartbeat, out _);
        _ = HeartbeatChunk.TryParse(chunk, ChunkType.HeartbeatAck, out _);
        _ = CookieEchoChunk.TryParse(chunk, out _);
        _ = CookieAckChunk.IsValid(chunk);
        _ = ShutdownChunk.TryParse(chunk, out _);
        _ = ShutdownAckChunk.IsValid(chunk);
        _ = ShutdownCompleteChunk.TryParse(chunk, out _);
        _ = StateCookie.TryParse(chunk, new byte[32], out _);
        if (AbortChunk.TryParse(chunk, out var abort))
        {
            ReadCauses(abort.Causes);
        }

        if (ErrorChunk.TryParse(chunk, out var error))
        {
            ReadCauses(error.Causes);
        }

        if (ForwardTsnChunk.TryParse(chunk, out var forward))
        {
            for (var i = 0; i < forward.SkippedCount; i++)
            {
                forward.Skipped(i);
            }
        }

        if (ReConfigChunk.TryParse(chunk, out var reConfig))
        {
            ReadParameters(reConfig.Parameters);
        }
    }

    private static void ReadCauses(ReadOnlySpan<byte> causes)
    {
        var reader = new TypeLengthValueReader<ErrorCauseCode>(causes);
        while (reader.TryRead(out _, out _))
        {
        }
    }

    private static void ReadParameters(ReadOnlySpan<byte> parameters)
    {
        var reader = new TypeLengthValueReader<ParameterType>(parameters);
        while (reader.TryRead(out _, out var value))
        {
            if (OutgoingSsnResetRequest.TryParse(value, out var outgoing))
            {
                for (var i = 0; i < outgoing.StreamCount; i++)
                {
                    outgoing.Stream(i);
                }
            }

            if (IncomingSsnResetRequest.TryParse(value, out var incoming))
            {
                for (var i = 0; i < incoming.StreamCount; i++)
                {
                    incoming.Stream(i);
                }
            }

            _ = ReConfigurationResponse.TryParse(value, out _);
        }
    }
}
