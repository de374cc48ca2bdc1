using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>What is told to a far side that does something wrong, cause by cause (RFC 9260 §3.3.10), and what to strangers (§8.4).</summary>
public sealed class ErrorCauseTests
{
    private static readonly byte[] Buffer = new byte[4096];

    [Fact]
    public void Data_on_a_stream_that_does_not_exist_is_acknowledged_and_reported()
    {
        var pair = new AssociationPair(1, new SctpConfiguration { MaxStreams = 10 });
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        var data = new byte[IDataChunk.HeaderLength + 4];
        IDataChunk.Write(data, 3, new Tsn(pair.NextTsnOfB), new StreamId(10), 0, 53, 0, new byte[4]);
        Inject(pair.A, pair, data);
        pair.Now += TimeSpan.FromMilliseconds(50);
        pair.A.HandleTimeout(pair.Now);
        var sent = Sent(pair.A, pair);

        Assert.Contains(sent, c => c[0] == (byte)ChunkType.Error && c.AsSpan(4).SequenceEqual(Convert.FromHexString("00010008000A0000")));
        Assert.Contains(sent, c => c[0] == (byte)ChunkType.Sack && BinaryPrimitives.ReadUInt32BigEndian(c.AsSpan(4)) == pair.NextTsnOfB);
        Assert.Equal(SctpState.Established, pair.A.State);
    }

    [Fact]
    public void Data_without_bytes_ends_the_association_and_names_its_tsn()
    {
        var pair = new AssociationPair(2);
        pair.Reach(SctpState.Established);
        var data = new byte[IDataChunk.HeaderLength];
        IDataChunk.Write(data, 3, new Tsn(0x01020304), new StreamId(1), 0, 53, 0, []);
        Inject(pair.A, pair, data);

        Assert.Equal(Convert.FromHexString("0600000C" + "0009000801020304"), Assert.Single(Sent(pair.A, pair)));
    }

    [Theory]
    [InlineData("0200001400000001000100000001000100000001", "0006", "0002000A00000001" + "0007")] // no cookie
    [InlineData("0200001C00000001000100000000000100000001" + "0007000801020304", "0006", "00070004")] // no streams
    [InlineData("0200002400000001000100000001000100000001" + "0007000801020304" + "000B000861626300", "0006", "0005000C" + "000B000861626300")] // a host name
    public void An_init_ack_that_cannot_be_taken_is_answered_with_its_cause(string initAck, string type, string cause)
    {
        var pair = new AssociationPair(3);
        pair.Reach(SctpState.CookieWait);
        Inject(pair.A, pair, Convert.FromHexString(initAck));

        var abort = Assert.Single(Sent(pair.A, pair));
        Assert.Equal(Convert.FromHexString(type), [0, abort[0]]);
        Assert.Equal(Convert.FromHexString(cause), abort[4..]);
        Assert.Equal(SctpState.Closed, pair.A.State);
    }

    [Theory]
    [InlineData("0100001400000001000100000000000100000001", "00070004")] // no streams
    [InlineData("0100001C00000001000100000001000100000001" + "000B000861626300", "0005000C" + "000B000861626300")] // a host name
    public void An_init_that_cannot_be_taken_is_answered_with_its_cause(string init, string cause)
    {
        var pair = new AssociationPair(4);
        Inject(pair.A, pair, Convert.FromHexString(init), default(VerificationTag));

        var abort = Assert.Single(Sent(pair.A, pair));
        Assert.Equal((byte)ChunkType.Abort, abort[0]);
        Assert.Equal(Convert.FromHexString(cause), abort[4..]);
    }

    [Fact]
    public void Unknown_parameters_of_an_init_ack_are_reported_behind_the_cookie_echo()
    {
        var pair = new AssociationPair(5);
        pair.Reach(SctpState.CookieWait);
        Inject(pair.A, pair, Convert.FromHexString("0200002800000001000100000001000100000001" + "0007000801020304" + "C0FF0005AB000000" + "80FF0004"));
        Assert.Equal(SctpState.CookieEchoed, pair.A.State);

        var sent = Sent(pair.A, pair);
        Assert.Equal((byte)ChunkType.CookieEcho, sent[0][0]);
        Assert.Equal(Convert.FromHexString("09000010" + "0008000C" + "C0FF0005AB000000"), sent[1]);
    }

    [Fact]
    public void A_stale_cookie_is_told_how_late_it_was()
    {
        var pair = new AssociationPair(6);
        pair.Reach(SctpState.CookieEchoed);
        pair.Now += TimeSpan.FromSeconds(61);
        pair.AToB();

        var error = Assert.Single(Sent(pair.B, pair));
        Assert.Equal(Convert.FromHexString("0900000C" + "00030008"), error[..8]);
        Assert.Equal(1_000_000u, BinaryPrimitives.ReadUInt32BigEndian(error.AsSpan(8)));
    }

