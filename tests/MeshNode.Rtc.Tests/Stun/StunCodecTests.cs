using System.Buffers.Binary;
using System.Text;
using MeshNode.Rtc.Stun;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Stun;

public sealed class StunCodecTests
{
    private static readonly StunTransactionId Id = new(0x01020304, 0x05060708090A0B0C);

    [Theory]
    [InlineData("192.0.2.77:1")]
    [InlineData("0.0.0.0:65535")]
    [InlineData("[2001:db8::1]:443")]
    [InlineData("[::1]:65535")]
    public void Mapped_address_survives_the_round_trip(string text)
    {
        Assert.True(TransportAddress.TryParse(text, out var address));
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.SuccessResponse, StunMethod.Binding, Id);
        writer.WriteXorMappedAddress(address);

        Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
        Assert.True(message.TryReadXorMappedAddress(out var read));
        Assert.Equal(address, read);
        Assert.Equal(Id, message.TransactionId);
    }

    [Fact]
    public void Every_class_and_method_survives_the_round_trip()
    {
        Span<byte> buffer = stackalloc byte[20];
        // RFC 7983 leaves STUN the first bytes 0 to 3, hence 8 bits of method.
        for (var method = 0; method < 0x100; method++)
        {
            foreach (var messageClass in Enum.GetValues<StunMessageClass>())
            {
                var writer = new StunWriter(buffer, messageClass, method, Id);
                Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
                Assert.Equal((messageClass, method), (message.Class, message.Method));
            }
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(420)]
    [InlineData(487)]
    [InlineData(699)]
    public void Error_code_survives_the_round_trip(int code)
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.ErrorResponse, StunMethod.Binding, Id);
        writer.WriteErrorCode(code, StunErrorCode.Reason(code));
        writer.WriteUnknownAttributes([0x0003, 0x7777, 0x0019]);

        Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
        Assert.True(message.TryReadErrorCode(out var read));
        Assert.Equal(code, read);
        Assert.True(message.TryFind(StunAttributeType.UnknownAttributes, out var unknown));
        Assert.Equal(Convert.FromHexString("000377770019"), unknown.Value);
    }

    [Fact]
    public void Sha256_integrity_is_recognised_and_may_be_truncated()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id);
        writer.WriteMessageIntegritySha256("the key"u8);
        Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity("the key"u8));
        Assert.Equal(StunIntegrityResult.Invalid, message.VerifyIntegrity("the kez"u8));

        // Cut to 16 bytes the hash must be the one for the shorter length field; the untruncated hash's head is not.
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], 20);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[22..], 16);
        Assert.True(StunReader.TryParse(buffer[..40], out var cut));
        Assert.Equal(StunIntegrityResult.Invalid, cut.VerifyIntegrity("the key"u8));
        Span<byte> hash = stackalloc byte[32];
        StunIntegrity.Hash(buffer[..20], "the key"u8, hash, sha256: true);
        hash[..16].CopyTo(buffer[24..]);
        Assert.True(StunReader.TryParse(buffer[..40], out var truncated));
        Assert.Equal(StunIntegrityResult.Valid, truncated.VerifyIntegrity("the key"u8));
    }

    [Fact]
    public void Attributes_after_the_integrity_are_not_read()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id);
        writer.WriteMessageIntegrity("key"u8);
        writer.WriteUInt32(StunAttributeType.Priority, 7); // anybody could have appended it
        writer.WriteUInt32((StunAttributeType)0x7777, 7);

        Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
        Assert.False(message.TryReadUInt32(StunAttributeType.Priority, out _));
        Assert.Equal(0, message.CopyUnknownAttributes(stackalloc ushort[4]));
        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity("key"u8));
    }

    [Fact]
    public void Unknown_attributes_are_those_that_must_be_understood()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id);
        writer.WriteUInt32((StunAttributeType)0x0003, 0);
        writer.WriteUInt32((StunAttributeType)0xC057, 0); // optional
        writer.WriteFlag(StunAttributeType.UseCandidate);
        writer.WriteUInt32((StunAttributeType)0x7FFF, 0);

        Assert.True(StunReader.TryParse(buffer[..writer.Length], out var message));
        Span<ushort> unknown = stackalloc ushort[4];
        var count = message.CopyUnknownAttributes(unknown);
        Assert.Equal(new ushort[] { 0x0003, 0x7FFF }, unknown[..count].ToArray());
    }

    [Theory]
    [InlineData(0, 0x40)] // the two leading zero bits
    [InlineData(3, 0x04)] // message length
    [InlineData(5, 0x01)] // cookie
    [InlineData(23, 0x80)] // attribute length
    [InlineData(30, 0x01)] // a byte under the fingerprint
    [InlineData(107, 0x01)] // the fingerprint itself
    public void One_wrong_bit_in_framing_or_under_the_fingerprint_is_refused(int offset, byte bit)
    {
        var datagram = (byte[])StunVectors.Request.Clone();
        datagram[offset] ^= bit;
        Assert.False(StunReader.TryParse(datagram, out _));
    }

    [Fact]
    public void Fingerprint_must_be_last()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id);
        writer.WriteFingerprint();
        Assert.True(StunReader.TryParse(buffer[..writer.Length], out _));
        writer.WriteFlag(StunAttributeType.UseCandidate);
        Assert.False(StunReader.TryParse(buffer[..writer.Length], out _));
    }

    [Fact]
    public void Demultiplexer_reads_class_tag_and_receiver_without_parsing_the_rest()
    {
        Assert.True(StunDatagram.IsStun(StunVectors.Request));
        Assert.False(StunDatagram.IsStun([22, 254, 253, .. new byte[30]]));
        Assert.Equal(StunMessageClass.Request, StunDatagram.ReadClass(StunVectors.Request));
        Assert.Equal(StunMessageClass.SuccessResponse, StunDatagram.ReadClass(StunVectors.IPv4Response));
        Assert.Equal(0xb7e7a701, StunDatagram.ReadTransactionTag(StunVectors.IPv4Response));
        Assert.True(StunDatagram.TryReadReceiverFragment(StunVectors.Request, out var fragment));
        Assert.Equal("evtj"u8, fragment);
        Assert.False(StunDatagram.TryReadUsername(StunVectors.IPv4Response, out _));
    }

    [Fact]
    public void Reading_checking_and_writing_a_message_allocates_nothing()
    {
        var key = Encoding.ASCII.GetBytes(StunVectors.ShortTermPassword);
        ReadCheckAndWrite(key); // the first time compiles
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            ReadCheckAndWrite(key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadCheckAndWrite(byte[] key)
    {
        Span<byte> buffer = stackalloc byte[128];
        if (!StunReader.TryParse(StunVectors.IPv6Response, out var message)
            || message.VerifyIntegrity(key) != StunIntegrityResult.Valid
            || !message.TryReadXorMappedAddress(out var address))
        {
            throw new InvalidOperationException("The vector is authentic.");
        }

        var writer = new StunWriter(buffer, StunMessageClass.SuccessResponse, StunMethod.Binding, message.TransactionId);
        writer.WriteXorMappedAddress(address);
        writer.WriteMessageIntegrity(key);
        writer.WriteFingerprint();
    }

    [Fact]
    public void Mutated_messages_neither_throw_nor_pass_the_integrity_they_break()
    {
        byte[][] corpus =
        [
            StunVectors.Request, StunVectors.IPv4Response, StunVectors.IPv6Response, StunVectors.LongTermRequest, StunVectors.Sha256Request,
        ];
        var key = Encoding.ASCII.GetBytes(StunVectors.ShortTermPassword);
        var mutator = new Mutator(20261, corpus);
        Span<ushort> unknown = stackalloc ushort[8];
        var (count, parsed) = (TestScale.Count("mutated STUN messages", 1_000_000, 100_000), 0);
        for (var i = 0; i < count; i++)
        {
            var datagram = mutator.Next();
            StunDatagram.TryReadReceiverFragment(datagram, out _);
            if (!StunReader.TryParse(datagram, out var message))
            {
                continue;
            }

            parsed++;
            message.TryReadXorMappedAddress(out _);
            message.TryReadErrorCode(out _);
            message.TryReadUInt32(StunAttributeType.Priority, out _);
            message.TryReadUInt64(StunAttributeType.IceControlled, out _);
            message.CopyUnknownAttributes(unknown);
            var isAuthentic = message.VerifyIntegrity(key) == StunIntegrityResult.Valid;
            Assert.True(!isAuthentic || IsUnharmed(datagram, corpus), $"mutation {i}: {Convert.ToHexString(datagram)}");
        }

        Assert.InRange(parsed, 1, count - 1);
    }

    /// <summary>What integrity covers (all but the length field and what follows the attribute) is as in the corpus.</summary>
    private static bool IsUnharmed(ReadOnlySpan<byte> datagram, byte[][] corpus)
    {
        foreach (var original in corpus.Take(3))
        {
            var covered = original.Length - 8; // without FINGERPRINT
            if (datagram.Length >= covered && datagram[..2].SequenceEqual(original.AsSpan(0, 2))
                && datagram[4..covered].SequenceEqual(original.AsSpan(4, covered - 4)))
            {
                return true;
            }
        }

        return false;
    }
}
