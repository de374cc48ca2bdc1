using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Tests.Sctp.Chunks;

public sealed class ChunkGoldenTests
{
    [Fact]
    public void Data_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(DataChunk.TryParse(GoldenChunks.Data, out var data));
        Assert.True(data.IsBeginning && data.IsEnd && !data.IsUnordered && !data.IsImmediate);
        Assert.Equal((new Tsn(1), new StreamId(2), new Ssn(3), 51u), (data.Tsn, data.StreamId, data.Ssn, data.Ppid));
        Assert.Equal("Hello"u8.ToArray(), data.Payload.ToArray());

        var written = new byte[GoldenChunks.Data.Length];
        DataChunk.Write(written, 3, new Tsn(1), new StreamId(2), new Ssn(3), 51, "Hello"u8);
        Assert.Equal(GoldenChunks.Data, written);
    }

    [Fact]
    public void Init_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(InitChunk.TryParse(GoldenChunks.Init, ChunkType.Init, out var init));
        Assert.Equal(new VerificationTag(0xDEADBEEF), init.InitiateTag);
        Assert.Equal(0x100000u, init.AdvertisedReceiverWindow);
        Assert.Equal((0xFFFF, 0x800), (init.OutboundStreams, init.InboundStreams));
        Assert.Equal(new Tsn(42), init.InitialTsn);
        var parameters = InitParameters.Read(init.Parameters);
        Assert.True(parameters.SupportsForwardTsn && parameters.SupportsReConfig);

        var written = new byte[GoldenChunks.Init.Length];
        init.Write(written, ChunkType.Init);
        Assert.Equal(GoldenChunks.Init, written);
    }

    [Fact]
    public void Init_ack_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(InitChunk.TryParse(GoldenChunks.InitAck, ChunkType.InitAck, out var initAck));
        Assert.Equal(new VerificationTag(0x0A0B0C0D), initAck.InitiateTag);
        Assert.Equal((16, 32), (initAck.OutboundStreams, initAck.InboundStreams));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, InitParameters.Read(initAck.Parameters).StateCookie.ToArray());

        var written = new byte[GoldenChunks.InitAck.Length];
        initAck.Write(written, ChunkType.InitAck);
        Assert.Equal(GoldenChunks.InitAck, written);
    }

    [Fact]
    public void Sack_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(SackChunk.TryParse(GoldenChunks.Sack, out var sack));
        Assert.Equal((new Tsn(100), 65536u), (sack.CumulativeTsnAck, sack.AdvertisedReceiverWindow));
        Assert.Equal((2, 1), (sack.GapBlockCount, sack.DuplicateCount));
        Assert.Equal(((2, 3), (5, 5)), (sack.GapBlock(0), sack.GapBlock(1)));
        Assert.Equal(new Tsn(95), sack.Duplicate(0));

        var written = new byte[GoldenChunks.Sack.Length];
        SackChunk.Write(written, new Tsn(100), 65536, [(2, 3), (5, 5)], [new Tsn(95)]);
        Assert.Equal(GoldenChunks.Sack, written);
    }

    [Theory]
    [InlineData("030000140000006400010000000100010002000100000000")] // length and counts disagree
    [InlineData("03000014000000640001000000010000" + "00050004")] // a block that ends before it begins
    [InlineData("03000018000000640001000000020000" + "00050006" + "00040007")] // blocks that overlap
    public void Sack_with_impossible_blocks_is_refused(string hex) =>
        Assert.False(SackChunk.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Pad_chunk_writes_its_golden_bytes()
    {
        byte[] written = [1, 1, 1, 1, 1, 1, 1, 1];
        PadChunk.Write(written);
        Assert.Equal(Convert.FromHexString("8400000800000000"), written);
    }

    [Fact]
    public void Heartbeat_chunks_read_and_write_their_golden_bytes()
    {
        Assert.True(HeartbeatChunk.TryParse(GoldenChunks.Heartbeat, ChunkType.Heartbeat, out var heartbeat));
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, heartbeat.Info.ToArray());

        var written = new byte[GoldenChunks.HeartbeatAck.Length];
        HeartbeatChunk.Write(written, ChunkType.HeartbeatAck, heartbeat.Info);
        Assert.Equal(GoldenChunks.HeartbeatAck, written);
    }

    [Fact]
    public void Abort_and_error_chunks_carry_their_causes()
    {
        Assert.True(AbortChunk.TryParse(GoldenChunks.Abort, out var abort));
        Assert.False(abort.IsTagReflected);
        var reader = new TypeLengthValueReader<ErrorCauseCode>(abort.Causes);
        Assert.True(reader.TryRead(out var code, out var value));
        Assert.Equal(ErrorCauseCode.UserInitiatedAbort, code);
        Assert.Equal("hi"u8.ToArray(), value.ToArray());
        var written = new byte[GoldenChunks.Abort.Length];
        AbortChunk.Write(written, ErrorCause.Create(ErrorCauseCode.UserInitiatedAbort, "hi"));
        Assert.Equal(GoldenChunks.Abort, written);

        Assert.True(ErrorChunk.TryParse(GoldenChunks.Error, out var error));
        written = new byte[GoldenChunks.Error.Length];
        ErrorChunk.Write(written, ErrorCause.Create(ErrorCauseCode.StaleCookie, new byte[4]));
        Assert.Equal(GoldenChunks.Error, written);
        Assert.Equal(8, error.Causes.Length);
    }

    [Fact]
    public void Shutdown_chunks_read_and_write_their_golden_bytes()
    {
        Assert.True(ShutdownChunk.TryParse(GoldenChunks.Shutdown, out var tsn));
        Assert.Equal(new Tsn(100), tsn);
        var written = new byte[8];
        ShutdownChunk.Write(written, tsn);
        Assert.Equal(GoldenChunks.Shutdown, written);

        Assert.True(ShutdownAckChunk.IsValid(GoldenChunks.ShutdownAck));
        Assert.True(ShutdownCompleteChunk.TryParse(GoldenChunks.ShutdownComplete, out var isReflected));
        Assert.True(isReflected);
        written = new byte[4];
        ShutdownCompleteChunk.Write(written, true);
        Assert.Equal(GoldenChunks.ShutdownComplete, written);
    }

    [Fact]
    public void Cookie_chunks_read_and_write_their_golden_bytes()
    {
        Assert.True(CookieEchoChunk.TryParse(GoldenChunks.CookieEcho, out var echo));
        var written = new byte[GoldenChunks.CookieEcho.Length];
        CookieEchoChunk.Write(written, echo.Cookie);
        Assert.Equal(GoldenChunks.CookieEcho, written);
        Assert.True(CookieAckChunk.IsValid(GoldenChunks.CookieAck));
    }

    [Fact]
    public void Forward_tsn_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(ForwardTsnChunk.TryParse(GoldenChunks.ForwardTsn, out var forward));
        Assert.Equal(new Tsn(200), forward.NewCumulativeTsn);
        Assert.Equal(2, forward.SkippedCount);
        Assert.Equal((new StreamId(2), new Ssn(20)), forward.Skipped(1));

        var written = new byte[GoldenChunks.ForwardTsn.Length];
        ForwardTsnChunk.Write(written, new Tsn(200), [new(new StreamId(1), false, 10), new(new StreamId(2), false, 20)]);
        Assert.Equal(GoldenChunks.ForwardTsn, written);
    }

    [Fact]
    public void I_data_chunks_read_and_write_their_golden_bytes()
    {
        Assert.True(IDataChunk.TryParse(GoldenChunks.IData, out var first));
        Assert.True(first.IsBeginning && first.IsEnd && !first.IsUnordered && !first.IsImmediate);
        Assert.Equal((new Tsn(1), new StreamId(2), 3u, 51u, 0u), (first.Tsn, first.StreamId, first.Mid, first.Ppid, first.Fsn));
        Assert.Equal("Hello"u8.ToArray(), first.Payload.ToArray());

        Assert.True(IDataChunk.TryParse(GoldenChunks.IDataMiddle, out var middle));
        Assert.True(!middle.IsBeginning && !middle.IsEnd && middle.IsUnordered);
        Assert.Equal((new Tsn(2), 3u, 0u, 1u), (middle.Tsn, middle.Mid, middle.Ppid, middle.Fsn));

        var written = new byte[GoldenChunks.IData.Length];
        IDataChunk.Write(written, 3, new Tsn(1), new StreamId(2), 3, 51, 0, "Hello"u8);
        Assert.Equal(GoldenChunks.IData, written);
        IDataChunk.Write(written, 4, new Tsn(2), new StreamId(2), 3, 51, 1, "Hello"u8);
        Assert.Equal(GoldenChunks.IDataMiddle, written);
    }

    [Fact]
    public void I_forward_tsn_chunk_reads_and_writes_its_golden_bytes()
    {
        Assert.True(IForwardTsnChunk.TryParse(GoldenChunks.IForwardTsn, out var forward));
        Assert.Equal(new Tsn(200), forward.NewCumulativeTsn);
        Assert.Equal(2, forward.SkippedCount);
        Assert.Equal(new SkippedMessage(new StreamId(1), false, 10), forward.Skipped(0));
        Assert.Equal(new SkippedMessage(new StreamId(2), true, 20), forward.Skipped(1));

        var written = new byte[GoldenChunks.IForwardTsn.Length];
        IForwardTsnChunk.Write(written, new Tsn(200), [new(new StreamId(1), false, 10), new(new StreamId(2), true, 20)]);
        Assert.Equal(GoldenChunks.IForwardTsn, written);
    }

    [Fact]
    public void Init_announces_interleaving_and_zero_checksums_unless_told_otherwise()
    {
        var bytes = new byte[64];
        var writer = new ParameterWriter(bytes);
        InitParameters.WriteSupported(ref writer, new SctpConfiguration());
        Assert.Equal(Convert.FromHexString("C0000004" + "8008000882C040C2" + "8001000800000001"), bytes[..writer.Length]);
        var all = Extensions.ForwardTsn | Extensions.ReConfig | Extensions.IData | Extensions.IForwardTsn | Extensions.ZeroChecksum;
        Assert.Equal(all, InitParameters.Read(bytes.AsSpan(0, writer.Length)).Extensions);

        writer = new ParameterWriter(bytes);
        InitParameters.WriteSupported(ref writer, new SctpConfiguration { Interleaving = false, ZeroChecksum = false });
        Assert.Equal(Convert.FromHexString("C0000004" + "8008000682C00000"), bytes[..writer.Length]);

        var otherMethod = InitParameters.Read(Convert.FromHexString("8001000800000002"));
        Assert.Equal(Extensions.None, otherMethod.Extensions);
    }

    [Fact]
    public void Re_config_chunks_carry_request_and_response()
    {
        Assert.True(ReConfigChunk.TryParse(GoldenChunks.ReConfig, out var chunk));
        var reader = new TypeLengthValueReader<ParameterType>(chunk.Parameters);
        Assert.True(reader.TryRead(out var type, out var value));
        Assert.Equal(ParameterType.OutgoingSsnResetRequest, type);
        Assert.True(OutgoingSsnResetRequest.TryParse(value, out var request));
        Assert.Equal((1u, 2u, new Tsn(3)), (request.RequestSequenceNumber, request.ResponseSequenceNumber, request.SenderLastTsn));
        Assert.Equal(new StreamId(5), request.Stream(0));
        Assert.Equal(1, request.StreamCount);

        Assert.True(ReConfigChunk.TryParse(GoldenChunks.ReConfigResponse, out chunk));
        reader = new TypeLengthValueReader<ParameterType>(chunk.Parameters);
        Assert.True(reader.TryRead(out _, out value));
        Assert.True(ReConfigurationResponse.TryParse(value, out var response));
        Assert.Equal(new ReConfigurationResponse(1, ReConfigurationResult.Performed), response);
    }

    [Fact]
    public void Unknown_parameters_are_skipped_or_end_the_reading_by_their_high_bits()
    {
        // 0x8001: skip; 0xC001: skip and report; 0x4001: stop and report.
        var skipped = InitParameters.Read(Convert.FromHexString("80010004" + "C0010004" + "C0000004"));
        Assert.True(skipped.SupportsForwardTsn);
        Assert.Equal(Convert.FromHexString("00080008C0010004"), skipped.Unrecognized);

        var stopped = InitParameters.Read(Convert.FromHexString("40010004" + "C0000004"));
        Assert.False(stopped.SupportsForwardTsn);
        Assert.Equal(Convert.FromHexString("0008000840010004"), stopped.Unrecognized);
    }
}