    [Theory]
    [InlineData("3F000005AA000000", false, false)] // 00: stop
    [InlineData("7F000005AA000000", true, false)] // 01: stop and report
    [InlineData("BF000005AA000000", false, true)] // 10: skip
    [InlineData("FF000005AA000000", true, true)] // 11: skip and report
    public void Unknown_chunks_are_treated_by_their_highest_bits(string chunk, bool isReported, bool isSkipped)
    {
        var pair = new AssociationPair(7);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        Inject(pair.A, pair, [.. Convert.FromHexString(chunk), .. GoldenChunks.Heartbeat]);

        var sent = Sent(pair.A, pair);
        Assert.Equal(isReported, sent.Any(c => c.SequenceEqual(Convert.FromHexString("0900000D" + "00060009" + chunk[..10]))));
        Assert.Equal(isSkipped, sent.Any(c => c[0] == (byte)ChunkType.HeartbeatAck));
    }

    [Fact]
    public void An_init_while_the_shutdown_ack_is_unanswered_brings_another_shutdown_ack()
    {
        var pair = new AssociationPair(8);
        pair.Reach(SctpState.ShutdownAckSent);
        Sent(pair.A, pair);
        Inject(pair.A, pair, GoldenChunks.Init, default(VerificationTag));

        Assert.Equal(GoldenChunks.ShutdownAck, Assert.Single(Sent(pair.A, pair)));
        Assert.Equal(SctpState.ShutdownAckSent, pair.A.State);
    }

    [Fact]
    public void A_restart_while_the_shutdown_ack_is_unanswered_is_refused_with_its_cause()
    {
        var pair = new AssociationPair(9);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        Inject(pair.A, pair, GoldenChunks.Init, default(VerificationTag)); // the far side begins anew
        var initAck = Assert.Single(Sent(pair.A, pair));
        Assert.True(InitChunk.TryParse(initAck, ChunkType.InitAck, out var parsed));
        var cookie = InitParameters.Read(parsed.Parameters).StateCookie.ToArray();
        pair.B.Shutdown(pair.Now);
        pair.BToA();
        Sent(pair.A, pair);
        Assert.Equal(SctpState.ShutdownAckSent, pair.A.State);
        var echo = new byte[ChunkHeader.Length + cookie.Length];
        CookieEchoChunk.Write(echo, cookie);
        Inject(pair.A, pair, echo, parsed.InitiateTag);

        var sent = Sent(pair.A, pair);
        Assert.Contains(sent, c => c.SequenceEqual(Convert.FromHexString("09000008" + "000A0004")));
        Assert.Contains(sent, c => c.SequenceEqual(GoldenChunks.ShutdownAck));
        Assert.Equal(SctpState.ShutdownAckSent, pair.A.State);
    }

    [Theory]
    [InlineData("0400000C0001000801020304", "06010004")] // anything: an ABORT with the tag reflected
    [InlineData("08000004", "0E010004")] // SHUTDOWN ACK: SHUTDOWN COMPLETE
    [InlineData("06000004", null)]
    [InlineData("0E000004", null)]
    [InlineData("0B000004", null)] // COOKIE ACK
    [InlineData("0900000C0003000800000000", null)] // ERROR
    [InlineData("0400000C000100080102030406000004", null)] // an ABORT behind another chunk
    public void Packets_that_come_after_the_end_are_answered_by_the_rules_for_strangers(string chunks, string? answer)
    {
        var pair = new AssociationPair(10);
        pair.Reach(SctpState.Established);
        pair.A.Abort("enough");
        Sent(pair.A, pair);
        Inject(pair.A, pair, Convert.FromHexString(chunks));

        var hasAnswer = pair.A.TryTransmit(pair.Now, Buffer, out var length);
        Assert.Equal(answer is not null, hasAnswer);
        if (answer is not null)
        {
            Assert.Equal(Convert.FromHexString(answer), Buffer[CommonHeader.Length..length]);
            Assert.Equal(pair.TagOfA.Value, BinaryPrimitives.ReadUInt32BigEndian(Buffer.AsSpan(4)));
        }
    }

    [Fact]
    public void A_far_side_whose_association_was_forgotten_learns_it_from_the_reflected_tag()
    {
        var pair = new AssociationPair(11);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        pair.A.Abort("enough");
        Assert.True(pair.A.TryTransmit(pair.Now, Buffer, out _)); // the ABORT is lost
        pair.B.TrySend(pair.Now, new StreamId(1), 53, new byte[10], default);
        pair.BToA();
        pair.AToB();

        Assert.Equal(SctpState.Closed, pair.B.State);
    }

    private static void Inject(SctpAssociation association, AssociationPair pair, byte[] chunks, VerificationTag? tag = null)
    {
        var packet = new byte[CommonHeader.Length + chunks.Length];
        chunks.CopyTo(packet, CommonHeader.Length);
        new CommonHeader(5000, 5000, tag ?? pair.TagOfA).Write(packet);
        association.HandlePacket(pair.Now, packet);
    }

    /// <summary>All chunks that the association has to send now.</summary>
    private static List<byte[]> Sent(SctpAssociation association, AssociationPair pair)
    {
        List<byte[]> chunks = [];
        while (association.TryTransmit(pair.Now, Buffer, out var length))
        {
            var reader = new ChunkReader(Buffer.AsSpan(CommonHeader.Length, length - CommonHeader.Length));
            while (reader.TryRead(out _, out var chunk))
            {
                chunks.Add(chunk.ToArray());
            }
        }

        return chunks;
    }
}
